"""Carries requests to a server, and limits what an answer may weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import httpx

from tunneldesk.api.errors import not_a_tunnel_server
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.network import by_address, open_transport, trusted_authority

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BODY_MAX: Final = 4 * 1024 * 1024
"""Bytes an answer may have: room for a list of ten thousand tunnels, and an end to an endless one."""


class ServerTransport(httpx.AsyncBaseTransport):
    """Carries requests to one server. Nothing is loaded or opened before the first one.

    Args:
        server: The API base address.
        inner: What to send with, in place of the real network.
    """

    def __init__(self, server: str, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._server = server
        self._given = inner is not None
        self._inner = inner
        self._trusts = trusted_authority()
        self._outdated: list[httpx.AsyncBaseTransport] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``; the body of the answer is limited to `BODY_MAX` and never unpacked.

        Raises:
            NotATunnelServerError: The answer is packed though we asked for it plain (it could be a bomb), or turns
                out too long while it is read.
            ServerUnreachableError: The system's proxy, or the authority that was named, can't be used.
        """
        if self._inner is not None and not self._given and self._trusts != trusted_authority():
            # What was opened before another authority was named may still be in use: it is closed in the end.
            self._outdated.append(self._inner)
            self._inner = None
        if self._inner is None:
            self._trusts = trusted_authority()
            self._inner = open_transport(self._server)
        response = await self._inner.handle_async_request(by_address(request))
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            await response.aclose()
            raise not_a_tunnel_server(response, Because(Reason.ANSWER_COMPRESSED))
        response.stream = _LimitedStream(response, cast("httpx.AsyncByteStream", response.stream))
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        for inner in (*self._outdated, *filter(None, [self._inner])):
            await inner.aclose()


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
                raise not_a_tunnel_server(self._response, Because(Reason.ANSWER_TOO_LONG))
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
