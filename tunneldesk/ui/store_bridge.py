"""Brings the store's changes to Qt, at most once per turn of the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.model import AppState


class StateSource(Protocol):
    """What the bridge needs of the store."""

    @property
    def state(self) -> AppState:
        """The state as it is now."""

    def subscribe(self, subscriber: Callable[[AppState], None], /) -> Callable[[], None]:
        """Tell ``subscriber`` of every change; the returned function ends that."""


class StoreBridge(QObject):
    """Re-emits the store's changes.

    However often the state changes within one turn of the loop, the faces draw once, and draw the last of them.

    Signals:
        changed: The state changed; carries no value, as only the newest state is of interest.
    """

    changed = Signal()

    def __init__(self, source: StateSource) -> None:
        super().__init__()
        self._source = source
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self.changed)
        self._unsubscribe = source.subscribe(self._on_change)

    @property
    def state(self) -> AppState:
        """The state as it is now."""
        return self._source.state

    def close(self) -> None:
        """Hear no more of the store."""
        self._turn.stop()
        self._unsubscribe()

    def _on_change(self, _state: AppState) -> None:
        if not self._turn.isActive():
            self._turn.start()
