"""Answers that no tunnel server gives, over real sockets."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tunneldesk.domain.errors import ApiError, ErrorCode, Failure, NotATunnelServerError, ServerUnreachableError
from tunneldesk.domain.model import Grant
from tunneldesk.domain.secret import Secret
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.contract.client.conftest import Behaviour, HandmadeServer, Workshop
    from tunneldesk.api.client import ApiClient

GRANT = Grant("a1b2", "my-app.example.com", Secret("connector-token"), 20, 60)
CALLS: dict[str, Callable[[ApiClient], Awaitable[object]]] = {
    "create": lambda client: client.create(3000, None),
    "heartbeat": lambda client: client.heartbeat(GRANT),
    "list": lambda client: client.list_tunnels(),
    "delete": lambda client: client.delete("a1b2"),
    "check": lambda client: client.check(),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def http(body: bytes, *, status: str = "200 OK", headers: str = "Content-Type: application/json\r\n") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def failure(call: Callable[[ApiClient], Awaitable[object]], client: ApiClient) -> Failure:
    with pytest.raises(ApiError) as caught:
        await call(client)
    return caught.value.failure


PAGE = b"<!doctype html><title>Welcome to the hotel</title>"

NOT_OURS = {
    "a web page": http(PAGE, headers="Content-Type: text/html\r\n"),
    "a web page that says it is JSON": http(PAGE),
    "a proxy's error page": http(PAGE, status="502 Bad Gateway", headers="Server: nginx\r\n"),
    "nothing": http(b""),
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "half a JSON text": http(b'{"tunnelId": "a1'),
    "another API's JSON": http(b'{"jsonrpc": "2.0", "result": {}}'),
    "a number": http(b"42"),
    "bytes": http(bytes(range(256))),
    "brackets without end": http(b"[" * 500_000),
    "another protocol": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\nProtocol mismatch.\r\n\r\n",
    "a status that is none": b"HTTP/1.1 abc\r\n\r\n",
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"X-Filler: yes\r\n" * 50_000,
    "an unknown route": http(
        b'{"message":"Cannot POST","error":"Not Found","statusCode":404}', status="404 Not Found"
    ),
    "a packed answer": http(gzip.compress(b" " * 50_000_000), headers="Content-Encoding: gzip\r\n"),
    "a redirect to itself": http(b"", status="308 Permanent Redirect", headers="Location: /v1/tunnels\r\n"),
}


@pytest.mark.parametrize("answer", NOT_OURS.values(), ids=NOT_OURS)
@every_call
async def test_what_answers_otherwise_is_no_tunnel_server(
    workshop: Workshop, call: Callable[[ApiClient], Awaitable[object]], answer: bytes
) -> None:
    server = await workshop.answer(answer)
    found = await failure(call, workshop.client(server.url))
    assert found.code is ErrorCode.NOT_A_TUNNEL_SERVER
    assert "hotel" not in said(found)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    ],
    ids=["no answer", "half a head", "half a body", "half a chunk"],
)
@every_call
async def test_an_answer_that_breaks_off_is_a_broken_connection(
    workshop: Workshop, call: Callable[[ApiClient], Awaitable[object]], answer: bytes
) -> None:
    server = await workshop.answer(answer)
    found = await failure(call, workshop.client(server.url))
    assert found.code is ErrorCode.SERVER_CONNECTION_BROKEN


def dripping(pieces: bytes, *, every: float) -> Callable[[HandmadeServer], Behaviour]:
    """Return a behaviour that sends a head, then a piece now and again, for ever."""

    def behave(made: HandmadeServer) -> Behaviour:
        async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await made.request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                writer.write(b"%x\r\n%b\r\n" % (len(pieces), pieces))
                await writer.drain()
                await asyncio.sleep(every)

        return drip

    return behave


def silent(made: HandmadeServer) -> Behaviour:
    async def wait(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await made.request(reader)
        await reader.read()

    return wait


def only_informing(made: HandmadeServer) -> Behaviour:
    async def inform(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await made.request(reader)
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.001)

    return inform


@pytest.mark.parametrize(
    "behave", [silent, dripping(b" ", every=0.01), only_informing], ids=["silent", "slow", "only informing"]
)
@every_call
async def test_a_server_that_takes_its_time_is_given_up_on(
    workshop: Workshop,
    call: Callable[[ApiClient], Awaitable[object]],
    behave: Callable[[HandmadeServer], Behaviour],
) -> None:
    server = await workshop.serve(behave)
    async with asyncio.timeout(5):
        found = await failure(call, workshop.client(server.url, seconds=0.15))
    assert found.code is ErrorCode.SERVER_TIMED_OUT


@every_call
async def test_an_endless_answer_is_let_go_of(
    workshop: Workshop, call: Callable[[ApiClient], Awaitable[object]]
) -> None:
    server = await workshop.serve(dripping(b" " * 65536, every=0))
    found = await failure(call, workshop.client(server.url, seconds=30))
    assert found.code is ErrorCode.NOT_A_TUNNEL_SERVER
    assert "longer" in said(found)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@every_call
async def test_a_redirect_is_not_followed_and_the_token_shown_to_nobody_else(
    workshop: Workshop, call: Callable[[ApiClient], Awaitable[object]], status: str
) -> None:
    elsewhere = await workshop.answer(http(b'{"ok": true}'))
    server = await workshop.answer(http(b"", status=status, headers=f"Location: {elsewhere.url}/v1/tunnels\r\n"))
    found = await failure(call, workshop.client(server.url))
    assert found.code is ErrorCode.NOT_A_TUNNEL_SERVER
    assert elsewhere.url in said(found)
    assert elsewhere.connections == 0


async def test_a_host_name_that_is_markup_goes_no_further(workshop: Workshop) -> None:
    answer = {"tunnelId": "a", "hostname": "<b>.example.com", "cloudflaredToken": "t", "heartbeatIntervalSec": 20}
    server = await workshop.answer(http(json.dumps(answer).encode()))
    with pytest.raises(NotATunnelServerError) as caught:
        await workshop.client(server.url).create(3000, None)
    assert "<b>" not in said(caught.value.failure)


async def test_a_cookie_is_taken_along_to_no_other_origin_and_no_header_breaks_the_client(
    workshop: Workshop,
) -> None:
    headers = "Set-Cookie: =;=;\x00=\r\nSet-Cookie: a=b; Domain=example.com\r\nDate: never\r\n".replace("\x00", "")
    server = await workshop.answer(http(b"[]", headers=headers))
    client = workshop.client(server.url)
    assert await client.list_tunnels() == ()
    assert await client.list_tunnels() == ()
    assert "cookie" not in server.requests[1].lower()


def answering(answers_per_connection: int) -> Callable[[HandmadeServer], Behaviour]:
    """Return a behaviour that answers so many requests, reads one more, and hangs up on it."""

    def behave(made: HandmadeServer) -> Behaviour:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for _ in range(answers_per_connection):
                await made.request(reader)
                writer.write(http(b'{"ok": true}'))
                await writer.drain()
            await made.request(reader)

        return answer

    return behave


async def test_heartbeats_share_a_connection(workshop: Workshop) -> None:
    server = await workshop.serve(answering(100))
    client = workshop.client(server.url)
    for _ in range(10):
        await client.heartbeat(GRANT)
    assert (len(server.requests), server.connections) == (10, 1)


async def test_a_heartbeat_on_a_connection_that_has_just_been_closed_gets_through(workshop: Workshop) -> None:
    server = await workshop.serve(answering(1))
    client = workshop.client(server.url)
    for _ in range(3):
        await client.heartbeat(GRANT)
    assert (len(server.requests), server.connections) == (5, 3)  # the second and third went out twice


async def test_a_create_on_a_connection_that_has_just_been_closed_is_not_repeated(workshop: Workshop) -> None:
    server = await workshop.serve(answering(1))
    client = workshop.client(server.url)
    await client.heartbeat(GRANT)
    with pytest.raises(ServerUnreachableError):
        await client.create(3000, None)
    assert len(server.requests) == 2


async def test_after_a_bad_answer_the_next_good_one_counts(workshop: Workshop) -> None:
    def behave(made: HandmadeServer) -> Behaviour:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await made.request(reader)
                first = len(made.requests) == 1
                writer.write(http(PAGE, status="503 Busy") if first else http(b'{"ok": true}'))
                await writer.drain()

        return answer

    server = await workshop.serve(behave)
    client = workshop.client(server.url)
    with pytest.raises(NotATunnelServerError):
        await client.heartbeat(GRANT)
    await client.heartbeat(GRANT)
    assert server.connections == 1
