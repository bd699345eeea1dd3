"""The four hops side by side, and under them what is wrong with each."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tunneldesk.domain.health import Hop
from tunneldesk.presentation.hops import HopActionKind
from tunneldesk.presentation.problem import Action, ActionKind
from tunneldesk.presentation.status import Mark
from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.flow import flowing
from tunneldesk.ui.intents import Field
from tunneldesk.ui.marks import MarkIcon
from tunneldesk.ui.parts import button, label, restyle, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from tunneldesk.presentation.hops import HopAction, HopView
    from tunneldesk.ui.intents import Intents

_PRESSED_SHOWN_MS = 1500
_MARK_EDGE = 13
_ORDER = {hop: place for place, hop in enumerate(Hop)}


class HopsRow(QWidget):
    """Shows the hops of one tunnel; hidden while there are none.

    The button that looks at the address stands at the end of the row, whatever comes of it, so that it stays under
    the pointer and keeps the focus.
    """

    def __init__(self, intents: Intents, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: tuple[HopView, ...] = ()
        self._key = ""
        self._intents = intents
        self._cells = {hop: _Cell() for hop in Hop}
        self._faults: dict[Hop, _Fault] = {}
        self._busy = False
        self._check = button("", self._check_address)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        # Beside each other, or two and two: words in other languages are longer.
        row.addWidget(flowing(*self._cells.values(), even=True), 1)
        row.addWidget(self._check, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(row)
        self._column = column
        self.hide()

    def render_hops(self, views: tuple[HopView, ...], key: str, name: str) -> None:
        """Show these hops of a tunnel; its ``name`` tells this row's buttons from those of other cards."""
        if (views, key) == (self._views, self._key):
            return
        self._views, self._key = views, key
        self.setVisible(bool(views))
        check: HopAction | None = None
        for view in views:
            self._cells[view.hop].render_hop(view)
            if view.sentence or view.hop in self._faults:
                self._fault(view.hop).render_hop(view, name)
            if view.action is not None and view.action.kind is HopActionKind.CHECK:
                check = view.action
        self._check.setVisible(check is not None)
        self._busy = check is not None and check.busy
        if check is not None:
            set_text(self._check, check.label)
            self._check.setAccessibleName(f"{check.label}: {name}")

    def _fault(self, hop: Hop) -> _Fault:
        """Return where it is said what is wrong with a hop; most never need one."""
        if hop not in self._faults:
            self._faults[hop] = fault = _Fault(self._key, self._intents)
            before = sum(1 for other in Hop if other in self._faults and _ORDER[other] < _ORDER[hop])
            self._column.insertWidget(1 + before, fault)
        return self._faults[hop]

    def _check_address(self) -> None:
        # Not disabled while it is busy: that would take the focus away from whoever uses the keyboard.
        if not self._busy:
            self._intents.check_address(self._key)


class _Cell(QWidget):
    """One hop: its mark, what it is called, and how it is doing."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = MarkIcon(_MARK_EDGE)
        self._label = label(wrap=True)
        self._words = label(role="muted", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._label)
        words.addWidget(self._words)
        words.addStretch(1)  # where a neighbour needs two lines, this one stays level with it
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE * 3 // 4)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def render_hop(self, view: HopView) -> None:
        """Show this hop."""
        self._icon.render_mark(view.mark)
        set_text(self._label, view.label)
        set_text(self._words, view.words)
        restyle(self._words, "role", _ROLES.get(view.mark, "muted"))
        self.setToolTip(view.exact or f"{view.label}: {view.words}")
        self.setAccessibleName(f"{view.label}: {view.words}")


_ROLES = {Mark.ATTENTION: "warning", Mark.PROBLEM: "refused"}


class _Fault(QFrame):
    """What is wrong with one hop, with the line that mends it, or buttons; hidden while nothing is."""

    def __init__(self, key: str, intents: Intents) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self._key = key
        self._intents = intents
        self._actions: tuple[HopAction, ...] = ()
        self._icon = MarkIcon(18)
        self._words = label(wrap=True)
        self._buttons = tuple(button("", partial(self._act, place)) for place in range(2))
        self._remedy = QLineEdit()
        self._remedy.setReadOnly(True)
        self._remedy.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._remedy.setAccessibleName(self.tr("Line to add"))
        self._copy = button(self.tr("Copy line"), self._copy_remedy)
        self._copied = QTimer(self, singleShot=True, interval=_PRESSED_SHOWN_MS)
        self._copied.timeout.connect(lambda: self._copy.setText(self.tr("Copy line")))
        self._trying = QTimer(self, singleShot=True, interval=_PRESSED_SHOWN_MS)
        self._trying.timeout.connect(self._label_buttons)
        first = QHBoxLayout()
        first.setSpacing(SPACE)
        first.addWidget(self._icon)
        first.addWidget(self._words, 1)
        for each in self._buttons:
            first.addWidget(each)
        second = QHBoxLayout()
        second.setSpacing(SPACE)
        second.addWidget(self._remedy, 1)
        second.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE, SPACE // 2, SPACE // 2, SPACE // 2)
        column.setSpacing(SPACE // 2)
        column.addLayout(first)
        column.addLayout(second)
        self.hide()

    def render_hop(self, view: HopView, name: str) -> None:
        """Show what is wrong with this hop."""
        self.setVisible(bool(view.sentence))
        restyle(self, "mark", view.mark.value)
        self._icon.render_mark(view.mark)
        set_text(self._words, view.sentence)
        # What looks at the address has its place at the end of the row.
        ways = (view.action, view.other)
        self._actions = tuple(way for way in ways if way is not None and way.kind is not HopActionKind.CHECK)
        self._label_buttons()
        for made, action in itertools.zip_longest(self._buttons, self._actions):
            made.setVisible(action is not None)
            if action is not None:
                made.setAccessibleName(f"{action.label}: {name}")
        for each in (self._remedy, self._copy):
            each.setVisible(view.remedy is not None)
        if view.remedy is not None and view.remedy != self._remedy.text():
            self._remedy.setText(view.remedy)
            self._remedy.setCursorPosition(0)
            self._copy.setAccessibleName(f"{self.tr('Copy line')}: {view.remedy}")

    def _label_buttons(self) -> None:
        for made, action in zip(self._buttons, self._actions, strict=False):
            trying = action.kind is HopActionKind.TRY_NOW and self._trying.isActive()
            set_text(made, self.tr("Trying ...") if trying else action.label)

    def _act(self, place: int) -> None:
        action = self._actions[place]
        if action.kind is HopActionKind.CHANGE_PORT:
            self._intents.change(self._key, Field.PORT)
        elif action.kind is HopActionKind.TRY_NOW:
            # A moment is enough to see that it was pressed; what comes of it shows all around.
            self._trying.start()
            self._label_buttons()
            self._intents.try_now(self._key)
        else:
            self._intents.act(self._key, Action(ActionKind.SHOW_LOG, action.label))

    def _copy_remedy(self) -> None:
        if copy(self._remedy.text()):
            self._copy.setText(self.tr("Copied"))
            self._copied.start()
        else:
            self._remedy.setFocus(Qt.FocusReason.OtherFocusReason)
            self._remedy.selectAll()
