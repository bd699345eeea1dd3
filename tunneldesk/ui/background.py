"""Going on without a window: behind an icon, and where there is none only if the user wants it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.keep_running import KeepRunning
    from tunneldesk.ui.tray_icon import TrayIcon
    from tunneldesk.ui.window_presenter import WindowPresenter

_LOGIN_MS = 60_000
"""For how long a tray may be missing after a login: panels are slow then."""

_PANEL_RESTARTS_MS = 5000
"""For how long a tray may be gone before something is made of it: panels crash and come back."""


class BackgroundHost(Protocol):
    """What this needs of the desktop face."""

    window: WindowPresenter

    @property
    def state(self) -> AppState:
        """The state as it is now."""


class Background(QObject):
    """Sees to it that what is exposed is never overlooked: there is an icon, or a window, or somebody was asked."""

    def __init__(self, host: BackgroundHost, intents: Intents, tray: TrayIcon, commands: Commands) -> None:
        super().__init__()
        self._host = host
        self._intents = intents
        self._tray = tray
        self._commands = commands
        self._keep: KeepRunning | None = None
        self._active: frozenset[str] = frozenset()
        self._begun = False
        self._urgent = False
        self._without_tray = QTimer(self, singleShot=True)
        self._without_tray.timeout.connect(self._tray_lost)
        tray.vanished.connect(lambda: self._without_tray.start(_PANEL_RESTARTS_MS))
        tray.appeared.connect(self._without_tray.stop)

    def begin(self, *, quietly: bool) -> None:
        """Show the window where there is no tray; ``quietly`` only when none comes for a while, as at login."""
        self._begun = True
        if self._tray.available:
            return
        if quietly:
            self._without_tray.start(_LOGIN_MS)
        else:
            self._intents.show_window()

    def render_state(self, state: AppState) -> None:
        """Look again whenever something is exposed that was not before: it may come long after a login."""
        before, self._active = self._active, frozenset(tunnel.key for tunnel in state.tunnels if tunnel.active)
        if self._begun and self._active - before and self._unattended:
            self._show()

    def show_urgent(self) -> None:
        """Show the window, which tells of something grave, unless an icon does or may yet come."""
        self._urgent = self._without_tray.isActive()
        window = self._host.window.shown
        if self._unattended and (window is None or window.isMinimized()):
            self._intents.show_window()

    def window_closing(self) -> None:
        """Hide to the tray; without a tray nothing would be left to be seen, so ask."""
        window = self._host.window.shown
        if window is None:
            return
        if self._tray.available:
            window.hide()
            return
        if not self._exposes():
            self._commands.quit()
            return
        if not self._host.state.preferences.ask_on_close:
            window.hide()
            return
        from tunneldesk.ui.keep_running import KeepRunning

        self._keep = KeepRunning(window)
        self._keep.accepted.connect(self._keep_on)
        self._keep.quit_wanted.connect(self._commands.quit)
        self._keep.open()

    def _keep_on(self) -> None:
        """Go on without a window, from now on without asking."""
        self._commands.prefer(replace(self._host.state.preferences, ask_on_close=False))
        window = self._host.window.shown
        if window is not None:
            window.hide()

    def close(self) -> None:
        """Take what is shown off the screen, and show nothing more."""
        self._without_tray.stop()
        if self._keep is not None:
            self._keep.hide()

    def _exposes(self) -> bool:
        return any(tunnel.active for tunnel in self._host.state.tunnels)

    @property
    def _unattended(self) -> bool:
        """Whether there is no icon, and none that is still waited for."""
        return not self._tray.available and not self._without_tray.isActive()

    def _tray_lost(self) -> None:
        if self._exposes() or self._urgent:
            self._show()

    def _show(self) -> None:
        if self._host.window.shown is None:
            self._intents.show_window()
