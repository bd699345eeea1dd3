"""What the kernel says about addresses and routes is a reason to look, and no more than that."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tunneldesk.machine.netlink import subscribe, watch_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

# Recorded from Linux 6: an address for the loopback interface, and the route that came with it.
NEW_ADDRESS = bytes.fromhex(
    "4c000000140000000000000000000000021880000100000008000100c000020908000200c0000209070003006c6f000008000800"
    "8000000014000600ffffffffffffffffd7481500d8481500"
)
NEW_ROUTE = bytes.fromhex(
    "3c00000018000006000000000000000002180000ff02fe020000000008000f00ff00000008000100c000020008000700c0000209"
    "0800040001000000"
)

pytestmark = pytest.mark.linux("its sockets")


class Overrun(socket.socket):
    """A subscription of which the kernel dropped messages: and it says so."""

    def recv(self, *_: int) -> bytes:
        raise OSError(errno.ENOBUFS, "No buffer space available")


class Looks:
    """Keeps when it was looked at, and can wait for the next time."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self._news = asyncio.Event()

    def __call__(self) -> None:
        self.at.append(time.monotonic())
        self._news.set()

    async def next(self) -> None:
        async with asyncio.timeout(10):
            await self._news.wait()
        self._news.clear()


@pytest.fixture
def looks() -> Looks:
    return Looks()


@asynccontextmanager
async def watched(looks: Looks, source: Callable[[], socket.socket]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(watch_routes(looks, source=source))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


@pytest.mark.slow
async def test_one_change_told_in_many_parts_is_looked_at_once_and_the_next_one_again(looks: Looks) -> None:
    kernel, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with kernel:
        async with watched(looks, lambda: ours):
            for message in (NEW_ADDRESS, NEW_ROUTE, NEW_ROUTE):
                kernel.send(message)
            await looks.next()
            for message in (NEW_ADDRESS, NEW_ROUTE):
                kernel.send(message)  # too soon after the last look, and yet not forgotten
            await looks.next()
        first, second = looks.at
        assert second - first >= 0.9
    assert ours.fileno() == -1


async def test_messages_that_were_dropped_are_a_reason_to_look(looks: Looks) -> None:
    kernel, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    kernel.send(NEW_ROUTE)
    with kernel:
        async with watched(looks, lambda: Overrun(fileno=ours.detach())):
            await looks.next()


async def test_a_kernel_that_tells_nobody_stops_nobody(looks: Looks) -> None:
    def refused() -> socket.socket:
        raise PermissionError

    await watch_routes(looks, source=refused)
    assert looks.at == []


async def test_a_subscription_that_ends_is_no_reason_to_look(looks: Looks) -> None:
    kernel, ours = socket.socketpair()
    kernel.close()
    async with watched(looks, lambda: ours) as task, asyncio.timeout(5):
        await asyncio.wait({task})
        assert task.exception() is None
    assert looks.at == []


def test_the_kernel_here_takes_the_subscription() -> None:
    with subscribe() as told:
        assert told.fileno() >= 0


def test_a_subscription_refused_leaves_no_socket_open(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(socket.socket):
        def bind(self, _: object) -> None:
            raise PermissionError

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(PermissionError):  # a socket left open would be a warning, which fails a test here
        subscribe()


def test_a_system_without_netlink_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_NETLINK")
    with pytest.raises(OSError, match=r"."):
        subscribe()
