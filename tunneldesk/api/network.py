"""How the server is reached: certificates, proxies, `*.localhost`, and a limit to what an answer may weigh."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from tunneldesk.api.errors import not_a_tunnel_server
from tunneldesk.domain.errors import ErrorCode, Failure, ServerUnreachableError
from tunneldesk.domain.validation import is_loopback

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

BODY_MAX: Final = 4 * 1024 * 1024
"""Bytes an answer may have: room for a list of ten thousand tunnels, and an end to an endless one."""

KEEPALIVE_SECONDS: Final = 75.0
"""An idle connection outlives the longest heartbeat interval, so that a beat is not a new TLS handshake."""

_LIMITS = httpx.Limits(max_connections=32, max_keepalive_connections=8, keepalive_expiry=KEEPALIVE_SECONDS)


class ServerTransport(httpx.AsyncBaseTransport):
    """Carries requests to one server. Nothing is loaded or opened before the first one.

    Args:
        server: The API base address.
        inner: What to send with, in place of the real network.
    """

    def __init__(self, server: str, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._server = server
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``; the body of the answer is limited to `BODY_MAX` and never unpacked.

        Raises:
            NotATunnelServerError: The answer is packed though we asked for it plain (it could be a bomb), or turns
                out too long while it is read.
            ServerUnreachableError: The system's proxy can't be used.
        """
        if self._inner is None:
            self._inner = open_transport(self._server)
        response = await self._inner.handle_async_request(_by_address(request))
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            await response.aclose()
            raise not_a_tunnel_server(response, "The answer is compressed, though we asked for it plain.")
        response.stream = _LimitedStream(response, cast("httpx.AsyncByteStream", response.stream))
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        if self._inner is not None:
            await self._inner.aclose()


class _LimitedStream(httpx.AsyncByteStream):
    """The body of an answer, as long as it stays within reason."""

    def __init__(self, response: httpx.Response, stream: httpx.AsyncByteStream) -> None:
        self._response = response
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for chunk in self._stream:
            length += len(chunk)
            if length > BODY_MAX:
                raise not_a_tunnel_server(self._response, "The answer is longer than any of the tunnels API.")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def system_proxy(server: str, proxies: Mapping[str, str]) -> str | None:
    """Return the proxy to reach ``server`` by, out of the system's; None for a direct connection.

    A server on this machine is never asked for through a proxy: the token would be handed to it.
    """
    parts = urlsplit(server)
    host = parts.hostname or ""
    if is_loopback(host) or _excepted(host, proxies.get("no", "")):
        return None
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def _excepted(host: str, exceptions: str) -> bool:
    """Whether the comma-separated ``no_proxy`` list names the host, one of its parent domains, or everything."""
    for entry in exceptions.lower().split(","):
        name = entry.strip().partition(":")[0].lstrip(".")
        if name == "*" or (name and (host == name or host.endswith(f".{name}"))):
            return True
    return False


def open_transport(server: str) -> httpx.AsyncHTTPTransport:
    """Return the way to ``server``: by the system's proxy where it names one, and with its certificates.

    Raises:
        ServerUnreachableError: The system's proxy can't be used.
    """
    proxy = system_proxy(server, getproxies())
    try:
        return httpx.AsyncHTTPTransport(
            verify=_tls(server),
            trust_env=False,
            limits=_LIMITS,
            proxy=None if proxy is None else httpx.Proxy(proxy),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as exc:
        scheme = (proxy or "").partition("://")[0]
        raise ServerUnreachableError(
            Failure(
                ErrorCode.SERVER_CONNECTION_BROKEN,
                f"The system names a proxy that can't be used ({scheme}://...). An http:// proxy can.",
            )
        ) from exc


def _tls(server: str) -> ssl.SSLContext:
    """Return how certificates are checked: with the system's own store, which knows a company's as well."""
    if urlsplit(server).scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used; httpx would read a whole bundle otherwise
    import truststore  # only for https, and only when it is time

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _by_address(request: httpx.Request) -> httpx.Request:
    """Send what is meant for `*.localhost` to 127.0.0.1; the Host header, set long before, still says the name.

    Browsers do the same by themselves, while getaddrinfo on many systems knows `localhost` only.
    """
    host = request.url.host
    if host.endswith(".localhost"):
        request.url = request.url.copy_with(host="127.0.0.1")
        request.extensions = {**request.extensions, "sni_hostname": host}
    return request
