"""Signing in and out in the desktop face: the ways in, another account, and what is asked before the way out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from tunneldesk.domain.model import SessionStatus
from tunneldesk.presentation.account import session_ended, stopped_by_signing_out, who_is

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.ui.dialogs import Dialogs
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.telling import Telling
    from tunneldesk.ui.welcome import Welcome


class SigningHost(Protocol):
    """What it needs of the desktop face."""

    dialogs: Dialogs
    telling: Telling

    @property
    def state(self) -> AppState:
        """The state as it is now."""

    def host_of(self, key: str | None) -> QWidget | None:
        """Return the window a dialog belongs to."""

    def in_background(self) -> bool:
        """Whether no window of ours is on the screen."""


class Signing:
    """Shows the ways in where they are wanted, and at the first start."""

    def __init__(
        self, host: SigningHost, intents: Intents, commands: Commands, clock: Clock, *, quietly: bool = False
    ) -> None:
        """Show nothing yet; with ``quietly`` nor at the first start, until the user turns to us."""
        self._quietly = quietly
        self._host = host
        self._intents = intents
        self._commands = commands
        self._clock = clock
        self._welcomed = False
        self._ended = False

    @cached_property
    def welcome(self) -> Welcome:
        """The ways in, made when they are first wanted."""
        from tunneldesk.ui.welcome import Welcome

        welcome = Welcome(self._commands, self._clock)
        welcome.render_state(self._host.state)
        return welcome

    @property
    def dialog(self) -> Welcome | None:
        """The ways in, where they are on the screen."""
        return self.welcome if "welcome" in vars(self) and self.welcome.isVisible() else None

    def present(self, *, server: bool = False, this_run_only: bool = False) -> None:
        """Show the ways in, with the server's address focused or who is asking."""
        self.welcome.present(self._host.state, this_run_only=this_run_only)
        self.welcome.focus_first(server=server)

    def ask_again(self, *, this_run_only: bool = False) -> bool:
        """Sign in once more where the ways in show that it failed; return whether they do."""
        return self.dialog is not None and self.dialog.try_again(this_run_only=this_run_only)

    def add(self, server: str | None = None) -> None:
        """Show the ways in, for an account that is not known yet, on ``server`` where that is."""
        self.welcome.present(self._host.state)
        self.welcome.clear(server or "")
        self.welcome.focus_first(server=server is None)

    def leave(self) -> None:
        """Sign out; ask first where that stops tunnels."""
        state = self._host.state
        names, account = stopped_by_signing_out(state), state.session.account
        if not names or account is None:
            self._commands.sign_out()
            return
        from tunneldesk.ui.sign_out_dialog import SignOutDialog

        dialog = SignOutDialog(who_is(account), names, self._host.host_of(None))
        dialog.accepted.connect(self._commands.sign_out)
        self._host.dialogs.show(dialog)

    def render_state(self, state: AppState) -> None:
        """Follow a sign-in, and tell of a session that has ended by itself."""
        if "welcome" in vars(self):
            self.welcome.render_state(state)
        if state.quitting:
            return
        ended, self._ended = self._ended, _has_ended(state)
        if self._ended and not ended and state.failure is None and self._host.in_background():
            self._host.telling.tell(*session_ended(), self._intents.show_window, _has_ended, grave=True)
        # A server that only the environment names is no choice of theirs yet, but what the ways in begin with.
        unsettled = state.newcomer or state.session.server is None
        new = state.session.status is SessionStatus.SIGNED_OUT and unsettled
        if new and not self._welcomed and not self._quietly:
            self._welcomed = True
            self.present()

    def turned_to(self) -> None:
        """The user has turned to us: whoever is new is welcomed now, if that was put off."""
        self._quietly = False
        self.render_state(self._host.state)

    def close(self) -> None:
        """Take it off the screen."""
        if "welcome" in vars(self):
            self.welcome.hide()


def _has_ended(state: AppState) -> bool:
    """Whether the session is over, and not because the user wanted that."""
    return state.session.status is SessionStatus.ENDED
