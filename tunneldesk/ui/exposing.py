"""What the user has asked to be exposed, with the dialog or without, followed until it is live."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.presentation.expose import ExposeView, expose_view, listener_rows
from tunneldesk.presentation.status import beginning, name_of
from tunneldesk.ui.dialogs import bring_up
from tunneldesk.ui.intents import Field

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tunneldesk.domain.model import AppState, Wish
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.ui.expose_dialog import ExposeDialog

_ABOUT_THE_NAME = frozenset({ErrorCode.TUNNEL_SLUG_CONFLICT, ErrorCode.INVALID_SLUG, ErrorCode.SLUG_EXHAUSTED})


class Exposing(QObject):
    """Sends what is asked for and follows it until it is live, refused or given up.

    Signals:
        live: The tunnel's key, its address, and whether the user wants it copied; its dialog has closed.
    """

    live = Signal(str, str, bool)

    def __init__(self, commands: Commands, state: Callable[[], AppState]) -> None:
        super().__init__()
        self._commands = commands
        self._state = state
        self._key: str | None = None
        self._new = True
        self._before: Wish | None = None
        self._sent = False
        self._was_online_since: datetime | None = None
        self._view = ExposeView()
        self._asked_for: dict[str, datetime | None] = {}
        """What is followed without the dialog, and since when it was live when it was asked for."""

    @cached_property
    def dialog(self) -> ExposeDialog:
        """The dialog, made when it is first wanted."""
        from tunneldesk.ui.expose_dialog import ExposeDialog

        dialog = ExposeDialog(self._state, self._commands.find_listeners)
        dialog.wanted.connect(self._send)
        dialog.given_up.connect(self._give_up)
        return dialog

    @property
    def visible(self) -> bool:
        """Whether the dialog can be seen."""
        return self._open and not self.dialog.isMinimized()

    @property
    def _open(self) -> bool:
        return "dialog" in vars(self) and self.dialog.isVisible()

    def begin(self, port: int | None, name: str | None) -> None:
        """Show the dialog for a new tunnel; one that is under way is brought to the front instead."""
        if not self._open:
            self._turn_to(None)
            self.dialog.ask_for(None)
            self.dialog.fill(port, name)
        self._show(Field.PORT)

    def change(self, key: str, field: Field) -> None:
        """Show the dialog for a tunnel there is; if it shows that one already, what was typed stays."""
        tunnel = self._state().tunnel(key)
        if tunnel is None:
            return
        if not self.shows(key):
            self._turn_to(key)
            wish = tunnel.wish
            self._before = tunnel.again if tunnel.active else None
            self.dialog.ask_for(name_of(tunnel) if tunnel.active else None)
            self.dialog.fill(wish.port, tunnel.slug or "", wish.stop_after, keep_awake=wish.keep_awake)
        self._show(field)

    def revise(self, key: str, wish: Wish) -> None:
        """Go on with another wish, shown in the dialog where it is about this tunnel."""
        if self.shows(key):
            self.dialog.fill(wish.port, wish.slug or "", wish.stop_after, keep_awake=wish.keep_awake)
            self._send(wish)
        else:
            tunnel = self._state().tunnel(key)
            self._asked_for[key] = tunnel.online_since if tunnel else None
            self._commands.revise(key, wish)

    def again(self, wish: Wish) -> None:
        """Expose what was exposed before, without the dialog."""
        self._asked_for[self._commands.expose(wish)] = None

    def shows(self, key: str | None) -> bool:
        """Whether the dialog is on the screen and about this tunnel."""
        return key is not None and key == self._key and self._open

    def announces(self, key: str) -> bool:
        """Whether it will be told by `live` that this tunnel is live."""
        return key in self._asked_for or (self._sent and key == self._key)

    def close(self) -> None:
        """Take the dialog off the screen and follow nothing any more."""
        self._turn_to(None)
        self._asked_for.clear()
        if self._open:
            self.dialog.hide()

    def render_state(self, state: AppState) -> None:
        """Follow the tunnel, and what listens on this machine."""
        if self._open:
            self.dialog.render_listeners(listener_rows(state))
        self._follow(state)
        if not self._sent or self._key is None:
            return
        tunnel = state.tunnel(self._key)
        if tunnel is None:
            # Stopped from elsewhere: the dialog is there to send it again.
            self._turn_to(None)
            self.dialog.ask_for(None)
            self.dialog.render_view(ExposeView())
            return
        view = expose_view(state, self._key)
        if view.live_address is not None and tunnel.online_since != self._was_online_since:
            key, wants_copy = self._key, self.dialog.copies
            self._turn_to(None)
            self.dialog.accept()
            self.live.emit(key, view.live_address, wants_copy)
            return
        if view.live_address is not None:
            return
        before, self._view = self._view, view
        self.dialog.render_view(view)
        if view.refused and not before.refused:
            code = tunnel.failure.code if tunnel.failure else None
            about_name = code in _ABOUT_THE_NAME or (tunnel.failure is not None and tunnel.failure.names_slug)
            self.dialog.focus(Field.NAME if about_name else Field.PORT)

    def _follow(self, state: AppState) -> None:
        """Tell of what was asked for without the dialog as it becomes live; forget what is gone."""
        for key, before in tuple(self._asked_for.items()):
            tunnel, address = state.tunnel(key), expose_view(state, key).live_address
            if tunnel is None:
                del self._asked_for[key]
            elif address is not None and tunnel.online_since != before:
                del self._asked_for[key]
                self.live.emit(key, address, state.preferences.copy_when_live)

    def _show(self, field: Field) -> None:
        bring_up(self.dialog)
        self.dialog.focus(field)

    def _turn_to(self, key: str | None) -> None:
        self._key = key
        self._new = key is None
        self._before = None
        self._sent = False
        self._was_online_since = None
        self._view = ExposeView()

    def _send(self, wish: Wish) -> None:
        if self._key is None:
            self._key = self._commands.expose(wish)
        else:
            tunnel = self._state().tunnel(self._key)
            self._was_online_since = tunnel.online_since if tunnel else None
            self._commands.revise(self._key, wish)
        self._sent = True
        self._view = ExposeView(busy=True, step=1)
        self.dialog.render_view(expose_view(self._state(), self._key))

    def _give_up(self) -> None:
        key, sent, new, before = self._key, self._sent, self._new, self._before
        self._turn_to(None)
        tunnel = self._state().tunnel(key) if key is not None else None
        if tunnel is None or not sent:
            return
        if before is not None:
            # What was up is not to be lost over a change that the user thought better of.
            self._commands.revise(tunnel.key, before)
        elif tunnel.active or beginning(tunnel):
            self._commands.stop(tunnel.key)
        elif new:
            self._commands.dismiss(tunnel.key)
