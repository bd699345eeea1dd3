"""One account that is signed in, or was: its client, and where its access token comes from."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient
from tunneldesk.domain.errors import ApiError, CredentialsError
from tunneldesk.service.renewal import Renewal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tunneldesk.api.auth import TokenSource
    from tunneldesk.api.client import TimeLimits
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.secret import Secret
    from tunneldesk.domain.sign_in import Granted
    from tunneldesk.storage.sign_ins import SignIns

_log = logging.getLogger(__name__)


class Seat:
    """An account's place here. Its tunnels keep their client, whatever becomes of the token."""

    def __init__(
        self,
        account: Account,
        *,
        sign_ins: SignIns,
        clock: Clock,
        lock: Path,
        changed: Callable[[Seat], None] = lambda _seat: None,
        limits: TimeLimits | None = None,
    ) -> None:
        """Begin signed out.

        Args:
            account: Whose place it is.
            sign_ins: The keyring.
            clock: Time.
            lock: The file whose lock is held while a session is renewed.
            changed: Told when somebody has signed in or out, or the server has ended the session.
            limits: How long calls may take.
        """
        self.account = account
        self.ended = False
        """Whether the server has refused the token that it took before."""
        self.stored = False
        """Whether the sign-in outlives this run."""
        self._sign_ins = sign_ins
        self._clock = clock
        self._lock = lock
        self._changed = changed
        self._pasted: Secret | None = None
        self._source: TokenSource | None = None
        self._renewal: Renewal | None = None
        self.client = ApiClient(account.server, self, email=account.email, limits=limits)

    @property
    def taken(self) -> bool:
        """Whether there is a token, be it good or not."""
        return self._source is not None

    async def enter(self, secret: Secret, *, stored: bool) -> None:
        """Sign in with what the keyring holds for such an account: a refresh token, or an access token.

        Args:
            secret: See `SignIns`.
            stored: Whether it is in the keyring.
        """
        await self._sit_down(secret, kept=stored)
        self.stored = stored
        self._changed(self)

    async def enter_granted(self, granted: Granted, asked_at: float, *, remember: bool) -> None:
        """Sign in with what a sign-in with the browser gave that was completed at ``asked_at``.

        With ``remember`` what comes of it later is kept, too; `keep` does that for what there is now.
        """
        await self._sit_down(granted.refresh_token, kept=remember)
        if self._renewal is not None:
            self._renewal.begin(granted, asked_at)
        self._changed(self)

    async def keep(self) -> None:
        """Keep the sign-in in the keyring.

        Raises:
            CredentialsError: The keyring would not. It is good for this run all the same.
        """
        self.stored = False
        if self._renewal is not None:
            await self._renewal.keep()
        elif self._pasted is not None:
            await self._sign_ins.keep(self.account, self._pasted)
        self.stored = True
        self._changed(self)

    async def keep_no_longer(self) -> None:
        """Have the sign-in in memory only. That a keyring does not answer has been told, and is not told again."""
        if self._renewal is not None:
            self._renewal.keep_no_longer()
        self.stored = False
        self._changed(self)
        try:
            await self._sign_ins.forget(self.account)
        except CredentialsError as error:
            _log.info("The keyring was not asked to forget: %s", error.failure.code)

    async def leave(self) -> Failure | None:
        """Sign out: the server ends the session, and nothing of it is kept. Return why it did not end it.

        Raises:
            CredentialsError: The keyring would not forget it.
        """
        self._source, self._pasted, self.ended, self.stored = None, None, False, False
        self._changed(self)
        renewal = self._renewal
        try:
            await self._end_renewal()
            return None if renewal is None else await self._end_session(renewal)
        finally:
            # Also where we are to end meanwhile: whoever has signed out is not signed in at the next start.
            if renewal is not None:
                renewal.keep_no_longer()
            await self._sign_ins.forget(self.account)

    async def _end_session(self, renewal: Renewal) -> Failure | None:
        """Have the server end a session; return why it did not."""
        try:
            # With new tokens: some servers want to see a good access token, and another process may have rotated
            # the refresh token that we know.
            access_token = await renewal.renewed()
            await self.client.log_out(renewal.refresh_token, access_token)
        except ApiError as error:
            if renewal.over is None:
                # Forgotten here in any case; the server's part runs out by itself.
                _log.warning("The server has not ended the session: %s", error.failure.code)
                return error.failure
        return None

    async def aclose(self) -> None:
        """Close all connections."""
        await self._end_renewal()
        await self.client.aclose()

    # As the client's `TokenSource`

    async def token(self) -> Secret | None:
        """Return the token to use now; None while signed out."""
        return None if self._source is None else await self._source.token()

    async def renew(self, stale: Secret) -> Secret | None:
        """Return what there is since ``stale``: a renewed token, or that of another sign-in."""
        source = self._source
        if source is None:
            return None
        current = await source.token()
        newer = current if current is not None and current != stale else await source.renew(stale)
        if newer is None:
            self._end(source)
        return newer

    async def _sit_down(self, secret: Secret, *, kept: bool) -> None:
        await self._end_renewal()
        self.ended = self.stored = False
        if self.account.email is None:
            self._pasted, self._source = secret, FixedToken(secret)
            return
        self._source = self._renewal = renewal = Renewal(
            self.account,
            secret,
            self._clock,
            ask=self.client.refresh,
            vault=self._sign_ins if kept else None,
            lock=self._lock,
            ended=lambda _failure: self._end(renewal),
            resumed=lambda: self._end(renewal, ended=False),
        )

    async def _end_renewal(self) -> None:
        renewal, self._renewal = self._renewal, None
        if renewal is not None:
            await renewal.aclose()

    def _end(self, source: TokenSource, *, ended: bool = True) -> None:
        """Tell that the server has ended the session of ``source``, where it is still that of this seat."""
        if source is self._source:
            self.ended = ended
            self._changed(self)
