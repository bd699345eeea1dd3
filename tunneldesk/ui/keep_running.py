"""What closing the window means where there is no tray."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.parts import button, label, scale_font
from tunneldesk.ui.theme import SPACE


class KeepRunning(FittingDialog):
    """Asks whether the tunnels stay up; accepted means they do.

    Signals:
        quit_wanted: Stop everything and end the app.
    """

    quit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("TunnelDesk")
        title = label(self.tr("Keep the tunnels running?"), wrap=True)
        scale_font(title, 1.25, bold=True)
        text = self.tr(
            "This desktop has no tray, so nothing will be seen of them. Start TunnelDesk again to get this "
            "window back. From now on closing it keeps them running without asking; the settings can change that."
        )
        keep = button(self.tr("Keep running"), self.accept, primary=True)
        keep.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addStretch(1)
        row.addWidget(button(self.tr("Cancel"), self.reject))
        row.addWidget(button(self.tr("Stop and quit"), self._quit))
        row.addWidget(keep)
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 55)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE)
        column.addWidget(title)
        column.addWidget(label(text, wrap=True))
        column.addSpacing(SPACE)
        column.addLayout(row)

    def _quit(self) -> None:
        self.done(QDialog.DialogCode.Rejected)
        self.quit_wanted.emit()
