"""What this home and this environment hold: which account, which connector, and what stands in the keyring.

Adapters are imported where they are used: a command starts as fast as what it needs.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import CredentialsError, ErrorCode, Failure, ServerRefusedError
from tunneldesk.domain.validation import parse_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.install import Installer
    from tunneldesk.domain.secret import Secret
    from tunneldesk.service.seat import Seat
    from tunneldesk.storage.accounts import AccountsFile
    from tunneldesk.storage.paths import Paths
    from tunneldesk.storage.settings import SettingsFile
    from tunneldesk.storage.sign_ins import SignIns
    from tunneldesk.terminal.arguments import Call


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command runs."""

    environ: Mapping[str, str]
    paths: Paths
    settings: SettingsFile
    accounts: AccountsFile

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Place:
        """Return what this environment says."""
        from tunneldesk.network import trust
        from tunneldesk.storage.accounts import AccountsFile
        from tunneldesk.storage.paths import Paths
        from tunneldesk.storage.settings import SettingsFile

        paths = Paths.find(environ)
        settings = SettingsFile(paths.settings)
        trust(settings.read().preferences.authority)
        return cls(environ, paths, settings, AccountsFile(paths.accounts))

    def account(self, call: Call) -> Account | None:
        """Return the account to use: a switch beats the environment, which beats what was last in use.

        Raises:
            InvalidValueError: The environment names something that is no server address.
        """
        known = self.accounts.read()
        named = self.environ.get("TUNNELDESK_SERVER")
        server = call.server or (parse_server(named) if named else None)
        account = known.current if server is None else known.on(server)
        if account is not None and call.email is not None:
            return replace(account, email=call.email)
        return account

    def connector(self, call: Call) -> Path | None:
        """Return the connector that was named, in the same order; None for whichever is found."""
        named = self.environ.get("TUNNELDESK_CLOUDFLARED")
        return call.connector or (Path(named) if named else None) or self.settings.read().preferences.connector

    @property
    def given_token(self) -> Secret | None:
        """The access token that the environment gives."""
        from tunneldesk.domain.secret import Secret

        given = self.environ.get("TUNNELDESK_ACCESS_TOKEN")
        return Secret(given) if given else None

    @property
    def sign_ins(self) -> SignIns:
        """The sign-ins in the keyring."""
        from tunneldesk.storage.credentials import Credentials
        from tunneldesk.storage.sign_ins import SignIns

        return SignIns(Credentials(self.paths))

    @property
    def installer(self) -> Installer:
        """What downloads cloudflared, and knows where to."""
        from tunneldesk.connector.install import MIRROR_VARIABLE, Installer
        from tunneldesk.network import open_transport

        return Installer(self.paths.cloudflared, open_transport, mirror=self.environ.get(MIRROR_VARIABLE))

    @asynccontextmanager
    async def client(self, account: Account | None) -> AsyncIterator[ApiClient]:
        """Talk to the server as this account.

        Raises:
            TunnelDeskError: There is no account or no token, or the keyring would not give it.
        """
        given = self.given_token
        found = None if account is None else given or await self._kept(account)
        if account is None or found is None:
            raise ServerRefusedError(Failure(ErrorCode.SIGNED_OUT))
        whose = Account(account.server) if given else account
        async with self.seat(whose) as seat:
            await seat.enter(found, stored=not given)
            yield seat.client

    @asynccontextmanager
    async def seat(self, account: Account) -> AsyncIterator[Seat]:
        """Open this account's place, with nobody in it yet."""
        from tunneldesk.service.clock import SystemClock
        from tunneldesk.service.seat import Seat

        seat = Seat(account, sign_ins=self.sign_ins, clock=SystemClock(), lock=self.paths.renewal_lock)
        try:
            yield seat
        finally:
            await seat.aclose()

    async def _kept(self, account: Account) -> Secret | None:
        try:
            return await self.sign_ins.find(account)
        except CredentialsError as error:
            excuse_missing_keyring(error)
            return None


def excuse_missing_keyring(error: CredentialsError) -> None:
    """Take a system without a keyring for one that holds no token."""
    if error.failure.code is not ErrorCode.KEYRING_MISSING:
        raise error
