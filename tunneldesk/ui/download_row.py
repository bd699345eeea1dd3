"""How far a download has got, with a way to end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from tunneldesk.ui.parts import button, label, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.presentation.download import DownloadView

_STEPS = 1000


class DownloadRow(QWidget):
    """Shows a `DownloadView` in place; hidden while there is none."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        super().__init__()
        self._words = label()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.cancel = button(self.tr("Cancel"), cancel)
        self.cancel.setAccessibleName(self.tr("Cancel the download"))
        left = QVBoxLayout()
        left.setSpacing(SPACE)
        left.addStretch(1)
        left.addWidget(self._words)
        left.addWidget(self._bar)
        left.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE * 2)
        row.addLayout(left, 1)
        row.addWidget(self.cancel)
        self.hide()

    def render_view(self, view: DownloadView | None) -> None:
        """Show how far it has got."""
        self.setVisible(view is not None)
        if view is None:
            return
        set_text(self._words, view.words)
        self._bar.setAccessibleName(view.words)
        if view.fraction is None:
            self._bar.setRange(0, 0)  # moves by itself, since nobody knows how far it is
        else:
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(round(view.fraction * _STEPS))
