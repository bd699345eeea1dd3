"""Mirrors on loopback, and an installation that is to use one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.contract.install.mirror import Case, Mirror, program

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path


@pytest.fixture
async def listen() -> AsyncIterator[Callable[..., Awaitable[Mirror]]]:
    """Start mirrors that are gone at the end of the test."""
    running: list[asyncio.Server] = []
    answering: set[asyncio.Task[None]] = set()

    async def start(tls: ssl.SSLContext | None = None) -> Mirror:
        mirror = Mirror()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(mirror.accept(reader, writer))
            answering.add(task)
            task.add_done_callback(answering.discard)

        server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
        running.append(server)
        scheme = "https" if tls else "http"
        mirror.origin = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return mirror

    yield start
    for server in running:
        server.close()
    for task in tuple(answering):
        task.cancel()
    if answering:
        await asyncio.wait(answering)


@pytest.fixture
async def mirror(listen: Callable[..., Awaitable[Mirror]]) -> Mirror:
    """Run one that has nothing yet."""
    return await listen()


@pytest.fixture
def case(mirror: Mirror, tmp_path: Path) -> Case:
    """Return an installation that would go well once the mirror serves the file."""
    return Case(mirror, tmp_path / "home" / "cloudflared")


@pytest.fixture
def old(case: Case) -> Iterator[bytes]:
    """An older one is there, which is still whole at the end, with nothing beside it."""
    content = program("2025.1.0", padding=10)
    case.folder.mkdir(parents=True)
    path = case.folder / "cloudflared"
    path.write_bytes(content)
    path.chmod(0o755)
    yield content
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o755
    assert case.left() == {"cloudflared"}
