"""Brings the store's changes to Qt, gathered for most of a frame."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.model import AppState


_GATHER_MS = 12
"""Most of a frame at 60 Hz. Drawing takes longer than most of what follows a click, a request to the server among
it: what has just begun is sent first, and drawn while the answer is under way, or with the answer."""

_SEQUEL_MS = 50
"""What comes so soon after a drawing has begun is the rest of what was drawn there (the server's answer, most
often) and has waited for that drawing: it waits for what is left of the frame and no longer."""


class StateSource(Protocol):
    """What the bridge needs of the store."""

    @property
    def state(self) -> AppState:
        """The state as it is now."""

    def subscribe(self, subscriber: Callable[[AppState], None], /) -> Callable[[], None]:
        """Tell ``subscriber`` of every change; the returned function ends that."""


class StoreBridge(QObject):
    """Re-emits the store's changes.

    However often the state changes within that, the faces draw once, and draw the last of it.

    Signals:
        changed: The state changed; carries no value, as only the newest state is of interest.
    """

    changed = Signal()

    def __init__(self, source: StateSource) -> None:
        super().__init__()
        self._source = source
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self._draw)
        self._drawn_at = float("-inf")
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
            since = (time.monotonic() - self._drawn_at) * 1000
            self._turn.start(_GATHER_MS if since > _SEQUEL_MS else max(0, _GATHER_MS - int(since)))

    def _draw(self) -> None:
        self._drawn_at = time.monotonic()
        self.changed.emit()
