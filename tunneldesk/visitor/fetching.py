"""Fetches one page as a browser would: no token, no cookie, no redirect followed, and never for long."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from typing import TYPE_CHECKING, Final
from urllib.request import getproxies

from tunneldesk import __version__
from tunneldesk.domain.health import AddressState
from tunneldesk.domain.validation import is_loopback
from tunneldesk.visitor.answer import Answer, NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx

BODY_MAX: Final = 64 * 1024
"""Bytes of a page that are looked at: every page that is recognised says what it is long before."""

_HEADERS: Final = {
    "User-Agent": f"TunnelDesk/{__version__}",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": "identity",  # what is not unpacked can't be a bomb
    "Cache-Control": "no-cache",
}

_NOT_THERE: Final = {AddressState.NAME_UNKNOWN, AddressState.UNREACHABLE, AddressState.TIMED_OUT}


async def fetch(address: str, *, limit: float, headers: Mapping[str, str] | None = None) -> Answer:
    """Fetch ``address`` once.

    A visitor is somewhere else and knows nothing of this machine's proxy, so the direct way is tried first. On a
    network that lets nothing out but by its proxy the direct way is no witness, and the proxy is asked.

    Args:
        address: URL.
        limit: Seconds for everything.
        headers: Further headers, or others than usual.

    Raises:
        NoAnswerError: No answer came.
    """
    import httpx  # late: the tray icon is there before it

    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as exc:
        raise NoAnswerError(AddressState.NAME_UNKNOWN) from exc
    now = asyncio.get_running_loop().time
    deadline = now() + limit
    proxy = _proxy(url)
    try:
        return await _by(None, url, deadline if proxy is None else now() + limit / 2, headers or {})
    except NoAnswerError as direct:
        if proxy is None or direct.state not in _NOT_THERE:
            raise
        try:
            return await _by(proxy, url, deadline, headers or {})
        except NoAnswerError:
            raise direct from None  # where the proxy does not get either, a visitor hardly will


async def _by(proxy: str | None, url: httpx.URL, deadline: float, headers: Mapping[str, str]) -> Answer:
    """Fetch ``url`` this way, until ``deadline`` on the loop's clock."""
    import httpx

    try:
        transport = httpx.AsyncHTTPTransport(
            verify=_tls(url), trust_env=False, proxy=None if proxy is None else httpx.Proxy(proxy)
        )
        async with httpx.AsyncClient(transport=transport, timeout=None, trust_env=False) as client:  # noqa: S113 - the deadline below
            request = client.build_request(
                "GET", _dialled(url), headers=_headers(url, headers), extensions=_named(url)
            )
            async with asyncio.timeout_at(deadline):
                response = await client.send(request, stream=True)
            try:
                return Answer(response.status_code, _lower(response.headers), await _read(response, deadline))
            finally:
                await response.aclose()
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ValueError, ImportError) as exc:
        raise NoAnswerError(_meaning(exc)) from exc


async def _read(response: httpx.Response, deadline: float) -> str:
    """Return the beginning of the body; one that trickles on for ever counts as far as it has come."""
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        return ""
    body = bytearray()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout_at(deadline):
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) >= BODY_MAX:
                    break
    return bytes(body[:BODY_MAX]).decode("utf-8", "replace")


def _proxy(url: httpx.URL) -> str | None:
    """Return the system's proxy for ``url``; None for what is on this machine, and where there is none."""
    if is_loopback(url.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def _dialled(url: httpx.URL) -> httpx.URL:
    """Return where to dial: browsers know by themselves that `*.localhost` is this machine, others do not."""
    return url.copy_with(host="127.0.0.1") if url.host.endswith(".localhost") else url


def _headers(url: httpx.URL, more: Mapping[str, str]) -> dict[str, str]:
    return {**_HEADERS, "Host": url.netloc.decode("ascii"), **more}


def _named(url: httpx.URL) -> dict[str, str]:
    """Return what makes TLS ask for, and hold against, the name that was meant rather than the one dialled."""
    return {"sni_hostname": url.host} if url.host.endswith(".localhost") else {}


def _lower(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _tls(url: httpx.URL) -> ssl.SSLContext:
    """Return how certificates are checked: as on the rest of the system, always."""
    if url.scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used; httpx would read a whole bundle otherwise
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _meaning(exc: BaseException) -> AddressState:
    """Return what an exception of the network layer says about the address."""
    import httpx

    causes = tuple(_causes(exc))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return AddressState.CERTIFICATE_INVALID
        if isinstance(cause, socket.gaierror):
            # "Try again" is a name service that can't be asked, and says nothing about the name.
            again = cause.errno == socket.EAI_AGAIN
            return AddressState.UNREACHABLE if again else AddressState.NAME_UNKNOWN
        if isinstance(cause, UnicodeError | httpx.InvalidURL):
            return AddressState.NAME_UNKNOWN
    if any(isinstance(cause, TimeoutError | httpx.TimeoutException) for cause in causes):
        return AddressState.TIMED_OUT
    return AddressState.UNREACHABLE


def _causes(exc: BaseException) -> Iterator[BaseException]:
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
