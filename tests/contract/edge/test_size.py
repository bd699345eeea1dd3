"""Neither the edge nor the connector holds what passes through it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.contract.edge.world import Origin, Process, Visitor, memory, token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SIZE = 200_000_000
ALLOWED = 12_000_000

pytestmark = pytest.mark.linux("looks into /proc")

EDGE = """
import asyncio, sys
from tests.contract.edge.world import Tunnels
from tunneldesk.backend.edge import Edge

async def main():
    tunnels = Tunnels()
    tunnels.add("app", int(sys.argv[1]))
    edge = Edge(tunnels, host="127.0.0.1", port=0)
    await edge.start()
    print(edge.port, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
async def chain() -> AsyncIterator[tuple[int, int, Process]]:
    """Run origin, edge (a process of its own, to be weighed) and connector."""
    origin = await Origin().start()
    edge = await asyncio.create_subprocess_exec(
        sys.executable, "-c", EDGE, str(origin.port), stdout=subprocess.PIPE
    )
    assert edge.stdout is not None
    port = int(await edge.stdout.readline())
    connector = await Process.start("tunnel", "--metrics", "127.0.0.1:0", "run", token=token(port, "id-of-app"))
    try:
        await connector.says("Registered tunnel connection connIndex=0")
        yield port, edge.pid, connector
    finally:
        await connector.end()
        edge.kill()
        await edge.wait()
        await edge.stdout.read()
        await origin.stop()


@pytest.mark.slow
async def test_200_mb_down_and_up_without_growing(chain: tuple[int, int, Process]) -> None:
    port, edge, connector = chain
    weighed = (edge, connector.process.pid)
    async with await Visitor.dial(port) as visitor:
        await visitor.get("/who", "app.tunnel.localhost")
        before = [memory(pid) for pid in weighed]
        peak = [0, 0]

        def weigh() -> None:
            for at, pid in enumerate(weighed):
                peak[at] = max(peak[at], memory(pid) - before[at])

        await visitor.send(f"GET /bytes/{SIZE} HTTP/1.1\r\nHost: app.tunnel.localhost\r\n\r\n".encode())
        await visitor.head()
        await asyncio.sleep(0.5)  # a visitor that doesn't read: everything must come to a halt, not pile up
        left = SIZE
        while left:
            left -= len(await visitor.reader.read(min(left, 2**20)))
            weigh()

        await visitor.send(
            f"POST /sink HTTP/1.1\r\nHost: app.tunnel.localhost\r\nContent-Length: {SIZE}\r\n\r\n".encode()
        )
        block = bytes(10**6)
        for _ in range(SIZE // len(block)):
            await visitor.send(block)
            weigh()
        assert (await visitor.answer()).body == b"took it all"
    assert max(peak) < ALLOWED, peak
