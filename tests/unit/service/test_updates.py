"""Whether there is a newer TunnelDesk is asked once a day at most, and only while the user wants that."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tunneldesk.domain.model import AppState, Update
from tunneldesk.domain.preferences import Preferences
from tunneldesk.service.store import Store
from tunneldesk.service.updates import Updates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.unit.service.conftest import VirtualClock

NEWER = Update("99.0.0", "https://example.com/99", "Everything")


class World:
    """A state, a file that remembers, and somebody who knows what was released."""

    def __init__(self, clock: VirtualClock, memory: Path) -> None:
        self.clock = clock
        self.memory = memory
        self.store = Store(AppState())
        self.latest: Update | None = NEWER
        self.asked = 0

    async def feed(self) -> Update | None:
        self.asked += 1
        return self.latest

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(Updates(self.store, self.clock, self.feed, self.memory).run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def after(self, hours: float) -> int:
        """Let hours pass, an hour at a time since files are read beside the loop; return how often was asked."""
        for _ in range(int(hours)):
            await self.clock.advance(3600)
            for _ in range(10_000):
                if self.clock.waited_for:
                    break
                await asyncio.sleep(0.001)
            assert self.clock.waited_for
        return self.asked


@pytest.fixture
def world(clock: VirtualClock, tmp_path: Path) -> World:
    return World(clock, tmp_path / "cache" / "updates.json")


async def test_a_newer_version_is_told_of_and_asked_about_once_a_day(world: World) -> None:
    async with world.running():
        assert await world.after(1) == 1
        assert world.store.state.update == NEWER
        assert await world.after(22) == 1
        assert await world.after(3) == 2


async def test_the_next_run_knows_when_was_asked_last(world: World) -> None:
    async with world.running():
        assert await world.after(1) == 1
    async with world.running():
        assert await world.after(20) == 1
        assert await world.after(6) == 2


@pytest.mark.parametrize("latest", [None, Update("0.0.1", "https://example.com/1")])
async def test_no_news_is_not_told(world: World, latest: Update | None) -> None:
    world.latest = latest
    async with world.running():
        assert await world.after(1) == 1
    assert world.store.state.update is None


async def test_who_does_not_want_it_is_left_alone_until_they_do(world: World) -> None:
    def want(*, wanted: bool) -> None:
        chosen = Preferences(look_for_updates=wanted)
        world.store.update(lambda state: replace(state, preferences=chosen))

    want(wanted=False)
    async with world.running():
        assert await world.after(30) == 0
        want(wanted=True)
        assert await world.after(2) == 1


@pytest.mark.parametrize("said", ["nonsense", "[]", "{}", '{"askedAt": 5}', '{"askedAt": "2026-01-01"}'])
async def test_a_memory_that_makes_no_sense_is_no_hindrance(world: World, said: str) -> None:
    world.memory.parent.mkdir()
    world.memory.write_text(said)
    async with world.running():
        assert await world.after(1) == 1
    assert list(json.loads(world.memory.read_text())) == ["askedAt"]


async def test_a_clock_that_was_wrong_does_not_put_it_off_for_years(world: World, clock: VirtualClock) -> None:
    world.memory.parent.mkdir()
    world.memory.write_text(json.dumps({"askedAt": clock.now().replace(year=2090).isoformat()}))
    async with world.running():
        assert await world.after(1) == 1


async def test_where_nothing_can_be_noted_it_is_asked_all_the_same(world: World) -> None:
    world.memory.parent.write_text("in the way")
    async with world.running():
        assert await world.after(1) == 1
    assert world.store.state.update == NEWER
