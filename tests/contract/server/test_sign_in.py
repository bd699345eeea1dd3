"""Signing in, staying signed in, signing out: what an app and a browser see, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.contract.server.accounts import code
from tests.contract.server.signing_in import ANN, App, Browser, Page, challenge, query

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.backend_process import Backend
    from tests.conftest import StartBackend


SWITCHES = {"start_rate": 0, "exchange_rate": 0}
"""Sign-ins without limits, see `server`."""


def test_an_app_signs_in_works_and_signs_out(server: Backend, browser: Browser) -> None:
    app = App(server)
    assert app.status() == {"status": "pending"}
    assert browser.open(app.authorize_url).status_code == 200
    assert app.status() == {"status": "pending"}
    ended = browser.choose("allow")
    assert ended.status_code == 200
    assert "return to the app" in browser.page.shown
    told = app.status()
    assert told == app.status() == {"status": "authorized", "loginCode": told["loginCode"]}
    granted = app.exchange(told["loginCode"])
    assert granted.headers["cache-control"] == "no-store"
    body = granted.json()
    assert list(body) == ["accessToken", "refreshToken", "expiresInSec", "profile"]
    assert body["expiresInSec"] == 900
    assert list(body["profile"]) == ["email", "slackUserId", "slackTeamId"]
    assert body["profile"]["email"] == ANN
    assert server.call("GET", "/v1/tunnels", token=body["accessToken"]).json() == []
    again = app.refresh(body["refreshToken"]).json()
    assert again["profile"] == body["profile"]
    out = app.post("logout", {"refreshToken": again["refreshToken"]}, token=again["accessToken"])
    assert (out.status_code, out.json()) == (200, {"ok": True})
    for granted_once in (body, again):
        answer = server.call("GET", "/v1/tunnels", token=granted_once["accessToken"])
        assert code(answer) == (401, "INVALID_TOKEN")
        assert code(app.refresh(granted_once["refreshToken"])) == (401, "INVALID_REFRESH_TOKEN")


def test_whoever_signs_in_twice_is_the_same_user(server: Backend) -> None:
    first, second = (App(server, email).session() for email in ("carol@example.com", " Carol@Example.com\n"))
    assert first["profile"] == second["profile"]
    created = server.call("POST", "/v1/tunnels", {"port": 1}, token=first["accessToken"]).json()
    (listed,) = server.call("GET", "/v1/tunnels", token=second["accessToken"]).json()
    assert listed["id"] == created["tunnelId"]


@pytest.mark.parametrize(
    ("choice", "status", "expected"),
    [
        ("deny", 400, "SLACK_OAUTH_DENIED"),
        ("wrong-workspace", 403, "WORKSPACE_NOT_ALLOWED"),
        ("wrong-email", 403, "EMAIL_MISMATCH"),
        ("no-confirmation", 502, "SLACK_OAUTH_FAILED"),
        ("no-profile", 502, "SLACK_PROFILE_FAILED"),
    ],
)
def test_a_refusal_is_told_to_the_browser_and_to_the_app(
    server: Backend, browser: Browser, choice: str, status: int, expected: str
) -> None:
    app = App(server)
    browser.open(app.authorize_url)
    email = browser.page.field("email")
    there = browser.decide(choice, email=email)
    assert browser.open(there).status_code == status
    assert expected in browser.page.shown
    told = app.status()
    assert (told["status"], told["error"]["code"]) == ("expired", expected)
    assert code(server.call("GET", there.removeprefix(server.api_url))) == (400, "OAUTH_ALREADY_USED")


@pytest.mark.slow
def test_a_slow_provider_keeps_the_app_waiting_and_nobody_else(server: Backend, browser: Browser) -> None:
    app, other = App(server), App(server, "dora@example.com")
    browser.open(app.authorize_url)
    with pytest.raises(httpx.ReadTimeout):
        browser.http.post(
            f"{server.api_url}/identity",
            data={"form": browser.page.field("form"), "choice": "slow"},
            timeout=0.5,
        )
    assert app.status() == {"status": "pending"}
    assert other.session()["profile"]["email"] == "dora@example.com"
    browser.open(app.authorize_url)
    assert browser.choose("slow").status_code == 200
    assert app.status()["status"] == "authorized"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["email", "codeChallenge"]),
        ({"email": 5, "codeChallenge": challenge("a")}, ["email"]),
        ({"email": "ann", "codeChallenge": challenge("a")}, ["email"]),
        ({"email": "ann@example.com\r\nSet-Cookie: a=b", "codeChallenge": challenge("a")}, ["email"]),
        ({"email": '"><script>@example.com', "codeChallenge": challenge("a")}, ["email"]),
        ({"email": "ann@exämple.com", "codeChallenge": challenge("a")}, ["email"]),
        ({"email": f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.com", "codeChallenge": challenge("a")}, ["email"]),
        ({"email": ANN, "codeChallenge": "plain"}, ["codeChallenge"]),
        ({"email": ANN, "codeChallenge": challenge("a") + "="}, ["codeChallenge"]),
        ({"email": ANN, "codeChallenge": None}, ["codeChallenge"]),
    ],
)
def test_a_start_of_the_wrong_form_names_the_field(server: Backend, body: object, fields: list[str]) -> None:
    answer = server.call("POST", "/v1/auth/slack/start", body, token="")
    assert code(answer) == (400, "INVALID_INPUT")
    assert list(answer.json()["details"]["fieldErrors"]) == fields


@pytest.mark.parametrize(
    ("path", "fields"),
    [("slack/status", ["state"]), ("exchange", ["loginCode", "codeVerifier"]), ("refresh", ["refreshToken"])],
)
def test_a_body_of_the_wrong_form_is_invalid_input(server: Backend, path: str, fields: list[str]) -> None:
    good = dict.fromkeys(fields, "text")
    for bad in [{}, *({**good, field: 5} for field in fields)]:
        answer = server.call("POST", f"/v1/auth/{path}", bad, token="")
        assert code(answer) == (400, "INVALID_INPUT")
        (named,) = answer.json()["details"]["fieldErrors"]
        assert named in fields
    assert code(server.call("POST", f"/v1/auth/{path}", content=b"[", token="")) == (400, "INVALID_INPUT")


@pytest.mark.parametrize("ask", ["", "?state=a", "?code=a", "?error=access_denied", "?state=&code=a"])
def test_an_answer_of_the_provider_with_a_part_missing(server: Backend, ask: str) -> None:
    answer = server.call("GET", f"/v1/auth/slack/callback{ask}", token="")
    assert code(answer) == (400, "MISSING_OAUTH_PARAMS")


def test_a_sign_in_takes_ten_minutes_at_most(start_backend: StartBackend, browser: Browser) -> None:
    backend = start_backend()
    app = App(backend)
    browser.open(app.authorize_url)
    backend.control("clock", {"jumpSec": 599})
    there = browser.decide("allow")
    backend.control("clock", {"jumpSec": 1})
    assert browser.open(there).status_code == 400
    assert "OAUTH_EXPIRED" in browser.page.shown
    assert app.status() == {"status": "expired"}


def test_a_login_code_is_good_for_two_minutes(start_backend: StartBackend, browser: Browser) -> None:
    backend = start_backend()
    app = App(backend)
    browser.open(app.authorize_url)
    browser.choose("allow")
    login_code = app.status()["loginCode"]
    backend.control("clock", {"jumpSec": 120})
    assert app.status() == {"status": "expired"}
    assert code(app.exchange(login_code)) == (400, "LOGIN_CODE_EXPIRED")


def test_only_those_of_the_domains_named_are_let_in(start_backend: StartBackend) -> None:
    backend = start_backend(allow_email_domain="Example.com")
    assert App(backend, "ann@EXAMPLE.com").state
    for email in ("ann@example.org", "ann@sub.example.com", "ann@badexample.com", "example.com@example.org"):
        body = {"email": email, "codeChallenge": challenge("a")}
        assert code(backend.call("POST", "/v1/auth/slack/start", body)) == (403, "EMAIL_NOT_ALLOWED")


def test_an_access_token_lives_as_long_as_told(start_backend: StartBackend) -> None:
    backend = start_backend(access_token_lifetime=1.5)
    granted = backend.control("sessions", {"email": ANN})
    assert granted["expiresInSec"] == 1.5
    assert backend.call("GET", "/v1/tunnels", token=granted["accessToken"]).status_code == 200
    backend.control("clock", {"jumpSec": 2})
    answer = backend.call("GET", "/v1/tunnels", token=granted["accessToken"])
    assert code(answer) == (401, "INVALID_TOKEN")
    assert backend.call("GET", "/v1/tunnels").status_code == 200  # the first user's token is for good


def test_an_older_server_has_no_status_route_and_calls_back(start_backend: StartBackend, browser: Browser) -> None:
    backend = start_backend(sign_in="callback")
    without = backend.call("POST", "/v1/auth/slack/start", {"email": ANN, "codeChallenge": challenge("a")})
    assert code(without) == (400, "INVALID_INPUT")
    assert list(without.json()["details"]["fieldErrors"]) == ["cliCallbackUrl"]
    app = App(backend, cliCallbackUrl="http://127.0.0.1:49152/callback")
    assert code(app.post("slack/status", {"state": app.state})) == (404, "NOT_FOUND")
    browser.open(app.authorize_url)
    there = browser.http.get(browser.decide("allow"))
    assert there.status_code == 303
    location = there.headers["location"]
    assert location.startswith("http://127.0.0.1:49152/callback?")
    assert query(location)["state"] == app.state
    assert app.exchange(query(location)["code"]).status_code == 200


def test_an_app_may_be_called_back_and_ask_for_the_status_alike(server: Backend, browser: Browser) -> None:
    app = App(server, cliCallbackUrl="http://localhost:49152")
    browser.open(app.authorize_url)
    location = browser.http.get(browser.decide("allow")).headers["location"]
    login_code = app.status()["loginCode"]
    assert location.startswith(f"http://localhost:49152?code={login_code}&state=")
    assert app.exchange(login_code).status_code == 200
    assert app.status() == {"status": "expired"}


def test_a_refusal_is_not_brought_to_the_app(server: Backend, browser: Browser) -> None:
    app = App(server, cliCallbackUrl="http://localhost:49152")
    browser.open(app.authorize_url)
    assert browser.choose("deny").status_code == 400


def test_a_server_may_have_nobody_sign_in(start_backend: StartBackend) -> None:
    backend = start_backend(sign_in="none")
    for method, path in (
        ("POST", "/v1/auth/slack/start"),
        ("POST", "/v1/auth/slack/status"),
        ("GET", "/v1/auth/slack/callback"),
        ("POST", "/v1/auth/exchange"),
        ("POST", "/v1/auth/refresh"),
        ("POST", "/v1/auth/logout"),
        ("GET", "/identity"),
    ):
        assert code(backend.call(method, path)) == (404, "NOT_FOUND")


def test_signing_out_takes_either_token(server: Backend) -> None:
    app = App(server)
    for how in ("access", "refresh", "old refresh", "expired access and refresh"):
        granted = server.control("sessions", {"email": ANN})
        access, refresh = granted["accessToken"], granted["refreshToken"]
        if how == "access":
            answer = app.post("logout", None, token=access)
        elif how == "refresh":
            answer = app.post("logout", {"refreshToken": refresh})
        elif how == "old refresh":
            app.refresh(app.refresh(refresh).json()["refreshToken"])
            answer = app.post("logout", {"refreshToken": refresh})
        else:
            server.control("expire-access-token", {"accessToken": access})
            answer = app.post("logout", {"refreshToken": refresh}, token=access)
        assert (answer.status_code, answer.json()) == (200, {"ok": True}), how
        assert code(server.call("GET", "/v1/tunnels", token=access)) == (401, "INVALID_TOKEN"), how
        assert code(app.refresh(refresh)) == (401, "INVALID_REFRESH_TOKEN"), how


def test_signing_out_a_token_without_a_session_ends_that_token_alone(server: Backend) -> None:
    mine, other = (server.control("users", {"email": "eve@example.com"})["accessToken"] for _ in range(2))
    assert server.call("POST", "/v1/auth/logout", token=mine).status_code == 200
    assert code(server.call("GET", "/v1/tunnels", token=mine)) == (401, "INVALID_TOKEN")
    assert server.call("GET", "/v1/tunnels", token=other).status_code == 200


def test_signing_out_with_nothing_good_is_refused(server: Backend) -> None:
    for body, token, expected in (
        (None, "", "MISSING_AUTH"),
        ({}, "", "MISSING_AUTH"),
        ({"refreshToken": None}, "tda_guess", "INVALID_TOKEN"),
        ({"refreshToken": "tds_guess"}, "", "INVALID_REFRESH_TOKEN"),
        ({"refreshToken": "tds_guess"}, "tda_guess", "INVALID_REFRESH_TOKEN"),
    ):
        answer = server.call("POST", "/v1/auth/logout", body, token=token)
        assert code(answer) == (401, expected)
        assert answer.headers["www-authenticate"] == "Bearer"
    assert code(server.call("POST", "/v1/auth/logout", {"refreshToken": 5})) == (400, "INVALID_INPUT")


def test_tunnels_outlive_the_session_that_made_them(server: Backend) -> None:
    granted = server.control("sessions", {"email": "frank@example.com"})
    created = server.call("POST", "/v1/tunnels", {"port": 1}, token=granted["accessToken"]).json()
    server.control("expire-session", {"email": "frank@example.com"})
    again = server.control("sessions", {"email": "frank@example.com"})
    beat = server.call("POST", f"/v1/tunnels/{created['tunnelId']}/heartbeat", token=again["accessToken"])
    assert beat.status_code == 200


def test_expiry_can_be_forced(server: Backend) -> None:
    gina, hugo = (server.control("sessions", {"email": f"{name}@example.com"}) for name in ("gina", "hugo"))
    app = App(server)

    def works(granted: dict[str, str]) -> bool:
        return server.call("GET", "/v1/tunnels", token=granted["accessToken"]).status_code == 200

    assert works(gina)
    assert server.control("expire-access-token", {"email": "gina@example.com"}) == {"expired": 1}
    assert (works(gina), works(hugo)) == (False, True)
    gina = app.refresh(gina["refreshToken"]).json()
    assert works(gina)
    assert server.control("expire-access-token", {"accessToken": gina["accessToken"]}) == {"expired": 1}
    assert server.control("expire-access-token", {"accessToken": "tda_guess"}) == {"expired": 0}
    assert server.control("expire-access-token")["expired"] >= 1
    assert (works(gina), works(hugo)) == (False, False)
    assert server.control("expire-session", {"refreshToken": gina["refreshToken"]}) == {"expired": 1}
    assert server.control("expire-session", {"refreshToken": gina["refreshToken"]}) == {"expired": 0}
    assert code(app.refresh(gina["refreshToken"])) == (401, "INVALID_REFRESH_TOKEN")
    assert server.control("expire-session")["expired"] >= 1
    assert code(app.refresh(hugo["refreshToken"])) == (401, "INVALID_REFRESH_TOKEN")
    assert server.call("GET", "/v1/tunnels").status_code == 200  # the first user's token is of no session


def test_a_browser_gets_pages_and_a_program_gets_json(server: Backend, browser: Browser) -> None:
    answer = browser.open(f"{server.api_url}/v1/auth/slack/callback?state=guess&code=guess")
    assert answer.status_code == 400
    assert Page(answer.text).all("html") == [{"lang": "en"}]
    assert "INVALID_STATE" in browser.page.shown
    assert code(server.call("GET", "/v1/auth/slack/callback?state=guess&code=guess")) == (400, "INVALID_STATE")


def test_faults_reach_the_sign_in_too(server: Backend) -> None:
    app = App(server)
    calls: dict[str, Callable[[], httpx.Response]] = {
        "status": lambda: app.post("slack/status", {"state": app.state}),
        "exchange": lambda: app.exchange("tdl_guess"),
        "refresh": lambda: app.refresh("tds_guess"),
        "logout": lambda: app.post("logout", {}),
        "callback": lambda: server.call("GET", "/v1/auth/slack/callback"),
        "start": lambda: app.post("slack/start", {}),
    }
    for route, call in calls.items():
        server.control("faults", {"route": route, "code": "INTERNAL_ERROR", "status": 503})
        assert code(call()) == (503, "INTERNAL_ERROR"), route
