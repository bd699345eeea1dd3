"""How many tunnels are in use, as slots and in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tunneldesk.ui.theme import SPACE, tokens_of

_SLOTS_PAINTED = 10


class QuotaMeter(QWidget):
    """A slot per tunnel the account may have, filled where one is in use, and "2 of 5" beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._used, self._limit, self._words = 0, 0, ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def render_quota(self, used: int, limit: int, words: str) -> None:
        """Show this quota."""
        if (used, limit, words) == (self._used, self._limit, self._words):
            return
        self._used, self._limit, self._words = used, limit, words
        self.setAccessibleName(self.tr("Tunnels in use: {quota}").replace("{quota}", words))
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the slots, as far as they are painted, and the words."""
        metrics = self.fontMetrics()
        return QSize(self._slots_width() + metrics.horizontalAdvance(self._words) + 2, metrics.height() + SPACE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the slots, then the words."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if self._slots_width():
            for slot in range(self._limit):
                left = slot * (SPACE + SPACE // 2) + 1
                box = QRectF(left, self.height() / 2 - SPACE + 0.5, SPACE - 1, SPACE * 2 - 1)
                if mirrored:
                    box.moveRight(self.width() - left)
                used = slot < self._used
                painter.setPen(QPen(QColor(tokens.accent if used else tokens.border), 1))
                painter.setBrush(QColor(tokens.accent) if used else Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box, 2, 2)
        painter.setPen(QColor(tokens.text))
        side = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | side
        painter.drawText(self.rect(), flags, self._words)

    def _slots_width(self) -> int:
        return self._limit * (SPACE + SPACE // 2) + SPACE // 2 if self._limit <= _SLOTS_PAINTED else 0
