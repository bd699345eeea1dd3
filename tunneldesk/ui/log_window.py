"""A connector's log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import button
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable


class LogWindow(QWidget):
    """Shows the lines of one connector, the latest in view."""

    def __init__(self, name: str, lines: Callable[[], tuple[str, ...]]) -> None:
        super().__init__()
        self._lines = lines
        self.setWindowTitle(self.tr("Connector log of {name}").replace("{name}", name))
        self.setWindowIcon(app_icon())
        self.resize(SPACE * 100, SPACE * 60)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setPlaceholderText(self.tr("The connector has said nothing yet."))
        self._text.setAccessibleName(self.windowTitle())
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(button(self.tr("Read again"), self.read))
        row.addStretch(1)
        row.addWidget(button(self.tr("Copy"), lambda: copy(self._text.toPlainText())))
        row.addWidget(button(self.tr("Close"), self.close, primary=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE)
        column.addWidget(self._text, 1)
        column.addLayout(row)
        self.read()

    def read(self) -> None:
        """Read what the connector has said up to now."""
        self._text.setPlainText("\n".join(self._lines()))
        bar = self._text.verticalScrollBar()
        bar.setValue(bar.maximum())
