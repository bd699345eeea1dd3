"""A window that helps, beside the one with the cards."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut

from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.tab_order import BySight


class HelpWindow(BySight):
    """Closes by Escape as a dialog does, and by what closes windows on this system."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowIcon(app_icon())
        for key in (QKeySequence.StandardKey.Cancel, QKeySequence.StandardKey.Close):
            QShortcut(key, self, self.close)
