"""What the stand-in counts, and the small HTTP server that tells it: ``/ready``, ``/metrics`` and their like."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from tunneldesk.backend.connector_options import DEFAULT_METRICS, StartError

if TYPE_CHECKING:
    from collections.abc import Sequence

_KNOWN_PORTS: Final = range(20241, 20246)
_REQUEST_LIMIT_SECONDS: Final = 5.0
_TEXT: Final = "text/plain; charset=utf-8"
_JSON: Final = "application/json"


class Metrics:
    """The counters.

    Attributes:
        connector_id: UUID of this process.
        tunnel_id: UUID of its tunnel.
        connections: Location by connIndex, of the connections that are registered.
        edge: Address of the edge.
        config: Configuration last pushed, or None.
        config_version: Its version, -1 before the first.
        requests: Requests taken from the edge.
        errors: Requests the origin did not answer properly.
        responses: Final responses by status.
        concurrent: Requests being served now.
        refusals: Registrations refused, by the edge's text.
    """

    def __init__(self, connector_id: str, tunnel_id: str, edge: str) -> None:
        self.connector_id = connector_id
        self.tunnel_id = tunnel_id
        self.edge = edge
        self.connections: dict[int, str] = {}
        self.config: dict[str, Any] | None = None
        self.config_version = -1
        self.requests = 0
        self.errors = 0
        self.responses: Counter[int] = Counter()
        self.concurrent = 0
        self.refusals: Counter[str] = Counter()

    def exposition(self) -> str:
        """Return the counters in Prometheus' text form."""
        families: list[tuple[str, str, str, Sequence[tuple[str, int]]]] = [
            ("cloudflared_tunnel_total_requests", "counter", "Requests proxied", [("", self.requests)]),
            ("cloudflared_tunnel_request_errors", "counter", "Errors proxying to origin", [("", self.errors)]),
            (
                "cloudflared_tunnel_response_by_code",
                "counter",
                "Responses by status",
                [(f'{{status_code="{code}"}}', count) for code, count in sorted(self.responses.items())],
            ),
            (
                "cloudflared_tunnel_concurrent_requests_per_tunnel",
                "gauge",
                "Requests proxied just now",
                [("", self.concurrent)],
            ),
            (
                "cloudflared_tunnel_ha_connections",
                "gauge",
                "Connections to the edge",
                [("", len(self.connections))],
            ),
            (
                "cloudflared_tunnel_server_locations",
                "gauge",
                "Where each connection goes",
                [
                    (f'{{connection_id="{index}",edge_location="{location}"}}', 1)
                    for index, location in sorted(self.connections.items())
                ],
            ),
            (
                "cloudflared_orchestration_config_version",
                "gauge",
                "Configuration version",
                [("", self.config_version)],
            ),
            (
                "cloudflared_tunnel_tunnel_register_fail",
                "counter",
                "Registrations refused",
                [
                    (f'{{error="{_label(text)}",rpcName="registerConnection"}}', count)
                    for text, count in self.refusals.items()
                ],
            ),
        ]
        lines: list[str] = []
        for name, kind, about, samples in families:
            if samples:
                lines += [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
                lines += [f"{name}{labels} {value}" for labels, value in samples]
        return "\n".join(lines) + "\n"

    def answer(self, path: str) -> tuple[int, str, str]:
        """Return status, content type and body for a path."""
        if path == "/ready":
            status = 200 if self.connections else 503
            ready = {"status": status, "readyConnections": len(self.connections), "connectorId": self.connector_id}
            return status, _TEXT, _compact(ready)
        if path == "/healthcheck":
            return 200, _TEXT, "OK\n"
        if path == "/metrics":
            return 200, "text/plain; version=0.0.4; charset=utf-8", self.exposition()
        if path == "/config":
            return 200, _JSON, _compact({"version": self.config_version, "config": self.config or {"ingress": []}})
        if path == "/diag/tunnel":
            return 200, _JSON, _compact(self._diagnosis())
        return 404, _TEXT, "404 page not found\n"

    def _diagnosis(self) -> dict[str, Any]:
        connections: list[dict[str, Any]] = []
        for index in sorted(self.connections):
            connection: dict[str, Any] = {"isConnected": True, "protocol": 1, "edgeAddress": self.edge}
            if index:  # Go leaves zero values out
                connection["index"] = index
            connections.append(connection)
        return {"tunnelID": self.tunnel_id, "connectorID": self.connector_id, "connections": connections}


class MetricsServer:
    """Answers questions about ``metrics`` on a loopback port.

    Attributes:
        address: Where, as ``host:port``.
    """

    def __init__(self, metrics: Metrics) -> None:
        self.address = ""
        self._metrics = metrics
        self._server: asyncio.Server | None = None

    async def start(self, wanted: str) -> None:
        """Listen on ``wanted``, or on the first free of the known ports when it is the default.

        Raises:
            StartError: The address is busy or none.
        """
        if wanted != DEFAULT_METRICS:
            await self._listen(wanted)
            return
        for port in _KNOWN_PORTS:
            try:
                await self._listen(f"127.0.0.1:{port}")
            except StartError:
                continue
            return
        await self._listen("127.0.0.1:0")

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _listen(self, address: str) -> None:
        host, colon, port = address.rpartition(":")
        if not colon or not port.isdecimal():
            raise StartError(f"Error opening metrics server listener: listen tcp: address {address}: invalid")
        try:
            self._server = await asyncio.start_server(self._serve, host.strip("[]") or None, int(port))
        except (OSError, OverflowError) as error:
            raise StartError(
                f"Error opening metrics server listener: listen tcp {address}: bind: {_reason(error)}"
            ) from error
        self.address = f"{host}:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_LIMIT_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
            path = words[1].partition("?")[0] if len(words) == 3 else ""
            status, content_type, body = self._metrics.answer(path)
            data = body.encode()
            reason = {200: "OK", 404: "Not Found", 503: "Service Unavailable"}[status]
            writer.write(
                f"HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\n"
                f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n".encode()
                + (b"" if words[0] == "HEAD" else data)
            )
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # not a question, or nobody there for the answer
        finally:
            writer.close()


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return "address already in use" if "in use" in text.lower() else text


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _compact(values: dict[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":"))
