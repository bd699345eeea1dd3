"""The doctor: everything the job needs, looked at one by one, each with its way on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tunneldesk.domain.checkup import Verdict
from tunneldesk.presentation.problem import Action, ActionKind
from tunneldesk.presentation.status import Mark
from tunneldesk.ui.download_row import DownloadRow
from tunneldesk.ui.flow import flowing
from tunneldesk.ui.help_window import HelpWindow
from tunneldesk.ui.marks import MarkIcon
from tunneldesk.ui.parts import button, label, scale_font, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.presentation.doctor import CheckView, DoctorView
    from tunneldesk.presentation.download import DownloadView

MARKS = {
    Verdict.OK: Mark.LIVE,
    Verdict.WARN: Mark.ATTENTION,
    Verdict.FAIL: Mark.PROBLEM,
    Verdict.SKIPPED: Mark.IDLE,
}


class DoctorWindow(HelpWindow):
    """Shows a `DoctorView`, a line for each check as soon as it is done.

    Signals:
        wanted: A check-up is wanted, at once.
        chosen: The user chose this `Action` of a check.
        diagnostics_wanted: The user wants to give what was found to somebody.
        download_unwanted: The user cancels the download of what was found missing.
    """

    wanted = Signal()
    chosen = Signal(object)
    diagnostics_wanted = Signal()
    download_unwanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[_Row] = []
        self._view: DoctorView | None = None
        self.setWindowTitle(self.tr("Doctor"))
        self.resize(SPACE * 85, SPACE * 75)
        self._words = label(wrap=True)
        scale_font(self._words, 1.15, bold=True)
        self._again = button(self.tr("Look again"), self.wanted.emit)
        export = button(self.tr("Export diagnostics..."), self.diagnostics_wanted.emit)
        close = button(self.tr("Close"), self.close, primary=True)
        content = QWidget()
        content.setObjectName("cards")
        self._list = QVBoxLayout(content)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(SPACE)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        scroll.setAccessibleName(self.tr("Findings"))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE * 3 // 2)
        column.addWidget(self._words)
        column.addWidget(scroll, 1)
        self._download = DownloadRow(self.download_unwanted.emit)
        column.addWidget(self._download)
        column.addWidget(flowing(self._again, export, close, last_apart=True))

    def render_view(self, view: DoctorView) -> None:
        """Show this; what stands there already is left in peace."""
        if view == self._view:
            return
        self._view = view
        set_text(self._words, view.words)
        self._again.setEnabled(view.over)
        for position in range(len(view.done) + len(view.waiting)):
            if position == len(self._rows):
                row = _Row(self._choose)
                self._rows.append(row)
                self._list.insertWidget(position, row)
            row = self._rows[position]
            if position < len(view.done):
                row.render_check(view.done[position])
            else:
                row.render_waiting(view.waiting[position - len(view.done)])
        for row in self._rows[len(view.done) + len(view.waiting) :]:
            row.hide()

    def render_download(self, view: DownloadView | None) -> None:
        """Show how far a download has got; once it is over, look again at what it was for."""
        over = view is None and self._download.isVisibleTo(self)
        self._download.render_view(view)
        if over:
            self.wanted.emit()

    def _choose(self, action: Action) -> None:
        if action.kind is ActionKind.TRY_AGAIN:
            self.wanted.emit()
        else:
            self.chosen.emit(action)


class _Row(QFrame):
    """One check."""

    def __init__(self, choose: Callable[[Action], None]) -> None:
        super().__init__()
        self.setObjectName("row")
        self._choose = choose
        self._actions: tuple[Action, ...] = ()
        self._icon = MarkIcon(18)
        self._label = label()
        scale_font(self._label, 1.0, bold=True)
        self._reason = label(wrap=True, selectable=True)
        self._fix = label(role="muted", wrap=True, selectable=True)
        self._ways: QWidget | None = None
        self._words = QVBoxLayout()
        self._words.setSpacing(SPACE // 4)
        for each in (self._label, self._reason, self._fix):
            self._words.addWidget(each)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE * 3 // 2, SPACE, SPACE * 3 // 2, SPACE)
        row.setSpacing(SPACE * 3 // 2)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._words, 1)

    def render_check(self, view: CheckView) -> None:
        """Show what was found."""
        self._render(view.label, MARKS[view.verdict], view.reason, view.fix, view.actions)

    def render_waiting(self, name: str) -> None:
        """Show that this is still looked at."""
        self._render(name, Mark.WORKING, self.tr("Looking ..."), "", ())

    def _render(self, name: str, mark: Mark, reason: str, fix: str, actions: tuple[Action, ...]) -> None:
        self.show()
        self._icon.render_mark(mark)
        name = name[:1].upper() + name[1:]
        set_text(self._label, name)
        set_text(self._reason, reason)
        self._reason.setVisible(bool(reason))
        set_text(self._fix, fix)
        self._fix.setVisible(bool(fix))
        self.setAccessibleName(f"{name}: {reason}")
        if actions == self._actions:
            return
        self._actions = actions
        if self._ways is not None:
            self._words.removeWidget(self._ways)
            self._ways.deleteLater()
            self._ways = None
        if actions:
            made = [button(action.label, partial(self._choose, action)) for action in actions]
            for each in made:
                each.setAccessibleName(f"{each.text()}: {name}")
            self._ways = flowing(*made)
            self._words.addWidget(self._ways)
            self._ways.show()
