"""The ways in: the browser, an access token, or this computer only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.model import SessionStatus
from tunneldesk.domain.secret import Secret
from tunneldesk.domain.validation import parse_email, parse_server
from tunneldesk.presentation.reasons import complaint
from tunneldesk.ui.browser_wait import BrowserWait, browse
from tunneldesk.ui.dialogs import bring_up
from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import FieldGrid, button, label, restyle, scale_font, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.commands import Commands


class Welcome(FittingDialog):
    """Asks for a server, and who is asking, or starts the server on this computer; closes itself once signed in."""

    def __init__(self, commands: Commands, clock: Clock, browse: Callable[[str], bool] = browse) -> None:
        super().__init__()
        self._commands = commands
        self._asked: AppState | None = None
        self._state: AppState | None = None
        self._failed: Failure | None = None
        self._last: Callable[[], None] = self._by_browser
        self.setWindowTitle(self.tr("Sign in"))
        self.setWindowIcon(app_icon())
        self._server = QLineEdit()
        self._server.setPlaceholderText("https://api.example.com")
        self._server.setAccessibleName(self.tr("Server address"))
        self._email = QLineEdit()
        self._email.setPlaceholderText(self.tr("you@example.com"))
        self._email.setAccessibleName(self.tr("E-mail address"))
        self._token = QLineEdit()
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self._token.setAccessibleName(self.tr("Access token"))
        self._notes = {edit: label(wrap=True, role="refused") for edit in (self._server, self._email, self._token)}
        self._remember = QCheckBox(self.tr("Remember it in the system's keyring"))
        self._remember.setChecked(True)
        self._go = button(self.tr("Sign in"), self._by_browser, primary=True)
        self._use_token = button(self.tr("Use this token"), self._by_token)
        self._cancel = button(self.tr("Not now"), self.reject)
        self._try = button(self.tr("Try it on this computer"), self._use_demo)
        for edit in self._notes:
            edit.textEdited.connect(self._typed)
        # There is no default button: which one Enter means depends on where it is pressed.
        self._server.returnPressed.connect(self._after_server)
        self._email.returnPressed.connect(self._by_browser)
        self._token.returnPressed.connect(self._by_token)
        self._wait_page = BrowserWait(clock, self._stop_waiting, browse)
        self._wait_page.hide()
        self._form = QWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        title = label(self.tr("Sign in"))
        scale_font(title, 1.15, bold=True)
        fields = FieldGrid()
        fields.add_field(self.tr("&Server"), self._server)
        fields.add_below(self._noted(self._server))
        fields.add_field(self.tr("&E-mail"), self._email, beside=self._go)
        fields.add_below(self._noted(self._email))
        fields.add_below(
            label(self.tr("Your browser opens. You stay signed in until you sign out."), role="muted", wrap=True)
        )
        fields.setRowMinimumHeight(fields.rowCount(), SPACE)
        fields.add_field(self.tr("or &token"), self._token, beside=self._use_token)
        fields.add_below(self._noted(self._token))
        fields.add_below(self._remember)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self._cancel)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(SPACE * 2)
        form.addWidget(title)
        form.addLayout(fields)
        form.addWidget(self._demo_box())
        form.addStretch(1)
        form.addLayout(last)
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 66)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 3)
        column.addWidget(self._form)
        column.addWidget(self._wait_page)

    def _noted(self, edit: QLineEdit) -> QLabel:
        note = self._notes[edit]
        note.hide()
        return note

    def _demo_box(self) -> QFrame:
        box = QFrame()
        box.setObjectName("row")
        title = label(self.tr("Just trying?"))
        scale_font(title, 1.0, bold=True)
        words = label(
            self.tr(
                "A server on this computer, without an account: real traffic, reachable from this computer only."
            ),
            role="muted",
            wrap=True,
        )
        column = QVBoxLayout()
        column.setSpacing(SPACE // 2)
        column.addWidget(title)
        column.addWidget(words)
        row = QHBoxLayout(box)
        row.setContentsMargins(SPACE * 2, SPACE * 3 // 2, SPACE * 2, SPACE * 3 // 2)
        row.setSpacing(SPACE * 2)
        row.addLayout(column, 1)
        row.addWidget(self._try)
        return box

    def present(self, state: AppState, *, this_run_only: bool = False) -> None:
        """Show the dialog with what is known already, the first gap focused."""
        self.fill(state)
        if this_run_only or not self.isVisible():
            self._remember.setChecked(not this_run_only)
        if self._asked is None or state.signing_in is None:
            self._end_wait()
        bring_up(self)
        self.focus_first()

    def fill(self, state: AppState) -> None:
        """Fill in what is known already."""
        self._state = state
        if not state.session.demo:
            self._server.setText(self._server.text() or state.session.server or "")
            self._email.setText(self._email.text() or state.session.email or "")

    def clear(self, server: str = "") -> None:
        """Hold nothing but the server, where it is known: somebody else is to sign in."""
        for edit in self._notes:
            edit.clear()
        self._server.setText(server)
        self._typed()

    def focus_first(self, *, server: bool = False) -> None:
        """Put the focus where the user goes on: on the server where that is asked for, else on who is asking."""
        who = self._token if self._last == self._by_token else self._email
        edit = self._server if server or not self._server.text() else who
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        edit.selectAll()

    def render_state(self, state: AppState) -> None:
        """Show how the sign-in is going, and end the wait when there is an answer."""
        self._state = state
        if self._asked is None:
            return
        if state.signing_in is not None:
            self._wait_page.render_sign_in(state.signing_in)
        self._show_page(waiting=state.signing_in is not None)
        signed_in = state.session.status is SessionStatus.SIGNED_IN
        if signed_in and (state.session, state.remote) != (self._asked.session, self._asked.remote):
            self._end_wait()
            self._token.clear()
            self.accept()
        elif state.failure is not None:
            self._failed = state.failure
            self._end_wait()

    def try_again(self, *, this_run_only: bool) -> bool:
        """Go in once more, the way that was tried last, where it is that which failed; return whether it is."""
        if self._failed is None or self._state is None or self._state.failure != self._failed:
            return False
        if this_run_only:
            self._remember.setChecked(False)
        self._last()
        return True

    def reject(self) -> None:
        """Close; a token is not left lying in a field, and nobody is waited for."""
        if self._wait_page.isVisible():
            self._stop_waiting()
            return
        self._end_wait()
        self._token.clear()
        if self._failed is not None:
            # Whoever goes in no more has no use for what went wrong on the way.
            if self._state is not None and self._state.failure == self._failed:
                self._commands.dismiss_failure()
            self._failed = None
        super().reject()

    def _after_server(self) -> None:
        if self._token.text() and not self._email.text():
            self._by_token()
        elif self._email.text():
            self._by_browser()
        else:
            self._email.setFocus(Qt.FocusReason.TabFocusReason)

    def _by_browser(self) -> None:
        self._last = self._by_browser
        server = self._valid_server()
        if server is None:
            return
        try:
            email = parse_email(self._email.text().strip())
        except InvalidValueError as error:
            empty = self.tr("Your e-mail address tells the server who you are.")
            self._refuse(self._email, complaint(error) if self._email.text() else empty)
            return
        self._wait(self._go, self.tr("Asking ..."))
        self._commands.sign_in_by_browser(server, email, remember=self._remember.isChecked())

    def _by_token(self) -> None:
        self._last = self._by_token
        server = self._valid_server()
        if server is None:
            return
        token = self._token.text().strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            words = self.tr("That is not an access token.") if token else self.tr("Paste the access token here.")
            self._refuse(self._token, words)
            return
        self._wait(self._use_token, self.tr("Checking ..."))
        self._commands.sign_in(server, Secret(token), remember=self._remember.isChecked())

    def _valid_server(self) -> str | None:
        try:
            server = parse_server(self._server.text())
        except InvalidValueError as error:
            self._refuse(self._server, complaint(error))
            return None
        self._server.setText(server)
        return server

    def _use_demo(self) -> None:
        self._last = self._use_demo
        self._wait(self._try, self.tr("Starting ..."))
        self._commands.use_demo()

    def _stop_waiting(self) -> None:
        self._commands.cancel_sign_in()
        self._end_wait()
        self.focus_first()

    def _wait(self, pressed: QWidget, words: str) -> None:
        self._commands.dismiss_failure()
        self._failed = None
        self._asked = self._state
        self._enable(False)
        for each in (self._go, self._use_token, self._try):
            if each is pressed:
                set_text(each, words)

    def _end_wait(self) -> None:
        self._asked = None
        self._wait_page.forget()
        self._show_page(waiting=False)
        self._enable(True)
        set_text(self._go, self.tr("Sign in"))
        set_text(self._use_token, self.tr("Use this token"))
        set_text(self._try, self.tr("Try it on this computer"))

    def _show_page(self, *, waiting: bool) -> None:
        self._form.setVisible(not waiting)
        self._wait_page.setVisible(waiting)

    def _enable(self, enabled: bool) -> None:
        for each in (*self._notes, self._remember, self._go, self._use_token, self._try):
            each.setEnabled(enabled)

    def _refuse(self, edit: QLineEdit, words: str) -> None:
        self._typed()
        set_text(self._notes[edit], words)
        self._notes[edit].show()
        edit.setAccessibleDescription(words)
        restyle(edit, "refused", value=True)
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        edit.selectAll()

    def _typed(self) -> None:
        for edit, note in self._notes.items():
            note.hide()
            set_text(note, "")
            edit.setAccessibleDescription("")
            restyle(edit, "refused", value=False)
