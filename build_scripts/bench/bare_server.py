"""The least that can be done in the server's place: what its numbers are held against.

`bare_server.py asgi` answers every request with a heartbeat's answer, on the server's own stack. `bare_server.py
splice PORT` passes the bytes of every connection on to a port and back, one hop of two. Each prints its port.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_ANSWER = b'{"ok":true,"expiresAt":"2026-11-23T18:38:01.000Z"}'
_HEADERS = [(b"content-length", b"%d" % len(_ANSWER)), (b"content-type", b"application/json")]


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Read a request's body and answer it."""
    assert scope["type"] == "http"  # noqa: S101 - nothing else was switched on
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _ANSWER})


class Splice(asyncio.Protocol):
    """One end of a connection that is passed on; what comes here goes out at the other end."""

    def __init__(self, port: int | None) -> None:
        self.transport: asyncio.Transport
        self.other: Splice | None = None
        self._port = port
        self._early: list[bytes] = []
        self._dialling: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Dial the next hop."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker: TCP
        self.transport = transport
        if self._port is not None:
            self._dialling = asyncio.get_running_loop().create_task(self._dial(self._port))

    async def _dial(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, self.other = await loop.create_connection(lambda: Splice(None), "127.0.0.1", port)
        except OSError:
            self.transport.abort()
            return
        self.other.other = self
        for data in self._early:
            self.other.transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        if self.other is None:
            self._early.append(data)
        else:
            self.other.transport.write(data)

    def pause_writing(self) -> None:
        """Take no more than can be passed on."""
        if self.other is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        if self.other is not None and not self.other.transport.is_closing():
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why changes nothing
        """Close the other end, too."""
        if self.other is not None:
            self.other.transport.close()


async def splice(port: int) -> None:
    """Pass on to ``port`` until ended."""
    # By its address, and with no socket of our own: only then does asyncio know it for TCP and set TCP_NODELAY.
    server = await asyncio.get_running_loop().create_server(lambda: Splice(port), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def asgi() -> None:
    """Answer until ended, with uvicorn set as the paired server sets it."""
    import uvicorn

    # Made by its protocol's number, too, for TCP_NODELAY: without it the baseline crawls, and flatters us.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(2048)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    if sys.argv[1] == "asgi":
        asgi()
    else:
        asyncio.run(splice(int(sys.argv[2])))
