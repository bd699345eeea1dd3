"""A language that nobody speaks, so that whatever was not translated into it is seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_PLACEHOLDER = re.compile(r"(\{\w+\})")


def strange(_context: str, text: str) -> str:
    """Return ``text`` with a strange letter in place of each of ours; placeholders stay."""
    parts = _PLACEHOLDER.split(text)
    return "".join(part if _PLACEHOLDER.fullmatch(part) else re.sub("[A-Za-z]", "\u0436", part) for part in parts)


def left_in_english(text: str, theirs: Iterable[str] = ()) -> set[str]:
    """Return the words of a text that were not translated, leaving out what is ``theirs``."""
    for each in sorted(filter(None, theirs), key=len, reverse=True):
        text = text.replace(each, " ").replace(each.rstrip("."), " ")
    return set(_WORD.findall(text))
