"""The tunnels API: create, heartbeat, list, delete."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tunneldesk.backend import auth
from tunneldesk.backend.answer import answer, plain
from tunneldesk.backend.body import integer, read_object
from tunneldesk.backend.clock import iso
from tunneldesk.backend.errors import ApiError, invalid_input
from tunneldesk.backend.names import SLUG, SLUG_RULE, random_slugs
from tunneldesk.backend.store import LimitReached, NoFreeSlug, Tunnel
from tunneldesk.backend.tokens import tunnel_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from tunneldesk.backend.accounts import Accounts
    from tunneldesk.backend.clock import Clock
    from tunneldesk.backend.dialect import Dialect
    from tunneldesk.backend.leases import Attached
    from tunneldesk.backend.limits import RateLimit
    from tunneldesk.backend.store import Store

DRAIN_SEC: Final = 15.0
_DRAIN_POLL_SEC: Final = 0.05


@dataclass(frozen=True, slots=True)
class Terms:
    """What this server tells and allows its users.

    Attributes:
        heartbeat_interval: Seconds between heartbeats, told to the client.
        lease_timeout: Seconds a lease lasts, told to the client in dialect ``newer``.
        max_tunnels: Active tunnels per user.
        edge: ``host:port`` that stand-in connectors dial.
    """

    heartbeat_interval: float
    lease_timeout: float
    max_tunnels: int
    edge: str


class Tunnels:
    """The handlers of the tunnels API.

    Attributes:
        refuse_random_slugs: Behave as though every random slug were taken; a switch of ``control``.
    """

    def __init__(
        self,
        accounts: Accounts,
        store: Store,
        edge: Attached,
        clock: Clock,
        *,
        rate: RateLimit,
        dialect: Dialect,
        terms: Terms,
    ) -> None:
        self._accounts = accounts
        self._store = store
        self._edge = edge
        self._clock = clock
        self._rate = rate
        self._dialect = dialect
        self._terms = terms
        self.refuse_random_slugs = False

    async def create(self, request: Request) -> Response:
        """``POST /v1/tunnels``. Checks, in this order: auth, rate, shape, port, slug, limit, conflict."""
        user_id = auth.user_of(request, self._accounts)
        allowance = self._rate.count(user_id, self._clock.now())
        headers = allowance.headers()
        if not allowance.allowed:
            raise ApiError(self._dialect.rate_code, headers=headers)
        try:
            port, slug = self._read(await read_object(request))
            body = self._create(user_id, port, slug)
        except ApiError as error:
            error.headers.update(headers)
            raise
        return answer(body, headers=headers)

    def _read(self, body: Mapping[str, Any]) -> tuple[int, str | None]:
        problems = {}
        port = integer(body.get("port"))
        if port is None:
            problems["port"] = "must be an integer" if "port" in body else "is required"
        slug = body.get("requestedSlug", "")
        if not isinstance(slug, str):
            problems["requestedSlug"] = "must be a string"
        if port is None or not isinstance(slug, str):
            raise invalid_input("The request body is invalid.", problems)
        if not 1 <= port <= 65535:
            problem = "must be between 1 and 65535"
            raise invalid_input(f"The port {problem}.", {"port": problem}, code=self._dialect.port_range_code)
        slug = slug.strip()
        if slug and not SLUG.fullmatch(slug):
            raise invalid_input(
                f"The slug must be {SLUG_RULE}.",
                {"requestedSlug": f"must be {SLUG_RULE}"},
                code=self._dialect.slug_code,
            )
        return port, slug or None

    def _create(self, user_id: str, port: int, slug: str | None) -> dict[str, Any]:
        maximum = self._terms.max_tunnels
        slugs: Iterable[str] = [slug] if slug is not None else self._random_slugs()
        try:
            created = self._store.create(user_id, port, slugs, max_active=maximum)
        except LimitReached as reached:
            raise ApiError(
                self._dialect.limit_code,
                f"You have reached the maximum number of active tunnels ({maximum}).",
                details={"activeCount": reached.active, "maxActive": maximum},
            ) from None
        except NoFreeSlug:
            raise ApiError("SLUG_EXHAUSTED" if slug is None else "TUNNEL_SLUG_CONFLICT") from None
        body: dict[str, Any] = {
            "tunnelId": created.id,
            "hostname": self._store.names.hostname(created.slug),
            "cloudflaredToken": tunnel_token(
                account=user_id.replace("-", ""),
                tunnel_id=created.id,
                secret=created.secret,
                edge=self._terms.edge,
            ),
            "heartbeatIntervalSec": plain(self._terms.heartbeat_interval),
        }
        if self._dialect.run_token:
            body["tunnelRunToken"] = created.run_token
            body["leaseTimeoutSec"] = plain(self._terms.lease_timeout)
        return body

    def _random_slugs(self) -> Iterable[str]:
        return [] if self.refuse_random_slugs else random_slugs()

    async def heartbeat(self, request: Request) -> Response:
        """``POST /v1/tunnels/{id or host name}/heartbeat``."""
        if self._dialect.run_token:
            tunnel_id, user_id = self._by_run_token(request)
        else:
            user_id = auth.user_of(request, self._accounts)
            tunnel_id = self._tunnel_id(request, unreadable="INVALID_TUNNEL_ID")
        expires_at = self._store.beat(tunnel_id, user_id)
        if expires_at is None:
            raise ApiError("TUNNEL_NOT_FOUND")
        return answer({"ok": True, "expiresAt": iso(expires_at)})

    def _by_run_token(self, request: Request) -> tuple[str, str]:
        made_for = self._store.run_token_of(auth.bearer(request))
        if made_for is None:
            raise auth.invalid_token()
        tunnel_id = self._tunnel_id(request, unreadable="INVALID_TUNNEL_ID")
        if tunnel_id != made_for[0]:
            raise ApiError("FORBIDDEN" if self._store.find(tunnel_id) else "TUNNEL_NOT_FOUND")
        return made_for

    async def list_all(self, request: Request) -> Response:
        """``GET /v1/tunnels``."""
        user_id = auth.user_of(request, self._accounts)
        include_inactive = request.query_params.get("includeInactive", "").lower() in ("true", "1")
        tunnels = self._store.tunnels(user_id, include_inactive=include_inactive)
        return answer([self._listed(tunnel) for tunnel in tunnels])

    def _listed(self, tunnel: Tunnel) -> dict[str, Any]:
        lease = None
        if tunnel.last_heartbeat_at is not None and tunnel.expires_at is not None:
            lease = {"lastHeartbeatAt": iso(tunnel.last_heartbeat_at), "expiresAt": iso(tunnel.expires_at)}
        return {
            "id": tunnel.id,
            "hostname": self._store.names.hostname(tunnel.slug),
            "slug": tunnel.slug,
            "status": tunnel.status,
            "requestedPort": tunnel.requested_port,
            "createdAt": iso(tunnel.created_at),
            "lease": lease,
            "stoppedAt": None if tunnel.stopped_at is None else iso(tunnel.stopped_at),
            "lastError": tunnel.last_error,
        }

    async def delete(self, request: Request) -> Response:
        """``DELETE /v1/tunnels/{id or host name}``."""
        tunnel = self._owned(request)
        if self._dialect.drains:
            self._store.begin_stop(tunnel.id)
            await self._drained(tunnel.id)
        self._store.stop(tunnel.id)
        return answer({"ok": True})

    async def _drained(self, tunnel_id: str) -> None:
        until = self._clock.now() + DRAIN_SEC
        while self._edge.connectors(tunnel_id):
            if self._clock.now() >= until:
                raise ApiError("TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS")
            await asyncio.sleep(_DRAIN_POLL_SEC)

    async def accept_delete(self, request: Request, code: str | None) -> None:
        """Get as far as a delete that is then finished by the reaper."""
        self._store.begin_stop(self._owned(request).id, code)

    def _owned(self, request: Request) -> Tunnel:
        user_id = auth.user_of(request, self._accounts)
        tunnel = self._store.find(self._tunnel_id(request, unreadable="TUNNEL_NOT_FOUND"))
        if tunnel is None or tunnel.user_id != user_id:
            raise ApiError("TUNNEL_NOT_FOUND")
        return tunnel

    def _tunnel_id(self, request: Request, *, unreadable: str) -> str:
        """Return the id of the tunnel that the path names, by id or by host name; it need not exist.

        Raises:
            ApiError: ``unreadable`` when it names nothing; TUNNEL_NOT_FOUND when nobody holds the host name.
        """
        reference = self._store.names.reference(request.path_params["tunnel"])
        if reference is None:
            raise ApiError(unreadable)
        tunnel_id = self._store.resolve(reference)
        if tunnel_id is None:
            raise ApiError("TUNNEL_NOT_FOUND")
        return tunnel_id
