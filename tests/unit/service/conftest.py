"""Time that moves only when a test says so, for the service's unit tests."""

from __future__ import annotations

import asyncio
import heapq
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tunneldesk.storage.journal import Held

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.account import Account
    from tunneldesk.domain.model import Grant

_TURNS = 40
"""Loop turns after which everything that can go on without time passing has done so."""


class VirtualClock:
    """A `Clock` whose seconds pass only in `advance`, in the order in which they were waited for."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._start = datetime(2026, 11, 23, 12, tzinfo=UTC)
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def monotonic(self) -> float:
        return self._now

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._now - 1000.0)

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiter = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self._now + seconds, next(self._order), waiter))
        await waiter

    @property
    def waited_for(self) -> bool:
        """Whether somebody waits for time to pass: what is done beside the loop is done by then."""
        return any(not waiter.done() for _, _, waiter in self._waiting)

    async def settle(self) -> None:
        """Let everything happen that needs no time."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        """Let this much time pass, waking each sleeper at its own moment."""
        await self.settle()
        until = self._now + seconds
        while self._waiting and self._waiting[0][0] <= until:
            self._now, _, waiter = heapq.heappop(self._waiting)
            if not waiter.done():
                waiter.set_result(None)
                await self.settle()
        self._now = until


class Book:
    """A `Ledger` in memory: who holds what, by tunnel id, and the grants whose tokens were kept."""

    def __init__(self) -> None:
        self.held: dict[str, Held] = {}
        self.grants: dict[str, Grant] = {}

    def claim_folder(self) -> Path:
        return Path("unused")

    def hold(self, account: Account, grant: Grant, port: int) -> None:
        self.held[grant.tunnel_id] = Held(account, grant.tunnel_id, grant.hostname, port, 20.0, 60.0, "us")

    def release(self, tunnel_id: str) -> None:
        self.held[tunnel_id] = replace(self.held[tunnel_id], owner=None)

    def drop(self, tunnel_id: str) -> None:
        self.held.pop(tunnel_id, None)

    async def claim(self, account: Account, which: Callable[[Held], bool]) -> tuple[Held, ...]:
        free = [
            held for held in self.held.values() if held.account == account and held.owner != "us" and which(held)
        ]
        for held in free:
            self.held[held.tunnel_id] = replace(held, owner="us")
        return tuple(free)

    async def grant_of(self, held: Held) -> Grant | None:
        return self.grants.get(held.tunnel_id)

    async def known(self) -> frozenset[str]:
        return frozenset(self.held)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()
