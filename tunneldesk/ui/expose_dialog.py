"""The dialog that exposes a port."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.model import Wish
from tunneldesk.domain.validation import parse_port, parse_slug
from tunneldesk.presentation.expose import STEPS, ExposeView, address_preview, remembered_name
from tunneldesk.presentation.reasons import complaint
from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.intents import Field
from tunneldesk.ui.listener_list import ListenerList
from tunneldesk.ui.parts import FieldGrid, button, label, restyle, set_text
from tunneldesk.ui.port_probe import PortProbe
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.expose import ListenerRow

_HOUR = 3600


class ExposeDialog(FittingDialog):
    """Asks for a port and a name, then shows how far they have got.

    What was typed stays until the address is live: whatever refuses it, the dialog is still there to change it.

    Signals:
        wanted: The user wants this `Wish`.
        given_up: The user cancelled, in whatever stage.
    """

    wanted = Signal(object)
    given_up = Signal()

    def __init__(self, state: Callable[[], AppState], find_listeners: Callable[[], None]) -> None:
        """Make the dialog.

        Args:
            state: Returns the state as it is now.
            find_listeners: Has it looked for what listens on this machine.
        """
        super().__init__()
        self._state = state
        self._view = ExposeView()
        self._own_name = False
        self._asks = ""
        self.setWindowIcon(app_icon())
        self._port = QLineEdit()
        self._port.setPlaceholderText("3000")
        self._port.setAccessibleName(self.tr("Port"))
        self._port.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self._port.installEventFilter(self)
        self._listeners = ListenerList(find_listeners)
        self._listeners.chosen.connect(self._port_chosen)
        self._port_note = label(wrap=True)
        self._name = QLineEdit()
        self._name.setPlaceholderText(self.tr("random"))
        self._name.setAccessibleName(self.tr("Name"))
        self._name_note = label(wrap=True)
        self._stop_after = QComboBox()
        self._stop_after.setAccessibleName(self.tr("Stop automatically after"))
        for words, seconds in (
            (self.tr("Never"), None),
            (self.tr("30 minutes"), _HOUR // 2),
            (self.tr("1 hour"), _HOUR),
            (self.tr("4 hours"), 4 * _HOUR),
            (self.tr("8 hours"), 8 * _HOUR),
        ):
            self._stop_after.addItem(words, seconds)
        self._copy = QCheckBox(self.tr("Copy the address when it is live"))
        self._awake = QCheckBox(self.tr("Keep the computer awake while it is live"))
        self._more = button(self.tr("More"), self._fold, flat=True)
        self._more.setCheckable(True)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, STEPS)
        self._progress.setAccessibleName(self.tr("Progress"))
        self._cancel = button(self.tr("Cancel"), self.reject)
        self._expose = button("", self._submit, primary=True)
        self._expose.setDefault(True)
        self._probe = PortProbe(self)
        self._probe.answered.connect(self._port_answered)
        self._probe.speaks_tls.connect(self._port_speaks_tls)
        self._port.textChanged.connect(self._port_typed)
        self._port.textEdited.connect(self._listeners.forget_choice)
        self._name.textChanged.connect(self._check_name)
        self._name.textEdited.connect(self._name_typed)
        self._lay_out()
        self.ask_for(None)

    def _lay_out(self) -> None:
        form = FieldGrid()
        form.setVerticalSpacing(SPACE // 2)
        for words, field, note in (
            (self.tr("&Port"), self._port, self._port_note),
            (self.tr("&Name"), self._name, self._name_note),
        ):
            form.add_field(words, field)
            if field is self._port:
                form.add_below(self._listeners)
            form.add_below(note)
            # Room for what may have to be said, so that nothing jumps while one types.
            note.setMinimumHeight(note.fontMetrics().lineSpacing() * 2)
            note.setAlignment(Qt.AlignmentFlag.AlignTop)
        form.add_below(self._more)
        self._folded = (
            form.add_field(self.tr("&Stop after"), self._stop_after),
            self._stop_after,
            self._copy,
            self._awake,
        )
        form.add_below(self._copy)
        form.add_below(self._awake)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._expose)
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 62)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE * 3 // 2)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self._progress)
        column.addLayout(buttons)
        # Port, name, Enter: what listens is an arrow key away, and does not stand in between.
        order = (self._port, self._name, self._more, self._stop_after, self._copy, self._awake, self._listeners)
        for before, after in itertools.pairwise((*order, self._cancel, self._expose)):
            QWidget.setTabOrder(before, after)
        policy = self._progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(policy)
        self._progress.hide()
        self._fold()

    @property
    def copies(self) -> bool:
        """Whether the address is to be copied when it is live."""
        return self._copy.isChecked()

    def ask_for(self, changing: str | None) -> None:
        """Say what is asked for: a new tunnel, or with a name what becomes of that one, which is up."""
        if changing is None:
            title, self._asks = self.tr("Expose a port"), self.tr("Expose")
        else:
            title, self._asks = self.tr("Change {name}").replace("{name}", changing), self.tr("Change")
        self.setWindowTitle(title)
        set_text(self._expose, self._asks)

    def fill(
        self, port: int | None, name: str | None, stop_after: float | None = None, *, keep_awake: bool = False
    ) -> None:
        """Start over with these."""
        self._awake.setChecked(keep_awake)
        self._own_name = name is not None
        self._name.setText(name or "")
        self._port.setText("" if port is None else str(port))
        self._listeners.forget_choice()
        self._stop_after.setCurrentIndex(max(0, self._stop_after.findData(stop_after)))
        self._copy.setChecked(self._state().preferences.copy_when_live)
        self._more.setChecked(keep_awake or stop_after is not None)
        self._fold()
        self._check_name()
        self.render_view(ExposeView())

    def focus(self, field: Field) -> None:
        """Put the focus on a field, its text selected so that typing replaces it."""
        edit = self._port if field is Field.PORT else self._name
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        edit.selectAll()

    def render_listeners(self, rows: tuple[ListenerRow, ...] | None) -> None:
        """Show what listens on this machine."""
        self._listeners.render_rows(rows)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the port, the arrow down leads to what listens."""
        if (
            watched is self._port
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Down
        ):
            self._listeners.begin()
            return True
        return super().eventFilter(watched, event)

    def render_view(self, view: ExposeView) -> None:
        """Show how far the request has got."""
        self._view = view
        asks = (self._port, self._listeners, self._name, self._more, self._stop_after, self._copy, self._awake)
        for each in asks:
            each.setEnabled(not view.busy)
        set_text(self._expose, view.stage or self._asks)
        self._progress.setVisible(view.busy)
        self._progress.setValue(view.step)
        self._decide()

    def reject(self) -> None:
        """Close; whatever is under way is given up."""
        self._probe.stop()
        super().reject()
        self.given_up.emit()

    def _fold(self) -> None:
        """Show the rest where it is wanted; what is not as usual is never out of sight when the dialog opens."""
        unfolded = self._more.isChecked()
        set_text(self._more, self.tr("Less") if unfolded else self.tr("More"))
        for each in self._folded:
            each.setVisible(unfolded)

    def _submit(self) -> None:
        try:
            port = parse_port(self._port.text())
        except InvalidValueError as error:
            self._refuse(self._port, self._port_note, error)
            return
        try:
            slug = parse_slug(self._name.text())
        except InvalidValueError as error:
            self._refuse(self._name, self._name_note, error)
            return
        self.wanted.emit(Wish(port, slug, self._stop_after.currentData(), self._awake.isChecked()))

    def _refuse(self, edit: QLineEdit, note: QWidget, error: InvalidValueError) -> None:
        self._say(note, complaint(error), "refused")
        restyle(edit, "refused", value=True)
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        edit.selectAll()

    def _port_typed(self) -> None:
        text = self._port.text()
        restyle(self._port, "refused", value=False)
        self._say(self._port_note, "", "muted")
        self._probe.stop()
        if not text.strip():
            self._decide()
            return
        try:
            port = parse_port(text)
        except InvalidValueError as error:
            self._say(self._port_note, complaint(error), "refused")
            restyle(self._port, "refused", value=True)
        else:
            self._probe.ask(port)
            if not self._own_name:
                self._name.setText(remembered_name(self._state(), port))
        self._decide()

    def _port_answered(self, port: int, answers: bool) -> None:
        if self._port.text().strip() != str(port):
            return
        words = "" if answers else self.tr("Nothing answers on localhost:{port} yet.").replace("{port}", str(port))
        self._say(self._port_note, words, "warning")

    def _port_speaks_tls(self, port: int) -> None:
        if self._port.text().strip() == str(port):
            words = self.tr(
                "localhost:{port} speaks TLS, but the tunnel sends plain HTTP, which it will likely refuse."
            )
            self._say(self._port_note, words.replace("{port}", str(port)), "warning")

    def _port_chosen(self, port: int) -> None:
        if self._port.text().strip() != str(port):
            self._port.setText(str(port))

    def _name_typed(self, text: str) -> None:
        self._own_name = bool(text)

    def _check_name(self) -> None:
        try:
            slug = parse_slug(self._name.text())
        except InvalidValueError as error:
            self._say(self._name_note, complaint(error), "refused")
            restyle(self._name, "refused", value=True)
        else:
            restyle(self._name, "refused", value=False)
            self._say(self._name_note, address_preview(self._state(), slug), "muted")
        self._decide()

    def _say(self, note: QWidget, words: str, role: str) -> None:
        restyle(note, "role", role)
        note.setProperty("text", words)
        field = self._port if note is self._port_note else self._name
        field.setAccessibleDescription(words)

    def _decide(self) -> None:
        """The button can be pressed unless something is wrong that the dialog shows already."""
        refused = bool(self._port.property("refused")) or bool(self._name.property("refused"))
        self._expose.setEnabled(not self._view.busy and not refused and bool(self._port.text().strip()))
