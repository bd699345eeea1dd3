"""What is heard of logind on a real message bus, and what a bus can do to who listens."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.machine.bus_with_logind import Bus, Logind
from tunneldesk.machine.logind import watch_logind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

SOON = 0.02
NAME = f"tunneldesk-no-bus-{os.getpid()}"
"""An abstract address: it leaves nothing behind."""


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    with Bus(tmp_path / "bus") as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        yield bus


class Looks:
    """Counts looks."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


@asynccontextmanager
async def listening() -> AsyncIterator[Looks]:
    looks = Looks()
    task = asyncio.create_task(watch_logind(looks, again_after=SOON))
    try:
        yield looks
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait({task})
    assert task.cancelled()


async def until_heard(logind: Logind, looks: Looks) -> None:
    """Say it until it is heard: who listens takes a moment to subscribe."""
    before = looks.count
    async with asyncio.timeout(10):
        while looks.count == before:
            logind.says(start=False)
            await asyncio.sleep(SOON)


async def test_a_wake_is_heard_and_the_way_to_sleep_is_not(bus: Bus) -> None:
    async with listening() as looks:
        with Logind(bus) as logind:
            await until_heard(logind, looks)
            await quiet(logind, looks)
            heard = looks.count
            logind.says(start=True)
            await quiet(logind, looks)
            assert looks.count == heard
            logind.says(start=False)
            await quiet(logind, looks)
            assert looks.count == heard + 1


async def quiet(logind: Logind, looks: Looks) -> None:
    """Wait until all that was said has been heard."""
    logind.ping()
    heard = -1
    while heard != looks.count:
        heard = looks.count
        await asyncio.sleep(0.1)


async def test_a_logind_that_comes_later_is_heard_and_somebody_else_never(bus: Bus) -> None:
    async with listening() as looks:
        with Logind(bus, "org.example.Joker") as joker:
            for _ in range(5):
                joker.says(start=False)
                await quiet(joker, looks)
        assert looks.count == 0
        with Logind(bus) as logind:
            await until_heard(logind, looks)


async def test_a_bus_that_ends_and_comes_again_is_found_again(bus: Bus) -> None:
    async with listening() as looks:
        for _ in range(2):
            with Logind(bus) as logind:
                await until_heard(logind, looks)
            bus.stop()
            await asyncio.sleep(3 * SOON)
            bus.start()
        with Logind(bus) as logind:
            await until_heard(logind, looks)


@pytest.mark.parametrize(
    "address", ["unix:path=/nowhere", "tcp:host=localhost,port=9", "nonsense", "unix:dir=/tmp"]
)
async def test_a_bus_that_cannot_be_reached_is_done_without(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    async with listening() as looks:
        await asyncio.sleep(5 * SOON)
    assert looks.count == 0


@asynccontextmanager
async def pretended_bus(behave: Callable[[socket.socket], Awaitable[None]]) -> AsyncIterator[asyncio.Queue[None]]:
    """Something that is no bus, where one should be; yields a queue of those who came."""
    came: asyncio.Queue[None] = asyncio.Queue()

    async def serve(listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            visitor, _ = await loop.sock_accept(listener)
            with visitor:
                visitor.setblocking(False)
                came.put_nowait(None)
                await behave(visitor)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0" + NAME)
        listener.listen()
        listener.setblocking(False)
        task = asyncio.create_task(serve(listener))
        yield came
        task.cancel()
        await asyncio.wait({task})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=200), greets=st.booleans(), little=st.booleans())
def test_a_bus_that_talks_nonsense_is_tried_again_later(
    monkeypatch: pytest.MonkeyPatch, garbage: bytes, greets: bool, little: bool
) -> None:
    start = b"l\x04\x01\x01" if little else b""  # the start of a signal, so that the parser goes on to read

    async def talk(visitor: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_recv(visitor, 1024)
        if greets:
            await loop.sock_sendall(visitor, b"OK 1234deadbeef\r\n")
            await loop.sock_recv(visitor, 1024)
        try:
            await loop.sock_sendall(visitor, start + garbage)
        except OSError:
            return  # it has seen enough

    async def meet() -> None:
        async with pretended_bus(talk) as came, listening() as looks:
            async with asyncio.timeout(10):
                for _ in range(2):
                    await came.get()
            assert looks.count == 0

    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:abstract={NAME}")
    asyncio.run(meet())


async def test_a_bus_that_never_answers_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def be_silent(_: socket.socket) -> None:
        await asyncio.Event().wait()

    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:abstract={NAME}")
    async with pretended_bus(be_silent) as came, listening():
        async with asyncio.timeout(10):
            await came.get()
