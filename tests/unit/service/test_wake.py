"""What is noticed of a machine that sleeps, has its clock set, and changes networks: with clocks set by hand."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tunneldesk.machine.senses import Senses
from tunneldesk.machine.way_out import WayOut
from tunneldesk.service.wake import Disturbance, DisturbanceKind, Wake

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

TICK = 5.0
HOME, OFFICE = WayOut("192.168.1.23 wlan0 0101A8C0"), WayOut("10.1.2.3 wlan0 0101010A")
NETWORK_CHANGED = Disturbance(DisturbanceKind.NETWORK_CHANGED)


class Machine:
    """A machine in a test's hands: its clocks, its network, and what the system says about them."""

    def __init__(self) -> None:
        self.elapsed, self.awake = 500.0, 400.0
        self.time_of_day = datetime(2026, 11, 23, 12, tzinfo=UTC)
        self.way = HOME
        self.told: list[Disturbance | str] = []
        self.watchers = 0
        self.watched = asyncio.Event()
        self._look: Callable[[], None] = lambda: None

    # As a clock
    def monotonic(self) -> float:
        return self.elapsed

    def now(self) -> datetime:
        return self.time_of_day

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError

    def resumed(self) -> None:
        self.told.append("resumed")

    # As its senses
    async def watch(self, look: Callable[[], None]) -> None:
        self._look = look
        self.watchers += 1
        self.watched.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.watchers -= 1

    def look_at_way_out(self) -> WayOut:
        return self.way

    def wake(self, *, tick: float = TICK, awake: bool = True) -> Wake:
        senses = Senses((lambda: self.awake) if awake else None, self.look_at_way_out, (self.watch,))
        return Wake(self, disturbed=self.told.append, senses=senses, tick=tick)

    # As the world
    def run_on(self, seconds: float) -> None:
        """Time passes, and the machine is awake."""
        self.awake += seconds
        self.suspend(seconds)

    def suspend(self, seconds: float) -> None:
        """Time passes, and the machine sleeps."""
        self.elapsed += seconds
        self.time_of_day += timedelta(seconds=seconds)

    async def looked_at(self) -> list[Disturbance | str]:
        """Say that there is something to look at; return what came of it."""
        self.told.clear()
        self._look()
        for _ in range(5):
            await asyncio.sleep(0)
        return [
            item if isinstance(item, str) else Disturbance(item.kind, round(item.seconds, 3)) for item in self.told
        ]

    async def looked_at_after(self, seconds: float) -> list[Disturbance | str]:
        self.run_on(seconds)
        return await self.looked_at()


@asynccontextmanager
async def watched(machine: Machine, *, awake: bool = True) -> AsyncIterator[None]:
    """Watch this machine; the test gives the ticks, so that none comes between."""
    wake = machine.wake(awake=awake)
    task = asyncio.create_task(wake.run())
    await machine.watched.wait()
    yield
    assert not task.done()
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert machine.watchers == 0


@pytest.fixture
def machine() -> Machine:
    return Machine()


def slept(seconds: float) -> list[Disturbance | str]:
    return ["resumed", Disturbance(DisturbanceKind.SLEPT, seconds)]


def clock_set(seconds: float) -> Disturbance:
    return Disturbance(DisturbanceKind.CLOCK_SET, seconds)


async def test_a_machine_that_just_runs_is_no_news(machine: Machine) -> None:
    async with watched(machine):
        for seconds in (TICK, 0.0, TICK, 1.5, TICK + 2.9):
            assert await machine.looked_at_after(seconds) == []


@pytest.mark.parametrize("seconds", [1.5, 60.0, 100_000.0])
async def test_a_sleep_is_told_once_and_the_clocks_sleepers_come_first(machine: Machine, seconds: float) -> None:
    async with watched(machine):
        machine.suspend(seconds)
        assert await machine.looked_at_after(0.1) == slept(seconds)
        assert await machine.looked_at_after(TICK) == []


async def test_where_no_clock_tells_sleep_apart_a_late_look_does(machine: Machine) -> None:
    async with watched(machine, awake=False):
        machine.suspend(2.0)
        assert await machine.looked_at_after(TICK) == []
        machine.suspend(600.0)
        assert await machine.looked_at_after(TICK) == slept(600)


async def test_a_process_that_was_frozen_on_a_machine_that_was_not_has_slept_too(machine: Machine) -> None:
    async with watched(machine):
        assert await machine.looked_at_after(TICK + 30.0) == slept(30)


@pytest.mark.parametrize("seconds", [3600.0, 5.5, -5.5, -3600.0])
async def test_a_clock_that_was_set_is_told_with_how_far(machine: Machine, seconds: float) -> None:
    async with watched(machine):
        machine.time_of_day += timedelta(seconds=seconds)
        assert await machine.looked_at_after(TICK) == [clock_set(seconds)]
        assert await machine.looked_at_after(TICK) == []


async def test_a_clock_that_is_steered_is_no_news(machine: Machine) -> None:
    async with watched(machine):
        for off in (1.0, -1.0, 0.5, 0.5, 4.5):
            machine.time_of_day += timedelta(seconds=off)
            assert await machine.looked_at_after(TICK) == []


async def test_a_clock_set_right_after_a_sleep_is_told_after_it(machine: Machine) -> None:
    async with watched(machine):
        machine.suspend(300.0)
        machine.time_of_day += timedelta(seconds=-40)
        assert await machine.looked_at_after(0.1) == [*slept(300), clock_set(-40)]


async def test_another_network_is_told_once_when_it_has_settled(machine: Machine) -> None:
    async with watched(machine):
        machine.way = OFFICE
        assert await machine.looked_at_after(0.1) == []
        assert await machine.looked_at_after(0.5) == []
        assert await machine.looked_at_after(0.5) == [NETWORK_CHANGED]
        assert await machine.looked_at_after(TICK) == []


async def test_a_network_that_flickers_is_no_news_until_it_stays(machine: Machine) -> None:
    async with watched(machine):
        for machine.way in (OFFICE, HOME, WayOut(), HOME, OFFICE, WayOut()):
            assert await machine.looked_at_after(0.9) == []
        machine.way = HOME
        assert await machine.looked_at_after(0.1) == []
        assert await machine.looked_at_after(TICK) == []


async def test_a_network_that_goes_is_told_when_one_is_back(machine: Machine) -> None:
    async with watched(machine):
        machine.way = WayOut()
        assert await machine.looked_at_after(0.1) == []
        assert await machine.looked_at_after(1.0) == []
        machine.way = HOME
        assert await machine.looked_at_after(0.1) == []
        assert await machine.looked_at_after(1.0) == [NETWORK_CHANGED]


async def test_another_network_is_noticed_without_the_systems_word(machine: Machine) -> None:
    told: asyncio.Queue[Disturbance] = asyncio.Queue()
    senses = Senses(lambda: machine.awake, machine.look_at_way_out)
    wake = Wake(machine, disturbed=told.put_nowait, senses=senses, tick=0.01)
    task = asyncio.create_task(wake.run())
    await asyncio.sleep(0)
    machine.way = OFFICE
    async with asyncio.timeout(10):
        await asyncio.sleep(0.1)  # in which it looks at least once
        machine.run_on(2.0)
        assert await told.get() == NETWORK_CHANGED
    task.cancel()
    await asyncio.wait({task})


async def test_time_before_it_runs_is_not_its_concern(machine: Machine) -> None:
    wake = machine.wake()
    machine.suspend(1000.0)
    task = asyncio.create_task(wake.run())
    await machine.watched.wait()
    assert await machine.looked_at_after(0.1) == []
    task.cancel()
    await asyncio.wait({task})


async def test_a_watch_that_has_nothing_to_watch_stops_nobody(machine: Machine) -> None:
    async def deaf(_: Callable[[], None]) -> None: ...

    senses = Senses(None, machine.look_at_way_out, (deaf, machine.watch))
    task = asyncio.create_task(Wake(machine, disturbed=machine.told.append, senses=senses).run())
    await machine.watched.wait()
    assert await machine.looked_at_after(100.0) == slept(95)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
