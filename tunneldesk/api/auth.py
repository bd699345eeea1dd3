"""Who is asking: the access token on its way into a request, and nowhere else."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from typing import TYPE_CHECKING, Protocol

import httpx

from tunneldesk.domain.errors import ErrorCode, Failure, ServerRefusedError
from tunneldesk.domain.reasons import Because, Reason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tunneldesk.domain.secret import Secret

_TOKEN = re.compile(r"[!-~]+")  # what a header can carry, and what any token is made of
_TOKENS_REMEMBERED = 4
_LAST_RENEWAL_WAIT = 5.0


class TokenSource(Protocol):
    """Where access tokens come from."""

    async def token(self) -> Secret | None:
        """Return the token to use now; None while signed out."""

    async def renew(self, stale: Secret) -> Secret | None:
        """Return a newer token than ``stale``, which the server refused; None when there is none to be had."""


class FixedToken:
    """A token that can't be renewed: pasted, from the environment, or a tunnel's own run token."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    async def token(self) -> Secret | None:
        """Return the token."""
        return self._token

    async def renew(self, stale: Secret) -> Secret | None:  # noqa: ARG002 - the protocol's signature
        """Return None: there is no other."""
        return None


class BearerAuth(httpx.Auth):
    """Puts the access token into each request to the server, and renews it once when the server answers 401.

    However many requests meet a 401 at the same time, one renewal is in flight and all wait for it: refresh tokens
    rotate, and a second use of one ends the session. For the same reason a renewal goes on when the request that
    began it is cancelled or runs out of time.

    Args:
        server: The API base address. Requests to any other origin are sent without a token.
        tokens: Where tokens come from. What it raises goes through to the caller.
    """

    def __init__(self, server: str, tokens: TokenSource) -> None:
        self._origin = _origin(httpx.URL(server))
        self._tokens = tokens
        self._renewal: asyncio.Task[Secret | None] | None = None
        self._sent: deque[Secret] = deque(maxlen=_TOKENS_REMEMBERED)

    @property
    def sent(self) -> tuple[Secret, ...]:
        """The tokens sent lately, for keeping them out of what a server says."""
        return tuple(self._sent)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send ``request`` with the token, and once more with a newer one when that is refused.

        Raises:
            ServerRefusedError: SIGNED_OUT when there is no token, INVALID_TOKEN when it can't be one. Nothing was
                sent then.
        """
        if _origin(request.url) != self._origin:
            yield request
            return
        token = await self._tokens.token()
        if token is None:
            raise ServerRefusedError(Failure(ErrorCode.SIGNED_OUT, because=(Because(Reason.TOKEN_MISSING),)))
        response = yield self._sign(request, token)
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return
        newer = await self._newer_than(token)
        if newer is not None:
            yield self._sign(request, newer)

    async def aclose(self) -> None:
        """Let a renewal that is still in flight arrive, within a few seconds: its answer holds the next session."""
        if self._renewal is not None and not self._renewal.done():
            await asyncio.wait({self._renewal}, timeout=_LAST_RENEWAL_WAIT)
            self._renewal.cancel()
            await asyncio.wait({self._renewal})

    def _sign(self, request: httpx.Request, token: Secret) -> httpx.Request:
        if not _TOKEN.fullmatch(token.reveal()):
            because = Because(Reason.TOKEN_UNSENDABLE)
            raise ServerRefusedError(Failure(ErrorCode.INVALID_TOKEN, because=(because,)))
        if token not in self._sent:
            self._sent.append(token)
        request.headers["Authorization"] = f"Bearer {token.reveal()}"
        return request

    async def _newer_than(self, stale: Secret) -> Secret | None:
        if self._renewal is None or self._renewal.done():
            current = await self._tokens.token()
            if current is not None and current != stale:
                return current  # somebody else's 401 has led to it already
        if self._renewal is None or self._renewal.done():  # still, after waiting for the source
            self._renewal = asyncio.create_task(self._renew(stale), name="renew access token")
            self._renewal.add_done_callback(_see_failure)
        return await asyncio.shield(self._renewal)

    async def _renew(self, stale: Secret) -> Secret | None:
        return await self._tokens.renew(stale)


def _see_failure(renewal: asyncio.Task[Secret | None]) -> None:
    """Take note of a renewal's failure for those who have stopped waiting; whoever waits gets it as well."""
    if not renewal.cancelled():
        renewal.exception()


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
