"""The page of the settings that tells which accounts there are, and what the connections to their servers trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tunneldesk.presentation.status import Mark
from tunneldesk.ui.flow import flowing
from tunneldesk.ui.marks import MarkIcon
from tunneldesk.ui.parts import FieldGrid, button, label, scale_font
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from pathlib import Path

    from tunneldesk.domain.account import Account
    from tunneldesk.presentation.account import AccountRow


class AccountHost(Protocol):
    """Where the buttons lead."""

    def use_account(self, account: Account) -> None:
        """Make this the account that new tunnels are for."""

    def sign_in(self) -> None:
        """Show the ways in."""

    def add_account(self) -> None:
        """Show the ways in, for an account that is not known yet."""

    def sign_out(self) -> None:
        """Forget the account in use; ask first where that stops tunnels."""

    def choose_authority(self) -> None:
        """Have the user choose a certificate authority's file."""

    def forget_authority(self) -> None:
        """Trust what the system trusts, and nothing beside it."""


class AccountPage(QWidget):
    """Shows `AccountRow`s, and the certificate authority that was named."""

    def __init__(self, host: AccountHost) -> None:
        super().__init__()
        self._host = host
        self._shown: tuple[AccountRow, ...] | None = None
        self._rows: list[QWidget] = []
        self._none = label(self.tr("Nobody has signed in yet."), role="muted", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE)
        add = button(self.tr("Add an account..."), lambda: host.add_account())
        self._authority = QLineEdit()
        self._authority.setReadOnly(True)
        self._authority.setPlaceholderText(self.tr("as the system trusts"))
        self._authority.setAccessibleName(self.tr("Company certificate"))
        self._forget = button(self.tr("Remove"), lambda: host.forget_authority())
        chosen = flowing(button(self.tr("Choose..."), lambda: host.choose_authority()), self._forget)
        trusted = FieldGrid()
        trusted.add_field(self.tr("Company &certificate"), self._authority, beside=chosen)
        note = self.tr("For servers and proxies with a certificate of your company: a PEM file, trusted as well.")
        trusted.add_below(label(note, role="muted", wrap=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE, SPACE * 2, SPACE, SPACE)
        column.setSpacing(SPACE * 3 // 2)
        column.addWidget(self._none)
        column.addLayout(self._list)
        column.addWidget(flowing(add))
        column.addSpacing(SPACE)
        column.addLayout(trusted)
        column.addStretch(1)

    def render_accounts(self, rows: tuple[AccountRow, ...]) -> None:
        """Show these accounts."""
        if rows == self._shown:
            return
        self._shown = rows
        for widget in self._rows:
            widget.hide()
            self._list.removeWidget(widget)
            widget.deleteLater()
        self._rows = [self._row(row) for row in rows]
        for widget in self._rows:
            self._list.addWidget(widget)
            widget.show()
        self._none.setVisible(not rows)

    def render_authority(self, authority: Path | None) -> None:
        """Show which file is trusted, too."""
        if self._authority.text() != str(authority or ""):
            self._authority.setText(str(authority or ""))
        self._forget.setEnabled(authority is not None)

    def _row(self, row: AccountRow) -> QFrame:
        frame = QFrame()
        frame.setObjectName("row")
        mark = MarkIcon(18)
        holds = Mark.LIVE if row.signed_in else Mark.ATTENTION
        mark.render_mark(holds if row.current else Mark.IDLE)
        who = label(row.who, wrap=True)
        scale_font(who, 1.0, bold=True)
        words = QVBoxLayout()
        words.setSpacing(SPACE // 4)
        words.addWidget(who)
        words.addWidget(label(row.where, role="muted", wrap=True))
        if row.words:
            words.addWidget(label(row.words, role="muted", wrap=True))
        line = QHBoxLayout(frame)
        line.setContentsMargins(SPACE * 3 // 2, SPACE, SPACE, SPACE)
        line.setSpacing(SPACE * 3 // 2)
        line.addWidget(mark)
        line.addLayout(words, 1)
        if not row.current:
            use = button(self.tr("Use"), lambda: self._host.use_account(row.account))
            use.setAccessibleName(self.tr("Use {account}").replace("{account}", row.label))
            line.addWidget(use)
        elif row.signed_in:
            line.addWidget(button(self.tr("Sign out..."), lambda: self._host.sign_out()))
        else:
            line.addWidget(button(self.tr("Sign in..."), lambda: self._host.sign_in()))
        return frame
