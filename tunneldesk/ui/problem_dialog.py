"""A problem as a dialog: what happened, why, and the ways on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tunneldesk.presentation.problem import Action, ActionKind
from tunneldesk.presentation.status import Mark
from tunneldesk.presentation.texts import duration
from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.download_row import DownloadRow
from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.marks import MarkIcon
from tunneldesk.ui.parts import button, label, scale_font, set_text
from tunneldesk.ui.remote_list import RemoteList
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from tunneldesk.presentation.download import DownloadView
    from tunneldesk.presentation.problem import Problem
    from tunneldesk.presentation.window import RemoteRow


class ProblemDialog(FittingDialog):
    """Shows a `Problem`. It is opened with `open()` and tells by signals what was chosen.

    Signals:
        chosen: The user chose this `Action`; the dialog has closed, unless it is a download, which it shows.
        download_unwanted: The user cancels that download.
        room_wanted: The user stops the tunnel with this server id, so that there is room; the dialog has closed.
    """

    chosen = Signal(object)
    download_unwanted = Signal()
    room_wanted = Signal(str)

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self.setWindowTitle("TunnelDesk")
        self.setWindowIcon(app_icon())
        self.setAccessibleName(problem.title)
        self.setAccessibleDescription(problem.text)
        self._countdown = label(role="muted")
        self._countdown.hide()
        self._download = DownloadRow(self.download_unwanted.emit) if self.offers_download else None
        self._room = RemoteList("", self.tr("Stop"), self._make_room)
        self._details = self._make_details()
        self._buttons: list[QPushButton] = []
        self._fetch: QPushButton | None = None
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 60)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE * 3 // 2)
        column.addLayout(self._make_head())
        column.addWidget(self._room)
        column.addWidget(self._countdown)
        if self._download is not None:
            self._download.setContentsMargins(SPACE * 6, 0, 0, 0)
            column.addWidget(self._download)
        column.addWidget(self._details)
        column.addStretch(1)
        column.addLayout(self._make_buttons())
        if self._buttons:
            self._buttons[0].setFocus()

    def _make_head(self) -> QHBoxLayout:
        icon = MarkIcon(SPACE * 4)
        icon.render_mark(Mark.ATTENTION if self.problem.countdown is not None else Mark.PROBLEM)
        title = label(self.problem.title, wrap=True, selectable=True)
        scale_font(title, 1.25, bold=True)
        text = label(self.problem.text, wrap=True, selectable=True)
        words = QVBoxLayout()
        words.setSpacing(SPACE)
        words.addWidget(title)
        words.addWidget(text)
        row = QHBoxLayout()
        row.setSpacing(SPACE * 2)
        left = QVBoxLayout()
        left.addWidget(icon)
        left.addStretch(1)
        row.addLayout(left)
        row.addLayout(words, 1)
        return row

    def _make_details(self) -> QWidget:
        details = QWidget()
        grid = QGridLayout(details)
        grid.setContentsMargins(SPACE * 6, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE * 2)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self.problem.details):
            grid.addWidget(label(name, role="muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(value, wrap=True, selectable=True), row, 1)
        self._copy_details = button(self.tr("Copy"), self.copy_details)
        self._copy_details.setAccessibleName(self.tr("Copy details"))
        grid.addWidget(self._copy_details, len(self.problem.details), 1, Qt.AlignmentFlag.AlignLeft)
        details.hide()
        return details

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self._unfold = button(self.tr("Details"), self.unfold, flat=True)
        self._unfold.setVisible(bool(self.problem.details))
        row.addWidget(self._unfold)
        row.addStretch(1)
        # What makes room is the list above: a button that only led there would be one too many.
        actions = [action for action in self.problem.actions if action.kind is not ActionKind.MAKE_ROOM]
        for position, action in enumerate(actions):
            made = button(action.label, partial(self._choose, action), primary=position == 0)
            self._buttons.append(made)
            if action.kind is ActionKind.DOWNLOAD_CONNECTOR:
                self._fetch = made
        # The likely one stands last, where dialogs have it.
        for made in reversed(self._buttons):
            row.addWidget(made)
        if self._buttons:
            self._buttons[0].setDefault(True)
        return row

    def render_countdown(self, seconds: float | None) -> None:
        """Say how long it takes until the app goes on by itself."""
        self._countdown.setVisible(seconds is not None)
        if seconds is not None:
            words = self.tr("TunnelDesk tries again by itself in {time}.")
            set_text(self._countdown, words.replace("{time}", duration(seconds)))

    @property
    def offers_download(self) -> bool:
        """Whether it is for want of cloudflared that it is shown."""
        return any(action.kind is ActionKind.DOWNLOAD_CONNECTOR for action in self.problem.actions)

    def render_download(self, view: DownloadView | None) -> None:
        """Show how far the download has got that this dialog offers."""
        if self._fetch is None or self._download is None:
            return
        begins_or_ends = self._fetch.isEnabled() == (view is not None)
        had_focus = self.focusWidget() in {self._fetch, self._download.cancel}
        self._download.render_view(view)
        self._fetch.setEnabled(view is None)
        if begins_or_ends:
            if had_focus:
                (self._fetch if view is None else self._download.cancel).setFocus()
            self.resize(self.sizeHint())

    def render_room(self, rows: tuple[RemoteRow, ...]) -> None:
        """List the tunnels of which one may be stopped, where the problem is that there is no room."""
        if any(action.kind is ActionKind.MAKE_ROOM for action in self.problem.actions):
            self._room.render_rows(rows)

    def copy_details(self) -> None:
        """Copy what would be quoted to whoever can help."""
        lines = [self.problem.title, self.problem.text]
        lines += [f"{name}: {value}" for name, value in self.problem.details]
        if copy("\n".join(lines)):
            self._copy_details.setText(self.tr("Copied"))

    def unfold(self) -> None:
        """Show the details, or hide them again."""
        shown = self._details.isVisibleTo(self)
        self._details.setVisible(not shown)
        self._unfold.setText(self.tr("Details") if shown else self.tr("Hide details"))
        # Not adjustSize(), which stops at two thirds of the screen's height and would squeeze what is in it.
        self.resize(self.sizeHint())

    def _choose(self, action: Action) -> None:
        if action.kind is ActionKind.COPY_DETAILS:
            # It is no way on, so the dialog stays.
            if not self._details.isVisibleTo(self):
                self.unfold()
            self.copy_details()
            return
        if action.kind is not ActionKind.DOWNLOAD_CONNECTOR:
            self.accept()
        self.chosen.emit(action)

    def _make_room(self, tunnel_id: str) -> None:
        self.accept()
        self.room_wanted.emit(tunnel_id)
