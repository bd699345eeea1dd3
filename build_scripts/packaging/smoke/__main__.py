"""Runs every check and says what came of it."""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.packaging.smoke import __doc__ as _description
from build_scripts.packaging.smoke import around, job, screen
from build_scripts.packaging.smoke.target import LINUX, SmokeError, Target, check_nothing_left, processes_left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Check = tuple[str, Callable[[], str]]

_PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every check; status 1 at the first that fails."""
    parser = argparse.ArgumentParser(prog="smoke", description=(_description or "").partition("\n")[0])
    parser.add_argument("--tray", action="store_true", help="do the main job in the tray, too")
    parser.add_argument("--around", action="store_true", help="try what freezing breaks, too (Linux)")
    parser.add_argument("--version", help="the version it must have")
    parser.add_argument("--home", type=Path, help="folder for its data, which it may write (default: a new one)")
    parser.add_argument("command", nargs="+", help="how TunnelDesk is started, after --")
    options = parser.parse_args(arguments)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="tunneldesk-smoke-") as folder, job.serving() as port:
        target = Target(options.command, options.home or Path(folder))
        name = ""
        try:
            for name, check in _checks(target, options, port):
                started = time.monotonic()
                found = check()
                print(f"ok    {name:<15} {time.monotonic() - started:5.1f} s  {found}", flush=True)
        except (SmokeError, OSError, subprocess.SubprocessError, ValueError) as error:
            print(f"FAIL  {name}: {error}\nleft: {processes_left()}", flush=True)
            return 1
    return 0


def _checks(target: Target, options: argparse.Namespace, port: int) -> list[Check]:
    checks: list[Check] = [
        ("version", partial(job.check_version, target, options.version)),
        ("doctor", partial(job.check_doctor, target)),
        ("terminal", partial(job.check_terminal, target, port)),
    ]
    if options.tray:
        checks.append(("tray", partial(job.check_tray, target, port)))
        if LINUX:
            checks.append(("screen", partial(screen.check_screen, target)))
    if options.around:
        checks += [
            ("no keyring", partial(around.check_without_keyring, target)),
            ("keyring", partial(around.check_with_keyring, target)),
            ("certificates", partial(around.check_certificates, target)),
            ("children", partial(around.check_children, target)),
            ("browser", partial(around.check_browser, target)),
        ]
    return [*checks, ("nothing left", check_nothing_left)]


if __name__ == "__main__":
    sys.exit(main())
