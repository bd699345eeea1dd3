"""Ways to the address that are broken, each for its own reason; none is ever an exception."""

from __future__ import annotations

import asyncio
import gzip
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.visitor import pages
from tests.contract.visitor.conftest import NOW
from tunneldesk import network
from tunneldesk.domain.health import AddressState
from tunneldesk.visitor.address import look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.client.conftest import Authority, Behaviour, HandmadeServer, Workshop
    from tests.contract.visitor.conftest import Look
    from tunneldesk.domain.health import AddressFinding

HANGS = 30.0


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can take it meanwhile
        yield sock.getsockname()[1]


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (socket.EAI_NONAME, AddressState.NAME_UNKNOWN),
        (socket.EAI_AGAIN, AddressState.UNREACHABLE),  # the name service is away, and says nothing of the name
    ],
)
async def test_a_name_that_dns_does_not_know_is_told_from_a_name_service_that_is_away(
    monkeypatch: pytest.MonkeyPatch, number: int, state: AddressState
) -> None:
    def unknown(host: str, *_args: object, **_options: object) -> None:
        raise socket.gaierror(number, f"no {host}")

    monkeypatch.setattr(network, "getproxies", dict)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # the real one would ask the network
    finding = await look("https://my-app.example.invalid", 3000, lambda: NOW)
    assert (finding.at, finding.state, finding.status) == (NOW, state, None)


async def test_a_name_that_can_be_none_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise UnicodeError("label too long")

    monkeypatch.setattr(network, "getproxies", dict)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    finding = await look(f"https://{'a' * 64}.example.invalid", 3000, lambda: NOW)
    assert finding.state is AddressState.NAME_UNKNOWN


async def test_nobody_takes_the_connection(visit: Look, closed_port: int) -> None:
    assert (await visit(closed_port)).state is AddressState.UNREACHABLE


async def test_nobody_takes_the_connection_on_either_of_two_addresses(
    closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two(_host: str, port: int, *_args: object, **_options: object) -> list[tuple[object, ...]]:
        stream = socket.SOCK_STREAM
        return [(socket.AF_INET, stream, 6, "", (f"127.0.0.{last}", port)) for last in (1, 2)]

    monkeypatch.setattr(network, "getproxies", dict)
    monkeypatch.setattr(socket, "getaddrinfo", two)
    finding = await look(f"https://my-app.example.invalid:{closed_port}", 3000, lambda: NOW)
    assert finding.state is AddressState.UNREACHABLE


async def test_the_certificate_holds_for_the_name_that_was_meant(
    workshop: Workshop, visit: Look, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))  # where OpenSSL looks for the system's store
    server = await workshop.answer(pages.page(200, "hello"), tls=authority.issue())
    assert (await visit(server.port, scheme="https")).state is AddressState.OK


@pytest.mark.parametrize("known", [True, False], ids=["expired", "of nobody's authority"])
async def test_a_certificate_that_does_not_hold_is_told(
    workshop: Workshop, visit: Look, authority: Authority, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    server = await workshop.answer(pages.page(200, "hello"), tls=authority.issue(expired=known))
    assert (await visit(server.port, scheme="https")).state is AddressState.CERTIFICATE_INVALID
    assert server.requests == []


async def test_a_server_that_never_answers_is_waited_for_only_so_long(workshop: Workshop, visit: Look) -> None:
    def behave(made: HandmadeServer) -> Behaviour:
        async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            await made.request(reader)
            await asyncio.sleep(HANGS)

        return hang

    assert (await visit((await workshop.serve(behave)).port, limit=0.3)).state is AddressState.TIMED_OUT


@pytest.mark.parametrize("pause", [0.0, 0.02], ids=["poured", "dripped"])
async def test_a_body_without_an_end_is_an_answer_all_the_same(
    workshop: Workshop, visit: Look, pause: float
) -> None:
    def behave(made: HandmadeServer) -> Behaviour:
        async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await made.request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            while True:
                writer.write(b"data: still here\n\n" * (1 if pause else 500))
                await writer.drain()
                await asyncio.sleep(pause)

        return endless

    finding = await visit((await workshop.serve(behave)).port, limit=0.5)
    assert (finding.state, finding.status) == (AddressState.OK, 200)


async def test_a_head_that_drips_in_for_ever_is_no_answer(workshop: Workshop, visit: Look) -> None:
    def behave(made: HandmadeServer) -> Behaviour:
        async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await made.request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                writer.write(b"X-A: b\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)

        return drip

    assert (await visit((await workshop.serve(behave)).port, limit=0.3)).state is AddressState.TIMED_OUT


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"this is no HTTP\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Huge: " + b"a" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this",
        b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n",
        b"\x16\x03\x01\x00\x05hello",
    ],
    ids=["nothing", "words", "status", "huge header", "cut off", "negative length", "bad chunk", "tls"],
)
async def test_what_is_no_proper_answer_is_not_reachable(workshop: Workshop, visit: Look, said: bytes) -> None:
    assert (await visit((await workshop.answer(said)).port)).state is AddressState.UNREACHABLE


async def test_what_comes_packed_though_asked_for_plain_is_not_unpacked(workshop: Workshop, visit: Look) -> None:
    packed = gzip.compress(b"Invalid Host header")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    assert (await visit((await workshop.answer(head.encode() + packed)).port)).state is AddressState.OK


@pytest.mark.parametrize(
    "address", ["", "http://", "https://[", "https://a b", "https://\u2028", "x:y", "https://a:b"]
)
async def test_an_address_that_is_none_is_not_found(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    def unknown(host: str, *_args: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, f"no {host}")

    monkeypatch.setattr(network, "getproxies", dict)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    finding = await look(address, 3000, lambda: NOW)
    assert finding.state in {AddressState.NAME_UNKNOWN, AddressState.UNREACHABLE}


async def test_a_look_can_be_called_off(workshop: Workshop, visit: Look) -> None:
    asked = asyncio.Event()

    def behave(made: HandmadeServer) -> Behaviour:
        async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            await made.request(reader)
            asked.set()
            await asyncio.sleep(HANGS)

        return hang

    looking = asyncio.ensure_future(visit((await workshop.serve(behave)).port))
    await asked.wait()
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking


@pytest.mark.slow
async def test_no_answer_whatever_makes_a_look_raise(workshop: Workshop, visit: Look) -> None:
    said = b""

    def behave(_made: HandmadeServer) -> Behaviour:
        async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(said)
            await writer.drain()

        return say

    port = (await workshop.serve(behave)).port
    loop = asyncio.get_running_loop()
    headers = st.lists(st.binary(max_size=30), max_size=4).map(b"\r\n".join)
    status = st.sampled_from([b"200", b"400", b"403", b"502", b"530", b"099", b"x"])
    proper = st.builds(
        lambda code, head, body: b"HTTP/1.1 %b OK\r\n%b\r\n\r\n%b" % (code, head, body),
        status,
        headers,
        st.binary(),
    )

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(proper | st.binary(max_size=200))
    def check(answer: bytes) -> None:
        nonlocal said
        said = answer
        finding = asyncio.run_coroutine_threadsafe(_as_coroutine(visit, port), loop).result(10)
        assert finding.state in AddressState

    await asyncio.to_thread(check)


async def _as_coroutine(visit: Look, port: int) -> AddressFinding:
    return await visit(port, limit=2.0)
