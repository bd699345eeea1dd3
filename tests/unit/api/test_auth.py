"""The access token on its way into requests, and its renewal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest

from tunneldesk.api.auth import BearerAuth, FixedToken
from tunneldesk.domain.errors import CredentialsError, ErrorCode, Failure, ServerRefusedError
from tunneldesk.domain.secret import Secret
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from collections.abc import Callable

SERVER = "https://api.example.com"


@dataclass
class Source:
    """A token source whose renewals arrive when the test lets them."""

    current: Secret | None = field(default_factory=lambda: Secret("token-1"))
    fresh: Secret | Exception | None = None
    renewals: int = 0
    may_arrive: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def token(self) -> Secret | None:
        await asyncio.sleep(0)
        return self.current

    async def renew(self, stale: Secret) -> Secret | None:
        assert stale == Secret("token-1")
        self.renewals += 1
        self.asked.set()
        await self.may_arrive.wait()
        if isinstance(self.fresh, Exception):
            raise self.fresh
        if self.fresh is not None:
            self.current = self.fresh
        return self.fresh


@dataclass
class Server:
    """Takes only the tokens it is told to, and writes down what it was shown."""

    good: set[str]
    seen: list[str | None] = field(default_factory=list)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        shown = request.headers.get("Authorization")
        self.seen.append(shown)
        await asyncio.sleep(0)
        return httpx.Response(200 if shown in {f"Bearer {token}" for token in self.good} else 401)


def client(server: Server, auth: BearerAuth) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(server.answer), base_url=SERVER, auth=auth)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for are turns of the loop
            await asyncio.sleep(0)


async def test_the_token_goes_with_each_request_and_is_remembered_for_masking() -> None:
    server, auth = Server({"token-1"}), BearerAuth(SERVER, FixedToken(Secret("token-1")))
    async with client(server, auth) as http:
        assert [(await http.get("/a")).status_code, (await http.get("/b")).status_code] == [200, 200]
    assert server.seen == ["Bearer token-1"] * 2
    assert auth.sent == (Secret("token-1"),)


async def test_without_a_token_nothing_is_sent() -> None:
    server = Server(set())
    async with client(server, BearerAuth(SERVER, Source(current=None))) as http:
        with pytest.raises(ServerRefusedError) as caught:
            await http.get("/a")
    assert caught.value.failure.code is ErrorCode.SIGNED_OUT
    assert server.seen == []


@pytest.mark.parametrize("text", ["", "two words", "line\nbreak", "tökén", "nul\x00", "\ud800"])
async def test_what_can_not_be_a_token_is_not_sent_and_not_quoted(text: str) -> None:
    server = Server(set())
    async with client(server, BearerAuth(SERVER, FixedToken(Secret(text)))) as http:
        with pytest.raises(ServerRefusedError) as caught:
            await http.get("/a")
    assert caught.value.failure.code is ErrorCode.INVALID_TOKEN
    assert not text or text not in said(caught.value.failure)
    assert server.seen == []


@pytest.mark.parametrize(
    "url", ["http://api.example.com/x", "https://api.example.com:444/x", "https://evil.example/x"]
)
async def test_another_origin_does_not_get_the_token(url: str) -> None:
    server = Server({"token-1"})
    async with client(server, BearerAuth(SERVER, FixedToken(Secret("token-1")))) as http:
        await http.get(url)
    assert server.seen == [None]


async def test_a_refused_token_is_renewed_once_and_the_request_repeated() -> None:
    source, server = Source(fresh=Secret("token-2")), Server({"token-2"})
    source.may_arrive.set()
    async with client(server, BearerAuth(SERVER, source)) as http:
        response = await http.post("/a", json={"port": 3000})
    assert response.status_code == 200
    assert server.seen == ["Bearer token-1", "Bearer token-2"]


async def test_a_new_token_that_is_refused_as_well_is_not_renewed_again() -> None:
    source, server = Source(fresh=Secret("token-2")), Server(set())
    source.may_arrive.set()
    async with client(server, BearerAuth(SERVER, source)) as http:
        assert (await http.get("/a")).status_code == 401
    assert (source.renewals, len(server.seen)) == (1, 2)


async def test_when_there_is_no_newer_token_the_refusal_stands() -> None:
    server = Server(set())
    async with client(server, BearerAuth(SERVER, FixedToken(Secret("token-1")))) as http:
        assert (await http.get("/a")).status_code == 401
    assert len(server.seen) == 1


async def test_however_many_are_refused_one_renewal_is_in_flight() -> None:
    source, server = Source(fresh=Secret("token-2")), Server({"token-2"})
    async with client(server, BearerAuth(SERVER, source)) as http:
        calls = [asyncio.ensure_future(http.get(f"/{number}")) for number in range(20)]
        await until(lambda: len(server.seen) == 20)
        source.may_arrive.set()
        assert {(await call).status_code for call in calls} == {200}
    assert source.renewals == 1
    assert server.seen[20:] == ["Bearer token-2"] * 20


async def test_a_refusal_that_arrives_after_the_renewal_uses_what_it_brought() -> None:
    source, server = Source(), Server({"token-2"})

    async def renewed_meanwhile(request: httpx.Request) -> httpx.Response:
        response = await server.answer(request)
        source.current = Secret("token-2")
        return response

    transport = httpx.MockTransport(renewed_meanwhile)
    async with httpx.AsyncClient(transport=transport, base_url=SERVER, auth=BearerAuth(SERVER, source)) as http:
        assert (await http.get("/a")).status_code == 200
    assert source.renewals == 0


async def test_a_renewal_goes_on_for_the_others_when_its_first_request_is_cancelled() -> None:
    source, server = Source(fresh=Secret("token-2")), Server({"token-2"})
    async with client(server, BearerAuth(SERVER, source)) as http:
        first = asyncio.ensure_future(http.get("/first"))
        await source.asked.wait()
        second = asyncio.ensure_future(http.get("/second"))
        await until(lambda: len(server.seen) == 2)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        source.may_arrive.set()
        assert (await second).status_code == 200
    assert source.renewals == 1


async def test_a_failed_renewal_is_everybodys_failure() -> None:
    source, server = Source(fresh=CredentialsError(Failure(ErrorCode.KEYRING_LOCKED))), Server(set())
    async with client(server, BearerAuth(SERVER, source)) as http:
        calls = [asyncio.ensure_future(http.get(f"/{number}")) for number in range(3)]
        await until(lambda: len(server.seen) == 3)
        source.may_arrive.set()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(outcome, CredentialsError) for outcome in outcomes)
    assert source.renewals == 1


async def test_closing_lets_a_renewal_arrive_that_nobody_waits_for_any_more() -> None:
    source, server = Source(fresh=Secret("token-2")), Server(set())
    auth = BearerAuth(SERVER, source)
    async with client(server, auth) as http:
        call = asyncio.ensure_future(http.get("/a"))
        await source.asked.wait()
        call.cancel()
        closing = asyncio.ensure_future(auth.aclose())
        await asyncio.sleep(0)
        source.may_arrive.set()
        await closing
    assert source.current == Secret("token-2")


async def test_closing_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tunneldesk.api.auth._LAST_RENEWAL_WAIT", 0.01)
    source, server = Source(), Server(set())
    auth = BearerAuth(SERVER, source)
    async with client(server, auth) as http:
        call = asyncio.ensure_future(http.get("/a"))
        await source.asked.wait()
        async with asyncio.timeout(5):
            await auth.aclose()
        with pytest.raises(asyncio.CancelledError):
            await call
    await auth.aclose()
