"""The ports on which something listens, to choose one from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent

    from tunneldesk.presentation.expose import ListenerRow

_LOOK_EVERY_MS = 2000
_ROWS = 4


class ListenerList(QListWidget):
    """Shows what listens, and has it looked for anew while it can be seen.

    Signals:
        chosen: The user chose this port, with mouse or keyboard.
    """

    chosen = Signal(int)

    def __init__(self, look: Callable[[], None]) -> None:
        super().__init__()
        self._look = look
        self._rows: tuple[ListenerRow, ...] | None = None
        self._looking = QTimer(self, interval=_LOOK_EVERY_MS)
        self._looking.timeout.connect(look)
        self.setAccessibleName(self.tr("Listening on this machine now"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setTabKeyNavigation(False)
        self.setUniformItemSizes(True)
        self.setFixedHeight((self.fontMetrics().height() + SPACE // 2) * _ROWS + SPACE * 3)
        self._nothing = QListWidgetItem(self.tr("Looking what listens on this machine ..."))
        self._nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(self._nothing)
        self.itemClicked.connect(self._choose)
        self.currentItemChanged.connect(self._moved)

    def render_rows(self, rows: tuple[ListenerRow, ...] | None) -> None:
        """Show these; what stands there stays in its line as far as can be, and the choice with it."""
        if rows == self._rows:
            return
        self._rows = rows
        chosen = self._chosen()
        self.blockSignals(True)
        while self.count() > 1:
            self.takeItem(1)
        for row in rows or ():
            item = QListWidgetItem(row.words)
            item.setData(Qt.ItemDataRole.UserRole, row.port)
            self.addItem(item)
            if row.port == chosen:
                self.setCurrentItem(item)
        self._nothing.setHidden(bool(rows))
        if rows is not None:
            self._nothing.setText(self.tr("Nothing listens on this machine yet."))
        self.blockSignals(False)

    def begin(self) -> None:
        """Put the focus on the first of them, where there is one."""
        if self._rows:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            if self._chosen() is None:
                self.setCurrentRow(1)

    def forget_choice(self) -> None:
        """Have none of them chosen."""
        self.blockSignals(True)
        self.setCurrentRow(-1)
        self.clearSelection()
        self.blockSignals(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Look now, and from now on."""
        super().showEvent(event)
        self._look()
        self._looking.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no more."""
        super().hideEvent(event)
        self._looking.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter belongs to the dialog."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
            return
        super().keyPressEvent(event)

    def _chosen(self) -> int | None:
        row = self.currentRow()
        return self.item(row).data(Qt.ItemDataRole.UserRole) if row >= 0 else None

    def _moved(self, item: QListWidgetItem | None) -> None:
        if item is not None and self.hasFocus():
            self._choose(item)

    def _choose(self, item: QListWidgetItem) -> None:
        port = item.data(Qt.ItemDataRole.UserRole)
        if port is not None:
            self.chosen.emit(port)
