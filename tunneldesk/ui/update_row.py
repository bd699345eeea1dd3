"""One line that tells of a newer TunnelDesk, with what is new below it for whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from tunneldesk.ui.flow import flowing
from tunneldesk.ui.parts import button, label, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.presentation.update import UpdateView

_LINES = 8


class UpdateRow(QFrame):
    """Shows an `UpdateView`; hidden while there is none.

    Args:
        later: The user has seen it.
    """

    def __init__(self, later: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("news")
        self._view: UpdateView | None = None
        self._words = label(wrap=True)
        self._more = button(self.tr("What is new"), self.unfold, flat=True)
        self._page = button(self.tr("Open its page"), self._open)
        self._later = button(self.tr("Later"), later, flat=True)
        self._notes = QPlainTextEdit()
        self._notes.setReadOnly(True)
        self._notes.setTabChangesFocus(True)
        self._notes.setAccessibleName(self.tr("What is new"))
        self._notes.setFixedHeight(self._notes.fontMetrics().lineSpacing() * _LINES)
        self._notes.hide()
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._words, 1)
        row.addWidget(flowing(self._more, self._page, self._later))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 3 // 2, SPACE, SPACE, SPACE)
        column.setSpacing(SPACE)
        column.addLayout(row)
        column.addWidget(self._notes)
        self.hide()

    def render_update(self, view: UpdateView | None) -> None:
        """Show this, or with None nothing."""
        if view == self._view:
            return
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            return
        set_text(self._words, view.words)
        self._more.setVisible(bool(view.notes))
        self._notes.setPlainText(view.notes)
        self._notes.hide()

    def unfold(self) -> None:
        """Show what is new, or hide it again."""
        self._notes.setVisible(self._notes.isHidden())

    def _open(self) -> None:
        if self._view is not None:
            QDesktopServices.openUrl(QUrl(self._view.page))
