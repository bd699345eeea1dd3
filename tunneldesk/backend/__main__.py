"""``tunneldesk backend``: the command line of the paired server."""

from __future__ import annotations

import argparse
import asyncio
import logging
import math
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tunneldesk.backend.dialect import DIALECTS, DOCUMENTED, SIGN_IN_WAYS, STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tunneldesk.backend.server import Settings

APP_ID: Final = "dev.tunneldesk.TunnelDesk"

_DOMAIN: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the server until SIGINT or SIGTERM; return the exit status."""
    settings = _settings(_parser().parse_args(argv))
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", force=True
    )
    for chatty in ("uvicorn", "filelock", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)

    from tunneldesk.backend.database import DataFolderError
    from tunneldesk.backend.server import ListenError, run

    try:
        asyncio.run(run(settings))
    except (ListenError, DataFolderError) as error:
        print(f"tunneldesk backend: {error}", file=sys.stderr)  # noqa: T201 - this is what a person reads
        return 1
    except KeyboardInterrupt:
        pass  # asked to stop before it had got going
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tunneldesk backend",
        description="The paired server: the tunnels API, and an edge that carries its traffic.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on (default: %(default)s)")
    add("--port", type=_port, default=8787, help="port of the API; 0 takes any free one (default: %(default)s)")
    add("--edge-port", type=_port, default=8788, metavar="PORT", help="port of the edge (default: %(default)s)")
    add("--data-dir", type=Path, metavar="DIR", help="folder of the database (default: the user's data folder)")
    add(
        "--base-domain",
        type=_domain,
        default="tunnel.localhost",
        metavar="DOMAIN",
        help="tunnels get host names below it (default: %(default)s)",
    )
    for switch, default, meaning in (
        ("--heartbeat-interval", 20, "time between heartbeats, told to clients"),
        ("--lease-timeout", 60, "time a tunnel lives after a heartbeat"),
        ("--reaper-interval", 30, "time between two passes of the reaper"),
    ):
        add(switch, type=_seconds, default=default, metavar="SEC", help=f"{meaning} (default: %(default)s)")
    add(
        "--max-tunnels", type=_whole(1), default=5, metavar="N", help="active tunnels a user (default: %(default)s)"
    )
    add(
        "--create-rate",
        type=_whole(0),
        default=20,
        metavar="N",
        help="creates a minute and user; 0 is no limit (default: %(default)s)",
    )
    add(
        "--dialect",
        choices=tuple(DIALECTS),
        default=DOCUMENTED.name,
        help="generation of server to play (default: %(default)s)",
    )
    add(
        "--sign-in",
        choices=SIGN_IN_WAYS,
        default=STATUS,
        help="how apps get their login code: by asking for the status; by call-back, as from older servers; or not"
        " at all (default: %(default)s)",
    )
    add(
        "--allow-email-domain",
        type=_domain,
        action="append",
        default=[],
        metavar="DOMAIN",
        help="let only people with an address there sign in; may be given again (default: everybody)",
    )
    add(
        "--access-token-lifetime",
        type=_seconds,
        default=900,
        metavar="SEC",
        help="time an access token got by signing in lives (default: %(default)s)",
    )
    add(
        "--refresh-grace",
        type=_seconds_or_none,
        default=30,
        metavar="SEC",
        help="time a replaced refresh token is honoured while its successor is unused; 0 is not at all"
        " (default: %(default)s)",
    )
    for switch, default, meaning in (
        ("--start-rate", 10, "sign-ins started a minute and client address"),
        ("--poll-rate", 30, "polls a minute and sign-in"),
        ("--exchange-rate", 20, "exchanges a minute and client address"),
    ):
        add(
            switch,
            type=_whole(0),
            default=default,
            metavar="N",
            help=f"{meaning}; 0 is no limit (default: %(default)s)",
        )
    add("--control", action="store_true", help="offer the fault switches below /_control/")
    return parser


def _settings(switches: argparse.Namespace) -> Settings:
    from tunneldesk.backend.server import Settings

    values = vars(switches)
    values["dialect"] = DIALECTS[switches.dialect]
    values["data_dir"] = (switches.data_dir or _default_data_dir()).absolute()
    return Settings(**values)


def _default_data_dir() -> Path:
    home = os.environ.get("TUNNELDESK_HOME")
    if home:
        return Path(home) / "backend"
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_ID, appauthor=False)) / "backend"


def _port(text: str) -> int:
    number = _whole(0)(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give 0 to 65535, 0 for any free one")
    return number


def _whole(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} up")
        return int(text)

    return read


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def _seconds_or_none(text: str) -> float:
    return 0.0 if text == "0" else _seconds(text)


def _domain(text: str) -> str:
    domain = text.lower().removesuffix(".")
    if len(domain) > 200 or not _DOMAIN.fullmatch(domain):
        raise argparse.ArgumentTypeError(f"{text!r} is not a domain name: give one like tunnel.localhost")
    return domain


if __name__ == "__main__":
    sys.exit(main())
