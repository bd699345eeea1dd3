"""The reaper: when it passes, and what it leaves alone."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from tunneldesk.backend.clock import Clock
from tunneldesk.backend.leases import KEEP_ENDED_SEC, Reaper

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncIterator, Callable

    from tunneldesk.backend.store import Store


class FakeEdge:
    """Knows how many connectors are attached to every tunnel."""

    def __init__(self) -> None:
        self.attached = 0

    def connectors(self, tunnel_id: str) -> int:
        assert tunnel_id
        return self.attached


@pytest.fixture
def edge() -> FakeEdge:
    return FakeEdge()


@pytest.fixture
def user(ann: str) -> str:
    return ann


def create(store: Store, user: str, slug: str = "my-app") -> str:
    return store.create(user, 3000, [slug], max_active=1000).id


def statuses(store: Store, user: str) -> list[str]:
    return [tunnel.status for tunnel in store.tunnels(user, include_inactive=True)]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the reaper has no event of its own
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def running(reaper: Reaper) -> AsyncIterator[None]:
    task = asyncio.create_task(reaper.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_it_passes_at_the_start_and_after_every_interval(
    lenient: Store, user: str, clock: Clock, edge: FakeEdge
) -> None:
    create(lenient, user, "before")
    clock.jump(60)
    async with running(Reaper(lenient, clock, edge, interval=0.01, drains=True)):
        await until(lambda: statuses(lenient, user) == ["stopped"])
        create(lenient, user, "after")
        clock.jump(60)
        await until(lambda: statuses(lenient, user) == ["stopped", "stopped"])


async def test_a_jump_of_the_clock_is_felt_before_it_is_answered(
    lenient: Store, user: str, clock: Clock, edge: FakeEdge
) -> None:
    reaper = Reaper(lenient, clock, edge, interval=30, drains=True)
    async with running(reaper):
        await asyncio.sleep(0)
        create(lenient, user)
        clock.jump(29)
        await reaper.catch_up()
        assert statuses(lenient, user) == ["active"]
        clock.jump(31)
        await reaper.catch_up()
        assert statuses(lenient, user) == ["stopped"]


async def test_others_are_told_to_forget_until_they_are_done(store: Store, clock: Clock, edge: FakeEdge) -> None:
    class Others:
        left = 450

        def forget(self, at_most: int) -> int:
            forgotten = min(self.left, at_most)
            self.left -= forgotten
            return forgotten

    others = (Others(), Others())
    await Reaper(store, clock, edge, interval=30, drains=False, others=others).catch_up()
    assert [other.left for other in others] == [0, 0]


async def test_thousands_at_once_let_others_in_between(
    lenient: Store, user: str, clock: Clock, edge: FakeEdge
) -> None:
    for number in range(1000):
        create(lenient, user, f"app-{number}")
    clock.jump(60)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    busy = asyncio.create_task(others())
    await Reaper(lenient, clock, edge, interval=30, drains=True).catch_up()
    busy.cancel()
    assert set(statuses(lenient, user)) == {"stopped"}
    assert turns >= 5


async def test_a_stopping_tunnel_waits_for_its_connectors(
    store: Store, clock: Clock, edge: FakeEdge, user: str
) -> None:
    store.begin_stop(create(store, user))
    reaper = Reaper(store, clock, edge, interval=30, drains=True)
    edge.attached = 1
    await reaper.catch_up()
    assert statuses(store, user) == ["stopping"]
    edge.attached = 0
    clock.jump(30)
    await reaper.catch_up()
    assert statuses(store, user) == ["stopped"]


async def test_and_no_longer_than_its_lease(store: Store, clock: Clock, edge: FakeEdge, user: str) -> None:
    store.begin_stop(create(store, user))
    edge.attached = 1
    clock.jump(60)
    await Reaper(store, clock, edge, interval=30, drains=True).catch_up()
    assert statuses(store, user) == ["stopped"]


async def test_where_nothing_drains_it_is_finished_at_once(
    store: Store, clock: Clock, edge: FakeEdge, user: str
) -> None:
    store.begin_stop(create(store, user))
    edge.attached = 1
    await Reaper(store, clock, edge, interval=30, drains=False).catch_up()
    assert statuses(store, user) == ["stopped"]


async def test_old_tunnels_are_forgotten(store: Store, clock: Clock, edge: FakeEdge, user: str) -> None:
    store.stop(create(store, user))
    clock.jump(KEEP_ENDED_SEC + 1)
    await Reaper(store, clock, edge, interval=30, drains=False).catch_up()
    assert statuses(store, user) == []


async def test_a_full_disk_does_not_end_it(
    lenient: Store,
    user: str,
    database: sqlite3.Connection,
    clock: Clock,
    edge: FakeEdge,
    caplog: pytest.LogCaptureFixture,
) -> None:
    create(lenient, user)
    clock.jump(60)
    database.execute("PRAGMA query_only = ON")
    async with running(Reaper(lenient, clock, edge, interval=0.01, drains=True)):
        await until(lambda: "could not write" in caplog.text)
        database.execute("PRAGMA query_only = OFF")
        await until(lambda: statuses(lenient, user) == ["stopped"])


async def test_a_wall_clock_set_back_does_not_hold_it_up(
    lenient: Store, user: str, clock: Clock, edge: FakeEdge
) -> None:
    reaper = Reaper(lenient, clock, edge, interval=0.01, drains=True)
    async with running(reaper):
        await asyncio.sleep(0)
        clock.jump(-3600)
        lenient.expire(create(lenient, user))
        await until(lambda: statuses(lenient, user) == ["stopped"])


def test_the_clock_is_the_wall_clock_until_it_jumps() -> None:
    clock = Clock()
    before = clock.now()
    clock.jump(3600)
    assert 3600 <= clock.now() - before < 3610
