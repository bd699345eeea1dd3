"""A layout that goes on in the next line when a line is full, as words do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget, QWidgetItem

from tunneldesk.ui.theme import SPACE


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
        # Every layout around it asks again and again while one thing changes; asking each item costs most of it.
        self._heights: dict[int, int] = {}
        self._hint: QSize | None = None
        self._least: QSize | None = None
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
        self._hint = self._least = None
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
        if self._hint is None:
            shown = self._shown()
            widths = [item.sizeHint().width() for item in shown]
            width = max(widths, default=0) * len(widths) if self._even else sum(widths)
            self._hint = QSize(width + self.spacing() * max(0, len(shown) - 1), self._lowest(shown))
        return self._hint

    def minimumSize(self) -> QSize:
        """Everything below each other."""
        if self._least is None:
            shown = self._shown()
            width = max((item.minimumSize().width() for item in shown), default=0)
            self._least = QSize(width, self._lowest(shown))
        return self._least

    def setGeometry(self, rect: QRect) -> None:
        """Place everything."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    @staticmethod
    def _lowest(shown: list[QLayoutItem]) -> int:
        return max((item.sizeHint().height() for item in shown), default=0)

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Return the height all of it takes, and move it there where that is asked for."""
        shown = self._shown()
        top = rect.top()
        for line in self._lines(shown, rect.width()):
            height = max(_height(item, width) for item, width in line)
            if move:
                self._place_line(line, QRect(rect.left(), top, rect.width(), height), last=line[-1][0] is shown[-1])
            top += height + self.spacing()
        return max(0, top - rect.top() - self.spacing()) if shown else 0

    def _lines(self, shown: list[QLayoutItem], width: int) -> list[list[tuple[QLayoutItem, int]]]:
        gap = self.spacing()
        if self._even and shown:
            widest = max(item.minimumSize().width() for item in shown)
            columns = max(1, min(len(shown), (width + gap) // (widest + gap)))
            # As even as can be: four in two lines of two, rather than three and one.
            columns = -(-len(shown) // -(-len(shown) // columns))
            each = (width - gap * (columns - 1)) // columns
            return [
                [(item, each) for item in shown[first : first + columns]] for first in range(0, len(shown), columns)
            ]
        lines: list[list[tuple[QLayoutItem, int]]] = []
        used = width + 1
        for item in shown:
            wanted = min(item.sizeHint().width(), width)
            if used + wanted > width:
                lines.append([])
                used = 0
            lines[-1].append((item, wanted))
            used += wanted + gap
        return lines

    def _place_line(self, line: list[tuple[QLayoutItem, int]], rect: QRect, *, last: bool) -> None:
        mirrored = (parent := self.parentWidget()) is not None and (
            parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
        )
        left = rect.left()
        for item, width in line:
            if last and self._last_apart and item is line[-1][0]:
                left = rect.right() + 1 - width
            start = rect.right() + 1 - (left - rect.left()) - width if mirrored else left
            height = rect.height() if self._even else _height(item, width)
            item.setGeometry(QRect(QPoint(start, rect.top() + (rect.height() - height) // 2), QSize(width, height)))
            left += width + self.spacing()


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


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
