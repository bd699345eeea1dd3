"""The one clock of the server: wall time that a test can move forward."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Wall time in seconds since the epoch, plus whatever it was told to jump.

    Leases, rate windows and the reaper all read this clock, so that a jump is felt by each of them.
    """

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Return the present time."""
        return time.time() + self.offset

    def jump(self, seconds: float) -> None:
        """Move the clock; a negative number moves it back."""
        self.offset += seconds


def iso(at: float) -> str:
    """Return ``at`` as the API writes times: ISO 8601, UTC, with milliseconds."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
