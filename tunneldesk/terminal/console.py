"""Printing for the commands that print and end."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tunneldesk.presentation.exit_status import ExitStatus, exit_status
from tunneldesk.presentation.terminal_events import problem_event
from tunneldesk.terminal.problems import lines
from tunneldesk.terminal.style import Style, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TextIO

    from tunneldesk.terminal.problems import Trouble


def say(told: Iterable[str], stream: TextIO | None = None) -> None:
    """Print lines to standard output; characters its encoding lacks become question marks."""
    to = stream or sys.stdout
    text = "".join(f"{line}\n" for line in told)
    to.write(text.encode(to.encoding, "replace").decode(to.encoding))
    to.flush()


def complain(trouble: Trouble, environ: Mapping[str, str], *, as_json: bool) -> ExitStatus:
    """Tell a problem, on standard error to people and as an event to programs; return how the command ends."""
    if as_json:
        event = problem_event(trouble.problem, trouble.failure, trouble.invocation, datetime.now(UTC))
        say([json.dumps(event)])
    else:
        say(lines(trouble, Style.of(sys.stderr, environ), width()), sys.stderr)
    return exit_status(trouble.failure)
