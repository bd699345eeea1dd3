"""The machine's own clocks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from tunneldesk.machine import clocks

_WHOLE = 0.001
"""Seconds by which a timer is set late: qasync cuts off parts of a millisecond, and would ask again and again."""


class SystemClock:
    """The `Clock` that is used outside tests.

    The event loop's timers stand still while the machine sleeps (asyncio counts on ``CLOCK_MONOTONIC`` on Linux
    and ``mach_absolute_time`` on macOS), so somebody who notices a wake has to say so: `resumed` lets every sleeper
    look at its deadline again.
    """

    def __init__(self) -> None:
        self._sleepers: set[asyncio.Future[None]] = set()

    def monotonic(self) -> float:
        """Seconds that never jump and go on while the machine sleeps."""
        return clocks.through_sleep()

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait at least this long, the machine's sleep included."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        deadline = self.monotonic() + seconds
        # Once more, too, when a timer came early: Qt's do, by up to a twentieth.
        while (left := deadline - self.monotonic()) > 0:
            look = loop.create_future()
            timer = loop.call_later(left + _WHOLE, _end, look)
            self._sleepers.add(look)
            try:
                await look
            finally:
                timer.cancel()
                self._sleepers.discard(look)

    def resumed(self) -> None:
        """Let what fell due while the machine slept happen now, and count the rest anew."""
        for look in self._sleepers:
            _end(look)


def _end(look: asyncio.Future[None]) -> None:
    if not look.done():
        look.set_result(None)
