"""How `expose` is shown: redrawn in place, line by line, or as JSON Lines."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Protocol

from tunneldesk.presentation.terminal import live_view, news
from tunneldesk.presentation.terminal_events import events, problem_event
from tunneldesk.terminal.live import draw, rows_of
from tunneldesk.terminal.problems import lines
from tunneldesk.terminal.style import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tunneldesk.domain.model import Tunnel
    from tunneldesk.presentation.status import Instant
    from tunneldesk.terminal.problems import Trouble
    from tunneldesk.terminal.style import Style


class Writer(Protocol):
    """Where text goes."""

    @property
    def behind(self) -> bool:
        """Whether the reader has yet to take what was written before."""

    def write(self, text: str) -> None:
        """Write ``text``."""


class Face(Protocol):
    """Shows one tunnel.

    Attributes:
        ticking: Whether `tick` is wanted once a second.
    """

    ticking: bool

    def changed(self, before: Tunnel | None, tunnel: Tunnel, instant: Instant) -> None:
        """Show the way from ``before`` to ``tunnel``."""

    def tick(self, tunnel: Tunnel, instant: Instant) -> None:
        """Show that time has passed."""

    def troubled(self, trouble: Trouble, instant: Instant) -> None:
        """Something is wrong, and the tunnel may yet get over it."""

    def ended_by(self, trouble: Trouble, log: Sequence[str]) -> None:
        """Something was wrong, and it was the end."""


class JsonFace:
    """One JSON object a line, on standard output, and nothing else."""

    ticking = False

    def __init__(self, output: Writer) -> None:
        self._output = output

    def changed(self, before: Tunnel | None, tunnel: Tunnel, instant: Instant) -> None:
        """Print the events of the change."""
        for event in events(before, tunnel, instant):
            self._output.write(json.dumps(event) + "\n")

    def tick(self, tunnel: Tunnel, instant: Instant) -> None:
        """Nothing: only changes are events."""

    def troubled(self, trouble: Trouble, instant: Instant) -> None:
        """Print the problem as an event."""
        event = problem_event(trouble.problem, trouble.failure, trouble.invocation, instant.now)
        self._output.write(json.dumps(event) + "\n")

    def ended_by(self, trouble: Trouble, log: Sequence[str]) -> None:
        """Nothing: it has been told when it happened."""


class PlainFace:
    """One line for each change, without any control codes: for pipes, files and plain terminals."""

    ticking = False

    def __init__(self, output: Writer, errors: Writer, style: Style) -> None:
        self._output = output
        self._errors = errors
        self._style = style
        self._address: str | None = None

    def changed(self, before: Tunnel | None, tunnel: Tunnel, instant: Instant) -> None:
        """Print a line for each change; the address gets one to itself, as soon as it answers."""
        for item in news(before, tunnel, instant):
            self._say(item.text, instant)
            if item.address is not None and item.address != self._address:
                self._address = item.address
                self._output.write(f"{item.address}\n")

    def tick(self, tunnel: Tunnel, instant: Instant) -> None:
        """Nothing: only changes get a line."""

    def troubled(self, trouble: Trouble, instant: Instant) -> None:
        """Nothing: a line has told it in fewer words."""

    def ended_by(self, trouble: Trouble, log: Sequence[str]) -> None:
        """Tell the whole problem on standard error."""
        told = lines(trouble, self._style, width(), log)
        self._errors.write("".join(f"{line}\n" for line in told))

    def _say(self, text: str, instant: Instant) -> None:
        self._output.write(f"{_clock(instant)}  {text}\n")


class LiveFace:
    """A few lines redrawn in place; what is worth keeping stays above them."""

    ticking = True

    def __init__(self, output: Writer, errors: Writer, style: Style) -> None:
        self._output = output
        self._errors = errors
        self._style = style
        self._address: str | None = None
        self._drawn: list[str] = []

    def changed(self, before: Tunnel | None, tunnel: Tunnel, instant: Instant) -> None:
        """Put what is worth keeping above the live lines, and draw those anew."""
        kept: list[str] = []
        columns = width()
        for item in news(before, tunnel, instant):
            if not item.routine:
                first, *rest = textwrap.wrap(item.text, max(10, columns - 1 - len(_CLOCK_GAP)))
                kept.append(f"{self._style.dim(_clock(instant))}  {first}")
                kept += [_CLOCK_GAP + line for line in rest]
            if item.address is not None and item.address != self._address:
                self._address = item.address
                kept += ["", self._style.bold(item.address), ""]
        self._draw(kept, draw(live_view(tunnel, instant), self._style, columns) if tunnel.active else [])

    def tick(self, tunnel: Tunnel, instant: Instant) -> None:
        """Draw the live lines anew, unless the terminal is being held up."""
        if not self._output.behind:
            self._draw([], draw(live_view(tunnel, instant), self._style, width()))

    def troubled(self, trouble: Trouble, instant: Instant) -> None:
        """Nothing: the live lines and what is kept above them tell it in fewer words."""

    def ended_by(self, trouble: Trouble, log: Sequence[str]) -> None:
        """Tell the whole problem below what was kept."""
        self._draw([], [])
        told = lines(trouble, self._style, width(), log)
        self._errors.write("".join(f"{line}\n" for line in told))

    def _draw(self, kept: list[str], live: list[str]) -> None:
        if not kept and live == self._drawn:
            return
        # A terminal that has become narrower since has wrapped what stands there.
        rows = sum(rows_of(line, width()) for line in self._drawn)
        back = f"\x1b[{rows}F\x1b[J" if rows else ""
        self._output.write(back + "".join(f"{line}\n" for line in (*kept, *live)))
        self._drawn = live


_CLOCK_GAP = " " * len("20:49:04  ")


def _clock(instant: Instant) -> str:
    return f"{instant.now.astimezone():%H:%M:%S}"
