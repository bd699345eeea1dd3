"""The windows that help: doctor, logs, diagnostics, about. Each is made when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from tunneldesk.domain.lines import Lines
from tunneldesk.presentation.download import download_view
from tunneldesk.presentation.status import name_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.ui.dialogs import Dialogs
    from tunneldesk.ui.doctor_window import DoctorWindow
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.logs_window import LogsWindow


@dataclass(frozen=True, slots=True)
class Ours:
    """Files and logs of the app itself.

    Attributes:
        lines: The latest of what it has written down.
        log_folder: Where older lines are.
        window_file: Where the window's size and place are kept; None for nowhere.
    """

    lines: Lines = field(default_factory=Lines)
    log_folder: Path = Path()
    window_file: Path | None = None


class HelpHost(Protocol):
    """What the windows need of the desktop face."""

    dialogs: Dialogs

    @property
    def state(self) -> AppState:
        """The state as it is now."""


class Help(QObject):
    """Opens the windows that help, and keeps those that are open up to date."""

    def __init__(self, host: HelpHost, intents: Intents, commands: Commands, clock: Clock, ours: Ours) -> None:
        super().__init__()
        self._host = host
        self._intents = intents
        self._commands = commands
        self._clock = clock
        self._ours = ours
        self.doctor: DoctorWindow | None = None
        self.logs: LogsWindow | None = None

    def render_state(self, state: AppState) -> None:
        """Draw what is on the screen as it is now."""
        if self.doctor is not None and self.doctor.isVisible():
            from tunneldesk.presentation.doctor import doctor_view

            self.doctor.render_view(doctor_view(state.checkup, state.session.server))
            self.doctor.render_download(download_view(state.download))
        if self.logs is not None and self.logs.isVisible():
            self.logs.render_tunnels(tuple((tunnel.key, name_of(tunnel)) for tunnel in reversed(state.tunnels)))

    def show_doctor(self) -> None:
        """Have everything looked at, and show what is found."""
        if self.doctor is None:
            from tunneldesk.ui.doctor_window import DoctorWindow

            self.doctor = DoctorWindow()
            self.doctor.wanted.connect(self._commands.examine)
            self.doctor.chosen.connect(lambda action: self._intents.act(None, action))
            self.doctor.download_unwanted.connect(self._commands.cancel_download)
            self.doctor.diagnostics_wanted.connect(self.show_diagnostics)
        self._commands.examine()
        self._raise(self.doctor)

    def show_logs(self, key: str | None = None) -> None:
        """Show the app's own log, or that of a tunnel's connector."""
        if self.logs is None:
            from tunneldesk.ui.logs_window import LogsWindow

            self.logs = LogsWindow(self._ours.lines, self._commands.connector_log, self._ours.log_folder)
        self._raise(self.logs)
        self.logs.show_log(key)

    def show_about(self) -> None:
        """Show versions."""
        from tunneldesk.ui.about_dialog import AboutDialog
        from tunneldesk.versions import versions

        self._host.dialogs.show(AboutDialog(tuple(versions()), self.show_notices))

    def show_notices(self) -> None:
        """Show whose work this contains."""
        from tunneldesk.notices import notices
        from tunneldesk.ui.notices_dialog import NoticesDialog

        self._host.dialogs.show(NoticesDialog(notices()))

    def show_diagnostics(self) -> None:
        """Show what can be given to somebody who is to help."""
        from tunneldesk.presentation.diagnostics import Circumstances, diagnostics
        from tunneldesk.ui.diagnostics_dialog import DiagnosticsDialog
        from tunneldesk.versions import versions

        state = self._host.state
        logs = {"Log of TunnelDesk": tuple(self._ours.lines)}
        logs |= {
            f"Log of the connector of {name_of(tunnel)}": tuple(self._commands.connector_log(tunnel.key))
            for tunnel in state.tunnels
        }
        around = Circumstances(self._clock.now(), versions(), str(Path.home()), logs)
        parent = self.doctor if self.doctor is not None and self.doctor.isVisible() else None
        self._host.dialogs.show(DiagnosticsDialog(diagnostics(state, around), parent))

    def close(self) -> None:
        """Take everything off the screen."""
        for widget in (self.doctor, self.logs):
            if widget is not None:
                widget.hide()

    def _raise(self, window: QWidget) -> None:
        window.show()
        window.raise_()
        window.activateWindow()
        self.render_state(self._host.state)
