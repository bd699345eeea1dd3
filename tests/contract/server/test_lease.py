"""Heartbeats, lists and deletes of the documented server."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.contract.server.accounts import Account, code

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.conftest import StartBackend

    Dial = Callable[[dict[str, Any]], tuple[socket.socket, bytes]]


def ways_to_name(created: dict[str, Any]) -> list[str]:
    hostname, bare = created["hostname"], created["hostname"].partition(":")[0]
    return [
        created["tunnelId"],
        created["tunnelId"].upper(),
        hostname,
        bare,
        bare.upper(),
        quote(hostname, safe=""),
        bare.replace("-", "%2D").replace(".", "%2e"),
        f"{bare}:1",
    ]


def test_a_heartbeat_names_the_tunnel_by_id_or_host_name(account: Account) -> None:
    created = account.create("by-any-name")
    for name in ways_to_name(created):
        answer = account.beat(name)
        assert answer.status_code == 200, name
        assert sorted(answer.json()) == ["expiresAt", "ok"]
        assert answer.json()["ok"] is True
    (tunnel,) = account.tunnels()
    assert tunnel["lease"]["expiresAt"] == answer.json()["expiresAt"]
    lease = {name: datetime.fromisoformat(at) for name, at in tunnel["lease"].items()}
    assert lease["expiresAt"] - lease["lastHeartbeatAt"] == timedelta(seconds=60)


def test_a_heartbeat_with_a_content_type_and_no_body_is_fine(account: Account) -> None:
    created = account.create()
    assert account.beat(created["tunnelId"], headers={"Content-Type": "application/json"}).status_code == 200
    assert account.beat(created["tunnelId"], content=b"{").status_code == 200


@pytest.mark.parametrize("name", ["my-app", "not a name", "%3Cb%3E", "1234", "%F0%9F%92%A5", "a..b"])
def test_what_is_no_name_at_all(account: Account, name: str) -> None:
    assert code(account.beat(name)) == (400, "INVALID_TUNNEL_ID")
    assert code(account.delete(name)) == (404, "TUNNEL_NOT_FOUND")


def test_what_nobody_has(account: Account) -> None:
    for name in (str(uuid.uuid4()), "nobody.tunnel.localhost", "my-app.example.com"):
        assert code(account.beat(name)) == (404, "TUNNEL_NOT_FOUND")
        assert code(account.delete(name)) == (404, "TUNNEL_NOT_FOUND")


def test_a_tunnel_is_listed_with_all_that_is_known_of_it(account: Account) -> None:
    created = account.create("listed", port=3001)
    (tunnel,) = account.tunnels()
    assert tunnel == {
        "id": created["tunnelId"],
        "hostname": created["hostname"],
        "slug": "listed",
        "status": "active",
        "requestedPort": 3001,
        "createdAt": tunnel["createdAt"],
        "lease": {"lastHeartbeatAt": tunnel["createdAt"], "expiresAt": tunnel["lease"]["expiresAt"]},
        "stoppedAt": None,
        "lastError": None,
    }
    assert tunnel["createdAt"].endswith("Z")


def test_only_what_is_active_or_stopping_is_listed_unless_asked(account: Account) -> None:
    first, second = account.create("first"), account.create("second")
    assert account.delete(first["hostname"]).json() == {"ok": True}
    assert [tunnel["id"] for tunnel in account.tunnels()] == [second["tunnelId"]]
    stopped, active = account.tunnels(inactive=True)
    assert (stopped["status"], stopped["lease"], stopped["lastError"]) == ("stopped", None, None)
    assert stopped["stoppedAt"] >= stopped["createdAt"]
    assert active["status"] == "active"
    assert [tunnel["id"] for tunnel in account.call("GET", "?includeInactive=false").json()] == [second["tunnelId"]]


def test_a_deleted_tunnel_is_gone(account: Account) -> None:
    created = account.create("deleted")
    assert account.delete(created["tunnelId"]).json() == {"ok": True}
    for name in ways_to_name(created):
        assert code(account.beat(name)) == (404, "TUNNEL_NOT_FOUND")
        assert code(account.delete(name)) == (404, "TUNNEL_NOT_FOUND")
    account.create("deleted")


@pytest.mark.parametrize("how", ["clock", "expire-lease"])
def test_when_the_lease_ends_the_tunnel_is_gone_at_once(start_backend: StartBackend, how: str) -> None:
    backend = start_backend(reaper_interval=100_000, max_tunnels=1)
    account = Account(backend)
    created = account.create("gone")
    if how == "clock":
        backend.control("clock", {"jumpSec": 59})
        assert account.beat(created["tunnelId"]).status_code == 200
        backend.control("clock", {"jumpSec": 60})
    else:
        backend.control("expire-lease", {"tunnel": created["hostname"]})
    assert account.tunnels() == []
    assert code(account.beat(created["tunnelId"])) == (404, "TUNNEL_NOT_FOUND")
    assert code(account.delete(created["tunnelId"])) == (404, "TUNNEL_NOT_FOUND")
    assert [tunnel["lastError"] for tunnel in account.tunnels(inactive=True)] == ["LEASE_EXPIRED"]
    account.create("gone")


def test_a_delete_cuts_the_connector_off_and_it_may_not_come_back(account: Account, dial: Dial) -> None:
    created = account.create()
    connection, welcome = dial(created)
    assert b" 101 " in welcome
    account.delete(created["tunnelId"])
    connection.settimeout(10)
    while connection.recv(4096):
        pass
    assert b"Unauthorized: Tunnel not found" in dial(created)[1]


def test_the_end_of_the_lease_cuts_the_connector_off(start_backend: StartBackend, dial: Dial) -> None:
    backend = start_backend()
    created = Account(backend).create()
    connection, welcome = dial(created)
    assert b" 101 " in welcome
    backend.control("clock", {"jumpSec": 61})
    connection.settimeout(10)
    while connection.recv(4096):
        pass
    assert b"Unauthorized: Tunnel not found" in dial(created)[1]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        ("TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS", 503),
        ("TUNNEL_CLOUDFLARE_DELETION_FAILED", 502),
        ("TUNNEL_DNS_DELETION_FAILED", 502),
        ("CLOUDFLARE_ERROR", 502),
        ("INTERNAL_ERROR", 500),
    ],
)
def test_a_delete_that_fails_is_finished_by_the_reaper(
    start_backend: StartBackend, failure: str, status: int
) -> None:
    backend = start_backend()
    account = Account(backend)
    created = account.create("failing")
    backend.control("faults", {"route": "delete", "code": failure})
    assert code(account.delete(created["tunnelId"])) == (status, failure)
    (tunnel,) = account.tunnels()
    assert (tunnel["status"], tunnel["lastError"]) == ("stopping", failure)
    assert code(account.beat(created["tunnelId"])) == (404, "TUNNEL_NOT_FOUND")
    backend.control("clock", {"jumpSec": 30})
    assert account.tunnels() == []
    account.create("failing")


def test_a_second_delete_finishes_a_failed_one(account: Account) -> None:
    created = account.create()
    account.backend.control("faults", {"route": "delete", "code": "TUNNEL_DNS_DELETION_FAILED"})
    account.delete(created["tunnelId"])
    assert account.delete(created["tunnelId"]).json() == {"ok": True}
    assert account.tunnels() == []
