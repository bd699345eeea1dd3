"""The tray's menu: made once, edited in place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tunneldesk.presentation.tray import end_label
from tunneldesk.ui.intents import Field

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tunneldesk.presentation.account import AccountRow
    from tunneldesk.presentation.tray import AgainEntry, TrayView, TunnelEntry
    from tunneldesk.ui.intents import Intents

_OPEN_AT_MOST_MS = 30_000


class TrayMenu(QMenu):
    """Shows a `TrayView` as a menu.

    While it is open, entries change their words and their availability but none is taken away from under the
    pointer: a tunnel that is gone stays, greyed, until the menu closes.
    """

    def __init__(self, intents: Intents, parent: QWidget | None = None) -> None:
        """Make a menu.

        Args:
            intents: What its entries ask for.
            parent: The part of the window that opens it; None where the tray does.
        """
        super().__init__(parent)
        self._intents = intents
        self._tunnels: dict[str, _TunnelMenu] = {}
        self._view: TrayView | None = None
        self._open = False
        self._status = self.addAction("")
        self._status.setEnabled(False)
        self._sign_in = self.addAction(self.tr("Sign in..."), intents.sign_in)
        self._below_status = self.addSeparator()
        self._below_tunnels = self.addSeparator()
        self._expose = self.addAction(self.tr("Expose a port..."), lambda: intents.expose())
        self._again = QMenu(self.tr("Expose again"), self)
        self._again_shown: tuple[AgainEntry, ...] = ()
        self.addMenu(self._again)
        self._stop_all = self.addAction(self.tr("Stop all"), intents.stop_all)
        self.addSeparator()
        self._window = self.addAction(self.tr("Open TunnelDesk"), intents.show_window)
        self._window.setVisible(parent is None)
        self._accounts = QMenu(self.tr("Account"), self)
        self._accounts_shown: tuple[AccountRow, ...] = ()
        self._below_accounts = self._accounts.addSeparator()
        self._accounts.addAction(self.tr("Add an account..."), intents.add_account)
        self._sign_out = self._accounts.addAction(self.tr("Sign out..."), intents.sign_out)
        self.addMenu(self._accounts)
        self._settings = self.addAction(self.tr("Settings..."), intents.settings)
        self._help = self.addMenu(self.tr("Help"))
        self._help.addAction(self.tr("Doctor..."), intents.show_doctor)
        self._help.addAction(self.tr("Logs..."), intents.show_logs)
        self._help.addAction(self.tr("About TunnelDesk"), intents.show_about)
        self.addSeparator()
        self._quit = self.addAction(self.tr("Quit"), intents.quit)
        self.aboutToShow.connect(self._opened)
        self.aboutToHide.connect(self._closed)
        # A tray on D-Bus says that it opens the menu, and not always that it has closed it.
        self.triggered.connect(self._closed)
        self._forgotten = QTimer(self, singleShot=True, interval=_OPEN_AT_MOST_MS)
        self._forgotten.timeout.connect(self._closed)

    def render_view(self, view: TrayView) -> None:
        """Show this; nothing is touched when nothing changed."""
        if view == self._view:
            return
        self._view = view
        _set(self._status, text=view.status, visible=not view.sign_in)
        _set(self._sign_in, visible=view.sign_in)
        _set(self._expose, enabled=view.can_expose)
        _set(self._stop_all, enabled=view.can_stop)
        self._render_tunnels(view)
        self._render_again(view)
        self._render_accounts(view)

    def _render_accounts(self, view: TrayView) -> None:
        _set(self._below_accounts, visible=bool(view.accounts))
        _set(self._sign_out, enabled=view.can_sign_out)
        if view.accounts == self._accounts_shown or self._open:
            return
        self._accounts_shown = view.accounts
        for action in self._accounts.actions()[: self._accounts.actions().index(self._below_accounts)]:
            self._accounts.removeAction(action)
            action.deleteLater()
        for row in view.accounts:
            action = QAction(row.label, self._accounts, checkable=True, checked=row.current)
            action.triggered.connect(partial(self._choose, action, row))
            self._accounts.insertAction(self._below_accounts, action)

    def _choose(self, action: QAction, row: AccountRow) -> None:
        """Use an account; the tick is the state's to set."""
        action.setChecked(row.current)
        if not row.current:
            self._intents.use_account(row.account)

    def _render_again(self, view: TrayView) -> None:
        _set(self._again.menuAction(), enabled=view.can_expose and bool(view.again))
        if view.again == self._again_shown or self._open:
            return
        self._again_shown = view.again
        self._again.clear()
        for entry in view.again:
            self._again.addAction(entry.label, partial(self._intents.expose_again, entry.wish))

    def _render_tunnels(self, view: TrayView) -> None:
        wanted = {entry.key for entry in view.tunnels}
        for key in [key for key in self._tunnels if key not in wanted]:
            if self._open:
                self._tunnels[key].menuAction().setEnabled(False)
                continue
            gone = self._tunnels.pop(key)
            self.removeAction(gone.menuAction())
            gone.deleteLater()
        before = self._below_tunnels
        for entry in reversed(view.tunnels):
            menu = self._tunnels.get(entry.key)
            if menu is None:
                menu = self._tunnels[entry.key] = _TunnelMenu(entry.key, self._intents, self)
                self.insertMenu(before, menu)
            menu.render_entry(entry)
            before = menu.menuAction()
        _set(self._below_tunnels, visible=bool(view.tunnels))

    def _opened(self) -> None:
        self._open = True
        self._forgotten.start()

    def _closed(self) -> None:
        self._open = False
        self._forgotten.stop()
        if self._view:
            self._render_tunnels(self._view)
            self._render_again(self._view)
            self._render_accounts(self._view)


class _TunnelMenu(QMenu):
    """One tunnel's submenu."""

    def __init__(self, key: str, intents: Intents, parent: QMenu) -> None:
        super().__init__(parent)
        self._copy = self.addAction(self.tr("Copy address"), lambda: intents.copy_and_tell(key))
        self._browse = self.addAction(self.tr("Open in browser"), lambda: intents.open_address(key))
        self._qr = self.addAction(self.tr("Show QR code"), lambda: intents.show_qr(key))
        self.addAction(self.tr("Details"), lambda: intents.show_details(key))
        self.addSeparator()
        self._change = self.addAction(self.tr("Change port..."), lambda: intents.change(key, Field.PORT))
        self._restart = self.addAction("", lambda: intents.restart(key))
        self._end = self.addAction("", lambda: intents.end(key))

    def render_entry(self, entry: TunnelEntry) -> None:
        """Show this tunnel as it is now."""
        _set(self.menuAction(), text=entry.title, enabled=True)
        for action in (self._copy, self._browse, self._qr):
            _set(action, enabled=entry.address is not None)
        _set(self._change, enabled=entry.can_change)
        _set(self._restart, text=entry.restart_label, enabled=entry.can_change)
        _set(self._end, text=end_label(entry.end))


def _set(
    action: QAction, *, text: str | None = None, enabled: bool | None = None, visible: bool | None = None
) -> None:
    """Change only what is different: over D-Bus every change is a message to the desktop."""
    if text is not None and action.text() != text:
        action.setText(text)
    if enabled is not None and action.isEnabled() != enabled:
        action.setEnabled(enabled)
    if visible is not None and action.isVisible() != visible:
        action.setVisible(visible)
