"""What could be read as two different requests is refused, and never reaches an origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.contract.edge.world import World

APP = "app.tunnel.localhost"
HOST = f"Host: {APP}\r\n"


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (f"POST / HTTP/1.1\r\n{HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Content-Length: 3, 4\r\n\r\nabcd", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Content-Length: +3\r\n\r\nabc", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Content-Length: 99999999999999999999\r\n\r\n", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
        (f"POST / HTTP/1.0\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n", 400),
        (f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\n{HOST}Host: other.tunnel.localhost\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\n{HOST}\tfolded: 1\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\n{HOST}X: a\rb\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\n{HOST}X: a\0b\r\n\r\n", 400),
        (f"CONNECT {APP}:80 HTTP/1.1\r\n{HOST}\r\n", 400),
        (f"GET who HTTP/1.1\r\n{HOST}\r\n", 400),
        (f"GET / HTTP/2.0\r\n{HOST}\r\n", 505),
        ("nonsense\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\n{HOST}X: {'y' * 70_000}\r\n\r\n", 431),
    ],
)
async def test_refused(world: World, request_text: str, status: int) -> None:
    origin, _ = await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(request_text.encode())
        answer = await visitor.answer()
        assert answer.status == status
        assert answer.headers["connection"] == "close"
        assert await visitor.closed() == b""
    answered = [head for head in origin.heads if "Transfer-Encoding: chunked" not in head]
    assert answered == []


async def test_blank_lines_before_a_request_are_skipped(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(f"\r\n\r\nGET /who HTTP/1.1\r\n{HOST}\r\n".encode())
        assert (await visitor.answer()).text == "app /who"
