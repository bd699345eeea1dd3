"""How somebody is signed in, in the keyring: one item an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.secret import Secret
    from tunneldesk.storage.credentials import Credentials


class SignIns:
    """The secret of each account.

    That of an account with an e-mail address is a refresh token: it was signed in with the browser. The other kind
    is an access token that was pasted. (The access tokens of the former live in memory only.)

    Raises (each method):
        CredentialsError: The keyring is missing, locked, or refuses.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def find(self, account: Account) -> Secret | None:
        """Return what is kept for ``account``; None when nothing is."""
        return await self._credentials.get(_name(account))

    async def keep(self, account: Account, secret: Secret) -> None:
        """Keep this, in place of what was kept before."""
        await self._credentials.set(_name(account), secret)

    async def forget(self, account: Account) -> None:
        """Keep nothing."""
        await self._credentials.forget(_name(account))


def _name(account: Account) -> str:
    return account.server if account.email is None else f"{account.server} {account.email}"
