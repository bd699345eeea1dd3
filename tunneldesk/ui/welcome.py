"""The ways in: an access token, or this computer only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.model import SessionStatus
from tunneldesk.domain.secret import Secret
from tunneldesk.domain.validation import parse_server
from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import FieldGrid, button, label, restyle, scale_font, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.commands import Commands


class Welcome(FittingDialog):
    """Asks for a server and a token, or starts the server on this computer; closes itself once signed in."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._asked: AppState | None = None
        self._state: AppState | None = None
        self.setWindowTitle(self.tr("Sign in"))
        self.setWindowIcon(app_icon())
        self._server = QLineEdit()
        self._server.setPlaceholderText("https://api.example.com")
        self._server.setAccessibleName(self.tr("Server address"))
        self._token = QLineEdit()
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self._token.setAccessibleName(self.tr("Access token"))
        self._remember = QCheckBox(self.tr("Remember it in the system's keyring"))
        self._remember.setChecked(True)
        self._note = label(wrap=True, role="refused")
        self._go = button(self.tr("Sign in"), self._submit, primary=True)
        self._go.setDefault(True)
        self._cancel = button(self.tr("Not now"), self.reject)
        self._try = button(self.tr("Try it on this computer"), self._use_demo)
        self._server.textEdited.connect(self._typed)
        self._token.textEdited.connect(self._typed)
        self._lay_out()

    def _lay_out(self) -> None:
        title = label(self.tr("Use an access token"))
        scale_font(title, 1.15, bold=True)
        form = FieldGrid()
        form.add_field(self.tr("&Server"), self._server)
        form.add_field(self.tr("&Token"), self._token)
        form.add_below(self._remember)
        form.add_below(self._note)
        self._note.setMinimumHeight(self._note.fontMetrics().height())
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._go)
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 60)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 3)
        column.setSpacing(SPACE * 3 // 2)
        column.addWidget(title)
        column.addLayout(form)
        column.addLayout(buttons)
        column.addStretch(1)
        column.addWidget(self._demo_box())

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

    def present(self, state: AppState) -> None:
        """Show the dialog with what is known already, the first empty field focused."""
        self._state = state
        if state.session.server and not state.session.demo and not self._server.text():
            self._server.setText(state.session.server)
        self._end_wait()
        self.open()
        self.raise_()
        self.activateWindow()
        self.focus_first()

    def focus_first(self, *, server: bool = False) -> None:
        """Put the focus where the user goes on: the server where that is asked for, else the first gap."""
        edit = self._server if server or not self._server.text() else self._token
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        edit.selectAll()

    def render_state(self, state: AppState) -> None:
        """End the wait when there is an answer."""
        self._state = state
        if self._asked is None:
            return
        if state.failure is not None:
            self._end_wait()
        elif state.session.status is SessionStatus.SIGNED_IN and (
            (state.session, state.remote) != (self._asked.session, self._asked.remote)
        ):
            self._end_wait()
            self._token.clear()
            self.accept()

    def try_again(self, *, remember: bool) -> bool:
        """Sign in with what the fields hold; return whether they hold anything."""
        if not self._token.text():
            return False
        self._remember.setChecked(remember)
        self._submit()
        return True

    def reject(self) -> None:
        """Close; a token is not left lying in a field."""
        self._end_wait()
        self._token.clear()
        super().reject()

    def _submit(self) -> None:
        try:
            server = parse_server(self._server.text())
        except InvalidValueError as error:
            self._refuse(self._server, error.failure.message)
            return
        token = self._token.text().strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            words = self.tr("That is not an access token.") if token else self.tr("Paste the access token here.")
            self._refuse(self._token, words)
            return
        self._server.setText(server)
        self._wait(self._go, self.tr("Checking ..."))
        self._commands.sign_in(server, Secret(token), remember=self._remember.isChecked())

    def _use_demo(self) -> None:
        self._wait(self._try, self.tr("Starting ..."))
        self._commands.use_demo()

    def _wait(self, pressed: QLineEdit | object, words: str) -> None:
        self._commands.dismiss_failure()
        self._asked = self._state
        for each in (self._server, self._token, self._remember, self._go, self._try):
            each.setEnabled(False)
        set_text(self._go if pressed is self._go else self._try, words)

    def _end_wait(self) -> None:
        self._asked = None
        for each in (self._server, self._token, self._remember, self._go, self._try):
            each.setEnabled(True)
        set_text(self._go, self.tr("Sign in"))
        set_text(self._try, self.tr("Try it on this computer"))

    def _refuse(self, edit: QLineEdit, words: str) -> None:
        set_text(self._note, words)
        edit.setAccessibleDescription(words)
        restyle(edit, "refused", value=True)
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        edit.selectAll()

    def _typed(self) -> None:
        set_text(self._note, "")
        for edit in (self._server, self._token):
            edit.setAccessibleDescription("")
            restyle(edit, "refused", value=False)
