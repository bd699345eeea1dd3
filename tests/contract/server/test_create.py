"""POST /v1/tunnels of the documented server."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.contract.server.accounts import Account, code, token_of

if TYPE_CHECKING:
    from tests.backend_process import Backend
    from tests.conftest import StartBackend


def test_the_answer_has_the_four_documented_fields(account: Account) -> None:
    created = account.create("four-fields")
    assert sorted(created) == ["cloudflaredToken", "heartbeatIntervalSec", "hostname", "tunnelId"]
    assert str(uuid.UUID(created["tunnelId"])) == created["tunnelId"]
    assert created["hostname"] == f"four-fields.tunnel.localhost:{urlsplit(account.backend.edge_url).port}"
    assert created["heartbeatIntervalSec"] == 20
    assert isinstance(created["heartbeatIntervalSec"], int)


def test_the_token_has_cloudflareds_form_and_names_the_edge(account: Account) -> None:
    created = account.create()
    token = token_of(created)
    assert sorted(token) == ["a", "e", "s", "t"]
    assert re.fullmatch(r"[0-9a-f]{32}", token["a"])
    assert token["t"] == created["tunnelId"]
    assert token["e"] == urlsplit(account.backend.edge_url).netloc


def test_a_random_name_is_eight_letters_and_digits(account: Account) -> None:
    assert re.fullmatch(r"[a-z0-9]{8}\..*", account.create()["hostname"])


def test_nobody_gets_in_without_a_token(account: Account) -> None:
    for token, expected in (
        ("", "MISSING_AUTH"),
        ("forged", "INVALID_TOKEN"),
        ("tda_" + "x" * 43, "INVALID_TOKEN"),
    ):
        for answer in (
            account.call("POST", "", {"port": 1}, token=token),
            account.call("GET", "", token=token),
            account.beat(str(uuid.uuid4()), token=token),
            account.delete(str(uuid.uuid4()), token=token),
        ):
            assert code(answer) == (401, expected)
            assert answer.headers["www-authenticate"] == "Bearer"
    for header in ("Basic abc", "Bearer", "token"):
        answer = account.call("GET", "", token="", headers={"Authorization": header})
        assert code(answer) == (401, "MISSING_AUTH")


def test_a_revoked_token_is_invalid(account: Account) -> None:
    assert account.backend.control("revoke-token", {"accessToken": account.token}) == {"revoked": True}
    assert code(account.call("GET", "")) == (401, "INVALID_TOKEN")


def test_the_sixth_tunnel_is_one_too_many(account: Account) -> None:
    created = [account.create() for _ in range(5)]
    answer = account.call("POST", "", {"port": 1})
    assert code(answer) == (429, "TUNNEL_LIMIT_EXCEEDED")
    assert answer.json()["details"] == {"activeCount": 5, "maxActive": 5}
    assert "retry-after" not in answer.headers
    account.delete(created[0]["tunnelId"])
    account.create()


def test_a_taken_name_is_a_conflict_whoever_has_it(account: Account) -> None:
    account.create("taken")
    for user in (account, Account(account.backend)):
        assert code(user.call("POST", "", {"port": 1, "requestedSlug": "taken"})) == (409, "TUNNEL_SLUG_CONFLICT")


def test_a_name_that_is_stopping_is_a_conflict_too(account: Account) -> None:
    created = account.create("stopping")
    account.backend.control("faults", {"route": "delete", "code": "TUNNEL_DNS_DELETION_FAILED"})
    assert code(account.delete(created["tunnelId"])) == (502, "TUNNEL_DNS_DELETION_FAILED")
    answer = account.call("POST", "", {"port": 1, "requestedSlug": "stopping"})
    assert code(answer) == (409, "TUNNEL_SLUG_CONFLICT")


def test_no_free_random_name(account: Account) -> None:
    account.backend.control("refuse-random-slugs", {"refuse": True})
    try:
        assert code(account.call("POST", "", {"port": 1})) == (503, "SLUG_EXHAUSTED")
        account.create("chosen")
    finally:
        account.backend.control("refuse-random-slugs", {"refuse": False})
    account.create()


def test_the_checks_come_in_the_documented_order(start_backend: StartBackend) -> None:
    """Each request here is wrong in every way that comes after the one it is answered with."""
    backend = start_backend(max_tunnels=1, create_rate=7)
    account = Account(backend)
    Account(backend).create("taken")

    def post(port: object, slug: object, *, token: str | None = None) -> tuple[int, str]:
        return code(account.call("POST", "", {"port": port, "requestedSlug": slug}, token=token or account.token))

    assert post("x", 5, token="forged") == (401, "INVALID_TOKEN")
    account.create()
    assert post(0, 5) == (400, "INVALID_INPUT")
    assert post(0, "BAD") == (400, "INVALID_PORT")
    assert post(1, "BAD") == (400, "INVALID_INPUT")
    assert post(1, "taken") == (429, "TUNNEL_LIMIT_EXCEEDED")
    account.delete(account.tunnels()[0]["id"])
    assert post(1, "taken") == (409, "TUNNEL_SLUG_CONFLICT")
    assert post("x", 5) == (400, "INVALID_INPUT")
    assert post("x", 5) == (429, "RATE_LIMITED")


def test_twenty_a_minute_and_the_minute_slides(start_backend: StartBackend) -> None:
    backend = start_backend()
    account, other = Account(backend), Account(backend)
    for remaining in reversed(range(10)):
        answer = account.call("POST", "", {"port": 0})
        assert code(answer) == (400, "INVALID_PORT")
        assert answer.headers["x-ratelimit-remaining"] == str(remaining + 10)
    backend.control("clock", {"jumpSec": 30})
    for _ in range(10):
        assert account.call("POST", "", content=b"rubbish").status_code == 400
    refused = account.call("POST", "", {"port": 1})
    assert code(refused) == (429, "RATE_LIMITED")
    assert 25 <= int(refused.headers["retry-after"]) <= 30
    assert refused.headers["x-ratelimit-limit"] == "20"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["x-ratelimit-reset"] == refused.headers["retry-after"]
    other.create()
    assert account.tunnels() == []  # only creates are counted
    backend.control("clock", {"jumpSec": int(refused.headers["retry-after"])})
    account.create()


def test_no_limit_when_told_so(start_backend: StartBackend) -> None:
    account = Account(start_backend(create_rate=0))
    for _ in range(25):
        answer = account.call("POST", "", {"port": 0})
    assert code(answer) == (400, "INVALID_PORT")
    assert "x-ratelimit-limit" not in answer.headers


def test_a_failure_half_way_holds_the_name_until_the_lease_ends(start_backend: StartBackend) -> None:
    backend = start_backend()
    account = Account(backend)
    backend.control("faults", {"route": "create", "code": "CLOUDFLARE_ERROR", "apply": True})
    wanted = {"port": 3000, "requestedSlug": "half-way"}
    assert code(account.call("POST", "", wanted)) == (502, "CLOUDFLARE_ERROR")
    assert code(account.call("POST", "", wanted)) == (409, "TUNNEL_SLUG_CONFLICT")
    backend.control("clock", {"jumpSec": 60})
    account.create("half-way")


def test_the_switches_set_what_is_told_and_allowed(start_backend: StartBackend) -> None:
    account = Account(
        start_backend(base_domain="Example.com", heartbeat_interval=0.5, max_tunnels=1, lease_timeout=1.5)
    )
    created = account.create("my-app")
    assert created["hostname"] == "my-app.example.com"
    assert created["heartbeatIntervalSec"] == 0.5
    answer = account.call("POST", "", {"port": 1})
    assert answer.json()["details"] == {"activeCount": 1, "maxActive": 1}


def test_a_user_has_nothing_to_do_with_the_others(server: Backend) -> None:
    ann, bob = Account(server), Account(server)
    created = ann.create()
    assert bob.tunnels() == []
    assert code(bob.beat(created["tunnelId"])) == (404, "TUNNEL_NOT_FOUND")
    assert code(bob.beat(created["hostname"])) == (404, "TUNNEL_NOT_FOUND")
    assert code(bob.delete(created["tunnelId"])) == (404, "TUNNEL_NOT_FOUND")
    assert [tunnel["status"] for tunnel in ann.tunnels()] == ["active"]
