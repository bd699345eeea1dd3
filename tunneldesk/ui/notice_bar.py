"""What a notification would say, in the window: for desktops that show none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tunneldesk.presentation.status import Mark
from tunneldesk.ui.marks import MarkIcon
from tunneldesk.ui.parts import button, label, restyle, scale_font, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable


class NoticeBar(QFrame):
    """Shows the newest notice until it is dismissed, followed or over; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._clicked: Callable[[], None] | None = None
        self._icon = MarkIcon(18)
        self._title = label(wrap=True)
        scale_font(self._title, 1.0, bold=True)
        self._text = label(wrap=True, selectable=True)
        self._show = button(self.tr("Show"), self._follow)
        self._dismiss = button(self.tr("Dismiss"), self.hide, flat=True)
        words = QVBoxLayout()
        words.setSpacing(SPACE // 4)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE * 2, SPACE, SPACE * 2, SPACE)
        row.setSpacing(SPACE * 3 // 2)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self._dismiss)
        row.addWidget(self._show)
        self.hide()

    def show_notice(self, title: str, text: str, clicked: Callable[[], None], *, grave: bool) -> None:
        """Show this in place of what was there; ``clicked`` leads to what it is about."""
        self._clicked = clicked
        restyle(self, "grave", grave)
        self._icon.render_mark(Mark.ATTENTION if grave else Mark.LIVE)
        set_text(self._title, title)
        set_text(self._text, text)
        self.setAccessibleName(f"{title}. {text}")
        self._show.setAccessibleName(f"{self._show.text()}: {title}")
        self._dismiss.setAccessibleName(f"{self._dismiss.text()}: {title}")
        self.show()

    def _follow(self) -> None:
        self.hide()
        if self._clicked is not None:
            self._clicked()
