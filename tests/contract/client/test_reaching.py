"""Servers that can't be reached, each for its own reason, and those that can in spite of it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tunneldesk import network
from tunneldesk.domain.errors import ApiError, ErrorCode, Failure
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from pathlib import Path

    from tests.contract.client.conftest import Authority, Behaviour, HandmadeServer, Workshop
    from tunneldesk.api.client import ApiClient

WELL = b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok": true}'
EMPTY_LIST = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"


async def failure(client: ApiClient) -> Failure:
    with pytest.raises(ApiError) as caught:
        await client.list_tunnels()
    return caught.value.failure


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of loopback, on both families where there are two, that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can take it meanwhile
        yield sock.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "api.tunnel.localhost"])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_nobody_listens(workshop: Workshop, closed_port: int, scheme: str, host: str) -> None:
    found = await failure(workshop.client(f"{scheme}://{host}:{closed_port}"))
    assert found.code is ErrorCode.SERVER_REFUSED_CONNECTION


@pytest.mark.parametrize("number", [socket.EAI_NONAME, socket.EAI_AGAIN])
async def test_nobody_knows_the_name(workshop: Workshop, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(host: str, *_args: object, **_options: object) -> None:
        raise socket.gaierror(number, f"no {host}")

    monkeypatch.setattr(network, "getproxies", dict)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # the real one would ask the network
    found = await failure(workshop.client("https://api.example.invalid"))
    assert found.code is ErrorCode.SERVER_NAME_UNKNOWN
    assert "api.example.invalid" in said(found)


async def test_the_listener_never_accepts(workshop: Workshop) -> None:
    with socket.socket() as listener, socket.socket() as first:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        first.setblocking(False)
        first.connect_ex(listener.getsockname())  # fills the queue; the next one is left without an answer
        with socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(listener.getsockname())
            client = workshop.client(f"http://127.0.0.1:{listener.getsockname()[1]}", seconds=0.2)
            assert (await failure(client)).code is ErrorCode.SERVER_TIMED_OUT


async def test_the_connection_is_reset(workshop: Workshop) -> None:
    def behave(made: HandmadeServer) -> Behaviour:
        async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await made.request(reader)
            writer.transport.abort()

        return reset

    server = await workshop.serve(behave)
    assert (await failure(workshop.client(server.url))).code is ErrorCode.SERVER_CONNECTION_BROKEN


async def test_a_name_below_localhost_is_reached_without_any_name_service(workshop: Workshop) -> None:
    server = await workshop.answer(EMPTY_LIST)
    assert await workshop.client(f"http://api.tunnel.localhost:{server.port}").list_tunnels() == ()
    assert f"host: api.tunnel.localhost:{server.port}" in server.requests[0].lower()


async def test_a_server_on_this_machine_is_reached_past_the_systems_proxy(
    workshop: Workshop, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")
    server = await workshop.answer(EMPTY_LIST)
    assert await workshop.client(server.url).list_tunnels() == ()


async def test_any_other_server_is_asked_for_through_the_systems_proxy(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await workshop.answer(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    monkeypatch.setattr(network, "getproxies", lambda: {"https": f"127.0.0.1:{proxy.port}"})
    found = await failure(workshop.client("https://api.example.com"))
    assert found.code is ErrorCode.SERVER_CONNECTION_BROKEN
    assert "407" in said(found)
    assert proxy.requests[0].startswith("CONNECT api.example.com:443 ")
    assert "authorization" not in proxy.requests[0].lower()


async def test_a_certificate_of_the_systems_store_holds(
    workshop: Workshop, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))  # where OpenSSL looks for the system's store
    server = await workshop.answer(WELL, tls=authority.issue())
    for host in ("127.0.0.1", "localhost", "api.tunnel.localhost"):
        await workshop.client(f"https://{host}:{server.port}").check()
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"self_signed": True}, "self-signed"),
        ({"expired": True}, "expired"),
        ({"host": "other.example"}, "match"),
    ],
    ids=["self-signed", "expired", "for another host"],
)
async def test_a_certificate_that_does_not_hold_is_told_and_the_token_not_sent(
    workshop: Workshop, authority: Authority, monkeypatch: pytest.MonkeyPatch, fault: dict[str, object], words: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    server = await workshop.answer(EMPTY_LIST, tls=authority.issue(**fault))
    found = await failure(workshop.client(f"https://127.0.0.1:{server.port}"))
    assert found.code is ErrorCode.SERVER_CERTIFICATE_INVALID
    assert words in said(found)
    assert server.requests == []


async def test_a_certificate_of_an_authority_nobody_knows_does_not_hold(
    workshop: Workshop, authority: Authority
) -> None:
    server = await workshop.answer(EMPTY_LIST, tls=authority.issue())
    found = await failure(workshop.client(f"https://127.0.0.1:{server.port}"))
    assert found.code is ErrorCode.SERVER_CERTIFICATE_INVALID


async def test_a_server_that_speaks_no_tls_is_not_spoken_to(workshop: Workshop) -> None:
    def behave(_made: HandmadeServer) -> Behaviour:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()

        return plain

    server = await workshop.serve(behave)
    found = await failure(workshop.client(f"https://127.0.0.1:{server.port}"))
    assert found.code is ErrorCode.SERVER_CONNECTION_BROKEN
    assert said(found)


async def test_plain_words_to_a_server_that_speaks_tls_bring_no_answer(
    workshop: Workshop, authority: Authority
) -> None:
    server = await workshop.answer(EMPTY_LIST, tls=authority.issue())
    found = await failure(workshop.client(server.url))
    assert found.code in {ErrorCode.SERVER_CONNECTION_BROKEN, ErrorCode.NOT_A_TUNNEL_SERVER}


async def test_a_companys_authority_that_was_named_is_trusted_too_from_the_next_connection_on(
    workshop: Workshop, authority: Authority
) -> None:
    server = await workshop.answer(WELL, tls=authority.issue())
    client = workshop.client(f"https://127.0.0.1:{server.port}")
    for named in (None, authority.certificate, None):
        network.trust(named)
        if named is None:
            assert (await failure(client)).code is ErrorCode.SERVER_CERTIFICATE_INVALID
        else:
            await client.check()
    assert len(server.requests) == 1


@pytest.mark.parametrize("content", [None, "", "nothing of the kind", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
async def test_an_authority_that_is_none_is_named(workshop: Workshop, tmp_path: Path, content: str | None) -> None:
    named = tmp_path / "company.pem"
    if content is not None:
        named.write_text(content)
    network.trust(named)
    found = await failure(workshop.client("https://127.0.0.1:1"))
    assert found.code is ErrorCode.SERVER_CERTIFICATE_INVALID
    assert str(named) in said(found)
