"""The one place that holds state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.domain.model import AppState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.model import Tunnel


class Store:
    """Holds one frozen `AppState`; a change replaces it and tells whoever subscribed.

    Everything happens on the loop's thread, and subscribers are called before `update` returns.
    """

    def __init__(self, state: AppState | None = None) -> None:
        self._state = state or AppState()
        self._subscribers: list[Callable[[AppState], None]] = []

    @property
    def state(self) -> AppState:
        """The state as it is now."""
        return self._state

    def subscribe(self, subscriber: Callable[[AppState], None]) -> Callable[[], None]:
        """Tell ``subscriber`` of every change from now on; the returned function ends that."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def update(self, change: Callable[[AppState], AppState]) -> None:
        """Replace the state with what ``change`` makes of it; an equal one is no change."""
        state = change(self._state)
        if state == self._state:
            return
        self._state = state
        for subscriber in tuple(self._subscribers):
            subscriber(state)

    def update_tunnel(self, key: str, change: Callable[[Tunnel], Tunnel]) -> None:
        """Replace one tunnel; one that is no longer there is left alone."""
        self.update(
            lambda state: replace(
                state,
                tunnels=tuple(change(tunnel) if tunnel.key == key else tunnel for tunnel in state.tunnels),
            )
        )
