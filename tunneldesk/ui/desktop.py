"""The desktop face: its parts put together, drawn whenever the state has changed, and taken off the screen."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tunneldesk.ui.addresses import Addresses
from tunneldesk.ui.background import Background
from tunneldesk.ui.controller import Controller
from tunneldesk.ui.dialogs import Dialogs
from tunneldesk.ui.exposing import Exposing
from tunneldesk.ui.help import Help, Ours
from tunneldesk.ui.launches import Launches
from tunneldesk.ui.settings_presenter import SettingsPresenter
from tunneldesk.ui.signing import Signing
from tunneldesk.ui.telling import Telling
from tunneldesk.ui.tray_presenter import TrayPresenter
from tunneldesk.ui.window_presenter import WindowPresenter

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.ui.actions import Actions
    from tunneldesk.ui.problems import Problems
    from tunneldesk.ui.store_bridge import StoreBridge
    from tunneldesk.ui.theme import Look
    from tunneldesk.ui.tray_icon import TrayIcon


class Desktop(QObject):
    """Has a part for everything that the face does, and answers what they want to know of each other.

    Windows and what belongs to them are made, and their modules imported, when they are first wanted: together they
    weigh a tenth of the app, and mostly nobody looks at any.
    """

    def __init__(
        self,
        bridge: StoreBridge,
        commands: Commands,
        clock: Clock,
        *,
        look: Look,
        tray: TrayIcon,
        ours: Ours | None = None,
        quietly: bool = False,
    ) -> None:
        """Put the face together.

        Args:
            bridge: The state, and news of it.
            commands: All that may be asked for.
            clock: Time.
            look: Colours.
            tray: The icon.
            ours: Files and logs of the app itself.
            quietly: Whether nothing is to be shown before the user asks for it, as at login; even where there is no
                tray yet, for a while.
        """
        super().__init__()
        ours = ours or Ours()

        def state() -> AppState:
            return bridge.state

        self._bridge = bridge
        self._commands = commands
        self._clock = clock
        self._look = look
        self.intents = Controller(self, commands)
        self.tray = TrayPresenter(state, self.intents, clock, tray)
        self.window = WindowPresenter(state, self.intents, clock, ours.window_file)
        self.settings = SettingsPresenter(state, self.intents, commands)
        self.dialogs = Dialogs()
        self.help = Help(self, self.intents, commands, clock, ours)
        self.exposing = Exposing(commands, state)
        self.signing = Signing(self, self.intents, commands, clock, quietly=quietly)
        self.launches = Launches(self, self.intents, commands)
        self.background = Background(self, self.intents, tray, commands)
        self.telling = Telling(self, self.intents, tray, clock)
        self.addresses = Addresses(self, self.intents)
        self.window.closing.connect(self.background.window_closing)
        self.exposing.live.connect(self.addresses.tell_live)
        bridge.changed.connect(self.render_state)
        self.render_state()
        tray.watch()
        self.background.begin(quietly=quietly)

    @cached_property
    def actions(self) -> Actions:
        """What problems offer."""
        from tunneldesk.ui.actions import Actions

        return Actions(self, self.intents, self._commands)

    @cached_property
    def problems(self) -> Problems:
        """What is wrong."""
        from tunneldesk.ui.problems import Problems

        problems = Problems(self, self.intents, self._commands, self._clock)
        problems.render_state(self.state)
        return problems

    @property
    def state(self) -> AppState:
        """The state as it is now."""
        return self._bridge.state

    def render_state(self) -> None:
        """Draw everything that is on the screen as it is now."""
        state = self.state
        self._look.choose(state.preferences.theme)
        self.tray.render_state(state)
        self.window.render_state(state)
        self.background.render_state(state)
        self.telling.render_state(state)  # before the dialog lets go of the tunnel that it tells of itself
        self.exposing.render_state(state)
        self.help.render_state(state)
        self.signing.render_state(state)
        self.settings.render_state(state)
        if state.quitting:
            self._close_problems()
            return
        self.launches.render_state(state)
        if "problems" in vars(self) or _ails(state):
            self.problems.render_state(state)

    def report(self, failure: Failure) -> None:
        """Show a fault of the desktop face itself."""
        self.problems.report(failure)

    def close(self) -> None:
        """Take every window off the screen, for good."""
        self._bridge.close()
        self.background.close()
        self.telling.close()
        self.addresses.close()
        self._close_problems()
        self.exposing.close()
        self.help.close()
        self.dialogs.close()
        self.signing.close()
        self.settings.close()
        self.window.close()
        self.tray.close()

    def _close_problems(self) -> None:
        if "problems" in vars(self):
            self.problems.close()

    # What the parts want to know of each other

    def in_background(self) -> bool:
        """Whether no window of ours is on the screen."""
        windows = (self.window.shown, self.settings.shown, self.signing.dialog, self.help.doctor)
        shown = any(window and window.isVisible() and not window.isMinimized() for window in windows)
        return not shown and not self.exposing.visible

    def host_of(self, key: str | None) -> QWidget | None:
        """Return the window that a dialog about this belongs to."""
        if self.exposing.shows(key):
            return self.exposing.dialog
        return self.signing.dialog or self.window.shown


def _ails(state: AppState) -> bool:
    """Whether anything is wrong."""
    return state.failure is not None or any(tunnel.failure is not None for tunnel in state.tunnels)
