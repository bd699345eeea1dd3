"""Draws the live status as a few lines that fit the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tunneldesk.presentation.terminal import LiveView
    from tunneldesk.terminal.style import Style

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
_GAP = "   "


def draw(view: LiveView, style: Style, columns: int) -> list[str]:
    """Return the lines of ``view``, none as wide as the terminal, so that none is wrapped."""
    room = columns - 1
    facts = [f"{style.mark(view.status.mark)} {style.bold(view.status.words)}", *map(style.dim, view.facts)]
    hops = [f"{label} {style.health(health)}" for label, health in view.hops]
    drawn = [*_flow(facts, room), *_flow(hops, room)]
    if view.beats or view.lease:
        took = [view.round_trip] if view.round_trip else []
        strip = "".join(style.tick(beat) for beat in view.beats[-max(5, room - 12) :])
        beats = [f"Heartbeats {strip}"] if strip else []
        drawn += _flow([*beats, *map(style.dim, took), *([view.lease] if view.lease else [])], room)
    drawn += _flow([style.dim("Ctrl-C stops the tunnel")], room)
    return drawn


def rows_of(line: str, columns: int) -> int:
    """Return how many rows of the terminal ``line`` takes."""
    return max(1, -(-_visible(line) // max(1, columns)))


def _visible(text: str) -> int:
    return len(_ESCAPE.sub("", text))


def _flow(parts: Iterable[str], room: int) -> list[str]:
    """Put parts side by side, and on the next line when one no longer fits."""
    lines: list[str] = []
    for part in parts:
        if lines and _visible(lines[-1]) + len(_GAP) + _visible(part) <= room:
            lines[-1] += _GAP + part
        else:
            lines.append(part)
    return [_cut(line, room) for line in lines]


def _cut(line: str, room: int) -> str:
    if _visible(line) <= room:
        return line
    return _ESCAPE.sub("", line)[: max(0, room)]
