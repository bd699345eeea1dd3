"""A layout that goes on in the next line when a line is full, as words do."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget, QWidgetItem

from tunneldesk.ui.theme import SPACE


class _Shown(NamedTuple):
    """An item that is to be seen, and how large it would be, in pixels."""

    item: QLayoutItem
    width: int
    height: int
    least: int
    wraps: bool

    def height_at(self, width: int) -> int:
        """Return the height at this width."""
        return self.item.heightForWidth(width) if self.wraps else self.height


class FlowLayout(QLayout):
    """Places widgets beside each other, and below each other where there is no room.

    Words in other languages, and letters twice the size, take more room than any window has in one line.
    """

    def __init__(self, *, even: bool = False, last_apart: bool = False) -> None:
        """Prepare.

        Args:
            even: Whether all columns are of one width and fill the line, as in a table.
            last_apart: Whether the last widget stands at the other end of its line.
        """
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._even = even
        self._last_apart = last_apart
        # Every layout around it asks again and again while one thing changes; to ask each item is most of the cost.
        self._heights: dict[int, int] = {}
        self._measured: list[_Shown] | None = None
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(SPACE)

    def add(self, *widgets: QWidget) -> None:
        """Add widgets at the end."""
        for widget in widgets:
            self.addChildWidget(widget)
            self.addItem(QWidgetItem(widget))

    def addItem(self, item: QLayoutItem) -> None:
        """Add an item at the end."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or None after the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out."""
        if not 0 <= index < len(self._items):
            return None
        item = self._items.pop(index)
        self.invalidate()
        return item

    def invalidate(self) -> None:
        """Forget how large everything is: something in it has changed."""
        self._heights.clear()
        self._measured = None
        super().invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more height than it needs."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at this width."""
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        """Everything in one line."""
        shown = self._shown()
        widths = [each.width for each in shown]
        width = max(widths, default=0) * len(widths) if self._even else sum(widths)
        return QSize(width + self.spacing() * max(0, len(shown) - 1), _highest(shown))

    def minimumSize(self) -> QSize:
        """Everything below each other."""
        shown = self._shown()
        return QSize(max((each.least for each in shown), default=0), _highest(shown))

    def setGeometry(self, rect: QRect) -> None:
        """Place everything."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _shown(self) -> list[_Shown]:
        if self._measured is None:
            self._measured = [_measure(item) for item in self._items if not item.isEmpty()]
        return self._measured

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Return the height all of it takes, and move it there where that is asked for."""
        shown = self._shown()
        top = rect.top()
        for line in self._lines(shown, rect.width()):
            height = max(each.height_at(width) for each, width in line)
            if move:
                self._place_line(line, QRect(rect.left(), top, rect.width(), height), last=line[-1][0] is shown[-1])
            top += height + self.spacing()
        return max(0, top - rect.top() - self.spacing()) if shown else 0

    def _lines(self, shown: list[_Shown], width: int) -> list[list[tuple[_Shown, int]]]:
        gap = self.spacing()
        if self._even and shown:
            widest = max(each.least for each in shown)
            columns = max(1, min(len(shown), (width + gap) // (widest + gap)))
            # As even as can be: four in two lines of two, rather than three and one.
            columns = -(-len(shown) // -(-len(shown) // columns))
            column = (width - gap * (columns - 1)) // columns
            return [
                [(each, column) for each in shown[first : first + columns]]
                for first in range(0, len(shown), columns)
            ]
        lines: list[list[tuple[_Shown, int]]] = []
        used = width + 1
        for each in shown:
            wanted = min(each.width, width)
            if used + wanted > width:
                lines.append([])
                used = 0
            lines[-1].append((each, wanted))
            used += wanted + gap
        return lines

    def _place_line(self, line: list[tuple[_Shown, int]], rect: QRect, *, last: bool) -> None:
        mirrored = (parent := self.parentWidget()) is not None and (
            parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        )
        left = rect.left()
        for each, width in line:
            if last and self._last_apart and each is line[-1][0]:
                left = rect.right() + 1 - width
            start = rect.right() + 1 - (left - rect.left()) - width if mirrored else left
            height = rect.height() if self._even else each.height_at(width)
            each.item.setGeometry(
                QRect(QPoint(start, rect.top() + (rect.height() - height) // 2), QSize(width, height))
            )
            left += width + self.spacing()


def _measure(item: QLayoutItem) -> _Shown:
    hint = item.sizeHint()
    return _Shown(item, hint.width(), hint.height(), item.minimumSize().width(), item.hasHeightForWidth())


def _highest(shown: list[_Shown]) -> int:
    return max((each.height for each in shown), default=0)


def flowing(*widgets: QWidget, even: bool = False, last_apart: bool = False, gap: int = SPACE) -> QWidget:
    """Return a widget that holds these in a `FlowLayout`."""
    holder = QWidget()
    layout = FlowLayout(even=even, last_apart=last_apart)
    layout.setSpacing(gap)
    holder.setLayout(layout)
    layout.add(*widgets)
    policy = holder.sizePolicy()
    policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder
