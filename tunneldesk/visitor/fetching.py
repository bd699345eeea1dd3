"""Fetches one page as a browser would: no token, no cookie, no redirect followed, and never for long."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from typing import TYPE_CHECKING, Final

from tunneldesk import __version__
from tunneldesk.domain.errors import ServerUnreachableError
from tunneldesk.domain.health import AddressState
from tunneldesk.visitor.answer import Answer, NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    import httpx  # late, as what is built on it: the tray icon is there before

    from tunneldesk.network import system_proxy

    try:
        url, by_proxy = httpx.URL(address), system_proxy(address) is not None
    except (httpx.InvalidURL, ValueError) as exc:
        raise NoAnswerError(AddressState.NAME_UNKNOWN) from exc
    now = asyncio.get_running_loop().time
    deadline = now() + limit
    try:
        return await _by(url, now() + limit / 2 if by_proxy else deadline, headers or {}, direct=True)
    except NoAnswerError as direct:
        if not by_proxy or direct.state not in _NOT_THERE:
            raise
        try:
            return await _by(url, deadline, headers or {}, direct=False)
        except NoAnswerError:
            raise direct from None  # where the proxy does not get either, a visitor hardly will


async def _by(url: httpx.URL, deadline: float, headers: Mapping[str, str], *, direct: bool) -> Answer:
    """Fetch ``url`` this way, until ``deadline`` on the loop's clock."""
    import httpx

    from tunneldesk.network import by_address, open_transport

    try:
        transport = open_transport(str(url), direct=direct)
        async with httpx.AsyncClient(transport=transport, timeout=None, trust_env=False) as client:  # noqa: S113 - the deadline below
            request = client.build_request("GET", url, headers={**_HEADERS, **headers})
            async with asyncio.timeout_at(deadline):
                response = await client.send(by_address(request), stream=True)
            try:
                return Answer(response.status_code, _lower(response.headers), await _read(response, deadline))
            finally:
                await response.aclose()
    except (
        httpx.HTTPError,
        httpx.StreamError,
        httpx.InvalidURL,
        OSError,
        ValueError,
        ServerUnreachableError,
    ) as exc:
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


def _lower(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _meaning(exc: BaseException) -> AddressState:
    """Return what an exception of the network layer says about the address."""
    import httpx

    from tunneldesk.network import causes

    chain = tuple(causes(exc))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return AddressState.CERTIFICATE_INVALID
        if isinstance(cause, socket.gaierror):
            # "Try again" is a name service that can't be asked, and says nothing about the name.
            again = cause.errno == socket.EAI_AGAIN
            return AddressState.UNREACHABLE if again else AddressState.NAME_UNKNOWN
        if isinstance(cause, UnicodeError | httpx.InvalidURL):
            return AddressState.NAME_UNKNOWN
    if any(isinstance(cause, TimeoutError | httpx.TimeoutException) for cause in chain):
        return AddressState.TIMED_OUT
    return AddressState.UNREACHABLE
