"""What the user may choose."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from tunneldesk.domain.preferences import EdgeProtocol, Notice, Theme, TrayStyle
from tunneldesk.ui.account_page import AccountHost, AccountPage
from tunneldesk.ui.download_row import DownloadRow
from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.flow import flowing
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import FieldGrid, button, label, set_text
from tunneldesk.ui.tab_order import go_by_sight
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from tunneldesk.domain.preferences import Preferences
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.presentation.download import ConnectorView


class SettingsHost(AccountHost, Protocol):
    """Where the buttons lead."""

    def choose_connector(self) -> None:
        """Have the user choose a cloudflared."""

    def fetch_connector(self) -> None:
        """Have one downloaded, or show where there is one."""

    def show_doctor(self) -> None:
        """Have everything looked at that the job needs."""

    def show_logs(self) -> None:
        """Show what was written down."""

    def show_diagnostics(self) -> None:
        """Show what can be given to somebody who is to help."""


class SettingsDialog(FittingDialog):
    """Shows `Preferences` and a `ConnectorView`; every change holds at once, so there is nothing to confirm."""

    def __init__(self, commands: Commands, host: SettingsHost) -> None:
        super().__init__()
        self._commands = commands
        self._host = host
        self._shown: Preferences | None = None
        self.setWindowTitle(self.tr("Settings"))
        self.setWindowIcon(app_icon())
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.account = AccountPage(host)
        self.pages.addTab(self._general(), self.tr("General"))
        self.pages.addTab(self.account, self.tr("Account"))
        self.pages.addTab(self._notifications(), self.tr("Notifications"))
        self.pages.addTab(self._connector_page(), self.tr("Connector"))
        self.pages.addTab(self._help(), self.tr("Help"))
        close = button(self.tr("Close"), self.accept, primary=True)
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 65)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE * 2)
        column.addWidget(self.pages, 1)
        column.addWidget(flowing(close, last_apart=True))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Accounts come and go, and are reached where they stand."""
        return go_by_sight(self, forward=forward)

    def _general(self) -> QWidget:
        self._theme = _choice(
            self.tr("Theme"),
            (self.tr("As the system"), Theme.SYSTEM),
            (self.tr("Light"), Theme.LIGHT),
            (self.tr("Dark"), Theme.DARK),
        )
        self._tray_style = _choice(
            self.tr("Tray icon"),
            (self.tr("As the theme"), TrayStyle.SYSTEM),
            (self.tr("For a light panel"), TrayStyle.LIGHT),
            (self.tr("For a dark panel"), TrayStyle.DARK),
            (self.tr("Without colours"), TrayStyle.PLAIN),
        )
        self._login = QCheckBox(self.tr("Start at login, quietly in the tray"))
        self._reopen = QCheckBox(self.tr("Expose the same ports again when TunnelDesk starts"))
        self._copy = QCheckBox(self.tr("Copy a new address when it is live"))
        self._ask = QCheckBox(self.tr("Ask before quitting stops tunnels"))
        self._ask_close = QCheckBox(self.tr("Ask before the window closes where there is no tray"))
        self._ask_close.hide()
        self._updates = QCheckBox(self.tr("Look once a day for a newer TunnelDesk, and tell of it"))
        form = FieldGrid()
        form.add_field(self.tr("&Theme"), self._theme)
        if sys.platform != "darwin":  # there the menu bar decides
            form.add_field(self.tr("T&ray icon"), self._tray_style)
        for box in (self._login, self._reopen, self._copy, self._ask, self._ask_close, self._updates):
            form.add_below(box)
            box.clicked.connect(self._changed)
        for combo in (self._theme, self._tray_style):
            combo.activated.connect(self._changed)
        return _page(form)

    def _notifications(self) -> QWidget:
        self._notices = {
            Notice.LIVE: QCheckBox(self.tr("A tunnel is live")),
            Notice.LOST: QCheckBox(self.tr("A tunnel has lost its connection")),
            Notice.RESTORED: QCheckBox(self.tr("A tunnel is back")),
            Notice.STOPPED: QCheckBox(self.tr("A tunnel was stopped because its time was up")),
        }
        column = QVBoxLayout()
        column.setSpacing(SPACE)
        column.addWidget(label(self.tr("Tell me when"), role="muted"))
        for box in self._notices.values():
            column.addWidget(box)
            box.clicked.connect(self._changed)
        note = self.tr("What repairs itself within 10 seconds is not told. Problems that need you always are.")
        column.addWidget(label(note, role="muted", wrap=True))
        return _page(column)

    def _connector_page(self) -> QWidget:
        self._connector = QLineEdit()
        self._connector.setPlaceholderText(self.tr("found by itself"))
        self._connector.setAccessibleName(self.tr("Path of cloudflared"))
        self._connector.editingFinished.connect(self._changed)
        choose = button(self.tr("Choose..."), lambda: self._host.choose_connector())
        self._found = label(role="muted", wrap=True)
        self._fetch = button("", lambda: self._host.fetch_connector())
        self._download = DownloadRow(self._commands.cancel_download)
        self._protocol = _choice(
            self.tr("Protocol"),
            (self.tr("QUIC, or HTTP/2 where it is blocked"), EdgeProtocol.AUTO),
            (self.tr("QUIC only"), EdgeProtocol.QUIC),
            (self.tr("HTTP/2 only"), EdgeProtocol.HTTP2),
        )
        self._protocol.activated.connect(self._changed)
        self._about = QWidget()
        about = QHBoxLayout(self._about)
        about.setContentsMargins(0, 0, 0, 0)
        about.setSpacing(SPACE)
        about.addWidget(self._found, 1)
        about.addWidget(self._fetch)
        form = FieldGrid()
        form.add_field(self.tr("cloudflare&d"), self._connector, beside=choose)
        form.add_below(self._about)
        form.add_below(self._download)
        form.add_field(self.tr("&Protocol"), self._protocol)
        note = self.tr("What is up keeps its protocol until it is restarted.")
        form.add_below(label(note, role="muted", wrap=True))
        return _page(form)

    def _help(self) -> QWidget:
        column = QVBoxLayout()
        column.setSpacing(SPACE)
        for words, what, pressed in (
            (
                self.tr("Doctor..."),
                self.tr("Looks at everything the job needs, and says how to mend it."),
                self._host.show_doctor,
            ),
            (self.tr("Logs..."), self.tr("What TunnelDesk and its connectors have done."), self._host.show_logs),
            (
                self.tr("Export diagnostics..."),
                self.tr("For somebody who is to help: read it first, nothing is sent."),
                self._host.show_diagnostics,
            ),
        ):
            row = QHBoxLayout()
            row.setSpacing(SPACE * 2)
            row.addWidget(label(what, wrap=True), 1)
            row.addWidget(button(words, pressed))
            column.addLayout(row)
        return _page(column)

    def render_preferences(self, preferences: Preferences) -> None:
        """Show these."""
        if preferences == self._shown:
            return
        self._shown = preferences
        self.account.render_authority(preferences.authority)
        self._login.setChecked(preferences.start_at_login)
        self._reopen.setChecked(preferences.reopen_at_start)
        self._copy.setChecked(preferences.copy_when_live)
        self._ask.setChecked(preferences.ask_on_quit)
        self._ask_close.setChecked(preferences.ask_on_close)
        if not preferences.ask_on_close:
            self._ask_close.show()  # it means something only to whoever has answered that question
        self._updates.setChecked(preferences.look_for_updates)
        for notice, box in self._notices.items():
            box.setChecked(notice in preferences.notices)
        self._theme.setCurrentIndex(self._theme.findData(preferences.theme.value))
        self._tray_style.setCurrentIndex(self._tray_style.findData(preferences.tray_style.value))
        self._connector.setText(str(preferences.connector or ""))
        self._protocol.setCurrentIndex(self._protocol.findData(preferences.protocol.value))

    def render_connector(self, view: ConnectorView) -> None:
        """Show which cloudflared there is, and how far a download has got."""
        had_focus = self.focusWidget() in {self._fetch, self._download.cancel}
        set_text(self._found, view.found)
        self._found.setToolTip(view.place)
        set_text(self._fetch, view.fetch)
        self._fetch.setVisible(bool(view.fetch))
        self._about.setVisible(view.download is None and bool(view.found or view.fetch))
        self._download.render_view(view.download)
        if had_focus:
            (self._fetch if view.download is None else self._download.cancel).setFocus()

    def _changed(self) -> None:
        if self._shown is None:
            return
        path = self._connector.text().strip()
        chosen = replace(
            self._shown,
            connector=Path(path) if path else None,
            protocol=EdgeProtocol(self._protocol.currentData()),
            copy_when_live=self._copy.isChecked(),
            reopen_at_start=self._reopen.isChecked(),
            theme=Theme(self._theme.currentData()),
            look_for_updates=self._updates.isChecked(),
            notices=frozenset(notice for notice, box in self._notices.items() if box.isChecked()),
            ask_on_quit=self._ask.isChecked(),
            ask_on_close=self._ask_close.isChecked(),
            start_at_login=self._login.isChecked(),
            tray_style=TrayStyle(self._tray_style.currentData()),
        )
        if chosen != self._shown:
            self._commands.prefer(chosen)


def _choice(name: str, *choices: tuple[str, Theme | TrayStyle | EdgeProtocol]) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    for words, value in choices:
        combo.addItem(words, value.value)
    return combo


def _page(content: QLayout) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(SPACE, SPACE * 2, SPACE, SPACE)
    column.addLayout(content)
    column.addStretch(1)
    return page
