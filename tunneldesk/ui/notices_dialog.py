"""Whose work this contains, to be read and searched."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase, QTextCursor
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from tunneldesk.ui.flow import flowing
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import button, restyle
from tunneldesk.ui.theme import SPACE


class NoticesDialog(QDialog):
    """Shows the licence notices; Enter in the field leads to the next place where its words stand."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Licences"))
        self.setWindowIcon(app_icon())
        self.resize(SPACE * 100, SPACE * 80)
        self._find = QLineEdit()
        self._find.setPlaceholderText(self.tr("Find"))
        self._find.setAccessibleName(self.tr("Find"))
        self._find.setClearButtonEnabled(True)
        self._find.returnPressed.connect(self._next)
        self._text = QPlainTextEdit(text)
        self._text.setReadOnly(True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName(self.tr("Licences"))
        close = button(self.tr("Close"), self.accept, primary=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE)
        column.addWidget(self._find)
        column.addWidget(self._text, 1)
        column.addWidget(flowing(close, last_apart=True))
        self._find.setFocus()

    def _next(self) -> None:
        words = self._find.text()
        found = self._text.find(words)
        if not found:  # once more from the beginning
            self._text.moveCursor(QTextCursor.MoveOperation.Start)
            found = self._text.find(words)
        restyle(self._find, "refused", value=not found and bool(words))
