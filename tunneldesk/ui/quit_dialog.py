"""Asks before quitting, where the user wants to be asked."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import button, label, scale_font
from tunneldesk.ui.theme import SPACE


class QuitDialog(FittingDialog):
    """Says what quitting stops; accepted means to go ahead."""

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None, *, reopens: bool) -> None:
        """Make the dialog.

        Args:
            names: What the tunnels are called.
            parent: The window it belongs to.
            reopens: Whether they are exposed again at the next start.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Quit TunnelDesk"))
        self.setWindowIcon(app_icon())
        title = label(self.tr("Stop the tunnels and quit?"), wrap=True)
        scale_font(title, 1.25, bold=True)
        words = (
            self.tr("Their addresses stop answering: {names}. They are exposed again at the next start.")
            if reopens
            else self.tr("Their addresses stop answering: {names}. The next start does not expose them again.")
        )
        text = label(words.replace("{names}", ", ".join(names)), wrap=True)
        go = button(self.tr("Stop and quit"), self.accept, primary=True)
        go.setDefault(True)
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 55)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE * 3 // 2)
        column.addWidget(title)
        column.addWidget(text)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addStretch(1)
        row.addWidget(button(self.tr("Cancel"), self.reject))
        row.addWidget(go)
        column.addLayout(row)
        go.setFocus()
