"""What is given to whoever is to help, to be read before it leaves the machine."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.flow import flowing
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import button, label, restyle, set_text
from tunneldesk.ui.theme import SPACE


class DiagnosticsDialog(QDialog):
    """Shows the text, which can still be changed; what is saved or copied is what stands there then."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export diagnostics"))
        self.setWindowIcon(app_icon())
        self.resize(SPACE * 100, SPACE * 80)
        said = label(
            self.tr(
                "Tokens, e-mail addresses, names and addresses of servers and tunnels have been taken out. Read "
                "it, and delete what you would rather keep to yourself; nothing is sent anywhere."
            ),
            wrap=True,
        )
        self._text = QPlainTextEdit(text)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName(self.tr("Diagnostics"))
        self._said = label(wrap=True, role="muted")
        self._copy = button(self.tr("Copy"), self._copy_it)
        save = button(self.tr("Save..."), self._choose_file, primary=True)
        save.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE)
        column.addWidget(said)
        column.addWidget(self._text, 1)
        column.addWidget(self._said)
        column.addWidget(flowing(self._copy, button(self.tr("Close"), self.reject), save, last_apart=True))
        self._said.hide()

    @property
    def text(self) -> str:
        """What would be saved."""
        return self._text.toPlainText()

    def save(self, path: str) -> None:
        """Write the text into this file."""
        try:
            Path(path).write_text(self.text, encoding="utf-8")
        except OSError as error:
            words = self.tr("It can't be saved there: {reason}").replace("{reason}", str(error.strerror))
            role = "refused"
        else:
            words, role = self.tr("Saved as {path}").replace("{path}", path), "muted"
        restyle(self._said, "role", role)
        set_text(self._said, words)
        self._said.show()

    def _choose_file(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chooser = QFileDialog(self, self.tr("Save diagnostics"), folder)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("txt")
        chooser.selectFile("tunneldesk-diagnostics.txt")
        chooser.fileSelected.connect(self.save)
        chooser.open()

    def _copy_it(self) -> None:
        if copy(self.text):
            self._copy.setText(self.tr("Copied"))
