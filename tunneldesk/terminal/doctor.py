"""``tunneldesk doctor``: everything the job needs, looked at one by one, each with its fix."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING, Protocol

from tunneldesk.domain.checkup import Verdict
from tunneldesk.domain.errors import Failure
from tunneldesk.presentation.doctor import summary
from tunneldesk.presentation.doctor_texts import label
from tunneldesk.presentation.exit_status import ExitStatus, exit_status
from tunneldesk.terminal.console import say
from tunneldesk.terminal.style import width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tunneldesk.domain.checkup import Check
    from tunneldesk.presentation.doctor import CheckView
    from tunneldesk.terminal.style import Style

_NARROW = 72
"""Columns below which what was found goes under the name of the check instead of beside it."""

_WIDEST = 100


class Report(Protocol):
    """Tells findings as they come."""

    def tell(self, view: CheckView) -> None:
        """Tell the next one."""

    def end(self) -> None:
        """There are no more, or nobody waits for them."""


class JsonReport:
    """One JSON object a line."""

    def tell(self, view: CheckView) -> None:
        """Print it."""
        say([json_line(view)])

    def end(self) -> None:
        """Nothing: programs count for themselves."""


class PlainReport:
    """Findings for people; where lines can be redrawn, with what is being waited for below them.

    Args:
        checks: What is going to be told.
        style: How things are drawn.
    """

    def __init__(self, checks: Sequence[Check], style: Style) -> None:
        self._checks = checks
        self._style = style
        self._views: list[CheckView] = []
        self._wait()

    def tell(self, view: CheckView) -> None:
        """Print it, and what is waited for next."""
        self._views.append(view)
        self._clear()
        say(lines(view, max(len(label(check)) for check in self._checks), self._style, width()))
        self._wait()

    def end(self) -> None:
        """Sum up, if all has been told."""
        self._clear()
        if len(self._views) == len(self._checks):
            say(["", *textwrap.wrap(self._style.bold(summary(self._views)), max(20, width() - 1))])

    def _wait(self) -> None:
        told = len(self._views)
        if self._style.live and told < len(self._checks):
            sys.stdout.write(self._style.dim(f"...   {label(self._checks[told])}"))
            sys.stdout.flush()

    def _clear(self) -> None:
        if self._style.live:
            sys.stdout.write("\r\x1b[K")


def json_line(view: CheckView) -> str:
    """Return a finding for programs."""
    return json.dumps(
        {
            "event": "check",
            "check": view.check.value,
            "verdict": view.verdict.value,
            "reason": view.reason,
            "fix": view.fix or None,
            "code": view.code and view.code.value,
        }
    )


def lines(view: CheckView, widest: int, style: Style, columns: int) -> Iterator[str]:
    """Yield a finding for people; ``widest`` is the longest name of a check."""
    verdict = style.verdict(view.verdict)
    fix = [f"Fix: {view.fix}"] if view.fix else []
    beside = columns >= _NARROW
    margin = 6 + widest + 2 if beside else 6
    room = max(20, min(columns - 1, _WIDEST) - margin)
    told = [
        line for text in (view.reason, *fix) for line in textwrap.wrap(text, room, break_on_hyphens=False) or [""]
    ]
    if beside:
        yield f"{verdict}  {view.label:<{widest}}  {told[0]}"
        told = told[1:]
    else:
        yield f"{verdict}  {style.bold(view.label)}"
    yield from (" " * margin + line for line in told)


def status(views: Sequence[CheckView]) -> ExitStatus:
    """Return 0 unless something that is needed failed; then what the first such failure would end `expose` with."""
    first = next((view for view in views if view.verdict is Verdict.FAIL), None)
    if first is None:
        return ExitStatus.AS_ASKED
    return exit_status(Failure(first.code)) if first.code else ExitStatus.UNEXPECTED
