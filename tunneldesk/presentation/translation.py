"""Lets the texts of the presentation be translated without Qt.

`translate` is written like Qt's own, so that `pyside6-lupdate` finds the texts; the desktop face installs the
translator, and without one the texts stay English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def _english(_context: str, text: str) -> str:
    return text


_translator: Callable[[str, str], str] = _english


def install_translator(translator: Callable[[str, str], str] | None) -> None:
    """Have `translate` ask ``translator`` from now on; None goes back to English."""
    global _translator  # the language is one for the whole process, as in Qt
    _translator = translator or _english


def translate(context: str, text: str) -> str:
    """Return ``text`` in the language of the user; placeholders in braces are the caller's to fill."""
    return _translator(context, text)
