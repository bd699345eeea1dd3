"""Which server is talked to, and as whom."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient
from tunneldesk.domain.errors import (
    ApiError,
    CredentialsError,
    ErrorCode,
    Failure,
    ServerRefusedError,
    TunnelDeskError,
)
from tunneldesk.domain.model import Session, SessionStatus
from tunneldesk.domain.secret import Secret
from tunneldesk.service.renewal import Renewal
from tunneldesk.service.sign_in import sign_in
from tunneldesk.storage.sign_ins import KeptSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tunneldesk.api.auth import TokenSource
    from tunneldesk.api.client import TimeLimits
    from tunneldesk.domain.clock import Clock
    from tunneldesk.service.store import Store
    from tunneldesk.storage.sign_ins import SignIns

_log = logging.getLogger(__name__)


class AccessToken:
    """The token of the session, replaced on the next sign-in while requests go on.

    Args:
        refused: Called with this object when the server no longer takes the token.
    """

    def __init__(self, refused: Callable[[AccessToken], None]) -> None:
        self._refused = refused
        self.source: TokenSource | None = None
        """Where it comes from: pasted, or renewed by itself; None while signed out."""

    async def token(self) -> Secret | None:
        """Return the token to use now; None while signed out."""
        return None if self.source is None else await self.source.token()

    async def renew(self, stale: Secret) -> Secret | None:
        """Return what there is since ``stale``: a renewed token, or that of another sign-in."""
        source = self.source
        if source is None:
            return None
        current = await source.token()
        newer = current if current is not None and current != stale else await source.renew(stale)
        if newer is None and source is self.source:
            self._refused(self)
        return newer


def client_for(
    server: str,
    kept: Secret | KeptSession,
    *,
    sign_ins: SignIns,
    clock: Clock,
    lock: Path,
    limits: TimeLimits | None = None,
) -> ApiClient:
    """Return a client of ``server`` as whoever is signed in there, for a command that ends soon."""
    token = AccessToken(lambda _token: None)
    client = ApiClient(server, token, limits=limits)
    if isinstance(kept, KeptSession):
        token.source = Renewal(
            server, kept, clock, ask=client.refresh, vault=sign_ins, lock=lock, ended=lambda _failure: None
        )
    else:
        token.source = FixedToken(kept)
    return client


class Sessions:
    """Holds the one session of the app and the client of its server."""

    def __init__(self, store: Store, sign_ins: SignIns, clock: Clock, lock: Path) -> None:
        """Begin without a session.

        Args:
            store: The state.
            sign_ins: The keyring.
            clock: Time.
            lock: The file whose lock is held while a session is renewed.
        """
        self._store = store
        self._kept = sign_ins
        self._lock = lock
        self._renewal: Renewal | None = None
        self._clock = clock
        self._token = AccessToken(self._refused)
        self._client: ApiClient | None = None
        self._former: list[ApiClient] = []
        self._failure: Failure | None = None
        self._opened = asyncio.Event()

    async def client(self) -> ApiClient:
        """Return the client of the session's server, once the session has been opened.

        Raises:
            TunnelDeskError: There is no server to talk to.
        """
        await self._opened.wait()
        if self._client is None:
            raise ServerRefusedError(self._failure or Failure(ErrorCode.SIGNED_OUT))
        return self._client

    async def open(self, server: str | None, token: Secret | None, *, demo: bool = False) -> None:
        """Start with this server; without a ``token`` the keyring is asked for one."""
        self._show(server=server, demo=demo)
        kept: Secret | KeptSession | None = token
        stored = False
        if server is not None and token is None:
            try:
                kept = await self._kept.find(server)
                stored = kept is not None
            except CredentialsError as error:
                failure = error.failure
                self._store.update(lambda state: replace(state, failure=failure))
            if self._opened.is_set():
                return  # somebody signed in while the keyring took its time: that is the newer wish
        if isinstance(kept, KeptSession):
            self._use(server, None, stored=stored)
            self._renew_with(kept, persistent=True)
        else:
            self._use(server, kept, stored=stored)

    def refuse(self, failure: Failure) -> None:
        """Open without a server, for this reason."""
        self._failure = failure
        self._opened.set()
        self._show(status=SessionStatus.SIGNED_OUT)
        self._store.update(lambda state: replace(state, failure=failure))

    async def sign_in(self, server: str, token: Secret, *, remember: bool) -> None:
        """Use this server with this token, if the server takes it.

        Raises:
            TunnelDeskError: It is no tunnel server, or it refused; the session is as it was.
        """
        trial = ApiClient(server, FixedToken(token))
        try:
            await trial.check()
            remote = await trial.list_tunnels()
        finally:
            await trial.aclose()
        self._use(server, token, stored=False)
        self._show(confirmed_at=self._clock.now())
        self._store.update(lambda state: replace(state, remote=remote, failure=None))
        if remember:
            # The session is good by now; a keyring that fails is told, and costs nothing but the next start.
            await self._kept.keep(server, token)
            self._show(stored=True)

    async def sign_in_by_browser(
        self, server: str, email: str, opened: Callable[[str], None], *, remember: bool
    ) -> None:
        """Use this server as whoever signs in there with the browser, see `sign_in.sign_in`.

        Raises:
            TunnelDeskError: Nobody did, or the session can't be kept; it is used all the same then.
        """
        trial = ApiClient(server, FixedToken(Secret("none")))
        try:
            granted, asked_at = await sign_in(trial, email, self._clock, opened)
        finally:
            await trial.aclose()
        self._use(server, None, stored=False)
        renewal = self._renew_with(KeptSession(granted.refresh_token, granted.email or email), persistent=remember)
        renewal.begin(granted, asked_at)
        self._show(confirmed_at=self._clock.now())
        self._store.update(lambda state: replace(state, failure=None))
        if remember:
            await self._kept.keep(server, renewal.session)
            self._show(stored=True)

    async def sign_out(self) -> None:
        """Have the server end the session, and forget it, here and in the keyring."""
        server, self._token.source = self._store.state.session.server, None
        renewal, self._renewal = self._renewal, None
        self._show(status=SessionStatus.SIGNED_OUT, stored=False, email=None)
        self._store.update(lambda state: replace(state, remote=None))
        if renewal is not None and self._client is not None:
            await renewal.aclose()
            try:
                await self._client.log_out(renewal.session.refresh_token)
            except ApiError as error:
                # Forgotten here in any case; the server's part runs out by itself.
                _log.warning("The server has not ended the session: %s", error.failure.code)
        if server is not None:
            await self._kept.forget(server)

    async def aclose(self) -> None:
        """Close all connections."""
        self._opened.set()
        if self._renewal is not None:
            await self._renewal.aclose()
        for client in (*self._former, *filter(None, [self._client])):
            try:
                await client.aclose()
            except TunnelDeskError:
                _log.warning("Closing a connection failed", exc_info=True)

    def _use(self, server: str | None, token: Secret | None, *, stored: bool) -> None:
        if server is not None and (self._client is None or self._client.server != server):
            if self._client is not None:
                # Tunnels of the former server are still to be kept alive and deleted there, with its token.
                self._former.append(self._client)
                self._token = AccessToken(self._refused)
            self._client = ApiClient(server, self._token)
        self._token.source = None if token is None else FixedToken(token)
        self._renewal = None
        self._failure = None
        status = SessionStatus.SIGNED_OUT if token is None else SessionStatus.SIGNED_IN
        demo = self._store.state.session.demo and server == self._store.state.session.server
        self._show(server=server, status=status, stored=stored, demo=demo, email=None)
        self._opened.set()

    def _renew_with(self, session: KeptSession, *, persistent: bool) -> Renewal:
        """Have the session's token come from its renewals."""
        client, token = self._client, self._token
        if client is None:
            raise AssertionError("there is a session only where there is a server")
        self._renewal = Renewal(
            client.server,
            session,
            self._clock,
            ask=client.refresh,
            vault=self._kept if persistent else None,
            lock=self._lock,
            ended=lambda _failure: self._refused(token),
        )
        token.source = self._renewal
        self._show(status=SessionStatus.SIGNED_IN, email=session.email)
        return self._renewal

    def _refused(self, token: AccessToken) -> None:
        if token is self._token:
            self._show(status=SessionStatus.ENDED)

    def _show(self, **changes: object) -> None:
        self._store.update(lambda state: replace(state, session=_changed(state.session, changes)))


def _changed(session: Session, changes: dict[str, object]) -> Session:
    return replace(session, **changes)  # type: ignore[arg-type] # the fields are named where they are set
