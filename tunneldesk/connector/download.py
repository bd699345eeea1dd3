"""Fetching one file over HTTP: redirects followed with care, in pieces, with an end to everything."""

from __future__ import annotations

import ssl
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import httpx

from tunneldesk.domain.errors import ApiError, ConnectorDownloadError, ErrorCode, Failure
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.validation import is_loopback, shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    OpenTransport = Callable[[str], httpx.AsyncBaseTransport]
    """Opens the way to an address, with the system's proxy and certificates."""

SIZE_MAX = 200 * 1024 * 1024
"""Bytes a file may have; cloudflared has about 40 million."""

_CONNECT, _IDLE = 15.0, 30.0
_REDIRECTS_MAX = 5
_PIECE = 256 * 1024
_WHY_MAX = 200
_HEADERS = {"User-Agent": "TunnelDesk", "Accept": "*/*", "Accept-Encoding": "identity"}


@asynccontextmanager
async def fetching(address: str, open_transport: OpenTransport) -> AsyncIterator[Body]:
    """Ask for the file at ``address``; what is behind redirects is taken from wherever they lead.

    That is safe only for a file whose digest is known. No redirect leads from https to http.

    Raises:
        ConnectorDownloadError: CONNECTOR_DOWNLOAD_FAILED: no answer, or another than the file; here or while the
            body is read.
    """
    url = httpx.URL(address)
    try:
        for _ in range(_REDIRECTS_MAX + 1):
            async with AsyncExitStack() as stack:
                client = httpx.AsyncClient(
                    transport=open_transport(str(url)),
                    headers=_HEADERS,
                    timeout=httpx.Timeout(_IDLE, connect=_CONNECT),
                    trust_env=False,
                )
                await stack.enter_async_context(client)
                response = await stack.enter_async_context(client.stream("GET", url))
                if not response.has_redirect_location:
                    yield Body(response)
                    return
                url = _next(url, response.headers["Location"])
    except httpx.TimeoutException as error:
        raise failed(Because(Reason.DOWNLOAD_SILENT, {"host": url.host})) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise failed(_not_connected(url.host, error)) from error
    except ApiError as error:  # the system names a proxy that can't be used
        raise failed(*error.failure.because) from error
    raise failed(Because(Reason.DOWNLOAD_GOES_ROUND, {"address": shown(address)}))


class Body:
    """The file as it comes.

    Attributes:
        total: Bytes it will have; None where the server does not say.

    Raises:
        ConnectorDownloadError: The answer is not a file, or is larger than any that is wanted.
    """

    def __init__(self, response: httpx.Response) -> None:
        host, status = response.url.host, response.status_code
        if status != httpx.codes.OK:
            because = Because(Reason.DOWNLOAD_REFUSED, {"host": host, "status": str(status)})
            raise failed(because, status=status)
        length = response.headers.get("Content-Length", "")
        self.total = int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None
        self._response = response
        if self.total is not None and self.total > SIZE_MAX:
            raise _too_large(host)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the file piece by piece, as it is on the wire."""
        received = 0
        async for piece in self._response.aiter_raw(_PIECE):
            received += len(piece)
            if received > SIZE_MAX:
                raise _too_large(self._response.url.host)
            yield piece


def failed(*because: Because, status: int | None = None) -> ConnectorDownloadError:
    """Return the error of a download that came to nothing."""
    return ConnectorDownloadError(Failure(ErrorCode.CONNECTOR_DOWNLOAD_FAILED, because=because, status=status))


def _next(url: httpx.URL, location: str) -> httpx.URL:
    target = url.join(location)
    here = url.scheme == "http" and is_loopback(target.host)  # a mirror on this computer, which may stay on it
    if target.scheme == "https" or (target.scheme == "http" and here):
        return target
    # Without its path and query, which may hold what lets somebody in.
    there = shown(f"{target.scheme}://{target.host}")
    raise failed(Because(Reason.DOWNLOAD_IN_THE_CLEAR, {"host": url.host, "target": there}))


def _not_connected(host: str, error: Exception) -> Because:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Because(Reason.DOWNLOAD_UNCERTIFIED, {"host": host, "system": cause.verify_message})
        cause = cause.__cause__ or cause.__context__
    system = " ".join(str(error).split())[:_WHY_MAX].rstrip(".") or type(error).__name__
    return Because(Reason.DOWNLOAD_NOT_CONNECTED, {"host": host, "system": system})


def _too_large(host: str) -> ConnectorDownloadError:
    return failed(Because(Reason.DOWNLOAD_TOO_LARGE, {"host": host}))
