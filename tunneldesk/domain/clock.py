"""Time as the rest of the code gets it: injected, so that tests never sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Clock(Protocol):
    """The two clocks of a machine, and a way to wait."""

    def monotonic(self) -> float:
        """Seconds that never jump and go on while the machine sleeps.

        What is counted on them (a lease, a pause before the next try) is right after a sleep without further ado.
        They compare with themselves only: never with `time.monotonic()` or a loop's `time()`.
        """

    def now(self) -> datetime:
        """The time of day, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait at least this long by `monotonic`: what fell due in the machine's sleep is due once it has woken."""
