"""A dialog that is never too low for its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class FittingDialog(QDialog):
    """Grows when words that wrap need more lines than they have.

    Qt leaves them out when it reckons how low a window may be, and makes none higher than two thirds of the screen
    by itself, however large the letters are.
    """

    def event(self, event: QEvent) -> bool:
        """Look again when it is shown, and when something in it wants another size."""
        done = super().event(event)
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Show}:
            self._grow()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower window may have to be a higher one."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._grow()

    def _grow(self) -> None:
        layout = self.layout()
        if layout is not None and self.isVisible() and layout.hasHeightForWidth():
            needed = layout.totalHeightForWidth(self.width())
            if needed > self.height():
                self.resize(self.width(), needed)
