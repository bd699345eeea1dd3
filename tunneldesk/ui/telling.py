"""What is told without having been asked for: by the desktop's own means, or in the window where it has none."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer

from tunneldesk.domain.preferences import Notice
from tunneldesk.presentation.announcement import announcement
from tunneldesk.presentation.notices import Note, Notices
from tunneldesk.presentation.status import Instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.model import AppState, Tunnel
    from tunneldesk.ui.background import Background
    from tunneldesk.ui.exposing import Exposing
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.tray_icon import TrayIcon
    from tunneldesk.ui.window_presenter import WindowPresenter


class TellingHost(Protocol):
    """What telling needs of the desktop face."""

    background: Background
    exposing: Exposing
    window: WindowPresenter

    @property
    def state(self) -> AppState:
        """The state as it is now."""


class Telling(QObject):
    """Tells of what happened by itself, a while after it did: most of it mends itself before that.

    Whoever tells something says how long it holds, and the window shows it for no longer.
    """

    def __init__(self, host: TellingHost, intents: Intents, tray: TrayIcon, clock: Clock) -> None:
        super().__init__()
        self._host = host
        self._intents = intents
        self._tray = tray
        self._clock = clock
        self._notices = Notices()
        self._holds: Callable[[AppState], bool] | None = None
        self._due = QTimer(self, singleShot=True)
        self._due.timeout.connect(lambda: self.render_state(host.state))

    def render_state(self, state: AppState) -> None:
        """Take back what holds no more, and tell of what is worth it by now."""
        self.take_back(state)
        now = self._clock.monotonic()
        for note in self._notices.hear(state, Instant(now, self._clock.now())):
            if note.kind is not Notice.LIVE or not self._host.exposing.announces(note.key):
                self._tell(note)
        due = self._notices.due(now)
        if due is None:
            self._due.stop()
        else:
            self._due.start(math.ceil(due * 1000))

    def tell_live(self, tunnel: Tunnel, text: str) -> None:
        """Tell that a tunnel is live, where the user wants to know."""
        if Notice.LIVE in self._host.state.preferences.notices:
            self._tell(Note(Notice.LIVE, tunnel.key, *announcement(tunnel, text)))

    def tell(
        self,
        title: str,
        text: str,
        clicked: Callable[[], None],
        holds: Callable[[AppState], bool],
        *,
        grave: bool = False,
    ) -> None:
        """Tell this.

        Args:
            title: One line.
            text: A little more.
            clicked: Called when the user clicks on it.
            holds: Whether it is still so, in a later state; the window shows it only until it is not.
            grave: Whether it is bad news.
        """
        if self._tray.tells:
            self._tray.notify(title, text, clicked, grave=grave)
        else:
            self._holds = holds
            self._host.window.show_notice(title, text, clicked, grave=grave)
            if grave:
                self._host.background.show_urgent()

    def take_back(self, state: AppState) -> None:
        """Have the window show no more what does not hold in this state."""
        if self._holds is not None and not self._holds(state):
            self._holds = None
            self._host.window.take_back_notice()

    def close(self) -> None:
        """Tell nothing more."""
        self._due.stop()

    def _tell(self, note: Note) -> None:
        clicked = partial(self._intents.show_details, note.key)
        self.tell(note.title, note.text, clicked, note.holds, grave=note.grave)
