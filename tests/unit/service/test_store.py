"""One state, replaced whole, told to whoever asked."""

from __future__ import annotations

from dataclasses import replace

from tunneldesk.domain.model import AppState, Tunnel, Wish
from tunneldesk.service.store import Store


def test_a_change_is_told_once_and_an_equal_state_is_no_change() -> None:
    store, told = Store(), list[AppState]()
    unsubscribe = store.subscribe(told.append)
    store.update(lambda state: replace(state, max_tunnels=7))
    store.update(lambda state: replace(state, max_tunnels=7))
    unsubscribe()
    store.update(lambda state: replace(state, max_tunnels=8))
    assert [state.max_tunnels for state in told] == [7]
    assert store.state.max_tunnels == 8


def test_only_the_tunnel_of_the_key_changes() -> None:
    first, second = Tunnel("a", Wish(1)), Tunnel("b", Wish(2))
    store = Store(AppState(tunnels=(first, second)))
    store.update_tunnel("b", lambda tunnel: replace(tunnel, wanted=False))
    store.update_tunnel("gone", lambda tunnel: replace(tunnel, wanted=False))
    assert store.state.tunnels == (first, replace(second, wanted=False))
