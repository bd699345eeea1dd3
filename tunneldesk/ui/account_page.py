"""The page of the settings that tells which accounts there are, and what the connections to their servers trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tunneldesk.presentation.account import Way
from tunneldesk.ui.flow import flowing
from tunneldesk.ui.marks import MarkIcon
from tunneldesk.ui.parts import FieldGrid, button, label, scale_font, set_text
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
        self._rows: dict[Account, _Row] = {}
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
        """Show these accounts; what stands there already is filled anew, and keeps the focus."""
        wanted = {row.account for row in rows}
        for account in [known for known in self._rows if known not in wanted]:
            gone = self._rows.pop(account)
            gone.hide()
            self._list.removeWidget(gone)
            gone.deleteLater()
        for position, view in enumerate(rows):
            row = self._rows.get(view.account)
            if row is None:
                row = self._rows[view.account] = _Row(self._host)
            row.render_row(view)
            if self._list.indexOf(row) != position:
                self._list.insertWidget(position, row)
                row.show()
        self._none.setVisible(not rows)

    def render_authority(self, authority: Path | None) -> None:
        """Show which file is trusted, too."""
        if self._authority.text() != str(authority or ""):
            self._authority.setText(str(authority or ""))
        self._forget.setEnabled(authority is not None)


class _Row(QFrame):
    """One account, with the one thing that can be done with it."""

    def __init__(self, host: AccountHost) -> None:
        super().__init__()
        self.setObjectName("row")
        self._host = host
        self._view: AccountRow | None = None
        self._mark = MarkIcon(18)
        self._who = label(wrap=True)
        scale_font(self._who, 1.0, bold=True)
        self._where = label(role="muted", wrap=True)
        self._words = label(role="muted", wrap=True)
        self._button = button("", self._go)
        words = QVBoxLayout()
        words.setSpacing(SPACE // 4)
        for each in (self._who, self._where, self._words):
            words.addWidget(each)
        line = QHBoxLayout(self)
        line.setContentsMargins(SPACE * 3 // 2, SPACE, SPACE, SPACE)
        line.setSpacing(SPACE * 3 // 2)
        line.addWidget(self._mark)
        line.addLayout(words, 1)
        line.addWidget(self._button)

    def render_row(self, view: AccountRow) -> None:
        """Show this account as it is now."""
        if view == self._view:
            return
        self._view = view
        self._mark.render_mark(view.mark)
        for each, words in ((self._who, view.who), (self._where, view.where), (self._words, view.words)):
            set_text(each, words)
            each.setVisible(bool(words))
        words, name = {
            Way.USE: (self.tr("Use"), self.tr("Use {account}")),
            Way.SIGN_IN: (self.tr("Sign in..."), ""),
            Way.SIGN_OUT: (self.tr("Sign out..."), ""),
        }[view.way]
        set_text(self._button, words)
        self._button.setAccessibleName(name.replace("{account}", view.label))

    def _go(self) -> None:
        if self._view is None:
            return
        if self._view.way is Way.USE:
            self._host.use_account(self._view.account)
        elif self._view.way is Way.SIGN_IN:
            self._host.sign_in()
        else:
            self._host.sign_out()
