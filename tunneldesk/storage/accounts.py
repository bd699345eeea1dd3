"""The accounts that somebody has signed in to, and which of them is in use. Their secrets are in the keyring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.validation import parse_email, parse_server
from tunneldesk.storage.shared_file import SharedFile

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts known here.

    Attributes:
        known: All of them, in the order in which they came.
        current: The one in use, or last in use; None before the first sign-in.
        here: Whether the server on this computer is in use instead, because the user wanted to try it.
    """

    known: tuple[Account, ...] = ()
    current: Account | None = None
    here: bool = False

    def on(self, server: str) -> Account:
        """Return the account to use on a server: the current one, else the first that is known there."""
        there = [account for account in self.known if account.server == server]
        if self.current is not None and self.current.server == server and (self.current in there or not there):
            return self.current
        return there[0] if there else Account(server)

    def using(self, account: Account) -> Accounts:
        """Return these with ``account`` among them, as the current one."""
        known = self.known if account in self.known else (*self.known, account)
        return Accounts(known, account)

    def staying_here(self) -> Accounts:
        """Return these with the server on this computer in use."""
        return replace(self, here=True)

    def without(self, account: Account) -> Accounts:
        """Return these without ``account``; its server stays the one to sign in to."""
        return replace(self, known=tuple(other for other in self.known if other != account))


class AccountsFile(SharedFile[Accounts]):
    """The accounts of one home."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _read, _written)


def written_account(account: Account) -> dict[str, Any]:
    """Return what a file holds of an account."""
    return {"server": account.server, "email": account.email}


def read_account(stored: dict[str, Any]) -> Account:
    """Return the account that a file holds.

    Raises:
        InvalidValueError, KeyError, TypeError, AttributeError: It makes no sense.
    """
    email = stored.get("email")
    return Account(parse_server(stored["server"]), None if email is None else parse_email(email))


def _written(accounts: Accounts) -> dict[str, Any]:
    return {
        "current": accounts.current and written_account(accounts.current),
        "known": [written_account(account) for account in accounts.known],
        "here": accounts.here,
    }


def _read(stored: dict[str, Any]) -> Accounts:
    known = stored.get("known")
    found = [_account(item) for item in known] if isinstance(known, list) else []
    current = _account(stored.get("current"))
    return Accounts(tuple(dict.fromkeys(filter(None, found))), current, here=stored.get("here") is True)


def _account(item: Any) -> Account | None:
    try:
        return read_account(item)
    except (AttributeError, KeyError, TypeError, InvalidValueError):
        return None  # one that makes no sense costs itself, not the others
