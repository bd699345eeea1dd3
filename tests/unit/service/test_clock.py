"""What waits by the machine's clock is on time, however long the machine slept meanwhile."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from tunneldesk.machine import clocks
from tunneldesk.service.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

_SOON = 2.0
"""Well above what a loop turn takes, well below what is waited for."""


@pytest.fixture
def sleep_machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let the machine sleep: its clock is that much further, and the loop's timers have not heard of it."""
    slept = 0.0
    read = clocks.through_sleep

    def sleep(seconds: float) -> None:
        nonlocal slept
        slept += seconds

    monkeypatch.setattr(clocks, "through_sleep", lambda: read() + slept)
    return sleep


async def waiting(clock: SystemClock, seconds: float) -> asyncio.Task[None]:
    """Return a sleeper that has begun to wait."""
    sleeper = asyncio.create_task(clock.sleep(seconds))
    await asyncio.sleep(0)
    return sleeper


async def test_a_wait_is_never_shorter_than_asked_for() -> None:
    clock = SystemClock()
    for seconds in (0.001, 0.01, 0.05):
        began = clock.monotonic()
        await clock.sleep(seconds)
        assert clock.monotonic() - began >= seconds


@pytest.mark.parametrize("seconds", [0, -1.0])
async def test_no_wait_still_lets_others_go_first(seconds: float) -> None:
    order: list[str] = []
    asyncio.get_running_loop().call_soon(order.append, "others")
    await SystemClock().sleep(seconds)
    order.append("we")
    assert order == ["others", "we"]


async def test_what_fell_due_in_the_machines_sleep_is_due_at_the_wake(
    sleep_machine: Callable[[float], None],
) -> None:
    clock = SystemClock()
    beats = [await waiting(clock, seconds) for seconds in (20, 60, 1000)]
    sleep_machine(3600)
    clock.resumed()
    async with asyncio.timeout(_SOON):
        await asyncio.gather(*beats)


async def test_what_is_not_due_yet_waits_for_the_rest_only(sleep_machine: Callable[[float], None]) -> None:
    clock = SystemClock()
    began = clock.monotonic()
    beat = await waiting(clock, 60)
    sleep_machine(59.8)
    clock.resumed()
    async with asyncio.timeout(_SOON):
        await beat
    assert 60 <= clock.monotonic() - began < 60 + _SOON


async def test_a_wait_given_up_leaves_nothing_behind(sleep_machine: Callable[[float], None]) -> None:
    clock = SystemClock()
    given_up, kept = await waiting(clock, 60), await waiting(clock, 120)
    given_up.cancel()
    sleep_machine(90)
    clock.resumed()
    await asyncio.wait({given_up})
    assert given_up.cancelled()
    assert not kept.done()
    clock.resumed()  # nobody is due, nor is anybody waited for who is gone
    kept.cancel()
    await asyncio.wait({kept})


async def test_both_clocks_tell_the_same_hour_twice_over() -> None:
    clock = SystemClock()
    before, time_before = clock.monotonic(), clock.now()
    time.sleep(0.02)  # noqa: ASYNC251 - nobody else is there to be held up
    passed, time_passed = clock.monotonic() - before, (clock.now() - time_before).total_seconds()
    assert passed >= 0.02
    assert time_passed == pytest.approx(passed, abs=0.01)
    assert clock.now().tzname() == "UTC"
