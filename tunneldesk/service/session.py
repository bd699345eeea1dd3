"""Which server is talked to, and as whom."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient
from tunneldesk.domain.errors import CredentialsError, ErrorCode, Failure, ServerRefusedError, TunnelDeskError
from tunneldesk.domain.model import Session, SessionStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.secret import Secret
    from tunneldesk.service.store import Store
    from tunneldesk.storage.credentials import Credentials

_log = logging.getLogger(__name__)


class AccessToken:
    """The token of the session, replaced on the next sign-in while requests go on.

    Args:
        refused: Called with this object when the server no longer takes the token.
    """

    def __init__(self, refused: Callable[[AccessToken], None]) -> None:
        self._refused = refused
        self.current: Secret | None = None

    async def token(self) -> Secret | None:
        """Return the token to use now; None while signed out."""
        return self.current

    async def renew(self, stale: Secret) -> Secret | None:
        """Return what was signed in with since ``stale``; a pasted token can't be renewed by itself."""
        if self.current is not None and self.current != stale:
            return self.current
        self._refused(self)
        return None


class Sessions:
    """Holds the one session of the app and the client of its server."""

    def __init__(self, store: Store, credentials: Credentials, clock: Clock) -> None:
        self._store = store
        self._credentials = credentials
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
        stored = False
        if server is not None and token is None:
            try:
                token = await self._credentials.get(server)
                stored = token is not None
            except CredentialsError as error:
                failure = error.failure
                self._store.update(lambda state: replace(state, failure=failure))
            if self._opened.is_set():
                return  # somebody signed in while the keyring took its time: that is the newer wish
        self._use(server, token, stored=stored)

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
            await self._credentials.set(server, token)
            self._show(stored=True)

    async def sign_out(self) -> None:
        """Forget the token, here and in the keyring."""
        server, self._token.current = self._store.state.session.server, None
        self._show(status=SessionStatus.SIGNED_OUT, stored=False)
        self._store.update(lambda state: replace(state, remote=None))
        if server is not None:
            await self._credentials.forget(server)

    async def aclose(self) -> None:
        """Close all connections."""
        self._opened.set()
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
        self._token.current = token
        self._failure = None
        status = SessionStatus.SIGNED_OUT if token is None else SessionStatus.SIGNED_IN
        demo = self._store.state.session.demo and server == self._store.state.session.server
        self._show(server=server, status=status, stored=stored, demo=demo)
        self._opened.set()

    def _refused(self, token: AccessToken) -> None:
        if token is self._token:
            self._show(status=SessionStatus.ENDED)

    def _show(self, **changes: object) -> None:
        self._store.update(lambda state: replace(state, session=_changed(state.session, changes)))


def _changed(session: Session, changes: dict[str, object]) -> Session:
    return replace(session, **changes)  # type: ignore[arg-type] # the fields are named where they are set
