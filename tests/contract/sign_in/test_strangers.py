"""What is not a tunnel server is told of nobody, and given nothing."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.contract.core.conftest import Desk
from tests.contract.server.signing_in import ANN
from tunneldesk.core import CoreOptions, open_core
from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

TOKEN = "pasted-token-0451"
PAGE = b"<!doctype html><title>Welcome to the hotel</title>"
STRANGERS = {
    "a web page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE),
    "another API": b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"status":"up"}',
    "not quite well": b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok":false}',
    "a redirect": b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "no such route": b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
}


@asynccontextmanager
async def stranger(answer: bytes) -> AsyncIterator[tuple[str, list[str]]]:
    """Answer everything with this; yields the address, and what is asked."""
    asked: list[str] = []

    async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(visited, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


@pytest.mark.parametrize("answer", STRANGERS.values(), ids=STRANGERS)
@pytest.mark.parametrize("way", ["browser", "token"])
async def test_whoever_adds_it_has_said_nothing_but_hello(tmp_path: Path, answer: bytes, way: str) -> None:
    async with (
        stranger(answer) as (server, asked),
        open_core(CoreOptions(environ={"TUNNELDESK_HOME": str(tmp_path / "home")})) as core,
    ):
        if way == "browser":
            core.commands.sign_in_by_browser(server, ANN, remember=False)
        else:
            core.commands.sign_in(server, Secret(TOKEN), remember=False)
        state = await Desk(core).until(lambda state: state.failure)
        assert state.failure is not None
        assert state.failure.code is ErrorCode.NOT_A_TUNNEL_SERVER
        assert state.accounts == ()
    assert {head.partition("\r\n")[0] for head in asked} == {"GET /healthz HTTP/1.1"}
    said = "".join(asked)
    assert "uthorization" not in said
    assert ANN not in said
    assert TOKEN not in said
