"""The five marks as shapes: painted small beside words, so that no state is told by colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from tunneldesk.presentation.status import Mark, Status
from tunneldesk.ui.theme import SPACE, tokens_of


def paint_mark(painter: QPainter, box: QRectF, mark: Mark, colour: QColor, cut: QColor) -> None:
    """Paint a mark into a square box.

    Args:
        painter: Where to.
        box: The square.
        mark: Which.
        colour: Its colour.
        cut: The colour behind it, for what is cut out of it.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, max(1.5, box.width() / 7))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    edge = pen.widthF() / 2
    inner = box.adjusted(edge, edge, -edge, -edge)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if mark is Mark.LIVE:
        painter.drawEllipse(box)
    elif mark is Mark.ATTENTION:
        painter.drawPolygon(QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]))
        painter.setPen(QPen(cut, pen.widthF()))
        middle = box.center().x()
        painter.drawLine(
            QPointF(middle, box.top() + box.height() * 0.42), QPointF(middle, box.bottom() - edge * 3.6)
        )
        painter.drawPoint(QPointF(middle, box.bottom() - edge * 1.4))
    elif mark is Mark.PROBLEM:
        painter.drawRoundedRect(box, box.width() / 5, box.width() / 5)
        painter.setPen(QPen(cut, pen.widthF()))
        cross = box.adjusted(box.width() / 3.6, box.width() / 3.6, -box.width() / 3.6, -box.width() / 3.6)
        painter.drawLine(cross.topLeft(), cross.bottomRight())
        painter.drawLine(cross.topRight(), cross.bottomLeft())
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        if mark is Mark.WORKING:
            painter.drawArc(inner, 90 * 16, -250 * 16)
        else:
            painter.drawEllipse(inner)
    painter.restore()


class MarkIcon(QWidget):
    """A mark by itself, at the size of a heading or larger."""

    def __init__(self, edge: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = Mark.IDLE
        self.setFixedSize(edge, edge)

    def render_mark(self, mark: Mark) -> None:
        """Show this mark."""
        if mark is not self._mark:
            self._mark = mark
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the mark."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        paint_mark(painter, box, self._mark, QColor(tokens.marks[self._mark]), QColor(tokens.surface))


class StatusChip(QWidget):
    """A tunnel's state as shape, colour and words on a quiet ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = Status(Mark.IDLE, "")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def render_status(self, status: Status) -> None:
        """Show this status."""
        if status == self._status:
            return
        self._status = status
        self.setAccessibleName(status.words)
        self.setToolTip(status.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the words, as high as a line with air."""
        metrics = self.fontMetrics()
        return QSize(
            metrics.horizontalAdvance(self._status.words) + metrics.ascent() + SPACE * 3 + SPACE // 2,
            metrics.height() + SPACE,
        )

    def minimumSizeHint(self) -> QSize:
        """The shape alone; the words are shortened when there is no room."""
        return QSize(self.fontMetrics().height() * 4, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, shape and words."""
        tokens = tokens_of(self.palette())
        mark = self._status.mark
        colour, tint = QColor(tokens.marks[mark]), QColor(tokens.tints[mark])
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        radius = self.height() / 2
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        edge = self.fontMetrics().ascent() - 2
        box = QRectF(SPACE + 2, (self.height() - edge) / 2, edge, edge)
        width = self.width() - int(edge) - SPACE * 3
        place = QRectF(int(box.right()) + SPACE - 1, 0, width + SPACE // 2, self.height())
        side = Qt.AlignmentFlag.AlignLeft
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            side = Qt.AlignmentFlag.AlignRight
            for each in (box, place):
                each.moveRight(self.width() - each.left())
        paint_mark(painter, box, mark, colour, tint)
        painter.setPen(colour)
        words = self.fontMetrics().elidedText(self._status.words, Qt.TextElideMode.ElideRight, width + SPACE // 2)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | side, words)
