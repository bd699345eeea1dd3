"""The server's clock, as its answers tell it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE: Final = re.compile(
    r"[A-Z][a-z]{2}, (?P<day>[0-9]{2}) (?P<month>[A-Z][a-z]{2}) (?P<year>[0-9]{4}) "
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}) GMT"
)
"""The one form that servers may send (RFC 9110, 5.6.7)."""


def server_time(headers: Mapping[str, str]) -> float | None:
    """Return when an answer was made, in whole seconds since 1970 by the server's clock.

    None where nothing usable is said: no date, one that is none, or that of a cache's old answer.
    """
    said = _DATE.fullmatch(headers.get("Date", "").strip())
    if said is None or said["month"] not in _MONTHS or headers.get("Age", "0").strip() != "0":
        return None
    month = _MONTHS.index(said["month"]) + 1
    year, day, hour, minute, second = (int(said[part]) for part in ("year", "day", "hour", "minute", "second"))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:  # the 31st of February, the year 0, a leap second
        return None
