"""The command line: from its arguments to one of the faces."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tunneldesk.desktop_options import DesktopOptions
    from tunneldesk.terminal.arguments import Call


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out what the command line asks for; return the exit status.

    The two servers' parts have command lines of their own. What a command does not need is not imported.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["guard"]:  # a frozen build has no other way to run its own modules
        from tunneldesk.connector.guard import main as guard

        return guard(words[1:])
    if words[:1] == ["tray-check"]:
        from tunneldesk.ui.tray_check import main as tray_check

        return tray_check()
    if words[:1] == ["backend"]:
        from tunneldesk.backend.__main__ import main as backend

        return backend(words[1:])
    if words[:1] == ["connector"]:
        from tunneldesk.backend.connector import main as connector

        return connector(words[1:])

    from tunneldesk.terminal.streams import open_missing_streams

    open_missing_streams()
    if not words:
        return _tray(None)
    from tunneldesk.terminal.arguments import UnusableCallError, parse

    try:
        call = parse(words)
    except UnusableCallError as unusable:
        from tunneldesk.terminal.app import refuse

        return refuse(unusable)
    if call.home is not None:
        from tunneldesk.storage.paths import HOME_VARIABLE

        os.environ[HOME_VARIABLE] = str(call.home)
    if call.verb == "tray":
        return _tray(call)
    if call.verb == "quit":
        from tunneldesk.storage.paths import Paths
        from tunneldesk.ui.end_running import end_running

        paths = Paths.find(os.environ)
        return 0 if end_running(paths.key, paths.instance_lock) else 1
    from tunneldesk.terminal.app import main as terminal

    return terminal(call)


def _tray(call: Call | None) -> int:
    """Run the tray app; with None as though nothing had been asked of it, which needs no reading."""
    from tunneldesk.desktop_options import DesktopOptions
    from tunneldesk.launch import main

    try:
        return main(DesktopOptions() if call is None else _options(call))
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package not in {"PySide6", "qasync"}:
            raise
        from tunneldesk.terminal.console import say

        say(
            [
                f"The tray app needs {package}, which is not installed here. Get it with: pip install tunneldesk",
                "Without it, the terminal does the same job: tunneldesk expose PORT",
            ],
            sys.stderr,
        )
        return 1


def _options(call: Call) -> DesktopOptions:
    from tunneldesk.desktop_options import DesktopOptions

    return DesktopOptions(
        demo=call.demo,
        server=call.server,
        expose_port=call.wish.port if call.wish else None,
        expose_name=call.wish.slug if call.wish else None,
        link=call.link,
        background=call.background,
    )


if __name__ == "__main__":
    sys.exit(main())
