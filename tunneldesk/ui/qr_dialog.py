"""An address as a picture that a phone can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import button, label
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

_QUIET = 4
"""Empty modules around the code, as ISO/IEC 18004 asks for."""

_LARGEST, _LEAST = 300, 3


class QrCode(QWidget):
    """Paints a QR code in black on white in every theme, at whole pixels: that is what cameras read best."""

    def __init__(self, text: str) -> None:
        super().__init__()
        # Medium correction: a screen is clean, but a camera is not held straight.
        self._rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
        self._modules = len(self._rows) + 2 * _QUIET
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("QR code of {address}").replace("{address}", text))

    @property
    def rows(self) -> list[bytes]:
        """The modules: 1 is black."""
        return self._rows

    def sizeHint(self) -> QSize:
        """Large enough for a phone at arm's length."""
        edge = self._modules * max(_LEAST, _LARGEST // self._modules)
        return QSize(edge, edge)

    def minimumSizeHint(self) -> QSize:
        """Three pixels a module."""
        return QSize(self._modules * _LEAST, self._modules * _LEAST)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint every module."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        scale = int(min(self.width(), self.height()) * ratio // self._modules) / ratio
        edge = scale * self._modules
        left, top = (self.width() - edge) / 2, (self.height() - edge) / 2
        painter.fillRect(QRectF(left, top, edge, edge), QColor(Qt.GlobalColor.white))
        for y, row in enumerate(self._rows, _QUIET):
            for x, black in enumerate(row, _QUIET):
                if black:
                    box = QRectF(left + x * scale, top + y * scale, scale, scale)
                    painter.fillRect(box, QColor(Qt.GlobalColor.black))


class QrDialog(FittingDialog):
    """Shows the QR code of a public address."""

    def __init__(self, address: str, *, here_only: bool, parent: QWidget | None = None) -> None:
        """Show a code.

        Args:
            address: What it says.
            here_only: Whether the address leads nowhere from any other machine.
            parent: The window it belongs to.
        """
        super().__init__(parent)
        self._address = address
        self.setWindowTitle(self.tr("QR code"))
        self.setWindowIcon(app_icon())
        words = label(address, selectable=True, wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        note = label(
            self.tr("This address works on this computer only; a phone can't open it."), role="warning", wrap=True
        )
        note.setVisible(here_only)
        self._copy: QPushButton = button(self.tr("Copy address"), self._copy_it)
        close = button(self.tr("Close"), self.accept, primary=True)
        close.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addStretch(1)
        row.addWidget(self._copy)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE * 3 // 2)
        column.addWidget(QrCode(address), 1)
        column.addWidget(words)
        column.addWidget(note)
        column.addLayout(row)
        close.setFocus()

    def _copy_it(self) -> None:
        if copy(self._address):
            self._copy.setText(self.tr("Copied"))
