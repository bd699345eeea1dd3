"""What the newer generation does otherwise."""

from __future__ import annotations

import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

from tests.contract.server.accounts import Account, code

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.conftest import StartBackend

    Dial = Callable[[dict[str, Any]], tuple[socket.socket, bytes]]


def test_a_create_answers_a_run_token_and_the_lease_timeout(newer: Account) -> None:
    created = newer.create()
    assert sorted(created) == [
        "cloudflaredToken",
        "heartbeatIntervalSec",
        "hostname",
        "leaseTimeoutSec",
        "tunnelId",
        "tunnelRunToken",
    ]
    assert created["leaseTimeoutSec"] == 60


def test_only_its_own_run_token_beats_for_a_tunnel(newer: Account) -> None:
    mine, other = newer.create(), newer.create()
    token = mine["tunnelRunToken"]
    for name in (mine["tunnelId"], mine["hostname"]):
        assert newer.beat(name, token=token).status_code == 200
    assert code(newer.beat(mine["tunnelId"])) == (401, "INVALID_TOKEN")  # the access token
    assert code(newer.beat(mine["tunnelId"], token="")) == (401, "MISSING_AUTH")
    assert code(newer.beat(other["tunnelId"], token=token)) == (403, "FORBIDDEN")
    assert code(newer.beat(str(uuid.uuid4()), token=token)) == (404, "TUNNEL_NOT_FOUND")
    assert code(newer.beat("rubbish", token=token)) == (400, "INVALID_TUNNEL_ID")
    newer.delete(mine["tunnelId"])
    assert code(newer.beat(mine["tunnelId"], token=token)) == (404, "TUNNEL_NOT_FOUND")
    assert code(newer.call("GET", "", token=token)) == (401, "INVALID_TOKEN")


def test_signing_out_takes_a_good_access_token(start_backend: StartBackend) -> None:
    server = start_backend(dialect="newer")
    granted = server.control("sessions", {"email": "ann@example.com"})
    body = {"refreshToken": granted["refreshToken"]}
    for token, expected in (("", "MISSING_AUTH"), ("tda_guess", "INVALID_TOKEN")):
        assert code(server.call("POST", "/v1/auth/logout", body, token=token)) == (401, expected)
    assert server.call("GET", "/v1/tunnels", token=granted["accessToken"]).status_code == 200
    assert server.call("POST", "/v1/auth/logout", body, token=granted["accessToken"]).status_code == 200
    assert code(server.call("GET", "/v1/tunnels", token=granted["accessToken"])) == (401, "INVALID_TOKEN")
    assert code(server.call("POST", "/v1/auth/refresh", body)) == (401, "INVALID_REFRESH_TOKEN")


def test_the_codes_that_differ(newer: Account) -> None:
    for _ in range(5):
        newer.create()
    answer = newer.call("POST", "", {"port": 1})
    assert code(answer) == (409, "TUNNEL_LIMIT_REACHED")
    assert answer.json()["details"] == {"activeCount": 5, "maxActive": 5}
    answer = newer.call("POST", "", {"port": 65536})
    assert code(answer) == (400, "INVALID_INPUT")
    assert answer.json()["details"]["fieldErrors"]["port"]
    assert code(newer.call("POST", "", {"port": 1, "requestedSlug": "BAD"})) == (400, "INVALID_SLUG")


def test_too_many_creates_look_like_a_failure(newer: Account) -> None:
    for _ in range(20):
        newer.call("POST", "", {"port": 0})
    answer = newer.call("POST", "", {"port": 1})
    assert code(answer) == (500, "INTERNAL_ERROR")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["x-ratelimit-remaining"] == "0"


def test_an_address_that_leads_nowhere_has_no_code(newer: Account) -> None:
    answer = newer.backend.call("GET", "/v1/nothing")
    assert answer.status_code == 404
    assert answer.json() == {"message": "Route GET:/v1/nothing not found", "error": "Not Found", "statusCode": 404}


def test_a_lease_that_ran_out_is_revived_until_the_reaper_comes(start_backend: StartBackend) -> None:
    backend = start_backend(dialect="newer", reaper_interval=200)
    account = Account(backend)
    created = account.create("revived")
    backend.control("clock", {"jumpSec": 90})
    assert [tunnel["status"] for tunnel in account.tunnels()] == ["active"]
    wanted = {"port": 1, "requestedSlug": "revived"}
    assert code(account.call("POST", "", wanted)) == (409, "TUNNEL_SLUG_CONFLICT")
    assert account.beat(created["tunnelId"], token=created["tunnelRunToken"]).status_code == 200
    backend.control("clock", {"jumpSec": 200})
    assert account.tunnels() == []
    assert code(account.beat(created["tunnelId"], token=created["tunnelRunToken"])) == (404, "TUNNEL_NOT_FOUND")
    account.create("revived")


def test_a_delete_waits_for_the_connector_to_leave(newer: Account, dial: Dial) -> None:
    created = newer.create()
    connection, welcome = dial(created)
    assert b" 101 " in welcome
    leaving = threading.Timer(0.5, connection.close)
    leaving.start()
    started = time.monotonic()
    assert newer.delete(created["tunnelId"]).json() == {"ok": True}
    assert time.monotonic() - started >= 0.4
    leaving.join()


def test_a_delete_with_the_connector_attached_gives_up_after_15_s(start_backend: StartBackend, dial: Dial) -> None:
    backend = start_backend(dialect="newer")
    account = Account(backend)
    created = account.create("draining")
    connection, _ = dial(created)
    answers = []
    deleting = threading.Thread(target=lambda: answers.append(account.delete(created["tunnelId"])))
    deleting.start()
    while [tunnel["status"] for tunnel in account.tunnels()] != ["stopping"]:
        assert deleting.is_alive()
    backend.control("clock", {"jumpSec": 14})
    deleting.join(0.3)
    assert deleting.is_alive()
    backend.control("clock", {"jumpSec": 1})
    deleting.join(10)
    assert [code(answer) for answer in answers] == [(503, "TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS")]

    # Accepted all the same: it takes nothing new, holds its name, and ends once it has drained.
    assert [tunnel["status"] for tunnel in account.tunnels()] == ["stopping"]
    assert b"Unauthorized: Tunnel not found" in dial(created)[1]
    wanted = {"port": 1, "requestedSlug": "draining"}
    assert code(account.call("POST", "", wanted)) == (409, "TUNNEL_SLUG_CONFLICT")
    connection.close()
    assert account.delete(created["tunnelId"]).json() == {"ok": True}
    assert account.tunnels() == []
