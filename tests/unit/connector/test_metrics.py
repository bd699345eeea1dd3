"""What a connector says it has carried."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tunneldesk.connector.metrics import traffic
from tunneldesk.domain.health import Traffic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

GOOD = """\
# HELP cloudflared_tunnel_total_requests Amount of requests proxied through all the tunnels
# TYPE cloudflared_tunnel_total_requests counter
cloudflared_tunnel_request_errors 17
cloudflared_tunnel_response_by_code{status_code="200"} 12466
cloudflared_tunnel_total_requests 12483
"""


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    servers: list[asyncio.Server] = []

    async def start(body: str) -> str:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + body.encode())
            await writer.drain()
            writer.close()

        servers.append(await asyncio.start_server(answer, "127.0.0.1", 0))
        return f"127.0.0.1:{servers[-1].sockets[0].getsockname()[1]}"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


async def test_requests_and_errors_are_read_among_everything_else(
    serve: Callable[[str], Awaitable[str]],
) -> None:
    assert await traffic(await serve(GOOD)) == Traffic(12_483, 17)


async def test_large_numbers_and_labels_are_understood(serve: Callable[[str], Awaitable[str]]) -> None:
    text = 'cloudflared_tunnel_total_requests{a="b"} 1.25e+06\ncloudflared_tunnel_request_errors 0\n'
    assert await traffic(await serve(text)) == Traffic(1_250_000, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cloudflared_tunnel_total_requests 5\n",
        GOOD.replace("12483", "many"),
        GOOD.replace("17", "+Inf"),
    ],
)
async def test_what_makes_no_sense_counts_nothing(serve: Callable[[str], Awaitable[str]], text: str) -> None:
    assert await traffic(await serve(text)) is None


async def test_a_connector_that_has_gone_counts_nothing() -> None:
    assert await traffic("127.0.0.1:1") is None
