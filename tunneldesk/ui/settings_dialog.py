"""What the user may choose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tunneldesk.domain.model import Theme
from tunneldesk.ui.download_row import DownloadRow
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import FieldGrid, button, label, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.model import Preferences
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.presentation.download import ConnectorView


class SettingsDialog(QDialog):
    """Shows `Preferences` and a `ConnectorView`; every change holds at once, so there is nothing to confirm.

    Args:
        commands: What is asked for.
        choose_connector: Has the user choose a cloudflared.
        fetch_connector: Has one downloaded, or shows where there is one.
    """

    def __init__(
        self, commands: Commands, choose_connector: Callable[[], None], fetch_connector: Callable[[], None]
    ) -> None:
        super().__init__()
        self._commands = commands
        self._shown: Preferences | None = None
        self.setWindowTitle(self.tr("Settings"))
        self.setWindowIcon(app_icon())
        self._copy = QCheckBox(self.tr("Copy a new address when it is live"))
        self._reopen = QCheckBox(self.tr("Expose the same ports again when TunnelDesk starts"))
        self._updates = QCheckBox(self.tr("Look once a day for a newer TunnelDesk, and tell of it"))
        self._theme = QComboBox()
        self._theme.setAccessibleName(self.tr("Theme"))
        for words, theme in (
            (self.tr("As the system"), Theme.SYSTEM),
            (self.tr("Light"), Theme.LIGHT),
            (self.tr("Dark"), Theme.DARK),
        ):
            self._theme.addItem(words, theme.value)
        self._connector = QLineEdit()
        self._connector.setPlaceholderText(self.tr("found by itself"))
        self._connector.setAccessibleName(self.tr("Path of cloudflared"))
        choose = button(self.tr("Choose..."), choose_connector)
        self._found = label(role="muted", wrap=True)
        self._fetch = button("", fetch_connector)
        self._download = DownloadRow(commands.cancel_download)
        self._about = QWidget()
        about = QHBoxLayout(self._about)
        about.setContentsMargins(0, 0, 0, 0)
        about.setSpacing(SPACE)
        about.addWidget(self._found, 1)
        about.addWidget(self._fetch)
        close = button(self.tr("Close"), self.accept, primary=True)
        close.setDefault(True)
        form = FieldGrid()
        form.add_field(self.tr("&Theme"), self._theme)
        form.add_field(self.tr("cloudflare&d"), self._connector, beside=choose)
        form.add_below(self._about)
        form.add_below(self._download)
        form.add_below(self._copy)
        form.add_below(self._reopen)
        form.add_below(self._updates)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 60)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE * 2)
        column.addLayout(form)
        column.addLayout(row)
        self._copy.clicked.connect(self._changed)
        self._reopen.clicked.connect(self._changed)
        self._updates.clicked.connect(self._changed)
        self._theme.activated.connect(self._changed)
        self._connector.editingFinished.connect(self._changed)

    def render_preferences(self, preferences: Preferences) -> None:
        """Show these."""
        if preferences == self._shown:
            return
        self._shown = preferences
        self._copy.setChecked(preferences.copy_when_live)
        self._reopen.setChecked(preferences.reopen_at_start)
        self._updates.setChecked(preferences.look_for_updates)
        self._theme.setCurrentIndex(self._theme.findData(preferences.theme.value))
        self._connector.setText(str(preferences.connector or ""))

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
            copy_when_live=self._copy.isChecked(),
            reopen_at_start=self._reopen.isChecked(),
            look_for_updates=self._updates.isChecked(),
            theme=Theme(self._theme.currentData()),
        )
        if chosen != self._shown:
            self._commands.prefer(chosen)
