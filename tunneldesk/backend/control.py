"""Fault switches for tests and demonstrations, below ``/_control/``.

They exist only when the server was started with ``--control``, answer only to clients on this computer that also
name it as the Host, and want the access token of the ready line. Bodies are JSON; a field marked ``?`` may be left
out. A ``tunnel`` is a tunnel id or a host name.

========================================  ================================================  =====================
request                                   body                                              answer
========================================  ================================================  =====================
``POST   /_control/users``                ``{email?}``: a user, added if new, and a         ``{userId, email,
                                          fresh access token                                accessToken}``
``POST   /_control/revoke-token``         ``{accessToken}``                                 ``{revoked}``
``POST   /_control/sessions``             ``{email?}``: that user has signed in             as ``exchange``
``POST   /_control/expire-access-token``  ``{accessToken?, email?}``: it has expired just   ``{expired}``: how
                                          now; without it, every one got by signing in,     many
                                          of that user or of all
``POST   /_control/expire-session``       ``{refreshToken?, email?}``: its session ends;    ``{expired}``: how
                                          without it, every one of that user or of all      many
``POST   /_control/expire-lease``         ``{tunnel}``: its lease has run out just now      ``{ok}``
``POST   /_control/clock``                ``{jumpSec}``: leases, tokens, rate windows and   ``{now, offsetSec}``
                                          the reaper feel it before the answer comes
``POST   /_control/refuse-random-slugs``  ``{refuse}``: true makes creates without a slug   ``{refuse}``
                                          answer SLUG_EXHAUSTED
``POST   /_control/edge/drop``            ``{tunnel?}``: cut its connectors off, or all;    ``{dropped}``
                                          they may come back
``POST   /_control/edge/refuse``          ``{reason}``: refuse registrations with this      ``{reason}``
                                          text; null takes them again
``POST   /_control/faults``               see below                                         ``{faults}``
``GET    /_control/faults``                                                                 ``{faults}`` to come
``DELETE /_control/faults``               forget them all                                   ``{faults}``: ``[]``
========================================  ================================================  =====================

A fault is what the next few calls of one route get:

=============  =====================================================================================================
``route``      ``create``, ``list``, ``heartbeat``, ``delete``, ``start``, ``callback``, ``status``, ``exchange``,
               ``refresh``, ``logout``, ``healthz``, ``openapi``, or ``*`` for any of them
``times?``     how many calls, 1 unless told
``code?``      answer with this error code, its usual status and message; any text will do
``message?``   ``details?``: with ``code``, in place of the usual
``status?``    HTTP status, 200 to 599
``body?``      answer with exactly this text (HTML, half a JSON document, nothing) in place of a code
``bodyBytes?`` append so many ``x``, up to 256 MiB
``headers?``   headers of the answer; its Content-Type is ``application/json`` unless given here
``delaySec?``  wait before answering; alone, it delays the real answer
``apply?``     carry out the real request first, and only then fail. For ``create`` the tunnel exists although the
               client never hears of it. For ``delete`` the tunnel is left stopping until the reaper comes; that is
               the rule there for codes with a 5xx status
``cut?``       hang up in the middle of the body
=============  =====================================================================================================
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Final, Protocol

from tunneldesk.backend import auth
from tunneldesk.backend.answer import answer
from tunneldesk.backend.body import Fields, read_object
from tunneldesk.backend.clock import iso
from tunneldesk.backend.emails import valid_email
from tunneldesk.backend.errors import ApiError, invalid_input
from tunneldesk.backend.faults import Fault
from tunneldesk.backend.here import from_here
from tunneldesk.backend.identity import account_of
from tunneldesk.backend.sign_in import granted

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tunneldesk.backend.accounts import Accounts
    from tunneldesk.backend.clock import Clock
    from tunneldesk.backend.endpoint import Handler
    from tunneldesk.backend.faults import Faults
    from tunneldesk.backend.leases import Reaper
    from tunneldesk.backend.sessions import Sessions
    from tunneldesk.backend.store import Store
    from tunneldesk.backend.tunnels import Tunnels

_FARTHEST_JUMP_SEC: Final = 10 * 365 * 24 * 3600.0


class Cuttable(Protocol):
    """The part of the edge that can be made to fail."""

    refusal: str | None

    def drop(self, tunnel_id: str | None = None) -> int:
        """Cut the connectors of one tunnel off, or all; return how many connections that were."""


class Control:
    """The handlers of the fault switches."""

    def __init__(
        self,
        token: str,
        *,
        accounts: Accounts,
        sessions: Sessions,
        store: Store,
        tunnels: Tunnels,
        faults: Faults,
        edge: Cuttable,
        clock: Clock,
        reaper: Reaper,
    ) -> None:
        """Answer to whoever has ``token``."""
        self._token = token
        self._accounts = accounts
        self._sessions = sessions
        self._store = store
        self._tunnels = tunnels
        self._faults = faults
        self._edge = edge
        self._clock = clock
        self._reaper = reaper

    def guarded(self, handler: Handler) -> Handler:
        """Return ``handler`` for those allowed in."""

        async def guarded(request: Request) -> Response:
            if not from_here(request):
                raise ApiError("FORBIDDEN", "The fault switches answer on this computer only.")
            if not hmac.compare_digest(auth.bearer(request).encode(), self._token.encode()):
                raise auth.invalid_token()
            return await handler(request)

        return guarded

    async def users(self, request: Request) -> Response:
        """``POST /_control/users``."""
        fields = Fields(await read_object(request), ("email",))
        email = fields.optional_text("email") or _new_email()
        user_id = self._accounts.add_user(email)
        token = self._accounts.mint_access_token(user_id)
        return answer({"userId": user_id, "email": email, "accessToken": token})

    async def revoke_token(self, request: Request) -> Response:
        """``POST /_control/revoke-token``."""
        fields = Fields(await read_object(request), ("accessToken",))
        return answer({"revoked": self._accounts.revoke(fields.text("accessToken"))})

    async def sessions(self, request: Request) -> Response:
        """``POST /_control/sessions``."""
        fields = Fields(await read_object(request), ("email",))
        email = valid_email(fields.optional_text("email") or _new_email())
        if email is None:
            raise invalid_input("That is no e-mail address.", {"email": "must be an e-mail address"})
        return granted(self._sessions.begin(account_of(email)), self._sessions.lifetime)

    async def expire_access_token(self, request: Request) -> Response:
        """``POST /_control/expire-access-token``."""
        fields = Fields(await read_object(request), ("accessToken", "email"))
        access_token = fields.optional_text("accessToken")
        if access_token is not None:
            expired = self._accounts.expire(access_token)
        else:
            sessions = self._sessions.of_user(fields.optional_text("email"))
            expired = sum(self._accounts.expire_session(session_id) for session_id in sessions)
        return answer({"expired": expired})

    async def expire_session(self, request: Request) -> Response:
        """``POST /_control/expire-session``."""
        fields = Fields(await read_object(request), ("refreshToken", "email"))
        refresh_token = fields.optional_text("refreshToken")
        if refresh_token is not None:
            session_id = self._sessions.of_refresh_token(refresh_token)
            sessions = [] if session_id is None else [session_id]
        else:
            sessions = self._sessions.of_user(fields.optional_text("email"))
        for session_id in sessions:
            self._sessions.end(session_id)
        return answer({"expired": len(sessions)})

    async def expire_lease(self, request: Request) -> Response:
        """``POST /_control/expire-lease``."""
        fields = Fields(await read_object(request), ("tunnel",))
        self._store.expire(self._tunnel_id(fields.text("tunnel")))
        return answer({"ok": True})

    async def clock(self, request: Request) -> Response:
        """``POST /_control/clock``."""
        fields = Fields(await read_object(request), ("jumpSec",))
        self._clock.jump(fields.number("jumpSec", -_FARTHEST_JUMP_SEC, _FARTHEST_JUMP_SEC))
        await self._reaper.catch_up()
        return answer({"now": iso(self._clock.now()), "offsetSec": self._clock.offset})

    async def refuse_random_slugs(self, request: Request) -> Response:
        """``POST /_control/refuse-random-slugs``."""
        fields = Fields(await read_object(request), ("refuse",))
        self._tunnels.refuse_random_slugs = fields.flag("refuse", default=True)
        return answer({"refuse": self._tunnels.refuse_random_slugs})

    async def edge_drop(self, request: Request) -> Response:
        """``POST /_control/edge/drop``."""
        fields = Fields(await read_object(request), ("tunnel",))
        named = fields.optional_text("tunnel")
        dropped = self._edge.drop(None if named is None else self._tunnel_id(named))
        return answer({"dropped": dropped})

    async def edge_refuse(self, request: Request) -> Response:
        """``POST /_control/edge/refuse``."""
        fields = Fields(await read_object(request), ("reason",))
        self._edge.refusal = fields.optional_text("reason")
        return answer({"reason": self._edge.refusal})

    async def add_fault(self, request: Request) -> Response:
        """``POST /_control/faults``."""
        self._faults.add(Fault.from_json(await read_object(request)))
        return self._waiting()

    async def list_faults(self, _request: Request) -> Response:
        """``GET /_control/faults``."""
        return self._waiting()

    async def clear_faults(self, _request: Request) -> Response:
        """``DELETE /_control/faults``."""
        self._faults.clear()
        return self._waiting()

    def _waiting(self) -> Response:
        return answer({"faults": [fault.to_json() for fault in self._faults.waiting()]})

    def _tunnel_id(self, named: str) -> str:
        reference = self._store.names.reference(named)
        if reference is None:
            raise invalid_input("That is no tunnel.", {"tunnel": "must be a tunnel id or a host name"})
        tunnel_id = self._store.resolve(reference)
        if tunnel_id is None or self._store.find(tunnel_id) is None:
            raise ApiError("TUNNEL_NOT_FOUND")
        return tunnel_id


def _new_email() -> str:
    return f"user-{secrets.token_hex(4)}@tunneldesk.localhost"
