"""Tunnels on the server, a line each, with a button to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tunneldesk.ui.parts import button, label, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.presentation.window import RemoteRow


class RemoteList(QWidget):
    """Shows rows in place; hidden while there are none."""

    def __init__(self, heading: str, stop_label: str, stop: Callable[[str], None]) -> None:
        super().__init__()
        self._stop_label = stop_label
        self._stop = stop
        self._rows: dict[str, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE)
        if heading:
            self._column.setContentsMargins(0, SPACE, 0, 0)  # it stands apart from what is above
            self._column.addWidget(label(heading, role="muted"))
        self.hide()

    def render_rows(self, rows: tuple[RemoteRow, ...]) -> None:
        """Show these rows."""
        wanted = {row.tunnel_id for row in rows}
        for tunnel_id in [known for known in self._rows if known not in wanted]:
            gone = self._rows.pop(tunnel_id)
            gone.hide()
            self._column.removeWidget(gone)
            gone.deleteLater()
        for view in rows:
            row = self._rows.get(view.tunnel_id)
            if row is None:
                row = self._rows[view.tunnel_id] = _Row(view.tunnel_id, self._stop_label, self._stop)
                self._column.addWidget(row)
            row.render_row(view)
        self.setVisible(bool(rows))

    def buttons(self) -> tuple[QPushButton, ...]:
        """Return the Stop buttons, in the order of their rows."""
        return tuple(row.button for row in self._rows.values())


class _Row(QFrame):
    def __init__(self, tunnel_id: str, stop_label: str, stop: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("row")
        self._name = label(selectable=True)
        self._words = label(role="muted")
        self.button = button(stop_label, lambda: stop(tunnel_id))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE * 3 // 2, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(self._name)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)

    def render_row(self, view: RemoteRow) -> None:
        set_text(self._name, view.name)
        set_text(self._words, view.words)
        self.button.setEnabled(not view.stopping)
        self.button.setAccessibleName(f"{self.button.text()}: {view.name}")
