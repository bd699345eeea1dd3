"""What the terminal at hand can show: colours, drawing characters, width."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.health import BeatOutcome, Health
from tunneldesk.presentation.status import GLYPHS, Mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from tunneldesk.domain.checkup import Verdict
    from tunneldesk.domain.health import Beat


_GREEN, _YELLOW, _RED, _DIM, _BOLD = "32", "33", "31", "2", "1"

_MARK_COLOURS = {
    Mark.IDLE: _DIM,
    Mark.WORKING: _YELLOW,
    Mark.LIVE: _GREEN,
    Mark.ATTENTION: _YELLOW,
    Mark.PROBLEM: _RED,
}
_ASCII_MARKS = {Mark.IDLE: "o", Mark.WORKING: "-", Mark.LIVE: "*", Mark.ATTENTION: "!", Mark.PROBLEM: "x"}

_HEALTH_COLOURS = {Health.OK: _GREEN, Health.DEGRADED: _YELLOW, Health.DOWN: _RED, Health.UNKNOWN: _DIM}
_HEALTH_SIGNS = {
    Health.OK: "\N{CHECK MARK}",
    Health.DEGRADED: "!",
    Health.DOWN: "\N{BALLOT X}",
    Health.UNKNOWN: "\N{MIDDLE DOT}",
}
_ASCII_HEALTH = {Health.OK: "ok", Health.DEGRADED: "poor", Health.DOWN: "DOWN", Health.UNKNOWN: "?"}

_VERDICT_COLOURS = {"ok": _GREEN, "warn": _YELLOW, "fail": _RED, "skip": _DIM}
"""By the verdict's value: `expose` has a style, too, and no need of a doctor's words."""

_STEPS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Round trips in seconds at which a tick grows by one."""

_BARS = "\N{LOWER ONE EIGHTH BLOCK}\N{LOWER ONE QUARTER BLOCK}\N{LOWER THREE EIGHTHS BLOCK}\N{LOWER HALF BLOCK}"
_BARS += "\N{LOWER FIVE EIGHTHS BLOCK}\N{LOWER THREE QUARTERS BLOCK}\N{LOWER SEVEN EIGHTHS BLOCK}"
_ASCII_BARS = "_.-=+*#"


@dataclass(frozen=True, slots=True)
class Style:
    """How things are drawn.

    Attributes:
        live: Whether lines can be redrawn in place.
        colour: Whether colours are wanted.
        unicode: Whether the encoding has the drawing characters.
    """

    live: bool = False
    colour: bool = False
    unicode: bool = True

    @classmethod
    def of(cls, stream: TextIO, environ: Mapping[str, str]) -> Style:
        """Find out about ``stream``; NO_COLOR (no-color.org) and TERM=dumb are honoured."""
        live = stream.isatty() and environ.get("TERM") != "dumb" and _takes_escapes(stream)
        return cls(live=live, colour=live and not environ.get("NO_COLOR"), unicode=_has_drawings(stream.encoding))

    def bold(self, text: str) -> str:
        """What matters most."""
        return self._paint(text, _BOLD)

    def dim(self, text: str) -> str:
        """What matters least."""
        return self._paint(text, _DIM)

    def mark(self, mark: Mark) -> str:
        """A tunnel's mark, told by shape first and colour second."""
        return self._paint((GLYPHS if self.unicode else _ASCII_MARKS)[mark], _MARK_COLOURS[mark])

    def health(self, health: Health) -> str:
        """A hop's sign, told by shape first and colour second."""
        return self._paint((_HEALTH_SIGNS if self.unicode else _ASCII_HEALTH)[health], _HEALTH_COLOURS[health])

    def tick(self, beat: Beat) -> str:
        """A heartbeat in one character: its height is the round trip."""
        if beat.outcome is BeatOutcome.MISSED or beat.round_trip is None:
            return self._paint("\N{MULTIPLICATION SIGN}" if self.unicode else "x", _RED)
        if beat.outcome is BeatOutcome.LATE:
            return self._paint("!", _YELLOW)
        bars = _BARS if self.unicode else _ASCII_BARS
        return self._paint(bars[sum(beat.round_trip >= step for step in _STEPS)], _GREEN)

    def verdict(self, verdict: Verdict) -> str:
        """A check's verdict, as a word of four columns."""
        return self._paint(f"{verdict.value:<4}", _VERDICT_COLOURS[verdict.value])

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def width() -> int:
    """Return the columns of the terminal, as they are now."""
    return shutil.get_terminal_size().columns


def _has_drawings(encoding: str) -> bool:
    drawings = "".join((_BARS, *GLYPHS.values(), *_HEALTH_SIGNS.values()))
    try:
        drawings.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _takes_escapes(stream: TextIO) -> bool:
    """Whether escape sequences are understood; a Windows console must be asked to."""
    understood = True
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        kernel32 = ctypes.windll.kernel32
        handle, mode = msvcrt.get_osfhandle(stream.fileno()), ctypes.c_ulong()
        processed_and_escapes = 0x0001 | 0x0004
        understood = bool(kernel32.GetConsoleMode(handle, ctypes.byref(mode))) and bool(
            kernel32.SetConsoleMode(handle, mode.value | processed_and_escapes)
        )
    return understood
