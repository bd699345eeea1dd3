"""Tidies up behind the leases that ran out.

In dialect ``documented`` this only writes down what is already so: a tunnel whose lease has run out is gone for
whoever looks. In dialect ``newer`` it is what ends the tunnel.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tunneldesk.backend.clock import Clock
    from tunneldesk.backend.store import Store

KEEP_ENDED_SEC: Final = 30 * 24 * 3600.0

# What others forget in one go; then waiting requests get their turn.
_BATCH: Final = 200

_log = logging.getLogger(__name__)


class Attached(Protocol):
    """The part of the edge that knows who is connected."""

    def connectors(self, tunnel_id: str) -> int:
        """Return how many connectors of a tunnel are connected."""


class Forgets(Protocol):
    """Keeps things past their time, until told to let go."""

    def forget(self, at_most: int) -> int:
        """Forget some of what is past its time; return how much."""


class Reaper:
    """Passes through the tunnels every so often: ends those without a lease, finishes those that are stopping."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        edge: Attached,
        *,
        interval: float,
        drains: bool,
        others: Sequence[Forgets] = (),
    ) -> None:
        """Prepare to pass every ``interval`` seconds.

        Args:
            store: Where the tunnels are.
            clock: When jumped, call ``catch_up``.
            edge: Asked whether a stopping tunnel has drained.
            interval: Seconds between two passes.
            drains: A stopping tunnel is left alone while a connector is attached, as long as its lease runs.
            others: Told to forget, too, at each pass.
        """
        self._store = store
        self._clock = clock
        self._edge = edge
        self._interval = interval
        self._drains = drains
        self._others = others
        self._next = clock.now()
        self._jumped = asyncio.Event()

    async def run(self) -> None:
        """Pass now, and then again and again until cancelled."""
        while True:
            await self._pass_through()
            await self._until_due()

    async def catch_up(self) -> None:
        """Feel that the clock has jumped: do a pass that has become due before returning."""
        if self._clock.now() >= self._next:
            await self._pass_through()
        self._jumped.set()

    async def _until_due(self) -> None:
        while (wait := self._next - self._clock.now()) > 0:
            self._jumped.clear()
            try:
                # Never longer than the interval, even when the wall clock was set back.
                async with asyncio.timeout(min(wait, self._interval)):
                    await self._jumped.wait()
            except TimeoutError:
                return

    async def _pass_through(self) -> None:
        self._next = self._clock.now() + self._interval
        try:
            await self._sweep()
        except sqlite3.Error:
            _log.exception("the reaper could not write; it tries again in %g s", self._interval)

    async def _sweep(self) -> None:
        reaped = 0
        while (looked := self._store.reap()) is not None:
            reaped += looked[1]
            await asyncio.sleep(0)
        for tunnel_id, expires_at in self._store.stopping():
            drained = self._edge.connectors(tunnel_id) == 0 or expires_at <= self._clock.now()
            if drained or not self._drains:
                self._store.stop(tunnel_id)
        while self._store.forget(self._clock.now() - KEEP_ENDED_SEC, _BATCH):  # noqa: ASYNC110 - lets others in
            await asyncio.sleep(0)
        for other in self._others:
            while other.forget(_BATCH):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0)
        if reaped:
            _log.info("reaped %d", reaped)
