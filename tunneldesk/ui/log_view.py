"""Lines as they come: filtered, followed, copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase, QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from tunneldesk.domain.lines import LINES_KEPT
from tunneldesk.presentation.texts import count
from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.flow import flowing
from tunneldesk.ui.parts import button, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from tunneldesk.domain.lines import Follower, Lines

_FRAME_MS = 16
_TYPING_MS = 150


class LogView(QWidget):
    """Shows `Lines`, the latest in view while it follows; standing still, it says how many have come meanwhile.

    Lines are drawn once a frame at most, all that came since the last one together, and none while nobody can see
    them.
    """

    def __init__(self, lines: Lines, name: str, *, rows: int = 0) -> None:
        """Show lines.

        Args:
            lines: What is shown.
            name: What it is called by whoever listens.
            rows: How many lines are to be seen at least; 0 for as many as there is room for.
        """
        super().__init__()
        self._lines = lines
        self._follower: Follower | None = None
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.setTimerType(Qt.TimerType.PreciseTimer)
        self._frame.timeout.connect(self._draw)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._again)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setUndoRedoEnabled(False)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setMaximumBlockCount(LINES_KEPT)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setPlaceholderText(self.tr("Nothing has been said yet."))
        self._text.setAccessibleName(name)
        self._text.setTabChangesFocus(True)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        if rows:
            self._text.setFixedHeight(self._text.fontMetrics().lineSpacing() * rows + SPACE * 3)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(self.tr("Filter"))
        self._filter.setAccessibleName(self.tr("Show only lines that contain"))
        self._filter.setClearButtonEnabled(True)
        self._filter.setMaximumWidth(SPACE * 30)
        self._filter.textChanged.connect(self._typing.start)
        self._follow = QCheckBox(self.tr("Follow"))
        self._follow.setChecked(True)
        self._follow.toggled.connect(self._followed)
        self._copy = button(self.tr("Copy all"), self.copy_all)
        self._text.verticalScrollBar().actionTriggered.connect(lambda _: QTimer.singleShot(0, self._scrolled))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(flowing(self._filter, self._follow, self._copy, last_apart=True))
        column.addWidget(self._text, 1)

    @property
    def text(self) -> str:
        """What is to be seen, up to now."""
        return self._text.toPlainText()

    def copy_all(self) -> bool:
        """Copy what is shown, filtered as it is; return whether the clipboard took it."""
        return copy(self.text)

    def turn_to(self, lines: Lines, name: str) -> None:
        """Show other lines."""
        self._lines = lines
        self._text.setAccessibleName(name)
        if self._follower is not None:
            self._leave()
            self._text.clear()
            self._join()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with what there is now."""
        super().showEvent(event)
        if self._follower is None:
            self._join()

    def hideEvent(self, event: QHideEvent) -> None:
        """Listen no more where nobody looks."""
        super().hideEvent(event)
        self._leave()

    def _join(self) -> None:
        self._follower = self._lines.follow(self._news)
        self._again()

    def _leave(self) -> None:
        self._frame.stop()
        if self._follower is not None:
            self._follower.close()
            self._follower = None

    def _again(self) -> None:
        """Show all that is remembered, filtered as it is now."""
        if self._follower is None:
            return
        self._follower.read()
        self._text.setPlainText("\n".join(self._wanted(tuple(self._lines))))
        self._to_end()
        self._say_waiting()

    def _wanted(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        words = self._filter.text().casefold()
        return tuple(line for line in lines if words in line.casefold()) if words else lines

    def _news(self) -> None:
        self._frame.start(_FRAME_MS if self._follow.isChecked() else _TYPING_MS)

    def _draw(self) -> None:
        if self._follower is None:
            return
        if not self._follow.isChecked():
            # The text stands still under the eyes of whoever reads it.
            self._say_waiting()
            self._follower.note()
            return
        wanted = self._wanted(self._follower.read())
        if wanted:
            self._text.appendPlainText("\n".join(wanted))
            self._to_end()

    def _followed(self, follows: bool) -> None:
        if follows:
            self._frame.stop()
            self._again()

    def _scrolled(self) -> None:
        """To scroll away from the end is to stop following, and to come back to it is to go on."""
        bar = self._text.verticalScrollBar()
        self._follow.setChecked(bar.value() >= bar.maximum())

    def _to_end(self) -> None:
        if self._follow.isChecked():
            bar = self._text.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _say_waiting(self) -> None:
        waiting = self._follower.waiting if self._follower and not self._follow.isChecked() else 0
        words = self.tr("Follow ({count} new)").replace("{count}", count(waiting)) if waiting else self.tr("Follow")
        set_text(self._follow, words)
