"""`dev.py demo`: the main job on real input, in the tray where there is a display, else in the terminal.

It serves a small sample page (unless the user names a port of their own) and starts TunnelDesk in its `--demo`
mode, which brings the paired server along. Everything is kept in `build/demo-home`, apart from the user's own
TunnelDesk.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts import system_packages
from build_scripts.processes import run_in_foreground
from build_scripts.progress import SetUpError
from build_scripts.sample_server import SampleServer

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = Path(__file__).resolve().parents[1] / "build" / "demo-home"
NAME = "demo"


def parse_duration(text: str) -> float:
    """Return the seconds in `90`, `30s`, `5m`, `1h` or `1h30m`.

    Raises:
        argparse.ArgumentTypeError: It is none of these, or no time at all.
    """
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", text.strip())
    seconds = 0
    if match:
        hours, minutes, rest = (int(part or 0) for part in match.groups())
        seconds = hours * 3600 + minutes * 60 + rest
    if seconds == 0:
        raise argparse.ArgumentTypeError(f'"{text}" is not a time such as 30s, 5m or 1h30m')
    return float(seconds)


def parse_port(text: str) -> int:
    """Return the port number that the user typed.

    Raises:
        argparse.ArgumentTypeError: It is not an integer from 1 to 65535.
    """
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f'"{text}" is not a port: ports are whole numbers from 1 to 65535')
    return int(text)


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a tray icon could be shown: always on macOS and Windows, with a display elsewhere."""
    if platform in {"darwin", "win32"}:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def child_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the demo's environment: the user's, less every TunnelDesk setting, with a home of its own."""
    kept = {key: value for key, value in environ.items() if not key.startswith("TUNNELDESK_")}
    return {**kept, "TUNNELDESK_HOME": str(HOME)}


def main() -> int:
    """Serve the sample page, run TunnelDesk in front of it and return TunnelDesk's exit status."""
    parser = argparse.ArgumentParser(
        prog="dev.py demo",
        description="Expose a sample page, or a port of yours, through a server that runs on this computer only.",
    )
    parser.add_argument("--port", type=parse_port, help="expose this port in place of the sample page")
    parser.add_argument(
        "--terminal", action="store_true", help="stay in the terminal also where there is a display"
    )
    parser.add_argument(
        "--for", dest="seconds", type=parse_duration, metavar="30s", help="end by itself after this time"
    )
    options = parser.parse_args()
    in_tray = has_display(os.environ) and not options.terminal
    if in_tray:
        try:
            system_packages.ensure_for_qt()
        except SetUpError as problem:
            print(
                f"\n{problem}\n\nOr stay in the terminal, which needs none of them: add --terminal.",
                file=sys.stderr,
            )
            return 1
    HOME.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        port = options.port or stack.enter_context(SampleServer()).port
        argv, seconds = command(port, in_tray=in_tray, seconds=options.seconds)
        if in_tray:
            print("TunnelDesk is in the tray. Quit it there, or press Ctrl-C here.", flush=True)
        return run_in_foreground(argv, child_environ(os.environ), seconds=seconds)


def command(port: int, *, in_tray: bool, seconds: float | None) -> tuple[list[str], float | None]:
    """Return what to start, and after how many seconds to end it from here (the terminal face does so itself)."""
    tunneldesk = [sys.executable, "-m", "tunneldesk"]
    if in_tray:
        return [*tunneldesk, "--demo", "--expose", str(port), "--name", NAME], seconds
    limit = [] if seconds is None else ["--for", f"{seconds:.0f}s"]
    return [*tunneldesk, "expose", str(port), "--demo", "--name", NAME, *limit], None


if __name__ == "__main__":
    sys.exit(main())
