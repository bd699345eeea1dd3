"""How much of the lease is left, as a line that gets shorter."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tunneldesk.presentation.status import Mark
from tunneldesk.ui.theme import tokens_of

_HEIGHT = 3


class LeaseGauge(QWidget):
    """Paints what is left of the lease as a part of its own width; the words beside it say it in seconds."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        """Make a gauge that is ``width`` pixels long when the lease is whole."""
        super().__init__(parent)
        self._whole = width
        self._left = 0
        self._low = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def render_lease(self, fraction: float, *, low: bool) -> None:
        """Show this part of the lease, 0 to 1; nothing is painted before it is a pixel shorter."""
        left = round(self._whole * fraction)
        if (left, low) == (self._left, self._low):
            return
        self._left, self._low = left, low
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the whole lease."""
        return QSize(self._whole, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole lease, and what is left of it on top."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for width, colour in (
            (self._whole, tokens.line),
            (self._left, tokens.marks[Mark.ATTENTION if self._low else Mark.LIVE]),
        ):
            painter.setBrush(QColor(colour))
            left = self.width() - width if mirrored else 0
            painter.drawRoundedRect(QRectF(left, 0, width, _HEIGHT), _HEIGHT / 2, _HEIGHT / 2)
