"""Lengths of time as they are typed: ``30s``, ``90m``, ``1h30m``."""

from __future__ import annotations

import re

from tunneldesk.domain.errors import ErrorCode, InvalidValueError
from tunneldesk.domain.validation import shown

_FORM = re.compile(r"(?:(?P<h>\d{1,5})h)?(?:(?P<m>\d{1,6})m)?(?:(?P<s>\d{1,7})s)?", re.ASCII)


def parse_duration(text: str) -> float:
    """Return the seconds that ``text`` names.

    Raises:
        InvalidValueError: INVALID_INPUT, unless it is hours, minutes and seconds, in this order, above zero.
    """
    form = _FORM.fullmatch(text.strip().lower())
    hours, minutes, seconds = (int(part or 0) for part in form.group("h", "m", "s")) if form else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if total:
        return float(total)
    raise InvalidValueError(
        ErrorCode.INVALID_INPUT,
        text,
        message=f'"{shown(text)}" is not a length of time. Write it like 30s, 90m or 1h30m.',
    )
