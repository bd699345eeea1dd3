"""What TunnelDesk and its connectors have written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QVBoxLayout

from tunneldesk.ui.flow import flowing
from tunneldesk.ui.help_window import HelpWindow
from tunneldesk.ui.log_view import LogView
from tunneldesk.ui.parts import button
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tunneldesk.domain.lines import Lines


class LogsWindow(HelpWindow):
    """Shows one log at a time, chosen from a list: the app's own first, then one for each tunnel."""

    def __init__(self, own: Lines, of: Callable[[str], Lines], folder: Path) -> None:
        """Make the window.

        Args:
            own: What the app itself has written.
            of: Returns what the connector of a tunnel has said.
            folder: Where older lines are.
        """
        super().__init__()
        self._own = own
        self._of = of
        self._folder = folder
        self.setWindowTitle(self.tr("Logs"))
        self.resize(SPACE * 110, SPACE * 75)
        self._which = QComboBox()
        self._which.setAccessibleName(self.tr("Log"))
        self._which.setMinimumWidth(SPACE * 30)
        self._which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._which.addItem("TunnelDesk", None)
        self._which.currentIndexChanged.connect(self._turn)
        self.view = LogView(own, "TunnelDesk")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE)
        column.addWidget(
            flowing(self._which, button(self.tr("Open folder"), self._open_folder), last_apart=True),
        )
        column.addWidget(self.view, 1)
        column.addWidget(flowing(button(self.tr("Close"), self.close, primary=True), last_apart=True))

    def render_tunnels(self, names: tuple[tuple[str, str], ...]) -> None:
        """Offer the logs of these tunnels, each a key and a name; one that is looked at stays."""
        known = {self._which.itemData(row): row for row in range(1, self._which.count())}
        for key, name in names:
            words = self.tr("Connector of {name}").replace("{name}", name)
            if key in known:
                self._which.setItemText(known[key], words)
            else:
                self._which.addItem(words, key)
        wanted = {key for key, _ in names}
        for row in reversed(range(1, self._which.count())):
            if self._which.itemData(row) not in wanted and row != self._which.currentIndex():
                self._which.removeItem(row)

    def show_log(self, key: str | None) -> None:
        """Turn to a tunnel's log, or with None to the app's own."""
        self._which.setCurrentIndex(max(0, self._which.findData(key)))

    def _turn(self) -> None:
        key = self._which.currentData()
        self.view.turn_to(self._own if key is None else self._of(key), self._which.currentText())

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
