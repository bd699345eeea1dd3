"""Links that macOS hands to the app that runs, rather than to a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent

from tunneldesk.domain.link import is_link

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication


class OpenedLinks(QObject):
    """Follows each link that Qt announces with a `QFileOpenEvent` (its documentation: sent on macOS only).

    Args:
        app: Who is told.
        follow: Given the link as it came.
    """

    def __init__(self, app: QApplication, follow: Callable[[str], None]) -> None:
        super().__init__()
        self._app = app
        self._follow = follow
        app.installEventFilter(self)

    def close(self) -> None:
        """Listen no more."""
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the links, and leave everything else to whom it concerns."""
        if event.type() != QEvent.Type.FileOpen or not isinstance(event, QFileOpenEvent):
            return super().eventFilter(watched, event)
        link = event.url().toString()
        if is_link(link):
            self._follow(link)
        return True
