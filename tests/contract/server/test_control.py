"""The fault switches below /_control/."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.contract.server.accounts import Account, code

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from tests.backend_process import Backend
    from tests.conftest import StartBackend

    Dial = Callable[[dict[str, Any]], tuple[socket.socket, bytes]]


@pytest.fixture(autouse=True)
def no_faults_left(server: Backend) -> Iterator[None]:
    yield
    server.control("faults", method="DELETE")


def test_there_are_none_unless_asked_for(start_backend: StartBackend) -> None:
    backend = start_backend(control=False)
    for path in ("users", "faults", "clock"):
        assert code(backend.call("POST", f"/_control/{path}", {})) == (404, "NOT_FOUND")


def test_they_want_the_token_of_the_ready_line(server: Backend, account: Account) -> None:
    assert code(server.call("POST", "/_control/users", {}, token="")) == (401, "MISSING_AUTH")
    assert code(server.call("POST", "/_control/users", {}, token=account.token)) == (401, "INVALID_TOKEN")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]"])
def test_they_want_a_host_of_this_computer(server: Backend, host: str) -> None:
    answer = server.call("POST", "/_control/users", {}, headers={"Host": host})
    assert code(answer) == (403, "FORBIDDEN")


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:8787", "api.localhost"])
def test_a_host_of_this_computer_may_be_called_so(server: Backend, host: str) -> None:
    assert server.call("POST", "/_control/users", {}, headers={"Host": host}).status_code == 200


def test_nobody_gets_in_by_claiming_to_come_from_here(server: Backend) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost"}
    assert server.call("POST", "/_control/users", {}, headers=headers).status_code == 403


def test_a_user_named_twice_is_one_user(server: Backend) -> None:
    first, second = (server.control("users", {"email": "ann@example.com"}) for _ in range(2))
    assert first["email"] == "ann@example.com"
    assert first["userId"] == second["userId"]
    assert first["accessToken"] != second["accessToken"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("users", {"email": 5}, "email"),
        ("users", {"email": "\ud800"}, "email"),
        ("edge/refuse", {"reason": "\udfff"}, "reason"),
        ("users", {"mail": "a@example.com"}, "mail"),
        ("revoke-token", {}, "accessToken"),
        ("sessions", {"email": "nobody"}, "email"),
        ("expire-access-token", {"accessToken": 5}, "accessToken"),
        ("expire-session", {"accessToken": "a"}, "accessToken"),
        ("expire-lease", {"tunnel": ""}, "tunnel"),
        ("expire-lease", {"tunnel": "rubbish"}, "tunnel"),
        ("clock", {}, "jumpSec"),
        ("clock", {"jumpSec": "61"}, "jumpSec"),
        ("clock", {"jumpSec": 1e300}, "jumpSec"),
        ("clock", {"jumpSec": True}, "jumpSec"),
        ("refuse-random-slugs", {"refuse": 1}, "refuse"),
        ("edge/drop", {"tunnel": 5}, "tunnel"),
        ("edge/refuse", {"reason": False}, "reason"),
        ("faults", {}, "route"),
        ("faults", {"route": "creat"}, "route"),
        ("faults", {"route": "create", "times": 0}, "times"),
        ("faults", {"route": "create", "times": 1.5}, "times"),
        ("faults", {"route": "create", "status": 600}, "status"),
        ("faults", {"route": "create", "delaySec": -1}, "delaySec"),
        ("faults", {"route": "create", "headers": {"a": 1}}, "headers"),
        ("faults", {"route": "create", "headers": {"a": "b\r\nc: d"}}, "headers"),
        ("faults", {"route": "create", "headers": []}, "headers"),
        ("faults", {"route": "create", "aply": True}, "aply"),
    ],
)
def test_a_wrong_field_is_named(server: Backend, path: str, body: object, field: str) -> None:
    answer = server.call("POST", f"/_control/{path}", content=json.dumps(body))
    assert code(answer) == (400, "INVALID_INPUT")
    assert list(answer.json()["details"]["fieldErrors"]) == [field]
    assert server.control("faults", method="GET") == {"faults": []}


def test_a_tunnel_nobody_has_cannot_expire(server: Backend) -> None:
    answer = server.call("POST", "/_control/expire-lease", {"tunnel": "nobody.tunnel.localhost"})
    assert code(answer) == (404, "TUNNEL_NOT_FOUND")


def test_faults_are_listed_counted_and_cleared(server: Backend, account: Account) -> None:
    server.control("faults", {"route": "list", "code": "INTERNAL_ERROR", "times": 3})
    assert code(account.call("GET", "")) == (500, "INTERNAL_ERROR")
    (fault,) = server.control("faults", method="GET")["faults"]
    assert (fault["route"], fault["code"], fault["times"]) == ("list", "INTERNAL_ERROR", 2)
    assert server.control("faults", method="DELETE") == {"faults": []}
    assert account.call("GET", "").json() == []


def test_a_proxys_html_in_between(server: Backend, account: Account) -> None:
    html = "<html><body><h1>502 Bad Gateway</h1></body></html>"
    server.control(
        "faults", {"route": "create", "status": 502, "body": html, "headers": {"Content-Type": "text/html"}}
    )
    answer = account.call("POST", "", {"port": 1})
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (502, html, "text/html")


def test_json_that_stops_in_the_middle(server: Backend, account: Account) -> None:
    server.control("faults", {"route": "list", "status": 200, "body": '[{"id": "a'})
    assert account.call("GET", "").text == '[{"id": "a'


def test_a_connection_that_stops_in_the_middle(server: Backend, account: Account) -> None:
    server.control("faults", {"route": "list", "code": "INTERNAL_ERROR", "cut": True})
    with pytest.raises(httpx.RemoteProtocolError):
        account.call("GET", "")


def test_a_huge_body(server: Backend, account: Account) -> None:
    server.control("faults", {"route": "healthz", "body": "[", "bodyBytes": 5_000_000})
    assert len(server.call("GET", "/healthz").content) == 5_000_001
    assert account.call("GET", "").json() == []


def test_a_delay_with_and_without_an_answer_of_its_own(server: Backend, account: Account) -> None:
    server.control("faults", {"route": "list", "delaySec": 0.3})
    server.control("faults", {"route": "list", "status": 429, "headers": {"Retry-After": "7"}, "delaySec": 0.3})
    started = time.monotonic()
    assert account.call("GET", "").json() == []
    assert time.monotonic() - started >= 0.3
    refused = account.call("GET", "")
    assert time.monotonic() - started >= 0.6
    assert (refused.status_code, refused.headers["retry-after"], refused.text) == (429, "7", "")


def test_a_create_whose_answer_never_came(server: Backend, account: Account) -> None:
    server.control("faults", {"route": "create", "status": 504, "apply": True, "delaySec": 5})
    with pytest.raises(httpx.ReadTimeout):
        account.call("POST", "", {"port": 1, "requestedSlug": "unheard"}, timeout=0.5)
    assert [tunnel["slug"] for tunnel in account.tunnels()] == ["unheard"]


def test_the_switches_themselves_never_fail(server: Backend) -> None:
    server.control("faults", {"route": "*", "code": "INTERNAL_ERROR", "times": 100})
    assert server.control("faults", method="DELETE") == {"faults": []}


def test_registrations_are_refused_with_the_text_given(server: Backend, account: Account, dial: Dial) -> None:
    created = account.create()
    server.control("edge/refuse", {"reason": "Unauthorized: Invalid tunnel secret"})
    try:
        assert b"Unauthorized: Invalid tunnel secret" in dial(created)[1]
    finally:
        assert server.control("edge/refuse", {"reason": None}) == {"reason": None}
    assert b" 101 " in dial(created)[1]


def test_dropped_connectors_may_come_back(server: Backend, account: Account, dial: Dial) -> None:
    one, other = account.create(), account.create()
    connection, untouched = dial(one)[0], dial(other)[0]
    assert server.control("edge/drop", {"tunnel": one["hostname"]}) == {"dropped": 1}
    connection.settimeout(10)
    while connection.recv(4096):
        pass
    assert b" 101 " in dial(one)[1]
    assert server.control("edge/drop")["dropped"] == 2
    untouched.settimeout(10)
    while untouched.recv(4096):
        pass
