"""The edge: one port on which visitors ask for tunnels by name, and connectors dial in to serve them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tunneldesk.backend import link
from tunneldesk.backend.edge_limits import Limits
from tunneldesk.backend.edge_links import Carrier, Control
from tunneldesk.backend.edge_pool import Pool
from tunneldesk.backend.edge_public import PublicConnection
from tunneldesk.backend.receiving import receive_buffer

if TYPE_CHECKING:
    from tunneldesk.backend.directory import Directory, Route
    from tunneldesk.backend.http1 import RequestHead

_UNKNOWN_TUNNEL: Final = "Unauthorized: Tunnel not found"
_BACKLOG: Final = 1024
_SWEEP_SECONDS: Final = 0.1


class Edge:
    """Carries visitors' requests to the connectors of the tunnels they name.

    Attributes:
        port: TCP port, known after ``start``.
        refusal: Fault switch: while set, the text every registration is refused with.
        limits: Times and amounts.
        directory: Who knows the tunnels.
        visitors: Open public connections.
        buffer: What all connections receive into.
    """

    def __init__(self, directory: Directory, *, host: str, port: int, limits: Limits | None = None) -> None:
        self.port = port
        self.refusal: str | None = None
        self.limits = limits or Limits()
        self.directory = directory
        self.visitors: set[PublicConnection] = set()
        self.buffer = receive_buffer()
        self._host = host
        self._pools: dict[str, Pool] = {}
        self._server: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            OSError: The port is taken, or the host is none of this machine.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: PublicConnection(self), self._host, self.port, backlog=_BACKLOG
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._schedule(loop)

    async def close(self) -> None:
        """Stop at once, whatever is going on."""
        if self._server is None:
            return
        self._server.close()
        if self._sweep is not None:
            self._sweep.cancel()
        for visitor in list(self.visitors):
            visitor.abort()
        self.drop()
        await self._server.wait_closed()

    def connectors(self, tunnel_id: str) -> int:
        """Return how many connector processes are attached to a tunnel."""
        pool = self._pools.get(tunnel_id)
        return pool.connectors if pool is not None else 0

    def disconnect(self, tunnel_id: str) -> None:
        """Drop the connectors of a tunnel that has ended; the directory keeps them from coming back."""
        pool = self._pools.pop(tunnel_id, None)
        if pool is not None:
            pool.cut()

    def drop(self, tunnel_id: str | None = None) -> int:
        """Fault switch: cut the connectors of one tunnel, or all; return how many. They may come back."""
        pools = list(self._pools.values()) if tunnel_id is None else [self._pools.get(tunnel_id)]
        return sum(pool.cut() for pool in pools if pool is not None)

    def pool(self, route: Route) -> Pool | None:
        """Return the connectors of a tunnel, or None when none has ever come."""
        return self._pools.get(route.tunnel_id)

    def link(self, head: RequestHead, transport: asyncio.Transport, rest: bytes) -> None:
        """Take over a connection that a connector has dialled.

        Args:
            head: The request it opened with.
            transport: The connection.
            rest: What it sent behind the request.
        """
        protocol = self._admit(head, transport)
        if isinstance(protocol, str):
            transport.write(link.refusal(protocol))
            transport.close()
            return
        transport.set_protocol(protocol)
        if rest:
            protocol.data_received(rest)

    def _admit(self, head: RequestHead, transport: asyncio.Transport) -> Control | Carrier | str:
        """Return what the connection is from now on, or the reason it is refused for."""
        credentials = head.passed(b"authorization").decode("latin-1").split(" ")
        connector_id = head.passed(b"connector-id").decode("latin-1")
        index = head.passed(b"connector-index")
        role = head.passed(b"connector-role")
        if len(credentials) != 3 or credentials[0] != "Tunnel" or not connector_id:
            return _UNKNOWN_TUNNEL
        is_control = role == link.ROLE_CONTROL
        if is_control and self.refusal is not None:
            return self.refusal
        route = self.directory.admit(credentials[1], credentials[2])
        if route is None:
            return _UNKNOWN_TUNNEL
        if is_control:
            pool = self._pools.setdefault(route.tunnel_id, Pool(route, self.limits, self.buffer))
            return Control(transport, pool, connector_id, index)
        known = self._pools.get(route.tunnel_id)
        attachment = known.attachment(connector_id) if known is not None else None
        control = attachment.control(index) if attachment is not None else None
        if role != link.ROLE_CARRIER or known is None or attachment is None or control is None:
            return "a carrier without a registered connection"
        return Carrier(transport, known, attachment, control)

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        self._sweep = loop.call_later(_SWEEP_SECONDS, self._expire, loop)

    def _expire(self, loop: asyncio.AbstractEventLoop) -> None:
        """Act on every deadline that has passed; one timer for all is cheaper than one for each request."""
        now = loop.time()
        for visitor in [visitor for visitor in self.visitors if visitor.deadline <= now]:
            visitor.expire()
        self._schedule(loop)
