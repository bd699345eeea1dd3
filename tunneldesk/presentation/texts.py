"""Words on their way to a screen: marked for translation, filled in, and made plain."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_PLAIN_MAX = 300


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802, ARG001 - the name pyside6-lupdate looks for
    """Mark ``text`` for translation under ``context`` and return it unchanged.

    For texts that stand in tables; they are translated when they are shown (see `translation`).
    """
    return text


def plain(text: str, limit: int = _PLAIN_MAX) -> str:
    """Return text of foreign origin as one printable line of at most ``limit`` characters.

    Control and formatting characters go, since they could move a terminal's cursor or turn the reading direction.
    """
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= limit else f"{line[: limit - 3].rstrip()}..."


def facts_in(template: str) -> frozenset[str]:
    """Return the names of the facts that ``template`` wants filled in."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Return ``template`` with its facts filled in; the facts themselves are never taken for templates."""
    return Formatter().vformat(template, (), facts)


def duration(seconds: float) -> str:
    """Return a length of time as people say it: ``41 s``, ``5 min 10 s``, ``1 h 30 min``."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    if hours:
        form = translate("Number", "{h} h {min} min") if minutes else translate("Number", "{h} h")
    elif minutes:
        form = translate("Number", "{min} min {s} s") if rest else translate("Number", "{min} min")
    else:
        form = translate("Number", "{s} s")
    return fill(form, {"h": str(hours), "min": str(minutes), "s": str(rest)})


def count(number: int) -> str:
    """Return how many there are, its thousands set apart: ``12,345``."""
    return f"{number:,}".replace(",", translate("Number", ","))


def decimal(number: float) -> str:
    """Return a number to one place behind the point: ``5.3``."""
    return f"{number:.1f}".replace(".", translate("Number", "."))


def day_and_time(moment: datetime) -> str:
    """Return a moment exactly, as the clock on the wall has it."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
