"""Asks before signing out stops tunnels."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import button, label, scale_font
from tunneldesk.ui.theme import SPACE


class SignOutDialog(FittingDialog):
    """Says which tunnels signing out stops; accepted means to go ahead."""

    def __init__(self, who: str, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sign out"))
        self.setWindowIcon(app_icon())
        title = label(self.tr("Stop the tunnels and sign out?"), wrap=True)
        scale_font(title, 1.25, bold=True)
        words = self.tr("Tunnels of {who} are up, and their addresses stop answering: {names}.")
        text = label(words.replace("{who}", who).replace("{names}", ", ".join(names)), wrap=True)
        go = button(self.tr("Stop and sign out"), self.accept, primary=True)
        go.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addStretch(1)
        row.addWidget(button(self.tr("Cancel"), self.reject))
        row.addWidget(go)
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 55)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE * 3 // 2)
        column.addWidget(title)
        column.addWidget(text)
        column.addLayout(row)
        go.setFocus()
