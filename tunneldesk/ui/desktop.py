"""The desktop face: tray, window and dialogs, and which of them is shown when."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.link import parse_link
from tunneldesk.domain.model import SessionStatus
from tunneldesk.presentation.status import Instant, name_of
from tunneldesk.presentation.tray import End, end_of, tray_view
from tunneldesk.ui.addresses import Addresses
from tunneldesk.ui.background import Background
from tunneldesk.ui.exposing import Exposing
from tunneldesk.ui.help import Help, Ours
from tunneldesk.ui.launches import Launches
from tunneldesk.ui.signing import Signing
from tunneldesk.ui.telling import Telling
from tunneldesk.ui.tray_menu import TrayMenu

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QWidget

    from tunneldesk.domain.account import Account
    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.lines import Lines
    from tunneldesk.domain.model import AppState, Wish
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.presentation.problem import Action
    from tunneldesk.ui.actions import Actions
    from tunneldesk.ui.intents import Field
    from tunneldesk.ui.main_window import MainWindow
    from tunneldesk.ui.problems import Problems
    from tunneldesk.ui.settings_dialog import SettingsDialog
    from tunneldesk.ui.store_bridge import StoreBridge
    from tunneldesk.ui.theme import Look
    from tunneldesk.ui.tray_icon import TrayIcon
    from tunneldesk.ui.welcome import Welcome
    from tunneldesk.ui.window_memory import WindowMemory

_SECOND = 1000


class Desktop(QObject):
    """Draws the state and carries out what widgets ask for; see `Intents`."""

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
        self._bridge = bridge
        self._commands = commands
        self._clock = clock
        self._look = look
        self._tray = tray
        self.menu = TrayMenu(self)
        self.exposing = Exposing(commands, lambda: bridge.state)
        self.exposing.live.connect(self._live)
        self.addresses = Addresses(self)
        self.signing = Signing(self, commands, clock, quietly=quietly)
        self.launches = Launches(self, commands)
        ours = ours or Ours()
        self.help = Help(self, commands, clock, ours)
        self._window_file = ours.window_file
        self._telling = Telling(self, tray, clock)
        self._seconds = QTimer(self, interval=_SECOND)
        self._seconds.timeout.connect(self._render_tray)
        self._background = Background(self, tray, commands)
        tray.set_menu(self.menu)
        tray.window_wanted.connect(self.show_window)
        tray.copy_wanted.connect(self._copy_newest)
        bridge.changed.connect(self.render_state)
        self.render_state()
        tray.watch()
        self._background.begin(quietly=quietly)

    @property
    def state(self) -> AppState:
        """The state as it is now."""
        return self._bridge.state

    # Each is made, and its modules imported, when it is first wanted: together they weigh a tenth of the app,
    # and mostly nobody looks at any.

    @cached_property
    def window(self) -> MainWindow:
        """The window."""
        from tunneldesk.ui.main_window import MainWindow

        window = MainWindow(self)
        window.time_passed.connect(self._render_window)
        window.closing.connect(self._background.window_closing)
        window.setObjectName("window")
        self._memory.restore(window)
        return window

    @cached_property
    def _memory(self) -> WindowMemory:
        from tunneldesk.ui.window_memory import WindowMemory

        return WindowMemory(self._window_file)

    @property
    def welcome(self) -> Welcome:
        """The ways in."""
        return self.signing.welcome

    @cached_property
    def settings_dialog(self) -> SettingsDialog:
        """What the user may choose."""
        from tunneldesk.ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._commands, self)
        self._render_settings(dialog)
        return dialog

    @cached_property
    def actions(self) -> Actions:
        """What problems offer."""
        from tunneldesk.ui.actions import Actions

        return Actions(self, self._commands)

    @cached_property
    def problems(self) -> Problems:
        """What is wrong."""
        from tunneldesk.ui.problems import Problems

        problems = Problems(self, self._commands, self._clock)
        problems.render_state(self.state)
        return problems

    def _made(self) -> dict[str, QWidget]:
        """Return those that there are, by name."""
        return {name: vars(self)[name] for name in ("window", "settings_dialog") if name in vars(self)}

    @property
    def shown_window(self) -> QWidget | None:
        """The window, while it is on the screen."""
        window = self._made().get("window")
        return window if window is not None and window.isVisible() else None

    def render_state(self) -> None:
        """Draw everything that is on the screen as it is now."""
        state = self.state
        self._look.choose(state.preferences.theme)
        self._tray.choose_style(state.preferences.tray_style)
        self._render_tray()
        if self.shown_window is not None:
            self._render_window()
        self._background.render_state(state)
        self._telling.render_state(state)  # before the dialog lets go of the tunnel that it tells of itself
        self.exposing.render_state(state)
        self.help.render_state(state)
        self.signing.render_state(state)
        made = self._made()
        if "settings_dialog" in made:
            self._render_settings(self.settings_dialog)
        if state.quitting:
            self._close_problems()
            return
        self.launches.render_state(state)
        if "problems" in vars(self) or _ails(state):
            self.problems.render_state(state)

    def report(self, failure: Failure) -> None:
        """Show a fault of the desktop face itself."""
        self.problems.report(failure)

    def follow(self, link: str) -> None:
        """Follow a link of ours, which anybody can have written: it is asked about, and never just done."""
        try:
            wish = parse_link(link)
        except InvalidValueError as error:
            self.show_window()  # somebody has clicked, and waits for something to happen
            self.report(error.failure)
        else:
            self.expose(wish.port, wish.slug)

    def close(self) -> None:
        """Take every window off the screen, for good."""
        self._seconds.stop()
        self._background.close()
        self._telling.close()
        self.addresses.close()
        if "window" in self._made():
            self._memory.keep(self.window)
        self._bridge.close()
        self._close_problems()
        self.exposing.close()
        self.help.close()
        self.signing.close()
        for widget in self._made().values():
            widget.hide()
        self.menu.hide()

    # Intents

    def expose(self, port: int | None = None, name: str | None = None) -> None:
        """Show the expose dialog, filled with what is given."""
        self.exposing.begin(port, name)

    def expose_again(self, wish: Wish) -> None:
        """Expose what was exposed before, without asking."""
        self.exposing.again(wish)

    def change(self, key: str, field: Field) -> None:
        """Show the expose dialog for a tunnel there is, with its wish in it."""
        self.exposing.change(key, field)

    def revise(self, key: str, wish: Wish) -> None:
        """Go on with another wish, in the expose dialog too where it shows this tunnel."""
        self.exposing.revise(key, wish)

    def copy_address(self, key: str) -> bool:
        """Copy a tunnel's address; where the clipboard won't have it, show it for copying by hand."""
        return self.addresses.copy_of(key)

    def copy_and_tell(self, key: str) -> None:
        """Copy a tunnel's address from where nothing shows that it was done, and tell that it was."""
        tunnel = self.state.tunnel(key)
        if tunnel is not None and tunnel.address is not None and self.addresses.copy(tunnel.address):
            self._telling.tell(self.tr("Address copied"), tunnel.address, partial(self.show_details, key))

    def open_address(self, key: str) -> None:
        """Open a tunnel's address in the browser."""
        self.addresses.open(key)

    def check_address(self, key: str) -> None:
        """Look at a tunnel's address as a visitor would."""
        self._commands.check_address(key)

    def show_qr(self, key: str) -> None:
        """Show a tunnel's address as a picture that a phone can read."""
        self.addresses.show_qr(key)

    def connector_log(self, key: str) -> Lines:
        """Return what a tunnel's connector says."""
        return self._commands.connector_log(key)

    def count_traffic(self, key: str) -> None:
        """Have it counted what a tunnel's connector has carried."""
        self._commands.count_traffic(key)

    def show_details(self, key: str) -> None:
        """Show the window with this tunnel's card in view."""
        self.show_window()
        self.window.unfold(key)
        self.window.show_card(key)

    def restart(self, key: str) -> None:
        """Restart a tunnel, or try again after a failure."""
        tunnel = self.state.tunnel(key)
        if tunnel is not None:
            self._commands.revise(key, tunnel.again)

    def try_now(self, key: str) -> None:
        """Have a tunnel that is in trouble do at once what it would do next by itself."""
        self._commands.try_now(key)

    def end(self, key: str) -> None:
        """Stop a tunnel, or forget one that has ended."""
        tunnel = self.state.tunnel(key)
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

    def dismiss_update(self) -> None:
        """Tell no more of the newer version."""
        self._commands.dismiss_update()

    def show_window(self) -> None:
        """Show the window and bring it to the front."""
        self._render_window()
        self.window.raise_up()
        self.signing.turned_to()
        if self.state.session.status is SessionStatus.SIGNED_IN:
            self._commands.refresh()

    def sign_in(self) -> None:
        """Show the ways in."""
        self.signing.present()

    def sign_in_at(self, server: str) -> None:
        """Show the ways in to this server."""
        self.signing.add(server)

    def add_account(self) -> None:
        """Show the ways in, for an account that is not known yet."""
        self.signing.add()

    def use_account(self, account: Account) -> None:
        """Make this the account that new tunnels are for."""
        self._commands.use_account(account)

    def sign_out(self) -> None:
        """Forget the account in use; ask first where that stops tunnels."""
        self.signing.leave()

    def choose_authority(self) -> None:
        """Have the user choose a certificate authority's file."""
        self.actions.choose_authority()

    def forget_authority(self) -> None:
        """Trust what the system trusts, and nothing beside it."""
        self._commands.prefer(replace(self.state.preferences, authority=None))

    def settings(self) -> None:
        """Show the settings."""
        self.settings_dialog.open()
        self.settings_dialog.raise_()
        self.settings_dialog.activateWindow()

    def present_welcome(self, *, server: bool = False, this_run_only: bool = False) -> None:
        """Show the ways in, the server's address or the token focused."""
        self.signing.present(server=server, this_run_only=this_run_only)

    def ask_in_again(self, *, this_run_only: bool = False) -> bool:
        """Sign in once more where the ways in show that it failed; return whether they do."""
        return self.signing.ask_again(this_run_only=this_run_only)

    def show_problem(self, key: str | None) -> None:
        """Show the problem of a tunnel, or with None of the app itself."""
        self.problems.show(key)

    def act(self, key: str | None, action: Action) -> None:
        """Carry out one of a problem's actions."""
        self.actions.act(key, action)

    def show_log(self, key: str) -> None:
        """Show a connector's log."""
        self.help.show_logs(key)

    def show_doctor(self) -> None:
        """Have everything looked at that the job needs."""
        self.help.show_doctor()

    def show_logs(self) -> None:
        """Show what was written down."""
        self.help.show_logs()

    def show_diagnostics(self) -> None:
        """Show what can be given to somebody who is to help."""
        self.help.show_diagnostics()

    def choose_connector(self) -> None:
        """Have the user choose a cloudflared."""
        self.actions.choose_connector()

    def fetch_connector(self) -> None:
        """Have one downloaded, or show where there is one."""
        self.actions.fetch_connector()

    def show_about(self) -> None:
        """Show what this is."""
        self.help.show_about()

    def quit(self) -> None:
        """Stop everything cleanly and end the app; ask first where the user wants that."""
        names = tuple(name_of(tunnel) for tunnel in self.state.tunnels if tunnel.active)
        if not (names and self.state.preferences.ask_on_quit) or self.state.quitting:
            self._commands.quit()
            return
        from tunneldesk.ui.quit_dialog import QuitDialog

        dialog = QuitDialog(names, self.shown_window, reopens=self.state.preferences.reopen_at_start)
        dialog.accepted.connect(self._commands.quit)
        self.help.show_dialog(dialog)

    # What problems need

    def show_urgent(self) -> None:
        """Show the window, which tells of something grave, where nothing else does."""
        self._background.show_urgent()

    def announces(self, key: str) -> bool:
        """Whether the expose dialog's end tells that this tunnel is live."""
        return self.exposing.announces(key)

    def host_of(self, key: str | None) -> QWidget | None:
        """Return the window that a dialog about this belongs to."""
        if self.exposing.shows(key):
            return self.exposing.dialog
        if self.signing.dialog is not None:
            return self.signing.dialog
        return self.shown_window

    def in_background(self) -> bool:
        """Whether no window of ours is on the screen."""
        windows = (*self._made().values(), self.signing.dialog, self.help.doctor)
        shown = any(window and window.isVisible() and not window.isMinimized() for window in windows)
        return not shown and not self.exposing.visible

    def notify(self, title: str, text: str, key: str | None, *, grave: bool) -> None:
        """Tell it by the desktop's own means; a click on it shows the problem."""
        self._telling.tell(title, text, lambda: self._show_told(key), grave=grave)

    def tell(self, title: str, text: str) -> None:
        """Tell it by the desktop's own means; a click on it shows the window."""
        self._telling.tell(title, text, self.show_window, grave=True)

    def show_dialog(self, dialog: QDialog) -> None:
        """Show a dialog that lives for as long as it is open."""
        self.help.show_dialog(dialog)

    def _show_told(self, key: str | None) -> None:
        self.show_window()
        self.problems.show(key)

    # Drawing

    def _instant(self) -> Instant:
        return Instant(self._clock.monotonic(), self._clock.now())

    def _render_tray(self) -> None:
        view = tray_view(self.state, self._instant())
        self._tray.render_view(view)
        self.menu.render_view(view)
        counts = self.state.quitting or any(tunnel.phase is Phase.RECONNECTING for tunnel in self.state.tunnels)
        if counts != self._seconds.isActive():
            self._seconds.start() if counts else self._seconds.stop()

    def _render_settings(self, dialog: SettingsDialog) -> None:
        from tunneldesk.presentation.account import account_rows
        from tunneldesk.presentation.download import connector_view

        dialog.render_preferences(self.state.preferences)
        dialog.render_connector(connector_view(self.state))
        dialog.account.render_accounts(account_rows(self.state))

    def _render_window(self) -> None:
        from tunneldesk.presentation.window import window_view

        instant = self._instant()
        self.window.render_view(window_view(self.state, instant, self.window.unfolded))
        self.window.render_menu(tray_view(self.state, instant))

    def _live(self, key: str, address: str, wants_copy: bool) -> None:
        tunnel = self.state.tunnel(key)
        text = address
        if wants_copy and self.addresses.copy(address):
            text = self.tr("{address} is in the clipboard.").replace("{address}", address)
        if tunnel is not None:
            self._telling.tell_live(tunnel, text)

    def _copy_newest(self) -> None:
        newest = tray_view(self.state, self._instant()).newest
        if newest is not None:
            self.copy_and_tell(newest)

    def _close_problems(self) -> None:
        if "problems" in vars(self):
            self.problems.close()


def _ails(state: AppState) -> bool:
    """Whether anything is wrong."""
    return state.failure is not None or any(tunnel.failure is not None for tunnel in state.tunnels)
