"""The settings: made when they are first wanted, and drawn from then on."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tunneldesk.ui.dialogs import bring_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.ui.settings_dialog import SettingsDialog, SettingsHost


class SettingsPresenter:
    """Draws the state in the dialog of settings."""

    def __init__(self, state: Callable[[], AppState], host: SettingsHost, commands: Commands) -> None:
        self._state = state
        self._host = host
        self._commands = commands

    @cached_property
    def dialog(self) -> SettingsDialog:
        """The dialog itself."""
        from tunneldesk.ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._commands, self._host)
        _render(dialog, self._state())
        return dialog

    @property
    def shown(self) -> SettingsDialog | None:
        """The dialog, while it is on the screen."""
        return self.dialog if "dialog" in vars(self) and self.dialog.isVisible() else None

    def show(self) -> None:
        """Show it and bring it to the front."""
        bring_up(self.dialog)

    def render_state(self, state: AppState) -> None:
        """Draw this."""
        if "dialog" in vars(self):
            _render(self.dialog, state)

    def close(self) -> None:
        """Take it off the screen."""
        if "dialog" in vars(self):
            self.dialog.hide()


def _render(dialog: SettingsDialog, state: AppState) -> None:
    from tunneldesk.presentation.account import account_rows
    from tunneldesk.presentation.download import connector_view

    dialog.render_preferences(state.preferences)
    dialog.render_connector(connector_view(state))
    dialog.account.render_accounts(account_rows(state))
