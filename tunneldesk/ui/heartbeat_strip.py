"""The last thirty heartbeats as ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tunneldesk.domain.health import BEATS_SHOWN, BeatOutcome
from tunneldesk.presentation.status import Mark
from tunneldesk.ui.theme import Tokens, tokens_of

if TYPE_CHECKING:
    from tunneldesk.presentation.window import Tick

_WIDTH, _GAP, _HEIGHT = 5, 3, 24
_LEAST = 5.0


class HeartbeatStrip(QWidget):
    """Paints one tick per heartbeat: its height is the round trip, its shape and colour what became of it.

    A bar is answered, a bar with a gap is late, a cross is missed, a dot on the ground line is yet to come.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ticks: tuple[Tick, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name()

    def render_ticks(self, ticks: tuple[Tick, ...]) -> None:
        """Show these, oldest first; nothing is painted when nothing changed."""
        if ticks == self._ticks:
            return
        self._ticks = ticks
        self._name()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all of them."""
        return QSize(BEATS_SHOWN * (_WIDTH + _GAP) - _GAP, _HEIGHT)

    def event(self, event: QEvent) -> bool:
        """Say what the tick under the pointer stands for."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            slot = self._mirrored(event.pos().x()) // (_WIDTH + _GAP) - (BEATS_SHOWN - len(self._ticks))
            if 0 <= slot < len(self._ticks):
                QToolTip.showText(event.globalPos(), self._ticks[slot].words, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ticks, the newest at the end of the line."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        empty = BEATS_SHOWN - len(self._ticks)
        for slot in range(BEATS_SHOWN):
            left = slot * (_WIDTH + _GAP)
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                left = self.width() - left - _WIDTH
            if slot < empty:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(tokens.line))
                painter.drawRoundedRect(QRectF(left, _HEIGHT - 3, _WIDTH, 3), 1.5, 1.5)
            else:
                _paint_tick(painter, left, self._ticks[slot - empty], tokens)

    def _mirrored(self, x: int) -> int:
        return self.width() - 1 - x if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else x

    def _name(self) -> None:
        answered = sum(tick.outcome is not BeatOutcome.MISSED for tick in self._ticks)
        words = self.tr("Heartbeats: {answered} of the last {all} answered")
        self.setAccessibleName(words.replace("{answered}", str(answered)).replace("{all}", str(len(self._ticks))))
        # Thirty times are too many to listen to: the newest, then those that were not as they should be.
        told = [tick.words for tick in self._ticks[:-1] if tick.outcome is not BeatOutcome.OK]
        told += [tick.words for tick in self._ticks[-1:]]
        self.setAccessibleDescription("; ".join(reversed(told)))


def _paint_tick(painter: QPainter, left: float, tick: Tick, tokens: Tokens) -> None:
    height = round(_LEAST + (_HEIGHT - _LEAST) * tick.height)
    top = _HEIGHT - height
    if tick.outcome is BeatOutcome.MISSED:
        painter.setPen(QPen(QColor(tokens.marks[Mark.PROBLEM]), 2))
        # Half the pen's width from either side, or the newest one would be cut off at the strip's end.
        cross = QRectF(left, _HEIGHT / 2, _WIDTH, _WIDTH + 1).adjusted(1, 1, -1, -1)
        painter.drawLine(cross.topLeft(), cross.bottomRight())
        painter.drawLine(cross.topRight(), cross.bottomLeft())
        return
    late = tick.outcome is BeatOutcome.LATE
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.marks[Mark.ATTENTION if late else Mark.LIVE]))
    if late:
        height = max(height, 14)
        top = _HEIGHT - height
        gap = 3
        upper = (height - gap) * 0.4
        painter.drawRoundedRect(QRectF(left, top, _WIDTH, upper), 1.5, 1.5)
        painter.drawRoundedRect(QRectF(left, top + upper + gap, _WIDTH, height - upper - gap), 1.5, 1.5)
    else:
        painter.drawRoundedRect(QRectF(left, top, _WIDTH, height), 1.5, 1.5)
