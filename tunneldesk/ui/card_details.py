"""What a card unfolds: what happened, what was carried, and what the connector says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tunneldesk.ui.log_view import LogView
from tunneldesk.ui.parts import label, scale_font, set_text
from tunneldesk.ui.theme import SPACE
from tunneldesk.ui.timeline import Timeline

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from tunneldesk.presentation.details import DetailsView
    from tunneldesk.ui.intents import Intents

_COUNT_EVERY_MS = 2000
_LOG_ROWS = 10


class CardDetails(QWidget):
    """Shows a `DetailsView` and a connector's log; asks for the counters only while it can be seen."""

    def __init__(self, key: str, name: str, intents: Intents) -> None:
        super().__init__()
        self._key = key
        self._intents = intents
        self._counting = QTimer(self, interval=_COUNT_EVERY_MS)
        self._counting.timeout.connect(self._count)
        self._timeline = Timeline()
        self._traffic = label(role="muted", wrap=True, selectable=True)
        words = self.tr("Connector log of {name}").replace("{name}", name)
        self._log = LogView(intents.connector_log(key), words, rows=_LOG_ROWS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE // 2, 0, 0)
        column.setSpacing(SPACE)
        for title, widget in (
            (self.tr("Time line"), self._timeline),
            (self.tr("Connector"), self._traffic),
            ("", self._log),
        ):
            if title:
                heading = label(title)
                scale_font(heading, 1.0, bold=True)
                column.addWidget(heading)
            column.addWidget(widget)

    def render_details(self, view: DetailsView) -> None:
        """Show this."""
        self._timeline.render_moments(view.moments)
        set_text(self._traffic, view.traffic)

    def showEvent(self, event: QShowEvent) -> None:
        """Count while somebody looks."""
        super().showEvent(event)
        self._count()
        self._counting.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Count no more."""
        super().hideEvent(event)
        self._counting.stop()

    def _count(self) -> None:
        self._intents.count_traffic(self._key)
