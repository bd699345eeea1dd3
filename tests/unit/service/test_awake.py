"""The computer is kept awake for as long as somebody asked for, and no longer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from build_scripts import sample_states as samples
from tunneldesk.domain.lifecycle import Phase, Standing
from tunneldesk.service.awake import Awake
from tunneldesk.service.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tunneldesk.domain.model import Tunnel


class Machine:
    """Counts how often it is kept awake, and let go."""

    def __init__(self, *, offers: bool = True) -> None:
        self.offers = offers
        self.taken = self.released = 0

    def take(self) -> Callable[[], None] | None:
        self.taken += 1
        return self._release if self.offers else None

    def _release(self) -> None:
        self.released += 1


def asked(tunnel: Tunnel) -> Tunnel:
    return replace(tunnel, wish=replace(tunnel.wish, keep_awake=True))


@pytest.fixture
async def following() -> AsyncIterator[Callable[[Machine], tuple[Store, asyncio.Task[None]]]]:
    tasks: list[asyncio.Task[None]] = []

    def start(machine: Machine) -> tuple[Store, asyncio.Task[None]]:
        store = Store()
        tasks.append(asyncio.create_task(Awake(store, machine.take).run()))
        return store, tasks[-1]

    yield start
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("waited five seconds")


async def test_it_is_kept_awake_while_the_tunnel_is_up(
    following: Callable[[Machine], tuple[Store, asyncio.Task[None]]],
) -> None:
    machine = Machine()
    store, _ = following(machine)
    store.update(lambda _: samples.signed_in(asked(samples.connecting("my-app", 3000))))
    store.update(lambda _: samples.signed_in(asked(samples.live("my-app", 3000))))
    await until(lambda: machine.taken == 1)
    store.update(lambda _: samples.signed_in(asked(samples.reconnecting("my-app", 3000))))
    failed = replace(asked(samples.live("my-app", 3000)), standing=Standing(Phase.FAILED))
    store.update(lambda _: samples.signed_in(failed))
    await until(lambda: machine.released == 1)
    store.update(lambda _: samples.signed_in(asked(samples.live("my-app", 3000))))
    await until(lambda: machine.taken == 2)


async def test_the_end_of_the_app_lets_it_sleep(
    following: Callable[[Machine], tuple[Store, asyncio.Task[None]]],
) -> None:
    machine = Machine()
    store, task = following(machine)
    store.update(lambda _: samples.signed_in(asked(samples.live("my-app", 3000))))
    await until(lambda: machine.taken == 1)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert machine.released == 1


async def test_nobody_asked_so_it_may_sleep(
    following: Callable[[Machine], tuple[Store, asyncio.Task[None]]],
) -> None:
    machine = Machine()
    store, _ = following(machine)
    store.update(lambda _: samples.signed_in(samples.live("my-app", 3000)))
    await asyncio.sleep(0.02)
    assert machine.taken == 0


async def test_where_there_is_no_way_it_is_tried_once(
    following: Callable[[Machine], tuple[Store, asyncio.Task[None]]], caplog: pytest.LogCaptureFixture
) -> None:
    machine = Machine(offers=False)
    store, _ = following(machine)
    store.update(lambda _: samples.signed_in(asked(samples.live("my-app", 3000))))
    await until(lambda: bool(caplog.records))
    store.update(lambda _: samples.signed_in(asked(samples.reconnecting("my-app", 3000))))
    await asyncio.sleep(0.02)
    assert machine.taken == 1
