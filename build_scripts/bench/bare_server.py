"""The least that can be done in the server's place: what its numbers are held against.

`bare_server.py asgi` has one route, for heartbeats, on the server's own stack (Starlette, uvicorn, httptools).
`bare_server.py splice PORT` passes the bytes of every connection on to a port and back, one hop of two. Each prints
its port.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

if TYPE_CHECKING:
    from starlette.requests import Request


async def beat(_request: Request) -> Response:
    """Answer as a heartbeat is answered, without having done anything."""
    return JSONResponse({"ok": True, "expiresAt": "2026-11-23T18:38:01.000Z"})


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
        Router([Route("/v1/tunnels/{tunnel}/heartbeat", beat, methods=["POST"])], redirect_slashes=False),
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
