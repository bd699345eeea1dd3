"""From accounts to what is shown of them: pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tunneldesk.domain.model import SessionStatus
from tunneldesk.presentation.status import Mark, name_of
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.model import AppState


class Way(StrEnum):
    """What can be done with an account."""

    USE = "use"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account.

    Attributes:
        account: Which.
        who: The e-mail address, or that it is an access token, or that it is nobody's: this computer only.
        where: The server's host name; empty for this computer.
        label: Both in one line.
        current: Whether new tunnels are for this one.
        words: How it is signed in, where it is the current one; else empty.
        mark: How its sign-in is doing, as a shape.
        way: What its button does.
    """

    account: Account
    who: str
    where: str
    label: str
    current: bool
    words: str
    mark: Mark
    way: Way


def account_rows(state: AppState) -> tuple[AccountRow, ...]:
    """Return the accounts in the order in which they came, after this computer where it is what is used."""
    return _here(state) + tuple(_row(account, state) for account in state.accounts)


def _here(state: AppState) -> tuple[AccountRow, ...]:
    """Return the row of the server on this computer, from which signing in is the way out."""
    account = state.session.account
    if not state.session.demo or account is None:
        return ()
    here = translate("Account", "This computer only")
    if state.session.status is SessionStatus.SIGNED_IN:
        words, mark = translate("Account", "No account needed."), Mark.LIVE
    else:
        words, mark = translate("Account", "Not running."), Mark.ATTENTION
    return (AccountRow(account, here, "", here, current=True, words=words, mark=mark, way=Way.SIGN_IN),)


def _row(account: Account, state: AppState) -> AccountRow:
    who, where = who_is(account), urlsplit(account.server).netloc
    label = f"{who} \N{EN DASH} {where}"
    if account != state.session.account:
        return AccountRow(account, who, where, label, current=False, words="", mark=Mark.IDLE, way=Way.USE)
    holds = state.session.status is SessionStatus.SIGNED_IN
    return AccountRow(
        account,
        who,
        where,
        label,
        current=True,
        words=_words(state),
        mark=Mark.LIVE if holds else Mark.ATTENTION,
        way=Way.SIGN_OUT if holds else Way.SIGN_IN,
    )


def who_is(account: Account) -> str:
    """Return what an account is called."""
    return account.email or translate("Account", "Access token")


def stopped_by_signing_out(state: AppState) -> tuple[str, ...]:
    """Return the names of the tunnels that signing out would stop."""
    return tuple(
        name_of(tunnel)
        for tunnel in state.tunnels
        if tunnel.active and tunnel.account in {None, state.session.account}
    )


def _words(state: AppState) -> str:
    session = state.session
    if session.status is SessionStatus.ENDED:
        return translate("Account", "The session has ended.")
    if session.status is not SessionStatus.SIGNED_IN:
        return translate("Account", "Not signed in.")
    if session.stored:
        return translate("Account", "Signed in; kept in the system's keyring.")
    return translate("Account", "Signed in until TunnelDesk ends.")


def session_ended() -> tuple[str, str]:
    """Return title and text for a session that its server has ended."""
    return (
        translate("Account", "Your session has ended"),
        translate("Account", "What is exposed stays up as long as it can. Sign in again to go on."),
    )
