"""A log in a window of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.log_view import LogView
from tunneldesk.ui.parts import button
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from tunneldesk.domain.lines import Lines


class LogWindow(QWidget):
    """Shows the lines of one connector as they come."""

    def __init__(self, name: str, lines: Lines) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Connector log of {name}").replace("{name}", name))
        self.setWindowIcon(app_icon())
        self.resize(SPACE * 100, SPACE * 60)
        self.view = LogView(lines, self.windowTitle())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(self.tr("Close"), self.close, primary=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE)
        column.addWidget(self.view, 1)
        column.addLayout(row)
