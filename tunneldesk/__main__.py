"""The command line: from its arguments to one of the faces."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    from tunneldesk.terminal import app as terminal
    from tunneldesk.terminal.arguments import UnusableCallError, parse
    from tunneldesk.terminal.console import open_missing_streams

    open_missing_streams()
    try:
        call = parse(words)
    except UnusableCallError as unusable:
        return terminal.refuse(unusable)
    if call.verb == "tray":
        return _tray(call)
    if call.verb == "quit":
        from tunneldesk.storage.paths import Paths
        from tunneldesk.ui.end_running import end_running

        return 0 if end_running(Paths.find(os.environ).key) else 1
    return terminal.main(call)


def _tray(call: Call) -> int:
    from tunneldesk.app import DesktopOptions
    from tunneldesk.app import main as tray

    wish = call.wish
    options = DesktopOptions(
        demo=call.demo,
        server=call.server,
        expose_port=wish.port if wish else None,
        expose_name=wish.slug if wish else None,
        link=call.link,
    )
    try:
        return tray(options)
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


if __name__ == "__main__":
    sys.exit(main())
