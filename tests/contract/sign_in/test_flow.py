"""Signing in with a browser at the real paired server, of either generation."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.contract.server.signing_in import ANN, Browser
from tests.contract.sign_in.browsing import UNLIMITED, in_the_browser
from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient
from tunneldesk.domain.errors import ErrorCode, ServerRefusedError, TunnelDeskError
from tunneldesk.domain.secret import Secret
from tunneldesk.presentation.landing import landing_page
from tunneldesk.service.callback import Callback
from tunneldesk.service.clock import SystemClock
from tunneldesk.service.sign_in import sign_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.backend_process import Backend
    from tests.conftest import StartBackend
    from tunneldesk.domain.sign_in import Granted

STATE = Secret("the-state-of-this-sign-in")


async def signed_in(server: Backend, choice: str = "allow", email: str = ANN) -> tuple[Granted, httpx.Response]:
    """Sign in with a browser that makes this choice; return what is granted, and what the browser shows last."""
    visits: list[asyncio.Task[httpx.Response]] = []

    def opened(url: str) -> None:
        visits.append(asyncio.create_task(asyncio.to_thread(in_the_browser, url, choice)))

    client = ApiClient(server.api_url, FixedToken(Secret("none")))
    try:
        granted, _ = await sign_in(client, email, SystemClock(), opened, landing_page)
        return granted, await visits[0]
    finally:
        await asyncio.gather(*visits, return_exceptions=True)
        await client.aclose()


@pytest.mark.parametrize("way", ["status", "callback"])
async def test_whoever_says_yes_in_the_browser_is_signed_in(start_backend: StartBackend, way: str) -> None:
    server = start_backend(sign_in=way, **UNLIMITED)
    granted, shown = await signed_in(server)
    assert granted.email == ANN
    assert granted.expires_in == 900
    assert shown.status_code == 200
    client = ApiClient(server.api_url, FixedToken(granted.access_token))
    assert await client.list_tunnels() == ()
    await client.aclose()
    for secret in (granted.access_token, granted.refresh_token):
        assert secret.reveal() not in repr(granted)
        assert secret.reveal() not in server.log.read_text()


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ("deny", ErrorCode.SLACK_OAUTH_DENIED),
        ("wrong-email", ErrorCode.EMAIL_MISMATCH),
        ("wrong-workspace", ErrorCode.WORKSPACE_NOT_ALLOWED),
        ("no-confirmation", ErrorCode.SLACK_OAUTH_FAILED),
        ("no-profile", ErrorCode.SLACK_PROFILE_FAILED),
    ],
)
async def test_whatever_goes_wrong_in_the_browser_is_told_by_its_name(
    start_backend: StartBackend, choice: str, code: ErrorCode
) -> None:
    with pytest.raises(ServerRefusedError) as caught:
        await signed_in(start_backend(**UNLIMITED), choice)
    assert caught.value.failure.code is code


async def test_who_may_not_sign_in_is_told_before_any_browser_opens(start_backend: StartBackend) -> None:
    server = start_backend(allow_email_domain="example.com", **UNLIMITED)
    with pytest.raises(ServerRefusedError) as caught:
        await signed_in(server, email="eve@elsewhere.example")
    assert caught.value.failure.code is ErrorCode.EMAIL_NOT_ALLOWED


async def test_a_server_that_stumbles_on_the_way_does_not_end_the_sign_in(start_backend: StartBackend) -> None:
    server = start_backend(**UNLIMITED)
    server.control("faults", {"route": "status", "times": 1, "code": "INTERNAL_ERROR"})
    server.control("faults", {"route": "callback", "times": 1, "delaySec": 0.5})
    granted, _ = await signed_in(server)
    assert granted.email == ANN


async def test_a_server_without_sign_in_is_told_of_nobody(start_backend: StartBackend) -> None:
    with pytest.raises(TunnelDeskError):
        await signed_in(start_backend(sign_in="none"))


async def test_a_sign_in_that_is_given_up_leaves_nobody_listening(start_backend: StartBackend) -> None:
    client = ApiClient(start_backend(**UNLIMITED).api_url, FixedToken(Secret("none")))
    opened = asyncio.Event()
    waiting = asyncio.create_task(sign_in(client, ANN, SystemClock(), lambda _url: opened.set(), landing_page))
    await asyncio.wait_for(opened.wait(), 10)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await client.aclose()
    assert [task for task in asyncio.all_tasks() if "sign-in" in task.get_name()] == []


async def test_a_browser_that_is_slower_than_the_answer_still_finds_somebody(start_backend: StartBackend) -> None:
    """The server tells it of whoever asks from the moment on at which it sends the browser here."""
    server = start_backend(**UNLIMITED)
    opened: asyncio.Queue[str] = asyncio.Queue()
    asked = asyncio.Event()

    class Heard(ApiClient):
        async def exchange(self, login_code: Secret, verifier: Secret) -> Granted:
            asked.set()
            return await super().exchange(login_code, verifier)

    client = Heard(server.api_url, FixedToken(Secret("none")))
    signing_in = asyncio.create_task(sign_in(client, ANN, SystemClock(), opened.put_nowait, landing_page))

    def sent_here(url: str) -> str:
        with Browser() as browser:
            browser.open(url)
            return str(browser.choose("allow").headers["location"])

    here = await asyncio.to_thread(sent_here, await asyncio.wait_for(opened.get(), 10))
    await asyncio.wait_for(asked.wait(), 10)
    await asyncio.sleep(0.1)  # as a slow computer's browser would
    async with httpx.AsyncClient(trust_env=False) as browser:
        assert "You are signed in" in (await browser.get(here)).text
    granted, _ = await signing_in
    assert granted.email == ANN
    await client.aclose()


@asynccontextmanager
async def waiting_callback() -> AsyncIterator[tuple[Callback, asyncio.Task[Secret], httpx.AsyncClient]]:
    async with Callback(landing_page) as callback, httpx.AsyncClient(trust_env=False, timeout=10) as browser:
        code = asyncio.create_task(callback.code(STATE))
        await asyncio.sleep(0)
        yield callback, code, browser
        code.cancel()
        await asyncio.gather(code, return_exceptions=True)


@pytest.mark.parametrize(
    "given",
    [
        {"params": {"code": "stolen", "state": "another"}},
        {"params": {"code": "stolen"}},
        {"params": {"state": ""}},
        {"params": [("x", "1")] * 30},
    ],
)
async def test_a_page_that_sends_the_browser_here_on_its_own_account_is_not_believed(given: dict[str, Any]) -> None:
    async with waiting_callback() as (callback, code, browser):
        assert (await browser.get(callback.url, **given)).status_code == 400
        assert not code.done()
        good = {"code": "good", "state": STATE.reveal()}
        assert (await browser.get(callback.url, params=good)).status_code == 200
        assert (await code).reveal() == "good"


async def test_the_answer_is_taken_once_and_nothing_else_is_served() -> None:
    async with waiting_callback() as (callback, code, browser):
        good = {"code": "good", "state": STATE.reveal()}
        assert (await browser.post(callback.url, params=good)).status_code == 404
        assert (await browser.get(callback.url.replace("signed-in", "other"), params=good)).status_code == 404
        first = await browser.get(callback.url, params=good)
        assert (first.status_code, first.headers["referrer-policy"]) == (200, "no-referrer")
        assert (await browser.get(callback.url, params={**good, "code": "second"})).status_code == 400
        assert (await code).reveal() == "good"


async def test_a_refusal_that_the_browser_brings_is_told() -> None:
    async with waiting_callback() as (callback, code, browser):
        refused = {"error": "SLACK_OAUTH_DENIED", "state": STATE.reveal()}
        assert "not signed in" in (await browser.get(callback.url, params=refused)).text
        with pytest.raises(ServerRefusedError) as caught:
            await code
    assert caught.value.failure.code is ErrorCode.SLACK_OAUTH_DENIED


async def test_a_visitor_that_says_nothing_or_too_much_is_let_go_of() -> None:
    async with waiting_callback() as (callback, code, _browser):
        port = httpx.URL(callback.url).port
        for said in (b"", b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000 + b"\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            writer.write_eof()
            assert await reader.read() == b""
            writer.close()
        assert not code.done()
