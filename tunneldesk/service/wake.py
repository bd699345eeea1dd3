"""Notices what happens to the machine under our feet: it slept, its clock was set, it is on another network."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from tunneldesk.domain.clock import Clock
from tunneldesk.machine.senses import Senses, this_machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tunneldesk.machine.way_out import WayOut

_TICK = 5.0  # one switch of context each time: a fifth of a switch a second
_SLEPT = 1.0  # the two clocks of a machine that is awake stay together to the microsecond
_LATE = 3.0  # more than any work of ours holds the loop, even on a busy machine
_SET = 5.0  # a clock that time synchronisation keeps is steered, not set; a leap second is one
_SETTLED = 1.0  # an address, its route and the next family's come one after another


class DisturbanceKind(StrEnum):
    """What happened to the machine."""

    SLEPT = "slept"
    CLOCK_SET = "clock set"
    NETWORK_CHANGED = "network changed"


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Something that happened to the machine, and may have broken what was connected.

    Attributes:
        kind: What. SLEPT stands for anything that stopped us for a while: the machine's sleep, a frozen process.
            CLOCK_SET means the time of day, which nothing of ours is counted on; but a virtual machine that was
            paused shows in nothing else than a clock that was set forward, so take that for a possible sleep.
            NETWORK_CHANGED comes once there is a way out again or another one, not when the last one goes.
        seconds: How long it slept, or how far the clock was set (back is negative); 0 for the network.
    """

    kind: DisturbanceKind
    seconds: float = 0.0


class ResumableClock(Clock, Protocol):
    """A clock that can be told that the machine slept."""

    def resumed(self) -> None:
        """Let what fell due meanwhile happen now."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What all clocks said at one moment."""

    elapsed: float  # sleep included
    awake: float  # sleep excluded; the same where no clock says it
    time_of_day: float


class Wake:
    """Looks at the machine's clocks and its way out every few seconds, and at once when the system says something.

    Nothing the machine does makes it fail. After a sleep the clock's sleepers come first, then the news.

    Args:
        clock: Whose sleepers to wake.
        disturbed: Told what happened, on the loop, once for each time.
        senses: How to look; this machine's when None.
        tick: Seconds between looks when nothing happens. A frozen process is noticed if it was frozen for three
            seconds more, a sleep if it took one.
    """

    def __init__(
        self,
        clock: ResumableClock,
        *,
        disturbed: Callable[[Disturbance], None],
        senses: Senses | None = None,
        tick: float = _TICK,
    ) -> None:
        self._clock = clock
        self._disturbed = disturbed
        self._senses = this_machine() if senses is None else senses
        self._tick = tick
        self._said_something = asyncio.Event()

    async def run(self) -> None:
        """Watch until cancelled."""
        before = self._read()
        network = _Network(self._senses.way_out)
        async with asyncio.TaskGroup() as watching:
            for watch in self._senses.watches:
                watching.create_task(watch(self._said_something.set))
            while True:
                await self._pause(_SETTLED if network.unsettled else self._tick)
                after = self._read()
                for disturbance in self._between(before, after):
                    self._disturbed(disturbance)
                if network.changed(after.elapsed):
                    self._disturbed(Disturbance(DisturbanceKind.NETWORK_CHANGED))
                before = after

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._said_something.wait()
        self._said_something.clear()

    def _read(self) -> _Reading:
        elapsed = self._clock.monotonic()
        awake = self._senses.awake
        return _Reading(elapsed, elapsed if awake is None else awake(), self._clock.now().timestamp())

    def _between(self, before: _Reading, after: _Reading) -> Iterator[Disturbance]:
        elapsed = after.elapsed - before.elapsed
        slept = elapsed - (after.awake - before.awake)
        late = elapsed - self._tick
        if slept > _SLEPT or late > _LATE:
            self._clock.resumed()
            yield Disturbance(DisturbanceKind.SLEPT, max(slept, late))
        set_by = after.time_of_day - before.time_of_day - elapsed
        if abs(set_by) > _SET:
            yield Disturbance(DisturbanceKind.CLOCK_SET, set_by)


class _Network:
    """The way out as it was last settled, and the next one while it settles."""

    def __init__(self, look: Callable[[], WayOut]) -> None:
        self._look = look
        self._way = self._next = look()
        self._since = 0.0

    @property
    def unsettled(self) -> bool:
        """Whether there is another way out than before, too young to be believed."""
        return self._next != self._way

    def changed(self, now: float) -> bool:
        """Look; whether a way out has settled that is news, at monotonic ``now``."""
        seen = self._look()
        if seen != self._next:
            self._next, self._since = seen, now
        elif self.unsettled and now - self._since >= _SETTLED:
            before, self._way = self._way, seen
            return seen.breaks(before)
        return False
