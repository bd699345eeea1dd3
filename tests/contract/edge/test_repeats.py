"""Whoever asks the same again gets what a first request would get: a head known by heart is not taken for more."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.contract.edge.world import until
from tunneldesk.backend.edge_limits import Limits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.contract.edge.world import Visitor, World

APP = "app.tunnel.localhost"
HOST = f"Host: {APP}\r\n"
GET = f"GET /who HTTP/1.1\r\n{HOST}\r\n".encode()


@asynccontextmanager
async def origin_that_says(world: World, say: Callable[[int], list[bytes]]) -> AsyncIterator[list[str]]:
    """Expose a program whose nth answer is made of these pieces, each sent by itself; yield the heads it reads."""
    heads: list[str] = []
    serving: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        try:
            while True:
                heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
                for piece in say(len(heads)):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.02)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # nothing more is asked on this connection
        finally:
            writer.close()
            serving.discard(asyncio.current_task())

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        await world.connector(world.tunnels.add("app", server.sockets[0].getsockname()[1]))
        yield heads
        await world.end()
        await until(lambda: not serving)
    finally:
        server.close()
        await server.wait_closed()


async def send_in_pieces(visitor: Visitor, data: bytes, size: int) -> None:
    for at in range(0, len(data), size):
        await visitor.send(data[at : at + size])
        await asyncio.sleep(0.01)


async def test_each_of_many_requests_gets_its_own_body_through(world: World) -> None:
    origin, _ = await world.expose()
    async with await world.visit() as visitor:
        for number in range(10):
            body = b"%03d" % number
            assert (await visitor.request("POST", "/echo", APP, body)).body == body
    rays = [head.partition("Cf-Ray: ")[2].partition("\r\n")[0] for head in origin.heads]
    assert all(len(ray) == 16 for ray in rays)
    assert len(set(rays)) == len(rays)


async def test_a_known_head_may_come_in_pieces_or_in_a_row(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        assert (await visitor.get("/who", APP)).text == "app /who"
        await send_in_pieces(visitor, GET * 2, 20)
        await visitor.send(b"\r\n" + GET * 3 + GET[:-5])
        for _ in range(5):
            assert (await visitor.answer()).text == "app /who"
        await visitor.send(GET[-5:])
        assert (await visitor.answer()).text == "app /who"


async def test_a_known_head_is_not_seen_in_the_middle_of_another(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        assert (await visitor.get("/who", APP)).text == "app /who"
        await send_in_pieces(visitor, b"GET /other HTTP/1.1\r\nX-Quoted: ", 1000)
        await visitor.send(GET)
        assert (await visitor.answer()).text == "app /other"


async def test_a_known_head_waits_for_the_answer_before_it(world: World) -> None:
    def say(number: int) -> list[bytes]:
        return [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", b"\r\n%02d" % number]

    async with origin_that_says(world, say) as heads, await world.visit() as visitor:
        assert (await visitor.get("/who", APP)).body == b"01"
        await visitor.send(GET)
        await until(lambda: len(heads) == 2)
        await visitor.send(GET)
        assert [(await visitor.answer()).body for _ in range(2)] == [b"02", b"03"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400),
        (HOST, 400),
        ("Transfer-Encoding: gzip\r\n", 501),
        ("X: a\0b\r\n", 400),
    ],
)
async def test_what_is_refused_is_refused_behind_a_known_head_too(world: World, more: str, status: int) -> None:
    origin, _ = await world.expose()
    async with await world.visit() as visitor:
        for _ in range(2):
            assert (await visitor.get("/who", APP)).text == "app /who"
        await visitor.send(GET[:-2] + f"{more}\r\n".encode())
        answer = await visitor.answer()
        assert (answer.status, answer.headers["connection"]) == (status, "close")
        assert await visitor.closed() == b""
    assert len(origin.heads) == 2


async def test_a_known_head_larger_than_what_is_kept(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        for _ in range(3):
            assert (await visitor.get("/who", APP, f"Cookie: {'c' * 9000}\r\n")).text == "app /who"


async def test_the_same_head_answers_head_and_get(world: World) -> None:
    plain = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"

    def say(number: int) -> list[bytes]:
        return [plain if heads[number - 1].startswith("HEAD ") else plain + b"ok"]

    async with origin_that_says(world, say) as heads, await world.visit() as visitor:
        for method in ("GET", "HEAD", "GET", "GET", "HEAD", "HEAD", "GET"):
            answer = await visitor.request(method, "/", APP)
            assert answer.headers["content-length"] == "2"
            assert answer.body == (b"ok" if method == "GET" else b"")


async def test_answers_that_begin_alike_bring_their_own_bodies(world: World) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"

    def say(number: int) -> list[bytes]:
        whole = head + b"%03d" % number
        cut = len(head) - 5 + number % 8  # in the head, behind it, in the body, or nowhere
        return [whole[:cut], whole[cut:]] if number % 2 else [whole]

    async with origin_that_says(world, say), await world.visit() as visitor:
        for number in range(1, 20):
            assert (await visitor.get("/", APP)).body == b"%03d" % number


async def test_an_answer_with_something_behind_it_is_no_more_than_itself(world: World) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    def say(number: int) -> list[bytes]:
        return [answer * 2 if number == 3 else answer]

    async with origin_that_says(world, say), await world.visit() as visitor:
        for _ in range(6):
            assert (await visitor.get("/", APP)).body == b"ok"


async def test_an_interim_answer_comes_before_a_known_one(world: World) -> None:
    final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"

    def say(number: int) -> list[bytes]:
        return [hint, final] if number % 2 else [hint + final]

    async with origin_that_says(world, say), await world.visit() as visitor:
        for _ in range(6):
            await visitor.send(GET)
            assert (await visitor.head())[0] == 103
            assert (await visitor.answer()).body == b"ok"


async def test_a_visitor_that_repeats_itself_and_closes_its_side_is_answered_and_let_go(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        for _ in range(2):
            assert (await visitor.get("/who", APP)).text == "app /who"
        await visitor.send(GET)
        visitor.writer.write_eof()
        answer = await visitor.answer()
        assert answer.text == "app /who"
        assert answer.headers["connection"] == "close"
        assert await visitor.closed() == b""


class TestImpatient:
    """With limits short enough to be waited for."""

    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(head=0.4, idle=0.6, response=0.5, carrier=0.4)

    async def test_the_time_for_an_answer_runs_for_every_request(self, world: World) -> None:
        final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

        def say(number: int) -> list[bytes]:
            return [] if number == 3 else [final]

        async with origin_that_says(world, say), await world.visit() as visitor:
            statuses = [(await visitor.get("/", APP)).status for _ in range(4)]
        assert statuses == [200, 200, 504, 200]

    async def test_a_known_visitor_that_falls_silent_is_let_go(self, world: World) -> None:
        await world.expose()
        async with await world.visit() as visitor:
            for _ in range(2):
                assert (await visitor.get("/who", APP)).text == "app /who"
            assert await visitor.closed() == b""
