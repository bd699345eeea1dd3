"""A problem as the terminal tells it: what happened, and what to type next."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.presentation.advice import advice
from tunneldesk.presentation.problem import ActionKind, Subject
from tunneldesk.presentation.reasons import said
from tunneldesk.presentation.texts import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tunneldesk.domain.errors import Failure, InvalidValueError
    from tunneldesk.presentation.advice import Invocation
    from tunneldesk.presentation.problem import Problem
    from tunneldesk.terminal.style import Style

_TEXT_WIDTH = 88
_LOG_LINES = 6
_ENDING = "Initiating graceful shutdown"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failure, what is shown of it, and the call it happened in."""

    failure: Failure
    problem: Problem
    invocation: Invocation

    @classmethod
    def of(cls, failure: Failure, subject: Subject, invocation: Invocation) -> Trouble:
        """Look ``failure`` up in the catalogue."""
        from tunneldesk.presentation.catalogue import problem  # with luck, never

        return cls(failure, problem(failure, subject), invocation)

    @classmethod
    def of_input(cls, error: InvalidValueError, invocation: Invocation) -> Trouble:
        """Make one of a value on the command line that can't be used."""
        if error.failure.code is ErrorCode.INVALID_SERVER_ADDRESS:
            invocation = replace(invocation, server=None, server_known=False)
        value = error.value.strip()
        subject = Subject(
            port=int(value) if _is_whole(value) else None,
            slug=plain(error.value, 40) if error.failure.code is ErrorCode.INVALID_SLUG else None,
        )
        return cls.of(error.failure, subject, invocation)

    @property
    def wants_log(self) -> bool:
        """Whether the connector's log tells more."""
        return any(action.kind is ActionKind.SHOW_LOG for action in self.problem.actions)


def lines(trouble: Trouble, style: Style, columns: int, log: Sequence[str] = ()) -> Iterator[str]:
    """Yield what to print of ``trouble``; ``log`` is the connector's, for the problems it explains."""
    wide = max(20, min(columns - 1, _TEXT_WIDTH))
    yield style.bold(trouble.problem.title)
    yield from textwrap.wrap(trouble.problem.text, wide)
    if trouble.wants_log and log:
        yield ""
        yield "The connector's last lines:"
        for line in _telling(log):
            folded = textwrap.wrap(plain(line), wide, initial_indent="  ", subsequent_indent="      ")
            yield from map(style.dim, folded)
    offered = advice(trouble.problem, trouble.invocation)
    if offered:
        yield ""
        yield "What you can do:"
        longest = max(len(way.label) for way in offered)
        yield from (f"  {way.label:<{longest}}  {way.command}" for way in offered)
    if trouble.failure.status is not None or said(trouble.failure) not in trouble.problem.text:
        yield ""
        yield from (style.dim(line) for line in textwrap.wrap(_details(trouble.problem), wide))


def _telling(log: Sequence[str]) -> Sequence[str]:
    """Return the last lines before the connector was told to end: what it says to that explains nothing."""
    end = next((index for index, line in enumerate(log) if _ENDING in line), len(log))
    return log[:end][-_LOG_LINES:]


def _details(shown: Problem) -> str:
    return "Details: " + ", ".join(f"{label} {value}" for label, value in shown.details if label != "Time")


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
