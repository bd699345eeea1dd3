"""A live address to be copied by hand, where the clipboard would not take it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import button, label
from tunneldesk.ui.theme import SPACE


class AddressDialog(FittingDialog):
    """Shows the address selected, with a Copy button: a window in front may use the clipboard."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Live"))
        self.setWindowIcon(app_icon())
        self._address = QLineEdit(address)
        self._address.setReadOnly(True)
        self._address.setAccessibleName(self.tr("Address"))
        self._address.setMinimumWidth(SPACE * 45)
        self._copy = button(self.tr("Copy"), self._copy_it, primary=True)
        self._copy.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._address, 1)
        row.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 3)
        column.setSpacing(SPACE)
        column.addWidget(label(self.tr("The address could not be copied by itself:")))
        column.addLayout(row)
        self._address.selectAll()

    def _copy_it(self) -> None:
        if copy(self._address.text()):
            self.accept()
        else:
            self._address.selectAll()
