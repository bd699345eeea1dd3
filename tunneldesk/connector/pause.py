"""Waiting that can be cut short."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tunneldesk.domain.clock import Clock


async def pause(clock: Clock, seconds: float, *, unless: asyncio.Event) -> bool:
    """Wait for this long, or until ``unless`` is set; return whether it was."""
    ends = clock.monotonic() + seconds

    async def sleep() -> None:
        await clock.sleep(ends - clock.monotonic())  # a busy loop begins its tasks late

    waits = {asyncio.create_task(sleep()), asyncio.create_task(unless.wait())}
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return unless.is_set()
