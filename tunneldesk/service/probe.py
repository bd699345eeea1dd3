"""Whether anything answers on the user's own port."""

from __future__ import annotations

import asyncio
import math
import socket
from typing import TYPE_CHECKING

from tunneldesk.domain.health import Health

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.clock import Clock

_LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
"""Both families: development servers often listen on ``::1`` only."""

_CONNECT_LIMIT = 2.0
_SOON, _CALM = 2.0, 30.0

_RESTARTING = 5.0
"""Seconds a service may be away before it counts as down."""


async def listening(port: int) -> bool:
    """Whether a connection to ``port`` of this machine is taken, on either family."""
    for family, address in _LOOPBACKS:
        if await _takes(family, address, port):
            return True
    return False


async def listeners(port: int) -> tuple[str, ...]:
    """Return the loopback addresses on which a connection to ``port`` is taken."""
    return tuple([address for family, address in _LOOPBACKS if await _takes(family, address, port)])


async def _takes(family: socket.AddressFamily, address: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_CONNECT_LIMIT):
            _, writer = await asyncio.open_connection(address, port, family=family)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def watch_service(port: int, clock: Clock, report: Callable[[Health], None]) -> None:
    """Look at the user's port until cancelled: soon after a change, ever more rarely while nothing changes.

    A service that was there and has just gone is DEGRADED, and DOWN once that has lasted: development servers
    restart all the time, and are back before anybody could do something about it.
    """
    known, pause, gone_at = Health.UNKNOWN, _SOON, -math.inf
    while True:
        if await listening(port):
            seen = Health.OK
        else:
            gone_at = clock.monotonic() if known is Health.OK else gone_at
            seen = Health.DEGRADED if clock.monotonic() - gone_at < _RESTARTING else Health.DOWN
        # A service that is away is being restarted by somebody who watches; one that is there stays there.
        pause = min(pause * 2, _CALM) if seen is known is Health.OK else _SOON
        known = seen
        report(seen)
        await clock.sleep(pause)
