"""Bodies pass both ways, in every framing, as they come."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from tests.contract.edge.world import Visitor, until

if TYPE_CHECKING:
    from tests.contract.edge.world import World

APP = "app.tunnel.localhost"
BLOB = os.urandom(300_000)


async def test_a_body_of_known_length_comes_back_whole(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        for body in (b"x", BLOB, b"", b"yz"):
            assert (await visitor.request("POST", "/echo", APP, body)).body == body


async def test_a_chunked_upload_and_a_chunked_download(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        for _ in range(3):
            await visitor.send(
                f"POST /echo-chunked HTTP/1.1\r\nHost: {APP}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
            )
            for at in range(0, len(BLOB), 7001):
                piece = BLOB[at : at + 7001]
                await visitor.send(b"%X\r\n%b\r\n" % (len(piece), piece))
            await visitor.send(b"0\r\nX-Trailer: dropped\r\n\r\n")
            answer = await visitor.answer()
            assert answer.body == BLOB
            assert answer.headers["transfer-encoding"] == "chunked"
            assert "content-length" not in answer.headers


async def test_an_upload_that_trickles_in_byte_by_byte(world: World) -> None:
    await world.expose()
    wire = (
        f"POST /echo HTTP/1.1\r\nHost: {APP}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n".encode()
    )
    async with await world.visit() as visitor:
        for byte in wire:
            await visitor.send(bytes([byte]))
            await asyncio.sleep(0)
        assert (await visitor.answer()).body == b"hello"


async def test_a_body_that_ends_with_the_connection_is_chunked_for_the_visitor(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        answer = await visitor.get("/until-close", APP)
        assert answer.headers["transfer-encoding"] == "chunked"
        assert answer.body == b"until the end"
        assert (await visitor.get("/who", APP)).text == "app /who"


async def test_an_http_1_0_visitor_gets_plain_bodies(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        answer = await visitor.request("POST", "/echo-chunked", APP, BLOB, version="1.0")
        assert answer.body == BLOB
        assert "transfer-encoding" not in answer.headers
        assert await visitor.closed() == b""


async def test_an_http_1_0_visitor_may_keep_the_connection(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        for _ in range(2):
            answer = await visitor.request("GET", "/who", APP, headers="Connection: keep-alive\r\n", version="1.0")
            assert answer.text == "app /who"
            assert answer.headers["connection"] == "keep-alive"


async def test_an_http_1_0_origin(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        for _ in range(3):
            assert (await visitor.get("/old", APP)).body == b"old"


async def test_connection_close_is_honoured(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        answer = await visitor.get("/who", APP, "Connection: close\r\n")
        assert answer.headers["connection"] == "close"
        assert await visitor.closed() == b""


async def test_answers_without_a_body_leave_the_connection_usable(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        answer = await visitor.request("HEAD", "/file", APP)
        assert answer.headers["content-length"] == "12345"
        assert (await visitor.get("/status/204", APP)).status == 204
        assert (await visitor.get("/status/304", APP)).headers["etag"] == "x"
        assert (await visitor.get("/who", APP)).text == "app /who"


async def test_expect_100_continue_reaches_the_origin_and_its_consent_comes_back(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(
            f"POST /echo HTTP/1.1\r\nHost: {APP}\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        assert (await visitor.head())[0] == 100
        await visitor.send(b"body")
        assert (await visitor.answer()).body == b"body"


async def test_an_answer_before_the_end_of_the_upload(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(
            f"POST /refuse-early HTTP/1.1\r\nHost: {APP}\r\nContent-Length: 9000000\r\n\r\n".encode()
        )
        answer = await visitor.answer()
        assert (answer.status, answer.body) == (413, b"too large")
        assert answer.headers["connection"] == "close"
        assert await visitor.closed() == b""
    assert (await world.get("/who")).status == 200


async def test_a_visitor_that_closes_its_side_still_gets_its_answers(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(f"GET /1 HTTP/1.1\r\nHost: {APP}\r\n\r\nGET /2 HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        visitor.writer.write_eof()
        assert (await visitor.answer()).text == "app /1"
        assert (await visitor.answer()).text == "app /2"
        assert await visitor.closed() == b""


async def test_server_sent_events_come_one_by_one(world: World) -> None:
    origin, _ = await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(f"GET /events/3 HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        await visitor.head()
        for number in range(3):
            # The origin sends no further event before this one has arrived here.
            assert await visitor.chunk() == b"data: %d\n\n" % number
            origin.release.set()
        assert await visitor.chunk() == b""


async def test_a_visitor_that_leaves_frees_the_origin(world: World) -> None:
    origin, connector = await world.expose()
    visitor = await world.visit()
    await visitor.send(f"POST /hang HTTP/1.1\r\nHost: {APP}\r\nContent-Length: 10\r\n\r\n".encode())
    await origin.arrived.wait()
    visitor.writer.transport.abort()
    await origin.gone.wait()
    line = await connector.says("Incoming request ended abruptly: context canceled")
    assert "connIndex=" in line
    assert "event=1" in line
    await visitor.__aexit__()


async def test_any_upgrade_is_spliced_with_half_close(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(
            f"GET /upgrade HTTP/1.1\r\nHost: {APP}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly".encode()
        )
        status, headers = await visitor.head()
        assert status == 101
        assert headers["upgrade"] == "echo"
        assert await visitor.reader.readexactly(5) == b"early"
        await visitor.send(BLOB)
        assert await visitor.reader.readexactly(len(BLOB)) == BLOB
        visitor.writer.write_eof()
        assert await visitor.closed() == b"bye"


async def test_an_upgrade_to_http_2_is_not_offered_to_the_origin(world: World) -> None:
    origin, _ = await world.expose()
    async with await world.visit() as visitor:
        await visitor.get(
            "/who", APP, "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n"
        )
    assert "upgrade" not in origin.heads[0].lower()
    assert "http2-settings" not in origin.heads[0].lower()


async def test_a_websocket_echoes_through_the_tunnel(world: World) -> None:
    """RFC 6455, by hand: handshake, a masked text message each way, a ping, a close."""
    key = base64.b64encode(os.urandom(16)).decode()
    accept = base64.b64encode(
        hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode(), usedforsecurity=False).digest()
    ).decode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert f"Sec-WebSocket-Key: {key}" in head
        writer.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        while True:
            opcode, size = await reader.readexactly(2)
            mask = await reader.readexactly(4)
            masked = await reader.readexactly(size & 0x7F)
            text = bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked))
            writer.write(bytes([0x8A if opcode == 0x89 else opcode, len(text)]) + text)
            if opcode == 0x88:
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        await world.connector(world.tunnels.add("app", server.sockets[0].getsockname()[1]))
        async with await world.visit() as visitor:
            await visitor.send(
                f"GET /chat HTTP/1.1\r\nHost: {APP}\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
            )
            status, headers = await visitor.head()
            assert status == 101
            assert headers["sec-websocket-accept"] == accept
            for opcode, text in ((0x81, b"hello"), (0x89, b"ping"), (0x88, b"\x03\xe8")):
                mask = os.urandom(4)
                masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(text))
                await visitor.send(bytes([opcode, 0x80 | len(text)]) + mask + masked)
                answer = await visitor.reader.readexactly(2 + len(text))
                assert answer[2:] == text
            assert await visitor.closed() == b""
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize("path", ["/break-halfway"])
async def test_an_answer_that_breaks_off_is_seen_to_break_off(world: World, path: str) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(f"GET {path} HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        await visitor.head()
        assert len(await visitor.closed()) < 1000
    assert (await world.get("/who")).status == 200


async def test_a_stale_origin_connection_is_replaced_unseen(world: World) -> None:
    """The origin closes the idle connection just when it would be used again."""
    served = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        await reader.readuntil(b"\r\n\r\n")
        served += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")  # the second request is read, and never answered
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        await world.connector(world.tunnels.add("app", server.sockets[0].getsockname()[1]))
        async with await world.visit() as visitor:
            for _ in range(3):
                assert (await visitor.get("/", APP)).body == b"ok"
    finally:
        server.close()
        await server.wait_closed()
    assert served == 3


async def test_two_hundred_connections_at_once(world: World) -> None:
    origin, connector = await world.expose()
    visitors = await asyncio.gather(*(world.visit() for _ in range(200)))

    async def ask(number: int, visitor: Visitor) -> None:
        await visitor.send(f"GET /held/{number} HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        assert (await visitor.answer()).body == b"at last"
        assert (await visitor.get(f"/{number}", APP)).text == f"app /{number}"

    asking = asyncio.gather(*(ask(number, visitor) for number, visitor in enumerate(visitors)))
    await until(lambda: len(origin.heads) == 200)
    metrics = (await connector.ask("/metrics")).text
    assert "cloudflared_tunnel_concurrent_requests_per_tunnel 200" in metrics
    origin.release.set()
    await asking
    for visitor in visitors:
        await visitor.__aexit__()
    metrics = (await connector.ask("/metrics")).text
    assert "cloudflared_tunnel_total_requests 400" in metrics
    assert "cloudflared_tunnel_concurrent_requests_per_tunnel 0" in metrics
    assert 'cloudflared_tunnel_response_by_code{status_code="200"} 400' in metrics
