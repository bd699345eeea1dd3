"""A clock made by hand is a clock: tests need no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tunneldesk.domain import clock

if TYPE_CHECKING:
    from tunneldesk.domain.clock import Clock


@dataclass
class HandClock:
    elapsed: float = 0.0
    waits: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.elapsed

    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.elapsed += seconds


async def test_an_hour_passes_in_no_time() -> None:
    hand: Clock = HandClock()
    before = hand.now()
    await hand.sleep(3600)
    assert hand.now() - before == timedelta(hours=1)
    assert hand.monotonic() == 3600
    assert {"monotonic", "now", "sleep"} <= set(vars(clock.Clock))
