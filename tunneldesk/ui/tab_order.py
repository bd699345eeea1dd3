"""Tab goes the way the eye does.

Qt goes in the order in which widgets came into the window. Cards, rows and buttons come when there is something to
show, and stand wherever they belong; so the way is read off the layouts, at the moment it is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QLayout


class BySight(QWidget):
    """A window in which Tab goes the way the eye does."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the next control, or back to the one before."""
        return go_by_sight(self, forward=forward)


def go_by_sight(window: QWidget, *, forward: bool) -> bool:
    """Put the focus on the control that follows in the window, and into view; return whether there is one."""
    everything = list(_in_sight(window))
    now = window.focusWidget()
    place = everything.index(now) if now in everything else -1 if forward else 0
    others = everything[place + 1 :] + everything[:place] if forward else _before(everything, place)
    for widget in others:
        if _takes_tab(widget) and widget.isVisibleTo(window):
            widget.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
            _bring_into_view(widget)
            return True
    return False


def _before(everything: list[QWidget], place: int) -> list[QWidget]:
    return everything[:place][::-1] + everything[place + 1 :][::-1]


def _in_sight(widget: QWidget) -> Iterator[QWidget]:
    """Yield what is inside in the order in which it is laid out; parts that Qt itself places, by where they are."""
    layout = widget.layout()
    laid_out = [] if layout is None else list(_laid_out(layout))
    placed = [
        child
        for child in widget.children()
        if isinstance(child, QWidget) and not child.isWindow() and child not in laid_out
    ]
    for child in (*laid_out, *sorted(placed, key=lambda child: (child.y(), child.x()))):
        yield child
        yield from _in_sight(child)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for position in range(layout.count()):
        item = layout.itemAt(position)
        widget, inner = (None, None) if item is None else (item.widget(), item.layout())
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def _takes_tab(widget: QWidget) -> bool:
    """Whether Tab stops there: at everything, or, where the system is set so, only at what is typed into."""
    everywhere = QGuiApplication.styleHints().tabFocusBehavior() is Qt.TabFocusBehavior.TabFocusAllControls
    wanted = Qt.FocusPolicy.TabFocus if everywhere else Qt.FocusPolicy.StrongFocus
    return widget.isEnabled() and widget.focusProxy() is None and (widget.focusPolicy() & wanted) == wanted


def _bring_into_view(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
