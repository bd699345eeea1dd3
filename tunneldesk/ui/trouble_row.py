"""One line that says what is wrong, with the way on beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from tunneldesk.ui.flow import flowing
from tunneldesk.ui.marks import MarkIcon
from tunneldesk.ui.parts import button, label, restyle, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from tunneldesk.presentation.window import Trouble
    from tunneldesk.ui.intents import Intents


class TroubleRow(QFrame):
    """Shows a `Trouble`; hidden while there is none."""

    def __init__(self, intents: Intents, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trouble")
        self._key: str | None = None
        self._intents = intents
        self._trouble: Trouble | None = None
        self._name = ""
        self._icon = MarkIcon(18)
        self._words = label(wrap=True)
        self._more = button(self.tr("More..."), self._show_more, flat=True)
        self._action = button("", self._act)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, SPACE // 2, SPACE // 2, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(flowing(self._more, self._action))
        self.hide()

    def render_trouble(self, trouble: Trouble | None, key: str | None = None, name: str = "") -> None:
        """Show this trouble, or with None nothing.

        Args:
            trouble: What is wrong.
            key: The tunnel with which it is; None for the app itself.
            name: What tells its buttons from those of other tunnels.
        """
        if (trouble, key, name) == (self._trouble, self._key, self._name):
            return
        self._trouble, self._key, self._name = trouble, key, name
        self.setVisible(trouble is not None)
        if trouble is None:
            return
        restyle(self, "mark", trouble.mark.value)
        self._icon.render_mark(trouble.mark)
        set_text(self._words, trouble.words)
        self._words.setToolTip(trouble.explanation)
        self._more.setVisible(trouble.has_more)
        self._action.setVisible(trouble.action is not None)
        if trouble.action:
            set_text(self._action, trouble.action.label)
        for each in (self._more, self._action):
            each.setAccessibleName(f"{each.text()}: {name}" if name else "")

    def _show_more(self) -> None:
        self._intents.show_problem(self._key)

    def _act(self) -> None:
        if self._trouble and self._trouble.action:
            self._intents.act(self._key, self._trouble.action)
