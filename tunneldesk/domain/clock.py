"""Time as the rest of the code gets it: injected, so that tests never sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Clock(Protocol):
    """The two clocks of a machine, and a way to wait."""

    def monotonic(self) -> float:
        """Seconds that never jump; they may stand still while the machine sleeps."""

    def now(self) -> datetime:
        """The time of day, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait at least this long."""
