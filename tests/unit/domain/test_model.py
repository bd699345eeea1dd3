"""What there is, and the few things that follow from it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.domain.lifecycle import ACTIVE_PHASES, Phase, Standing
from tunneldesk.domain.model import (
    AppState,
    Grant,
    RemoteStatus,
    RemoteTunnel,
    Tunnel,
    Update,
    Wish,
    public_address,
)
from tunneldesk.domain.secret import Secret


def grant(interval: float, lease: float) -> Grant:
    return Grant("id", "my-app.example.com", Secret("t"), interval, lease)


def remote(tunnel_id: str, status: RemoteStatus = RemoteStatus.ACTIVE) -> RemoteTunnel:
    return RemoteTunnel(tunnel_id, f"{tunnel_id}.example.com", tunnel_id, status, 3000)


@pytest.mark.parametrize(
    ("interval", "lease", "every"), [(20, 60, 20), (20, 30, 10), (5, 60, 5), (60, 60, 20), (1, 3, 1)]
)
def test_beats_come_as_asked_but_at_least_three_to_a_lease(interval: float, lease: float, every: float) -> None:
    assert grant(interval, lease).beat_every == every


@given(interval=st.floats(0.1, 1e6), lease=st.floats(0.1, 1e6))
def test_no_server_can_ask_for_beats_too_rare_for_its_own_lease(interval: float, lease: float) -> None:
    assert grant(interval, lease).beat_every * 3 <= lease * 1.000001


@pytest.mark.parametrize(
    ("hostname", "address"),
    [
        ("my-app.example.com", "https://my-app.example.com"),
        ("my-app.example.com:8443", "https://my-app.example.com:8443"),
        ("my-app.tunnel.localhost:8788", "http://my-app.tunnel.localhost:8788"),
        ("localhost", "http://localhost"),
        ("localhost.example.com", "https://localhost.example.com"),
        ("notlocalhost", "https://notlocalhost"),
    ],
)
def test_an_address_is_https_but_http_on_localhost(hostname: str, address: str) -> None:
    assert public_address(hostname) == address


@pytest.mark.parametrize("phase", Phase)
def test_a_tunnel_is_active_while_anything_of_it_runs(phase: Phase) -> None:
    tunnel = Tunnel("k", Wish(3000), standing=Standing(phase))
    assert tunnel.phase is phase
    assert tunnel.active is (phase in ACTIVE_PHASES)


def test_a_tunnel_goes_by_the_name_it_got_and_before_that_by_the_one_it_asked_for() -> None:
    tunnel = Tunnel("k", Wish(3000, "my-app"))
    assert (tunnel.slug, tunnel.address) == ("my-app", None)
    named = replace(tunnel, hostname="other.example.com")
    assert (named.slug, named.address) == ("other", "https://other.example.com")
    assert Tunnel("k", Wish(3000)).slug is None


def test_a_tunnel_that_starts_over_asks_for_the_name_it_had() -> None:
    tunnel = Tunnel("k", Wish(3000, stop_after=60))
    assert tunnel.again == tunnel.wish
    assert replace(tunnel, hostname="chosen.example.com").again == Wish(3000, "chosen", stop_after=60)


@pytest.mark.parametrize("status", RemoteStatus)
def test_a_listed_tunnel_holds_its_name_until_it_is_over(status: RemoteStatus) -> None:
    over = {RemoteStatus.STOPPED, RemoteStatus.FAILED, RemoteStatus.UNKNOWN}
    assert remote("a", status).held is (status not in over)


def test_tunnels_that_run_elsewhere_are_those_we_do_not_run() -> None:
    ours = Tunnel("k", Wish(3000), tunnel_id="ours")
    state = AppState(
        tunnels=(ours,), remote=(remote("ours"), remote("theirs"), remote("old", RemoteStatus.STOPPED))
    )
    assert [item.tunnel_id for item in state.elsewhere] == ["theirs"]
    assert state.in_use == 2


def test_before_the_first_look_at_the_server_only_our_own_count() -> None:
    state = AppState(tunnels=(Tunnel("a", Wish(1), tunnel_id="x"), Tunnel("b", Wish(2))))
    assert state.elsewhere == ()
    assert state.in_use == 1


def test_a_tunnel_is_found_by_its_key() -> None:
    tunnel = Tunnel("k", Wish(3000))
    state = AppState(tunnels=(Tunnel("j", Wish(1)), tunnel))
    assert state.tunnel("k") is tunnel
    assert state.tunnel("missing") is None


def test_the_state_can_not_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        AppState().quitting = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("status", "last_error", "on_purpose"),
    [
        (RemoteStatus.STOPPED, None, True),
        (RemoteStatus.STOPPING, None, True),
        (RemoteStatus.STOPPING, "TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS", True),
        (RemoteStatus.STOPPED, "LEASE_EXPIRED", False),
        (RemoteStatus.ACTIVE, None, False),
    ],
)
def test_a_tunnel_that_ended_in_an_error_was_not_stopped_on_purpose(
    status: RemoteStatus, last_error: str | None, on_purpose: bool
) -> None:
    assert replace(remote("a", status), last_error=last_error).stopped_on_purpose is on_purpose


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("1.2.3", "1.2.2", True),
        ("1.10.0", "1.9.9", True),
        ("1.2.3", "1.2.3", False),
        ("1.2.3", "1.2.3.dev1", False),
        ("1.2.3", "2.0.0", False),
        ("1.2.3", "unknown", True),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, than: str, newer: bool) -> None:
    assert Update(version, "https://example.com").newer_than(than) is newer
