"""What happened to a tunnel, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QWidget

from tunneldesk.presentation.status import Mark
from tunneldesk.ui.marks import paint_mark
from tunneldesk.ui.theme import SPACE, tokens_of

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    from tunneldesk.presentation.details import MomentView

_MARK, _AGO = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_ROWS = 6


class Timeline(QListWidget):
    """Shows moments, the newest first; lines change in place, so that whoever reads them is not thrown back."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[MomentView, ...] = ()
        self.setAccessibleName(self.tr("Time line"))
        self.setItemDelegate(_Line(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setTabKeyNavigation(False)
        self._fit(1)

    def render_moments(self, moments: tuple[MomentView, ...]) -> None:
        """Show these."""
        if moments == self._shown:
            return
        self._shown = moments
        while self.count() > len(moments):
            self.takeItem(self.count() - 1)
        for row, moment in enumerate(moments):
            item = self.item(row) if row < self.count() else None
            if item is None:
                item = QListWidgetItem(self)
            words = f"{moment.ago}  {moment.words}"
            if item.text() != words:
                item.setText(words)
                item.setToolTip(moment.exact)
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, moment.exact)
                item.setData(_AGO, moment.ago)
            item.setData(_MARK, moment.mark.value)
        self._fit(len(moments))

    def _fit(self, rows: int) -> None:
        """As high as its lines, up to a few; more of them are scrolled."""
        line = self.fontMetrics().height() + SPACE
        self.setFixedHeight(line * max(1, min(rows, _ROWS)) + SPACE * 2)


class _Line(QStyledItemDelegate):
    """Paints one moment: its mark, how long ago, and what it was."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002 - Qt's signature
        """One line of text with air; what does not fit is in the tool tip."""
        return QSize(SPACE, option.fontMetrics.height() + SPACE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint it."""
        tokens = tokens_of(option.palette)
        box, metrics = option.rect, option.fontMetrics
        mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        mark = Mark(index.data(_MARK))
        painter.save()
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box, QColor(tokens.hover))
        edge = metrics.ascent() - 2
        left = box.left() + SPACE // 2
        side = QRectF(left, box.center().y() - edge / 2 + 0.5, edge, edge)
        ago_width = metrics.horizontalAdvance("0" * 14)
        ago = QRectF(left + edge + SPACE, box.top(), ago_width, box.height())
        words = QRectF(ago.right() + SPACE, box.top(), box.right() - ago.right() - SPACE * 2, box.height())
        if mirrored:
            for each in (side, ago, words):
                each.moveLeft(box.left() + box.right() + 1 - each.right())
        paint_mark(painter, side, mark, QColor(tokens.marks[mark]), QColor(tokens.surface))
        flags = Qt.AlignmentFlag.AlignVCenter | (
            Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        )
        flags |= Qt.AlignmentFlag.AlignAbsolute
        told = str(index.data(Qt.ItemDataRole.DisplayRole)).removeprefix(f"{index.data(_AGO)}  ")
        painter.setPen(QColor(tokens.muted))
        painter.drawText(ago, flags, str(index.data(_AGO)))
        painter.setPen(QColor(tokens.text))
        painter.drawText(words, flags, metrics.elidedText(told, Qt.TextElideMode.ElideRight, int(words.width())))
        painter.restore()
