"""The access token of a session that was signed in with the browser, renewed for as long as the server lets it.

Refresh tokens rotate: each is good once. So one renewal is in flight at a time, in this process and in all that
share the keyring, and what it brought is kept before the token it was bought with is forgotten. A crash in between
costs nothing where the server honours the former token for a moment longer, as the paired one does.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from tunneldesk.domain.errors import CredentialsError, ErrorCode, ServerRefusedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from tunneldesk.domain.account import Account
    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.secret import Secret
    from tunneldesk.domain.sign_in import Granted

_log = logging.getLogger(__name__)

EARLY: Final = 30.0
"""Seconds before its end at which an access token is renewed."""

_LOCK_WAIT = 20.0
_ENDED = frozenset({ErrorCode.INVALID_REFRESH_TOKEN, ErrorCode.INVALID_TOKEN, ErrorCode.MISSING_AUTH})
"""What a server answers to a refresh token that it does not, or no longer, know."""


class Vault(Protocol):
    """Where a session's refresh token outlives the run."""

    async def find(self, account: Account) -> Secret | None:
        """Return it."""

    async def keep(self, account: Account, secret: Secret) -> None:
        """Keep it in place of the one before."""


class Renewal:
    """A `TokenSource` that renews its token.

    Args:
        account: Whose session it is.
        refresh_token: What to begin with.
        clock: Time.
        ask: Renews at the server.
        vault: Where the session is kept; None for a session of this run only.
        lock: The file whose lock keeps other processes from renewing at the same time.
        ended: Called when the server says that the session is over.
        resumed: Called when one that was over goes on: somebody has signed in with another face.
    """

    def __init__(
        self,
        account: Account,
        refresh_token: Secret,
        clock: Clock,
        *,
        ask: Callable[[Secret], Awaitable[Granted]],
        vault: Vault | None,
        lock: Path,
        ended: Callable[[Failure], None],
        resumed: Callable[[], None] = lambda: None,
    ) -> None:
        self._account = account
        self.refresh_token = refresh_token
        """What the session goes on with."""
        self._clock = clock
        self._ask = ask
        self._vault = vault
        self._lock = lock
        self._ended = ended
        self._resumed = resumed
        self._refused: Secret | None = None
        self._access: Secret | None = None
        self._ends_at = float("-inf")
        self._running: asyncio.Task[Secret] | None = None
        self._unkept = False
        self.over: Failure | None = None
        """What everybody is told once the server has ended the session; None while it goes on."""

    def begin(self, granted: Granted, asked_at: float) -> None:
        """Use what was granted by a request sent at ``asked_at`` (monotonic seconds)."""
        self._access = granted.access_token
        self._ends_at = asked_at + granted.expires_in
        self.refresh_token = granted.refresh_token
        self._unkept = True

    async def token(self) -> Secret | None:
        """Return a token that holds.

        One that is about to end is renewed beside the call that asked for it: neither a slow server nor a keyring
        that hangs costs a heartbeat then, and what fails is tried again with the next call.

        Raises:
            ApiError: INVALID_REFRESH_TOKEN when the session is over; or the server could not be asked for one.
        """
        left = self._ends_at - self._clock.monotonic()
        if left <= 0:
            return await self.renewed()
        if left <= EARLY:
            self._under_way()
        return self._access

    async def renew(self, stale: Secret) -> Secret | None:
        """Return a newer token than ``stale``.

        Raises:
            ApiError: As `token`.
        """
        if self._access is not None and self._access != stale:
            return self._access
        return await self.renewed()

    async def renewed(self) -> Secret:
        """Renew the session, whatever its token is still good for; return the new one.

        Raises:
            ApiError: As `token`.
        """
        # Whoever stops waiting does not stop it: its answer holds the next session.
        return await asyncio.shield(self._under_way())

    def _under_way(self) -> asyncio.Task[Secret]:
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._renew(), name="renew the session")
            self._running.add_done_callback(lambda task: None if task.cancelled() else task.exception())
        return self._running

    async def aclose(self) -> None:
        """Let a renewal that is in flight arrive."""
        if self._running is not None:
            await asyncio.wait({self._running}, timeout=5)

    async def _renew(self) -> Secret:
        async with self._alone():
            refresh_token = await self._newest()
            if self.over and refresh_token == self._refused:
                raise ServerRefusedError(self.over)
            asked_at = self._clock.monotonic()
            try:
                granted = await self._ask(refresh_token)
            except ServerRefusedError as refused:
                if refused.failure.code not in _ENDED:
                    raise
                _log.info("The session at %s is over: %s", self._account.server, refused.failure.code)
                self.over = replace(refused.failure, code=ErrorCode.INVALID_REFRESH_TOKEN)
                self._refused = refresh_token
                self._access, self._ends_at, self._unkept = None, float("-inf"), False
                self._ended(self.over)
                raise ServerRefusedError(self.over) from refused
            self.begin(granted, asked_at)
            try:
                await self.keep()
            except CredentialsError as error:
                # The session goes on in memory; the next renewal tries to keep it again.
                _log.warning("The session is not kept: %s", error.failure.code)
            if self.over:
                self.over = None
                self._resumed()
        return granted.access_token

    async def _newest(self) -> Secret:
        """Return the refresh token to use: another process may have renewed the session meanwhile."""
        kept = None
        if self._vault is not None and not self._unkept:  # else ours is newer than what is kept
            try:
                kept = await self._vault.find(self._account)
            except CredentialsError as error:
                _log.info("The keyring does not tell of the session: %s", error.failure.code)
        return kept or self.refresh_token

    def keep_no_longer(self) -> None:
        """The session is for this run only."""
        self._vault = None

    async def keep(self) -> None:
        """Keep the session as it is now, where it is to outlive the run.

        Raises:
            CredentialsError: The keyring would not.
        """
        if self._vault is not None:
            await self._vault.keep(self._account, self.refresh_token)
            self._unkept = False

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Keep other processes from renewing; one that hangs with the lock is not waited for longer than it may."""
        if self._vault is None:
            yield
            return
        from filelock import FileLock  # only where there is something to lock

        lock = FileLock(self._lock, thread_local=False)
        held = False
        try:
            await asyncio.to_thread(self._lock.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
            await asyncio.to_thread(lock.acquire, timeout=_LOCK_WAIT)
            held = True
        except OSError as error:  # `filelock.Timeout` is one
            _log.warning("Renewing without the lock: %s", error)
        try:
            yield
        finally:
            if held:
                lock.release()
