"""Whether anything answers on the user's own port."""

from __future__ import annotations

import asyncio
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


async def listening(port: int) -> bool:
    """Whether a connection to ``port`` of this machine is taken, on either family."""
    for family, address in _LOOPBACKS:
        try:
            async with asyncio.timeout(_CONNECT_LIMIT):
                _, writer = await asyncio.open_connection(address, port, family=family)
        except (OSError, TimeoutError):
            continue
        writer.close()
        return True
    return False


async def watch_service(port: int, clock: Clock, report: Callable[[Health], None]) -> None:
    """Look at the user's port until cancelled: soon after a change, ever more rarely while nothing changes."""
    known, pause = Health.UNKNOWN, _SOON
    while True:
        seen = Health.OK if await listening(port) else Health.DOWN
        # A service that is away is being restarted by somebody who watches; one that is there stays there.
        pause = _SOON if seen is Health.DOWN or seen is not known else min(pause * 2, _CALM)
        known = seen
        report(seen)
        await clock.sleep(pause)
