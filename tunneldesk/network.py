"""How anything is reached over HTTP: certificates, proxies, `*.localhost`, and why it could not be."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from tunneldesk.domain.errors import ErrorCode, Failure, ServerUnreachableError
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.validation import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEEPALIVE_SECONDS: Final = 75.0
"""An idle connection outlives the longest heartbeat interval, so that a beat is not a new TLS handshake."""

_authority: Path | None = None

_LIMITS = httpx.Limits(max_connections=32, max_keepalive_connections=8, keepalive_expiry=KEEPALIVE_SECONDS)


def system_proxy(url: str) -> str | None:
    """Return the proxy to reach ``url`` by, out of the system's; None for a direct connection.

    What is on this machine is never asked for through a proxy: the token would be handed to it.
    """
    proxies = getproxies()
    parts = urlsplit(url)
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


def trust(authority: Path | None) -> None:
    """Trust this certificate authority, too, from the next connection on: a company's that the system has not.

    For the whole process: what stands between it and the world stands before all that it reaches.

    Args:
        authority: A PEM file; None for no such.
    """
    global _authority
    _authority = authority


def trusted_authority() -> Path | None:
    """Return the authority that is trusted beside the system's."""
    return _authority


def open_transport(url: str, *, direct: bool = False) -> httpx.AsyncHTTPTransport:
    """Return the way to ``url``: by the system's proxy where it names one, and with its certificates.

    Args:
        url: Where to; certificates are read for `https` only.
        direct: Leave the system's proxy aside.

    Raises:
        ServerUnreachableError: The system's proxy, or the authority that was named, can't be used.
    """
    proxy = None if direct else system_proxy(url)
    try:
        return httpx.AsyncHTTPTransport(
            verify=_tls(url),
            trust_env=False,
            limits=_LIMITS,
            proxy=None if proxy is None else httpx.Proxy(proxy),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as exc:
        scheme = (proxy or "").partition("://")[0]
        raise ServerUnreachableError(
            Failure(
                ErrorCode.SERVER_CONNECTION_BROKEN, because=(Because(Reason.PROXY_UNUSABLE, {"scheme": scheme}),)
            )
        ) from exc


def _tls(url: str) -> ssl.SSLContext:
    """Return how certificates are checked: with the system's own store, which knows a company's as well."""
    if urlsplit(url).scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used; httpx would read a whole bundle otherwise
    import truststore  # only for https, and only when it is time

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if _authority is not None:
        try:
            context.load_verify_locations(_authority)
        except OSError as exc:  # what is no certificate is an ssl.SSLError, and that is one too
            read = isinstance(exc, ssl.SSLError) and not exc.filename
            facts = {"path": str(_authority), "system": exc.strerror or str(exc)}
            because = (
                Because(Reason.AUTHORITY_EMPTY, {"path": str(_authority)})
                if read
                else Because(Reason.AUTHORITY_UNREADABLE, facts)
            )
            raise ServerUnreachableError(Failure(ErrorCode.SERVER_CERTIFICATE_INVALID, because=(because,))) from exc
    return context


def by_address(request: httpx.Request) -> httpx.Request:
    """Send what is meant for `*.localhost` to 127.0.0.1; the Host header, set long before, still says the name.

    Browsers do the same by themselves, while getaddrinfo on many systems knows `localhost` only.
    """
    host = request.url.host
    if host.endswith(".localhost"):
        request.url = request.url.copy_with(host="127.0.0.1")
        request.extensions = {**request.extensions, "sni_hostname": host}
    return request


def causes(exc: BaseException) -> Iterator[BaseException]:
    """Yield ``exc``, then what led to it, into groups as well (one member per address that was tried)."""
    seen: set[int] = set()
    waiting = [exc]
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting.extend(cause.exceptions)
        waiting.extend(link for link in (cause.__cause__, cause.__context__) if link is not None)
