"""Attackers, each with what they may have got hold of."""

from __future__ import annotations

import html
import re
import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest

from tests.contract.server.accounts import Account, code
from tests.contract.server.signing_in import ANN, App, Browser, challenge, query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.backend_process import Backend
    from tests.conftest import StartBackend


SWITCHES = {"start_rate": 0, "exchange_rate": 0}
"""Sign-ins without limits, see `server`."""


@pytest.fixture
def thief() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


def test_a_stolen_login_code_is_worth_nothing_without_the_verifier(server: Backend, browser: Browser) -> None:
    app = App(server)
    browser.open(app.authorize_url)
    browser.choose("allow")
    login_code = app.status()["loginCode"]
    for guess in (secrets.token_urlsafe(32), challenge(app.verifier), app.verifier[:-1], app.verifier + "\n"):
        assert code(app.exchange(login_code, guess)) == (400, "INVALID_CODE_VERIFIER")
    assert app.exchange(login_code).status_code == 200
    assert code(app.exchange(login_code)) == (400, "LOGIN_CODE_USED")
    assert code(app.exchange("tdl_" + secrets.token_urlsafe(32))) == (400, "INVALID_LOGIN_CODE")


def test_a_code_is_exchanged_for_nobody_elses_verifier(server: Backend, browser: Browser) -> None:
    """The thief starts a sign-in, too, and brings the code of another one to its own verifier."""
    app, thiefs = App(server), App(server)
    browser.open(app.authorize_url)
    browser.choose("allow")
    assert code(app.exchange(app.status()["loginCode"], thiefs.verifier)) == (400, "INVALID_CODE_VERIFIER")
    assert thiefs.status() == {"status": "pending"}


def test_an_address_come_back_to_twice_does_nothing(server: Backend, browser: Browser, thief: Browser) -> None:
    app = App(server)
    browser.open(app.authorize_url)
    there = browser.decide("allow")
    browser.open(there)
    told = app.status()
    assert thief.open(there).status_code == 400
    assert "OAUTH_ALREADY_USED" in thief.page.shown
    denied = f"{server.api_url}/v1/auth/slack/callback?{urlencode({'state': app.state, 'error': 'access_denied'})}"
    assert thief.open(denied).status_code == 400
    assert app.status() == told
    assert app.exchange(told["loginCode"]).status_code == 200


def test_a_forged_state_leads_nowhere(server: Backend, browser: Browser) -> None:
    app = App(server)
    browser.open(app.authorize_url.replace(app.state, secrets.token_urlsafe(32)))
    assert browser.choose("allow").status_code == 400
    assert "INVALID_STATE" in browser.page.shown
    assert app.status() == {"status": "pending"}


def test_the_states_of_two_browsers_cannot_be_mixed_up(server: Backend, browser: Browser, thief: Browser) -> None:
    """Not even for the same person: an answer belongs to the sign-in it was given for."""
    app, thiefs = App(server), App(server)
    browser.open(app.authorize_url)
    thief.open(thiefs.authorize_url)
    good = query(browser.decide("allow"))["code"]
    mixed = f"{server.api_url}/v1/auth/slack/callback?{urlencode({'state': thiefs.state, 'code': good})}"
    assert thief.open(mixed).status_code == 502
    assert "SLACK_OAUTH_FAILED" in thief.page.shown
    assert thiefs.status()["status"] == "expired"
    assert app.status() == {"status": "pending"}


def test_a_form_works_in_the_browser_it_was_made_for_and_once(
    server: Backend, browser: Browser, thief: Browser
) -> None:
    app = App(server)
    browser.open(app.authorize_url)
    form = {"form": browser.page.field("form"), "choice": "allow"}
    thief.open(App(server).authorize_url)
    assert thief.send(form).status_code == 400  # with a cookie, but not that one
    assert browser.send(form).status_code == 400  # whatever the thief tried used it up
    browser.open(app.authorize_url)
    form["form"] = browser.page.field("form")
    assert browser.send(form).status_code == 303
    assert browser.send(form).status_code == 400
    assert browser.send({"choice": "allow"}).status_code == 400
    assert app.status() == {"status": "pending"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_cannot_send_the_form(server: Backend, browser: Browser, headers: dict[str, str]) -> None:
    app = App(server)
    browser.open(app.authorize_url)
    assert browser.send({"form": browser.page.field("form"), "choice": "allow"}, **headers).status_code == 403
    assert browser.choose("allow").status_code == 200  # and it was not used up


def test_the_cookie_stays_with_the_identity_page(server: Backend, browser: Browser) -> None:
    cookie = browser.open(App(server).authorize_url).headers["set-cookie"]
    assert re.fullmatch(r"tunneldesk_identity=[\w-]{43}; HttpOnly; Path=/identity; SameSite=strict", cookie)


def test_the_identity_page_answers_on_this_computer_only(server: Backend) -> None:
    for method in ("GET", "POST"):
        answer = server.call(method, "/identity?state=a&login_hint=a@example.com", headers={"Host": "evil.example"})
        assert code(answer) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/",
        "http://evil.example:80/",
        "https://127.0.0.1:8080/",
        "http://127.0.0.1",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        "http://127.0.0.1:80@evil.example/",
        "http://127.0.0.1:80\\@evil.example/",
        "http://127.0.0.1.evil.example:80/",
        "http://localhost.evil.example:80/",
        "http://0.0.0.0:80/",
        "http://[::ffff:1.2.3.4]:80/",
        "http://2130706433:80/",
        "http://127.0.0.1:80/?a=b",
        "http://127.0.0.1:80/#a",
        "http://127.0.0.1:80/a\r\nSet-Cookie: a=b",
        "http://127.0.0.1:80/\n",
        "http://127.0.0.1:80/%0d%0a",
        "http://user@127.0.0.1:80/",
        "//127.0.0.1:80/",
        "javascript:alert(1)",
        " http://127.0.0.1:80/",
        "",
        5,
    ],
)
def test_a_login_code_is_brought_to_nobody_but_an_app_of_this_computer(server: Backend, url: object) -> None:
    body = {"email": ANN, "codeChallenge": challenge("a"), "cliCallbackUrl": url}
    answer = server.call("POST", "/v1/auth/slack/start", body, token="")
    assert code(answer) == (400, "INVALID_INPUT")
    assert list(answer.json()["details"]["fieldErrors"]) == ["cliCallbackUrl"]


def test_no_address_makes_the_identity_page_send_anybody_elsewhere(server: Backend, browser: Browser) -> None:
    app = App(server)
    evil = "http://evil.example/"
    browser.open(f"{app.authorize_url}&redirect_uri={quote(evil)}&next={quote(evil)}")
    there = browser.decide("allow", redirect_uri=evil, next=evil)
    assert there.startswith(f"{server.api_url}/v1/auth/slack/callback?")
    state = "a\r\nLocation: http://evil.example/"
    browser.open(f"{server.api_url}/identity?{urlencode({'state': state, 'login_hint': ANN})}")
    answer = browser.send({"form": browser.page.field("form"), "choice": "deny"})
    assert answer.headers.get_list("location") == [
        f"{server.api_url}/v1/auth/slack/callback?error=access_denied&state=a%0D%0ALocation%3A+http%3A%2F%2Fevil.example%2F"
    ]


@pytest.mark.parametrize(
    "email", ["<script>alert(1)</script>@a.b", '"onfocus="alert(1)@a.b', "a@b.c\r\nX: y", "nobody"]
)
def test_an_address_made_up_for_the_identity_page_is_not_shown(
    server: Backend, browser: Browser, email: str
) -> None:
    answer = browser.open(f"{server.api_url}/identity?{urlencode({'state': 'a', 'login_hint': email})}")
    assert answer.status_code == 400
    assert email not in answer.text
    assert "x" not in answer.headers


def test_what_an_address_may_hold_is_shown_as_text(server: Backend, browser: Browser) -> None:
    email = "o'hara&sons`{$x}@example.com"
    app = App(server, email)
    shown = browser.open(app.authorize_url).text
    assert html.escape(email) in shown
    assert email in browser.page.shown
    browser.choose("allow")
    granted = app.exchange(app.status()["loginCode"])
    assert granted.json()["profile"]["email"] == email


def test_a_token_in_the_address_is_not_looked_at(server: Backend) -> None:
    token = server.control("sessions", {"email": ANN})["accessToken"]
    for name in ("access_token", "token", "authorization", "bearer"):
        for method, path in (("GET", "/v1/tunnels"), ("POST", "/v1/tunnels"), ("POST", "/v1/auth/logout")):
            answer = server.call(method, f"{path}?{name}={token}", token="")
            assert code(answer) == (401, "MISSING_AUTH")
    assert server.call("GET", "/v1/tunnels", token=token).status_code == 200


def test_no_token_passes_for_one_of_another_kind(server: Backend) -> None:
    granted = server.control("sessions", {"email": ANN})
    access, refresh = granted["accessToken"], granted["refreshToken"]
    app = App(server)
    assert code(server.call("GET", "/v1/tunnels", token=refresh)) == (401, "INVALID_TOKEN")
    assert code(app.refresh(access)) == (401, "INVALID_REFRESH_TOKEN")
    assert code(app.exchange(app.state)) == (400, "INVALID_LOGIN_CODE")
    assert code(app.exchange(refresh)) == (400, "INVALID_LOGIN_CODE")
    assert code(server.call("POST", "/_control/users", {}, token=access)) == (401, "INVALID_TOKEN")


def test_another_users_tunnel_is_no_tunnel_at_all(server: Backend) -> None:
    """An existing one and one nobody has are answered alike, to the letter."""
    created = Account(server).create("secret")
    token = server.control("sessions", {"email": "mallory@example.com"})["accessToken"]
    nobodys = ("00000000-0000-4000-8000-000000000000", created["hostname"].replace("secret", "nobody"))
    for theirs, none in zip((created["tunnelId"], created["hostname"]), nobodys, strict=True):
        for method, path in (("DELETE", ""), ("POST", "/heartbeat")):
            answers = [server.call(method, f"/v1/tunnels/{one}{path}", token=token) for one in (theirs, none)]
            assert [code(answer) for answer in answers] == [(404, "TUNNEL_NOT_FOUND")] * 2
            assert answers[0].content == answers[1].content
    assert server.call("GET", "/v1/tunnels?includeInactive=true", token=token).json() == []


def test_a_replayed_refresh_token_signs_thief_and_owner_out(server: Backend) -> None:
    """Stolen, used by the owner, whose next token is used as well: then whoever comes with it is a copy."""
    app = App(server)
    stolen = app.session()
    second = app.refresh(stolen["refreshToken"]).json()
    third = app.refresh(second["refreshToken"]).json()
    assert code(app.refresh(stolen["refreshToken"])) == (401, "INVALID_REFRESH_TOKEN")
    for granted in (stolen, second, third):
        assert code(app.refresh(granted["refreshToken"])) == (401, "INVALID_REFRESH_TOKEN")
        assert code(server.call("GET", "/v1/tunnels", token=granted["accessToken"])) == (401, "INVALID_TOKEN")


def test_a_refresh_token_replayed_late_signs_thief_and_owner_out(start_backend: StartBackend) -> None:
    backend = start_backend()
    app = App(backend)
    for waited, honoured in ((29, True), (30, False)):
        first = backend.control("sessions", {"email": ANN})
        second = app.refresh(first["refreshToken"]).json()
        backend.control("clock", {"jumpSec": waited})
        again = app.refresh(first["refreshToken"])
        assert (again.status_code == 200) == honoured
        if honoured:
            assert again.json()["refreshToken"] == second["refreshToken"]
        assert (app.refresh(second["refreshToken"]).status_code == 200) == honoured
        works = backend.call("GET", "/v1/tunnels", token=second["accessToken"]).status_code == 200
        assert works == honoured
    assert "a refresh token was used again" in backend.log.read_text()


def test_a_server_without_grace_ends_the_session_at_the_second_use(start_backend: StartBackend) -> None:
    backend = start_backend(refresh_grace=0)
    app = App(backend)
    first = backend.control("sessions")
    second = app.refresh(first["refreshToken"]).json()
    assert code(app.refresh(first["refreshToken"])) == (401, "INVALID_REFRESH_TOKEN")
    assert code(app.refresh(second["refreshToken"])) == (401, "INVALID_REFRESH_TOKEN")


@pytest.mark.slow
def test_nothing_secret_is_logged_or_kept(start_backend: StartBackend, browser: Browser) -> None:
    backend = start_backend()
    app = App(backend)
    browser.open(app.authorize_url)
    there = browser.decide("allow")
    browser.open(there)
    login_code = app.status()["loginCode"]
    granted = app.exchange(login_code).json()
    renewed = app.refresh(granted["refreshToken"]).json()
    app.refresh(renewed["refreshToken"])
    app.refresh(granted["refreshToken"])
    app.post("logout", {"refreshToken": renewed["refreshToken"]}, token=renewed["accessToken"])
    backend.stop()
    secret = [app.state, app.verifier, challenge(app.verifier), login_code, query(there)["code"]]
    secret += [one[name] for one in (granted, renewed) for name in ("accessToken", "refreshToken")]
    kept = [backend.log.read_bytes(), *(path.read_bytes() for path in backend.data_dir.iterdir())]
    assert not [text for text in secret if any(text.encode() in data for data in kept)]
