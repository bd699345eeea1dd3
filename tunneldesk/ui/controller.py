"""Carries out what widgets ask for: each intent by the part of the desktop face that does it, or as a command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from tunneldesk.domain.model import SessionStatus
from tunneldesk.presentation.status import name_of
from tunneldesk.presentation.tray import End, end_of

if TYPE_CHECKING:
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.lines import Lines
    from tunneldesk.domain.model import AppState, Wish
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.presentation.problem import Action
    from tunneldesk.ui.actions import Actions
    from tunneldesk.ui.addresses import Addresses
    from tunneldesk.ui.dialogs import Dialogs
    from tunneldesk.ui.exposing import Exposing
    from tunneldesk.ui.help import Help
    from tunneldesk.ui.intents import Field
    from tunneldesk.ui.problems import Problems
    from tunneldesk.ui.settings_presenter import SettingsPresenter
    from tunneldesk.ui.signing import Signing
    from tunneldesk.ui.window_presenter import WindowPresenter


class Parts(Protocol):
    """The parts of the desktop face, looked up when they are wanted: some ask for things themselves."""

    addresses: Addresses
    dialogs: Dialogs
    exposing: Exposing
    help: Help
    settings: SettingsPresenter
    signing: Signing
    window: WindowPresenter

    @property
    def state(self) -> AppState:
        """The state as it is now."""

    @property
    def actions(self) -> Actions:
        """What problems offer."""

    @property
    def problems(self) -> Problems:
        """What is wrong."""


class Controller:
    """Knows which part does what is asked for; see `Intents`."""

    def __init__(self, parts: Parts, commands: Commands) -> None:
        self._parts = parts
        self._commands = commands

    # Tunnels

    def expose(self, port: int | None = None, name: str | None = None) -> None:
        """Show the expose dialog, filled with what is given."""
        self._parts.exposing.begin(port, name)

    def expose_again(self, wish: Wish) -> None:
        """Expose what was exposed before, without asking."""
        self._parts.exposing.again(wish)

    def change(self, key: str, field: Field) -> None:
        """Show the expose dialog for a tunnel there is, with its wish in it."""
        self._parts.exposing.change(key, field)

    def restart(self, key: str) -> None:
        """Restart a tunnel, or try again after a failure."""
        tunnel = self._parts.state.tunnel(key)
        if tunnel is not None:
            self._commands.revise(key, tunnel.again)

    def try_now(self, key: str) -> None:
        """Have a tunnel that is in trouble do at once what it would do next by itself."""
        self._commands.try_now(key)

    def end(self, key: str) -> None:
        """Stop a tunnel, or forget one that has ended."""
        tunnel = self._parts.state.tunnel(key)
        if tunnel is None:
            return
        if end_of(tunnel) is End.REMOVE:
            self._commands.dismiss(key)
        else:
            self._commands.stop(key)

    def stop_all(self) -> None:
        """Stop every tunnel of this app."""
        self._commands.stop_all()

    def stop_remote(self, tunnel_id: str) -> None:
        """Stop a tunnel that runs elsewhere."""
        self._commands.stop_remote(tunnel_id)

    def connector_log(self, key: str) -> Lines:
        """Return what a tunnel's connector says."""
        return self._commands.connector_log(key)

    def count_traffic(self, key: str) -> None:
        """Have it counted what a tunnel's connector has carried."""
        self._commands.count_traffic(key)

    # Addresses

    def copy_address(self, key: str) -> bool:
        """Copy a tunnel's address; where the clipboard won't have it, show it for copying by hand."""
        return self._parts.addresses.copy_of(key)

    def copy_and_tell(self, key: str) -> None:
        """Copy a tunnel's address from where nothing shows that it was done, and tell that it was."""
        self._parts.addresses.copy_and_tell(key)

    def open_address(self, key: str) -> None:
        """Open a tunnel's address in the browser."""
        self._parts.addresses.open(key)

    def check_address(self, key: str) -> None:
        """Look at a tunnel's address as a visitor would."""
        self._commands.check_address(key)

    def show_qr(self, key: str) -> None:
        """Show a tunnel's address as a picture that a phone can read."""
        self._parts.addresses.show_qr(key)

    # Windows

    def show_window(self) -> None:
        """Show the window and bring it to the front."""
        self._parts.window.show()
        self._parts.signing.turned_to()
        if self._parts.state.session.status is SessionStatus.SIGNED_IN:
            self._commands.refresh()

    def show_details(self, key: str) -> None:
        """Show the window with this tunnel's card in view."""
        self.show_window()
        self._parts.window.show_details(key)

    def settings(self) -> None:
        """Show the settings."""
        self._parts.settings.show()

    def show_doctor(self) -> None:
        """Have everything looked at that the job needs."""
        self._parts.help.show_doctor()

    def show_logs(self) -> None:
        """Show what was written down."""
        self._parts.help.show_logs()

    def show_diagnostics(self) -> None:
        """Show what can be given to somebody who is to help."""
        self._parts.help.show_diagnostics()

    def show_about(self) -> None:
        """Show what this is."""
        self._parts.help.show_about()

    def dismiss_update(self) -> None:
        """Tell no more of the newer version."""
        self._commands.dismiss_update()

    # Accounts

    def sign_in(self) -> None:
        """Show the ways in."""
        self._parts.signing.present()

    def add_account(self) -> None:
        """Show the ways in, for an account that is not known yet."""
        self._parts.signing.add()

    def use_account(self, account: Account) -> None:
        """Make this the account that new tunnels are for."""
        self._commands.use_account(account)

    def sign_out(self) -> None:
        """Forget the account in use; ask first where that stops tunnels."""
        self._parts.signing.leave()

    # Problems and their ways on

    def show_problem(self, key: str | None) -> None:
        """Show the problem of a tunnel, or with None of the app itself."""
        self._parts.problems.show(key)

    def act(self, key: str | None, action: Action) -> None:
        """Carry out one of a problem's actions."""
        self._parts.actions.act(key, action)

    def choose_connector(self) -> None:
        """Have the user choose a cloudflared."""
        self._parts.actions.choose_connector()

    def fetch_connector(self) -> None:
        """Have one downloaded, or show where there is one."""
        self._parts.actions.fetch_connector()

    def choose_authority(self) -> None:
        """Have the user choose a certificate authority's file."""
        self._parts.actions.choose_authority()

    def forget_authority(self) -> None:
        """Trust what the system trusts, and nothing beside it."""
        self._commands.prefer(replace(self._parts.state.preferences, authority=None))

    def quit(self) -> None:
        """Stop everything cleanly and end the app; ask first where the user wants that."""
        state = self._parts.state
        names = tuple(name_of(tunnel) for tunnel in state.tunnels if tunnel.active)
        if not (names and state.preferences.ask_on_quit) or state.quitting:
            self._commands.quit()
            return
        from tunneldesk.ui.quit_dialog import QuitDialog

        dialog = QuitDialog(names, self._parts.window.shown, reopens=state.preferences.reopen_at_start)
        dialog.accepted.connect(self._commands.quit)
        self._parts.dialogs.show(dialog)
