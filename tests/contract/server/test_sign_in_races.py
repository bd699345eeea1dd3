"""Signing in and refreshing when everybody asks at once, when too many ask, and when the server is killed."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.backend_process import running_backend
from tests.contract.server.accounts import code
from tests.contract.server.signing_in import ANN, App, Browser, challenge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.conftest import StartBackend


async def at_once(backend: Backend, path: str, bodies: Sequence[object]) -> list[httpx.Response]:
    """Send all of these together, each over a connection of its own."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=backend.api_url, trust_env=False, timeout=60, limits=limits) as http:
        await asyncio.gather(*(http.get("/healthz") for _ in bodies))  # so that all of them are connected
        return await asyncio.gather(*(http.post(f"/v1/auth/{path}", json=body) for body in bodies))


@pytest.mark.slow
async def test_fifty_refreshes_at_once_are_one_rotation(start_backend: StartBackend) -> None:
    """All of them get the same next refresh token, so that it does not matter whose answer is kept."""
    backend = start_backend()
    first = backend.control("sessions", {"email": ANN})
    answers = await at_once(backend, "refresh", [{"refreshToken": first["refreshToken"]}] * 50)
    assert [answer.status_code for answer in answers] == [200] * 50
    (successor,) = {answer.json()["refreshToken"] for answer in answers}
    access = {answer.json()["accessToken"] for answer in answers}
    assert len(access) == 50
    for token in access:
        assert backend.call("GET", "/v1/tunnels", token=token).status_code == 200
    assert backend.call("POST", "/v1/auth/refresh", {"refreshToken": successor}).status_code == 200


@pytest.mark.slow
async def test_two_generations_at_once_end_the_family_and_nothing_worse(start_backend: StartBackend) -> None:
    """The token and its successor race; if any of them was refused, then the family has ended."""
    backend = start_backend()
    for _ in range(5):
        first = backend.control("sessions")
        second = backend.call("POST", "/v1/auth/refresh", {"refreshToken": first["refreshToken"]}).json()
        bodies = [{"refreshToken": one["refreshToken"]} for one in (first, second)] * 10
        answers = await at_once(backend, "refresh", bodies)
        counted = Counter(answer.status_code for answer in answers)
        assert set(counted) <= {200, 401}
        for answer in answers:
            if counted[401] and answer.status_code == 200:
                left = backend.call("POST", "/v1/auth/refresh", {"refreshToken": answer.json()["refreshToken"]})
                assert code(left) == (401, "INVALID_REFRESH_TOKEN")
                works = backend.call("GET", "/v1/tunnels", token=answer.json()["accessToken"])
                assert code(works) == (401, "INVALID_TOKEN")


async def test_of_many_exchanges_of_one_code_one_wins(start_backend: StartBackend) -> None:
    backend = start_backend(exchange_rate=0)
    app = App(backend)
    with Browser() as browser:
        browser.open(app.authorize_url)
        browser.choose("allow")
    body = {"loginCode": app.status()["loginCode"], "codeVerifier": app.verifier}
    answers = await at_once(backend, "exchange", [body] * 30)
    counted = Counter(answer.json().get("code", "granted") for answer in answers)
    assert counted == {"granted": 1, "LOGIN_CODE_USED": 29}
    assert backend.control("expire-session", {"email": ANN}) == {"expired": 1}


async def test_of_many_answers_of_the_provider_one_counts(start_backend: StartBackend) -> None:
    backend = start_backend()
    app = App(backend)
    with Browser() as browser:
        there = []
        for _ in range(10):
            browser.open(app.authorize_url)
            there.append(browser.decide("allow"))
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        answers = await asyncio.gather(*(http.get(url) for url in there))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 9}
    assert app.exchange(app.status()["loginCode"]).status_code == 200


def test_ten_starts_a_minute(start_backend: StartBackend) -> None:
    backend = start_backend()
    bodies = [{"email": f"user-{number}@example.com", "codeChallenge": challenge("a")} for number in range(11)]
    answers = [backend.call("POST", "/v1/auth/slack/start", body, token="") for body in bodies]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert code(answers[-1]) == (429, "RATE_LIMITED")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].headers["x-ratelimit-remaining"] == "0"
    backend.control("clock", {"jumpSec": 60})
    assert App(backend).state


@pytest.mark.slow
def test_thirty_polls_a_minute_for_each_sign_in(start_backend: StartBackend) -> None:
    backend = start_backend()
    app, other = App(backend), App(backend)
    answers = [app.post("slack/status", {"state": app.state}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert code(answers[-1]) == (429, "RATE_LIMITED")
    assert other.status() == {"status": "pending"}
    guesses = [app.post("slack/status", {"state": "guess"}) for _ in range(31)]
    assert {code(answer) for answer in guesses} == {(400, "INVALID_STATE")}


def test_twenty_exchanges_a_minute(start_backend: StartBackend) -> None:
    backend = start_backend()
    app = App(backend)
    answers = [code(app.exchange("tdl_guess")) for _ in range(21)]
    assert answers == [(400, "INVALID_LOGIN_CODE")] * 20 + [(429, "RATE_LIMITED")]


def test_a_newer_server_says_it_in_its_own_way(start_backend: StartBackend) -> None:
    backend = start_backend(dialect="newer", exchange_rate=1)
    app = App(backend)
    app.exchange("tdl_guess")
    refused = app.exchange("tdl_guess")
    assert code(refused) == (500, "INTERNAL_ERROR")
    assert (refused.headers["x-ratelimit-remaining"], "retry-after" in refused.headers) == ("0", True)


def granted(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.slow
def test_killed_between_a_rotation_and_its_answer_it_signs_nobody_out(tmp_path: Path) -> None:
    with running_backend(tmp_path) as backend:
        first = backend.control("sessions", {"email": ANN})
        backend.control("faults", {"route": "refresh", "status": 500, "apply": True, "delaySec": 60})
        failed = []

        def refresh() -> None:
            try:
                backend.call("POST", "/v1/auth/refresh", {"refreshToken": first["refreshToken"]})
            except httpx.TransportError as error:
                failed.append(error)

        asking = threading.Thread(target=refresh)
        asking.start()
        while backend.control("faults", method="GET")["faults"]:
            assert asking.is_alive()
        # Nobody keeps this answer either; it proves that the rotation was written before the kill.
        lost = granted(App(backend).refresh(first["refreshToken"]))
        backend.kill()
        asking.join(10)
        assert len(failed) == 1
    with running_backend(tmp_path) as backend:
        app = App(backend)
        second = granted(app.refresh(first["refreshToken"]))
        assert second["refreshToken"] == lost["refreshToken"]
        third = granted(app.refresh(second["refreshToken"]))
        assert backend.call("GET", "/v1/tunnels", token=third["accessToken"]).status_code == 200
        assert code(app.refresh(first["refreshToken"])) == (401, "INVALID_REFRESH_TOKEN")


@pytest.mark.slow
def test_killed_at_any_step_a_sign_in_goes_on_where_it_was(tmp_path: Path) -> None:
    """Whatever the app was told is still so after a kill; what it was not told can be asked again."""
    with running_backend(tmp_path) as backend:
        app = App(backend)
        backend.kill()
    with running_backend(tmp_path) as backend, Browser() as browser:
        app.backend = backend
        assert app.status() == {"status": "pending"}
        browser.open(app.authorize_url.replace(app.authorize_url.partition("/identity")[0], backend.api_url))
        browser.choose("allow")
        told = app.status()
        backend.kill()
    with running_backend(tmp_path) as backend:
        app.backend = backend
        assert app.status() == told
        tokens = granted(app.exchange(told["loginCode"]))
        backend.kill()
    with running_backend(tmp_path) as backend:
        app.backend = backend
        assert backend.call("GET", "/v1/tunnels", token=tokens["accessToken"]).status_code == 200
        assert code(app.exchange(told["loginCode"])) == (400, "LOGIN_CODE_USED")
        renewed = granted(app.refresh(tokens["refreshToken"]))
        granted(app.post("logout", {"refreshToken": renewed["refreshToken"]}))
        backend.kill()
    with running_backend(tmp_path) as backend:
        app.backend = backend
        assert code(backend.call("GET", "/v1/tunnels", token=renewed["accessToken"])) == (401, "INVALID_TOKEN")
        assert code(app.refresh(renewed["refreshToken"])) == (401, "INVALID_REFRESH_TOKEN")
