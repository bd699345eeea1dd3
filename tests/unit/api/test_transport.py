"""What is carried to a server and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tunneldesk import network
from tunneldesk.api.transport import BODY_MAX, ServerTransport
from tunneldesk.domain.errors import ErrorCode, NotATunnelServerError, ServerUnreachableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "gopher://127.0.0.1:70", "http://proxy:port"])
async def test_a_proxy_that_can_not_be_used_is_named_as_the_cause(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "getproxies", lambda: {"all": proxy})
    transport = ServerTransport("https://api.example.com")
    with pytest.raises(ServerUnreachableError, match="proxy") as caught:
        await transport.handle_async_request(httpx.Request("GET", "https://api.example.com/healthz"))
    assert caught.value.failure.code is ErrorCode.SERVER_CONNECTION_BROKEN
    await transport.aclose()


async def test_a_name_below_localhost_is_dialled_at_home_under_its_own_name() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    transport = ServerTransport("https://api.tunnel.localhost:8787", httpx.MockTransport(answer))
    async with httpx.AsyncClient(transport=transport) as http:
        await http.get("https://api.tunnel.localhost:8787/x")
        await http.get("https://api.example.com/x")
    assert str(seen[0].url) == "https://127.0.0.1:8787/x"
    assert seen[0].headers["Host"] == "api.tunnel.localhost:8787"
    assert seen[0].extensions["sni_hostname"] == "api.tunnel.localhost"  # the certificate is for the name
    assert str(seen[1].url) == "https://api.example.com/x"
    assert "sni_hostname" not in seen[1].extensions


class Body(httpx.AsyncByteStream):
    """A body in chunks, which knows whether it was closed."""

    def __init__(self, chunks: int, size: int) -> None:
        self.left = chunks
        self.size = size
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.left:
            self.left -= 1
            yield b"x" * self.size

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("chunks", "size"), [(1_000_000, 65536), (1, BODY_MAX + 1)])
async def test_an_endless_answer_is_let_go_of(chunks: int, size: int) -> None:
    body = Body(chunks, size)
    inner = httpx.MockTransport(lambda _request: httpx.Response(200, stream=body))
    async with httpx.AsyncClient(transport=ServerTransport("https://api.example.com", inner)) as http:
        with pytest.raises(NotATunnelServerError, match="longer"):
            await http.get("https://api.example.com/x")
    assert body.closed
    assert body.left >= chunks - 1 - BODY_MAX // size


async def test_an_answer_of_the_full_length_is_read() -> None:
    body = Body(BODY_MAX // 65536, 65536)
    inner = httpx.MockTransport(lambda _request: httpx.Response(200, stream=body))
    async with httpx.AsyncClient(transport=ServerTransport("https://api.example.com", inner)) as http:
        assert len((await http.get("https://api.example.com/x")).content) == BODY_MAX


async def test_a_packed_answer_is_not_unpacked() -> None:
    body = Body(1, 100)
    inner = httpx.MockTransport(
        lambda _request: httpx.Response(200, stream=body, headers={"Content-Encoding": "gzip"})
    )
    async with httpx.AsyncClient(transport=ServerTransport("https://api.example.com", inner)) as http:
        with pytest.raises(NotATunnelServerError, match="compressed"):
            await http.get("https://api.example.com/x")
    assert body.closed
    assert body.left == 1


async def test_nothing_is_opened_before_the_first_request() -> None:
    await ServerTransport("https://api.example.com").aclose()
