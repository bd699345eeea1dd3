"""The icon in the tray and its menu, drawn as the state is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from tunneldesk.domain.lifecycle import Phase
from tunneldesk.presentation.status import Instant
from tunneldesk.presentation.tray import TrayView, tray_view
from tunneldesk.ui.tray_menu import TrayMenu

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.model import AppState
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.tray_icon import TrayIcon

_SECOND = 1000


class TrayPresenter(QObject):
    """Draws the state in the tray, every second while something there counts, and hears clicks on the icon."""

    def __init__(self, state: Callable[[], AppState], intents: Intents, clock: Clock, icon: TrayIcon) -> None:
        """Give the icon, which may have been shown already, its menu."""
        super().__init__()
        self._state = state
        self._intents = intents
        self._clock = clock
        self._icon = icon
        self.menu = TrayMenu(intents)
        icon.set_menu(self.menu)
        self._seconds = QTimer(self, interval=_SECOND)
        self._seconds.timeout.connect(lambda: self.render_state(state()))
        icon.window_wanted.connect(intents.show_window)
        icon.copy_wanted.connect(self._copy_newest)

    def render_state(self, state: AppState) -> None:
        """Draw this."""
        self._icon.choose_style(state.preferences.tray_style)
        view = self._view(state)
        self._icon.render_view(view)
        self.menu.render_view(view)
        counts = state.quitting or any(tunnel.phase is Phase.RECONNECTING for tunnel in state.tunnels)
        if counts != self._seconds.isActive():
            self._seconds.start() if counts else self._seconds.stop()

    def close(self) -> None:
        """Count no more, and take the menu off the screen; the icon stays until the very end."""
        self._seconds.stop()
        self.menu.hide()

    def _view(self, state: AppState) -> TrayView:
        return tray_view(state, Instant(self._clock.monotonic(), self._clock.now()))

    def _copy_newest(self) -> None:
        newest = self._view(self._state()).newest
        if newest is not None:
            self._intents.copy_and_tell(newest)
