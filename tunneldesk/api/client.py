"""The tunnels API, one method per call."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import httpx

from tunneldesk import __version__
from tunneldesk.api import wire, wire_sign_in
from tunneldesk.api.auth import BearerAuth, FixedToken, TokenSource
from tunneldesk.api.date import server_time
from tunneldesk.api.errors import not_a_tunnel_server, refusal, timed_out, unreachable
from tunneldesk.api.transport import ServerTransport
from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import ErrorCode, Failure, ServerRefusedError
from tunneldesk.domain.reasons import Because, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import TypeVar

    from tunneldesk.domain.model import Grant, RemoteTunnel
    from tunneldesk.domain.secret import Secret
    from tunneldesk.domain.sign_in import Granted, SignInStart, SignInStatus

    T = TypeVar("T")

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",  # small answers; and what is not packed can't be a bomb
    "User-Agent": f"TunnelDesk/{__version__}",
}

_GIVEN_KEPT = 64
"""How many of the tokens a server has given it can't say back in a later answer, as far as anybody sees."""

_SENT_AT = "tunneldesk.sent_at"
"""Where a request keeps when it was sent, by our wall clock."""


class Deletion(StrEnum):
    """What became of a tunnel that was to be deleted; in each case the server needs no further asking."""

    DELETED = "deleted"
    ALREADY_GONE = "already gone"
    DRAINING = "draining"  # accepted; the server waits for connections to end
    RETRYING = "retrying"  # accepted; the server could not finish and will try again


_DELETIONS: Final = {
    ErrorCode.TUNNEL_NOT_FOUND: Deletion.ALREADY_GONE,
    ErrorCode.TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS: Deletion.DRAINING,
    ErrorCode.TUNNEL_CLOUDFLARE_DELETION_FAILED: Deletion.RETRYING,
    ErrorCode.TUNNEL_DNS_DELETION_FAILED: Deletion.RETRYING,
}


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds each call may take in all: name, connection, token renewal, the whole answer.

    Deleting takes a server over 15 s while connections drain. A heartbeat that hangs must leave room for another.
    """

    create: float = 30.0
    heartbeat: float = 5.0
    listing: float = 15.0
    delete: float = 30.0
    check: float = 10.0
    sign_in: float = 15.0


class ApiClient:
    """Talks to one server.

    Every method raises `ApiError` (one of its kinds, with a `Failure`) and nothing else but what the token source
    raises and `asyncio.CancelledError`.

    Args:
        server: API base address, as `parse_server` gives it.
        tokens: Where the access token comes from.
        email: Whose account it is asked for; None where nobody has said.
        transport: What to send with, in place of the real network.
        limits: How long calls may take.
        wall_clock: Seconds since 1970, as this machine's clock shows them.
    """

    def __init__(
        self,
        server: str,
        tokens: TokenSource,
        *,
        email: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: TimeLimits | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._server = server
        self._email = email
        self._wall_clock = wall_clock
        self._clock_skew: float | None = None
        self._limits = limits or TimeLimits()
        self._bearer = BearerAuth(server, tokens)
        self._given: deque[Secret] = deque(maxlen=_GIVEN_KEPT)
        self._http = httpx.AsyncClient(
            headers=_HEADERS,
            timeout=None,  # noqa: S113 - each call has its limit as a whole, see `_call`
            trust_env=False,
            follow_redirects=False,
            transport=ServerTransport(server, transport),
            event_hooks={"request": [self._note_sending], "response": [self._note_date]},
        )

    @property
    def server(self) -> str:
        """The API base address."""
        return self._server

    @property
    def account(self) -> Account:
        """Whose tunnels it sees."""
        return Account(self._server, self._email)

    @property
    def clock_skew(self) -> float | None:
        """The server's clock minus ours in seconds, as the latest answer with a date told it; None before one.

        Good to a second, and to half of what the answer took.
        """
        return self._clock_skew

    async def create(self, port: int, slug: str | None) -> Grant:
        """Create a tunnel for a port of this machine, named ``slug`` or as the server likes.

        Never sent twice: when the answer is lost, nobody knows whether there is a tunnel, and its lease settles it.
        """
        request = _Request("POST", "/v1/tunnels", json=wire.create_body(port, slug))
        grant = await self._call(request, wire.read_grant, limit=self._limits.create, auth=self._bearer)
        self._given.extend((grant.connector_token, *filter(None, [grant.run_token])))
        return grant

    async def heartbeat(self, grant: Grant) -> datetime | None:
        """Renew a tunnel's lease; return when it ends by the server's clock, where the server says so.

        Sent with the tunnel's run token where it has one, else with the access token.
        """
        auth = self._bearer if grant.run_token is None else BearerAuth(self._server, FixedToken(grant.run_token))
        return await self._call(
            _Request("POST", f"{_path(grant.tunnel_id)}/heartbeat", repeatable=True),
            wire.read_beat,
            limit=self._limits.heartbeat,
            auth=auth,
            secrets=(grant.connector_token, *filter(None, [grant.run_token])),
        )

    async def list_tunnels(self, *, include_inactive: bool = False) -> tuple[RemoteTunnel, ...]:
        """Return this account's tunnels, oldest first; those that are over only when asked for."""
        params = {"includeInactive": "true"} if include_inactive else {}
        request = _Request("GET", "/v1/tunnels", params=params, repeatable=True)
        return await self._call(request, wire.read_tunnels, limit=self._limits.listing, auth=self._bearer)

    async def delete(self, tunnel_id: str) -> Deletion:
        """Delete a tunnel by its id or host name. That it is gone already, or going, is no error."""
        request = _Request("DELETE", _path(tunnel_id), repeatable=True)
        try:
            await self._call(request, wire.read_done, limit=self._limits.delete, auth=self._bearer)
        except ServerRefusedError as exc:
            if (outcome := _DELETIONS.get(exc.failure.code)) is not None:
                return outcome
            raise
        return Deletion.DELETED

    # Signing in, and out again

    async def start_sign_in(self, email: str, challenge: str, callback_url: str | None = None) -> SignInStart:
        """Begin a sign-in.

        Args:
            email: Whose.
            challenge: Of the verifier that the login code will be exchanged with, see `pkce`.
            callback_url: Where a server without a status route sends the browser, on this machine.
        """
        body = wire_sign_in.start_body(email, challenge, callback_url)
        started = await self._sign_in("slack/start", body, wire_sign_in.read_start)
        self._given.append(started.state)
        return started

    async def sign_in_status(self, state: Secret) -> SignInStatus:
        """Return how a sign-in is going."""
        body = {"state": state.reveal()}
        status = await self._sign_in("slack/status", body, wire_sign_in.read_status, secrets=(state,))
        self._given.extend(filter(None, [status.login_code]))
        return status

    async def exchange(self, login_code: Secret, verifier: Secret) -> Granted:
        """Exchange a login code, which is good for one exchange."""
        body = {"loginCode": login_code.reveal(), "codeVerifier": verifier.reveal()}
        return await self._granted("exchange", body, (login_code, verifier))

    async def refresh(self, refresh_token: Secret) -> Granted:
        """Renew a session. The refresh token is used up by it, and the answer brings another."""
        return await self._granted("refresh", {"refreshToken": refresh_token.reveal()}, (refresh_token,))

    async def log_out(self, refresh_token: Secret, access_token: Secret) -> None:
        """Have the server end a session. Some take the refresh token alone, and others must see who is asking."""
        body = {"refreshToken": refresh_token.reveal()}
        auth = BearerAuth(self._server, FixedToken(access_token))
        secrets = (refresh_token, access_token)
        await self._sign_in("logout", body, wire.read_done, auth=auth, secrets=secrets)

    async def _granted(self, path: str, body: Mapping[str, object], secrets: tuple[Secret, ...]) -> Granted:
        granted = await self._sign_in(path, body, wire_sign_in.read_granted, secrets=secrets)
        self._given.extend((granted.access_token, granted.refresh_token))
        return granted

    async def _sign_in(
        self,
        path: str,
        body: Mapping[str, object],
        read: Callable[[object], T],
        *,
        auth: BearerAuth | None = None,
        secrets: tuple[Secret, ...] = (),
    ) -> T:
        request = _Request("POST", f"/v1/auth/{path}", json=body)
        return await self._call(request, read, limit=self._limits.sign_in, auth=auth, secrets=secrets)

    async def check(self) -> None:
        """Return if a tunnel server answers at the address; no token is sent."""
        request = _Request("GET", "/healthz", repeatable=True)
        await self._call(request, wire.read_done, limit=self._limits.check, auth=None)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._bearer.aclose()
        await self._http.aclose()

    async def _call(
        self,
        request: _Request,
        read: Callable[[object], T],
        *,
        limit: float,
        auth: BearerAuth | None,
        secrets: tuple[Secret, ...] = (),
    ) -> T:
        try:
            async with asyncio.timeout(limit):
                response = await self._send(request, auth)
        except TimeoutError as exc:
            raise timed_out(limit) from exc
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as exc:
            raise unreachable(exc) from exc
        secrets = (*self._bearer.sent, *self._given, *secrets)
        if not response.is_success:
            raise refusal(response, secrets)
        try:
            return read(wire.decode(response.content))
        except wire.WireError as exc:
            raise not_a_tunnel_server(response, exc.because, secrets) from exc

    async def _note_sending(self, request: httpx.Request) -> None:
        request.extensions[_SENT_AT] = self._wall_clock()

    async def _note_date(self, response: httpx.Response) -> None:
        there = server_time(response.headers)
        if there is not None:
            self._clock_skew = there - (response.request.extensions[_SENT_AT] + self._wall_clock()) / 2

    async def _send(self, request: _Request, auth: BearerAuth | None) -> httpx.Response:
        """Send a request, once more where that does no harm and the connection broke.

        A server may close an idle connection at the very moment it is used again.
        """
        try:
            return await self._http.send(request.build(self._http, self._server), auth=auth)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            if not request.repeatable:
                raise
        return await self._http.send(request.build(self._http, self._server), auth=auth)


@dataclass(frozen=True, slots=True)
class _Request:
    """A request before it is one of httpx's.

    Attributes:
        json: The body; without one there is no Content-Type either (some servers answer 500 to that).
        repeatable: Whether sending it twice does no more than sending it once.
    """

    method: str
    path: str
    json: Mapping[str, object] | None = None
    params: Mapping[str, str] | None = None
    repeatable: bool = False

    def build(self, http: httpx.AsyncClient, server: str) -> httpx.Request:
        return http.build_request(self.method, f"{server}{self.path}", json=self.json, params=self.params)


def _path(tunnel: str) -> str:
    """Return the path of a tunnel named by id or host name.

    Raises:
        ServerRefusedError: INVALID_TUNNEL_ID, for what would lead to another route.
    """
    if not tunnel.strip("."):
        because = Because(Reason.TUNNEL_NAMELESS)
        raise ServerRefusedError(Failure(ErrorCode.INVALID_TUNNEL_ID, because=(because,)))
    return f"/v1/tunnels/{quote(tunnel, safe=':', errors='replace')}"
