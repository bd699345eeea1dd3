"""JSON of the API and what it means; JSON of anybody else and that it means nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.api import wire
from tunneldesk.api.wire import WireError
from tunneldesk.domain.model import RemoteStatus, RemoteTunnel

ANY_TEXT = st.text(st.characters(exclude_categories=[]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner), max_leaves=20)

CREATED: dict[str, Any] = {
    "tunnelId": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "hostname": "my-app.example.com",
    "cloudflaredToken": "eyJhIjoiYTFiMmMz",
    "heartbeatIntervalSec": 20,
}
LISTED: dict[str, Any] = {
    "id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "hostname": "my-app.example.com",
    "slug": "my-app",
    "status": "active",
    "requestedPort": 3000,
    "createdAt": "2026-11-23T18:00:00.000Z",
    "lease": {"lastHeartbeatAt": "2026-11-23T18:00:20Z", "expiresAt": "2026-11-23T18:01:20Z"},
    "stoppedAt": None,
    "lastError": None,
}


def odd(fields: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return answers that are right but for some of their fields."""
    return st.fixed_dictionaries({}, optional={name: JSON | st.just(value) for name, value in fields.items()}).map(
        lambda changes: {**fields, **changes}
    )


def test_the_documented_answer_is_understood() -> None:
    grant = wire.read_grant(CREATED)
    assert grant.tunnel_id == CREATED["tunnelId"]
    assert grant.hostname == "my-app.example.com"
    assert grant.connector_token.reveal() == CREATED["cloudflaredToken"]
    assert (grant.heartbeat_interval, grant.lease_timeout, grant.run_token) == (20, 60, None)


def test_a_newer_servers_answer_is_understood_and_what_is_unknown_is_ignored() -> None:
    more = {"tunnelRunToken": "run-token", "leaseTimeoutSec": 45, "region": {"name": "eu"}, "ok": False}
    grant = wire.read_grant({**CREATED, **more})
    assert grant.run_token is not None
    assert grant.run_token.reveal() == "run-token"
    assert grant.lease_timeout == 45


@pytest.mark.parametrize("name", CREATED)
@pytest.mark.parametrize("value", [None, True, [], {}, ["x"], "", " ", "two words", "ümläut", "\x00"])
def test_a_field_of_the_wrong_type_makes_the_answer_somebody_elses(name: str, value: object) -> None:
    with pytest.raises(WireError, match=f'"{name}"'):
        wire.read_grant({**CREATED, name: value})
    with pytest.raises(WireError, match=f'"{name}"'):
        wire.read_grant({key: kept for key, kept in CREATED.items() if key != name})


@pytest.mark.parametrize(
    "hostname", ["<b>.example.com", "https://a.example.com", "localhost", "a.example.com/x", "a b.com", "a.com:0"]
)
def test_what_is_no_host_name_is_not_taken_for_one(hostname: str) -> None:
    with pytest.raises(WireError, match="host name"):
        wire.read_grant({**CREATED, "hostname": hostname})


@pytest.mark.parametrize("tunnel_id", ["..", ".", "a/b", "../v1", "a?b", "a%2fb", "a#b", "x" * 129])
def test_an_id_that_would_lead_elsewhere_is_refused(tunnel_id: str) -> None:
    with pytest.raises(WireError, match="identifier"):
        wire.read_grant({**CREATED, "tunnelId": tunnel_id})
    with pytest.raises(WireError, match="identifier"):
        wire.read_tunnels([{**LISTED, "id": tunnel_id}])


@pytest.mark.parametrize(
    ("said", "interval", "lease"),
    [
        (20, 20, 60),
        (20.5, 20.5, 61.5),
        (5, 5, 15),
        (0, 20, 60),
        (-5, 20, 60),
        (0.001, 0.2, 0.6),
        (61, 60, 180),
        (1e9, 60, 180),
        (10**400, 60, 180),
        (-(10**400), 20, 60),
    ],
)
def test_an_absurd_interval_is_brought_within_reason(said: float, interval: float, lease: float) -> None:
    grant = wire.read_grant({**CREATED, "heartbeatIntervalSec": said})
    assert grant.heartbeat_interval == interval
    assert grant.lease_timeout == pytest.approx(lease)


@pytest.mark.parametrize(
    ("said", "lease"),
    [(60, 60), (10, 10), (None, 60), (0, 60), (-1, 60), (0.01, 0.6), (1e9, 86_400), (10**400, 86_400)],
)
def test_an_absurd_lease_is_brought_within_reason(said: float | None, lease: float) -> None:
    assert wire.read_grant({**CREATED, "leaseTimeoutSec": said}).lease_timeout == lease


@pytest.mark.parametrize("name", ["heartbeatIntervalSec", "leaseTimeoutSec"])
@pytest.mark.parametrize("value", ["20", True, False, [20], {}, float("inf"), float("-inf")])
def test_a_time_that_is_no_number_is_refused(name: str, value: object) -> None:
    with pytest.raises(WireError, match=name):
        wire.read_grant({**CREATED, name: value})


@pytest.mark.parametrize("value", [5, True, [], "", "two words", "line\nbreak"])
def test_a_run_token_that_is_no_token_is_refused(value: object) -> None:
    with pytest.raises(WireError, match="tunnelRunToken"):
        wire.read_grant({**CREATED, "tunnelRunToken": value})


def test_a_refusal_does_not_quote_what_it_refuses() -> None:
    for name in CREATED:
        with pytest.raises(WireError) as caught:
            wire.read_grant({**CREATED, name: ["secret-token"]})
        assert "secret-token" not in str(caught.value)


def test_a_listed_tunnel_is_understood() -> None:
    assert wire.read_tunnels([{**LISTED, "owner": "me"}]) == (
        RemoteTunnel(
            tunnel_id=LISTED["id"],
            hostname="my-app.example.com",
            slug="my-app",
            status=RemoteStatus.ACTIVE,
            port=3000,
            created_at=datetime(2026, 11, 23, 18, 0, tzinfo=UTC),
            last_heartbeat_at=datetime(2026, 11, 23, 18, 0, 20, tzinfo=UTC),
            lease_expires_at=datetime(2026, 11, 23, 18, 1, 20, tzinfo=UTC),
        ),
    )


def test_an_empty_list_is_a_list_and_the_order_is_the_servers() -> None:
    assert wire.read_tunnels([]) == ()
    assert [item.tunnel_id for item in wire.read_tunnels([{**LISTED, "id": "b"}, {**LISTED, "id": "a"}])] == [
        "b",
        "a",
    ]


@pytest.mark.parametrize(
    ("field", "value", "attribute", "meaning"),
    [
        ("status", "hibernating", "status", RemoteStatus.UNKNOWN),
        ("status", ["active"], "status", RemoteStatus.UNKNOWN),
        ("status", "stopping", "status", RemoteStatus.STOPPING),
        ("requestedPort", 0, "port", None),
        ("requestedPort", 65536, "port", None),
        ("requestedPort", True, "port", None),
        ("requestedPort", "3000", "port", None),
        ("slug", None, "slug", None),
        ("slug", "", "slug", None),
        ("slug", "x" * 99, "slug", "x" * 29 + "..."),
        ("createdAt", "yesterday", "created_at", None),
        ("createdAt", 1700000000, "created_at", None),
        ("createdAt", "2026-11-23T18:00:00", "created_at", datetime(2026, 11, 23, 18, tzinfo=UTC)),
        ("createdAt", "2026-11-23T19:00:00+01:00", "created_at", datetime(2026, 11, 23, 18, tzinfo=UTC)),
        ("createdAt", "0001-01-01T00:00:00+23:59", "created_at", None),
        ("lease", None, "lease_expires_at", None),
        ("lease", "soon", "lease_expires_at", None),
        ("lease", {}, "lease_expires_at", None),
        ("stoppedAt", "2026-11-23T18:00:00Z", "stopped_at", datetime(2026, 11, 23, 18, tzinfo=UTC)),
        ("lastError", "DNS\nfailed", "last_error", "DNS failed"),
        ("lastError", {"code": "X", "message": "DNS failed"}, "last_error", "DNS failed"),
        ("lastError", {}, "last_error", None),
        ("lastError", "", "last_error", None),
        ("lastError", 5, "last_error", None),
    ],
)
def test_what_is_only_shown_is_left_out_when_it_makes_no_sense(
    field: str, value: object, attribute: str, meaning: object
) -> None:
    (tunnel,) = wire.read_tunnels([{**LISTED, field: value}])
    assert getattr(tunnel, attribute) == meaning


@pytest.mark.parametrize("body", [None, {}, {"tunnels": []}, "[]", 5, [5], [None], [[]], [{}], [{"id": "x"}]])
def test_what_is_no_list_of_tunnels_is_refused(body: object) -> None:
    with pytest.raises(WireError):
        wire.read_tunnels(body)


def test_a_heartbeats_answer_says_when_the_lease_ends() -> None:
    answer = {"ok": True, "expiresAt": "2026-11-23T18:01:20.500Z"}
    assert wire.read_beat(answer) == datetime(2026, 11, 23, 18, 1, 20, 500_000, tzinfo=UTC)
    assert wire.read_beat({"ok": True}) is None
    assert wire.read_beat({"ok": True, "expiresAt": "never"}) is None


@pytest.mark.parametrize("body", [None, [], "ok", {}, {"ok": False}, {"ok": "true"}, {"ok": 1}, {"expiresAt": "x"}])
def test_only_ok_true_passes_for_a_success(body: object) -> None:
    with pytest.raises(WireError):
        wire.read_done(body)
    with pytest.raises(WireError):
        wire.read_beat(body)


def test_a_name_is_asked_for_only_when_there_is_one() -> None:
    assert wire.create_body(3000, None) == {"port": 3000}
    assert wire.create_body(3000, "my-app") == {"port": 3000, "requestedSlug": "my-app"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{",
        b'{"a":',
        b"NaN",
        b'{"a": Infinity}',
        b"\xff\xfe\xfd",
        b"[" * 200_000,
        b"1" * 5000,
        b"'a'",
    ],
    ids=repr,
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(WireError, match="not JSON"):
        wire.decode(body)


def test_a_web_page_is_called_one() -> None:
    with pytest.raises(WireError, match="web page"):
        wire.decode(b"\r\n <!doctype html><title>502</title>")


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_json_or_a_refusal(body: bytes) -> None:
    try:
        value = wire.decode(body)
    except WireError:
        return
    assert json.dumps(value) is not None


@given(JSON | odd(CREATED))
def test_any_json_is_a_grant_that_can_be_used_or_a_refusal(body: object) -> None:
    try:
        grant = wire.read_grant(body)
    except WireError:
        return
    assert 0 < grant.beat_every <= 60
    assert grant.beat_every * 3 <= grant.lease_timeout * 1.000001
    assert grant.connector_token.reveal().isascii()


@given(JSON | st.lists(odd(LISTED) | JSON, max_size=3))
def test_any_json_is_a_list_of_tunnels_or_a_refusal(body: object) -> None:
    try:
        tunnels = wire.read_tunnels(body)
    except WireError:
        return
    assert all(tunnel.last_error is None or tunnel.last_error.isprintable() for tunnel in tunnels)


@given(JSON | st.dictionaries(st.sampled_from(["ok", "expiresAt"]), SCALARS))
def test_any_json_is_a_heartbeats_answer_or_a_refusal(body: object) -> None:
    try:
        ends = wire.read_beat(body)
    except WireError:
        return
    assert ends is None or ends.tzinfo is UTC
