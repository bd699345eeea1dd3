"""A pause ends when it was to end, or as soon as there is a reason."""

from __future__ import annotations

import asyncio
import time

from tunneldesk.connector.pause import pause
from tunneldesk.service.clock import SystemClock

_LONG = 60.0


async def test_what_held_up_the_loop_as_it_began_is_not_added() -> None:
    began = time.monotonic()
    waiting = asyncio.create_task(pause(SystemClock(), 0.2, unless=asyncio.Event()))
    asyncio.get_running_loop().call_soon(time.sleep, 0.3)
    assert await waiting is False
    assert 0.3 <= time.monotonic() - began < 0.45


async def test_a_reason_ends_it_at_once() -> None:
    reason = asyncio.Event()
    waiting = asyncio.create_task(pause(SystemClock(), _LONG, unless=reason))
    await asyncio.sleep(0)
    reason.set()
    assert await asyncio.wait_for(waiting, 5) is True


async def test_one_that_is_given_up_leaves_nothing_waiting() -> None:
    before = asyncio.all_tasks()
    waiting = asyncio.create_task(pause(SystemClock(), _LONG, unless=asyncio.Event()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    await asyncio.sleep(0.05)
    assert asyncio.all_tasks() == before
