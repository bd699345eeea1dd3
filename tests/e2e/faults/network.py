"""The cable between the app and its server: a proxy for API and edge that can be cut, reset, slowed and worse."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import socket
import struct
import threading
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Coroutine

    Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]

T = TypeVar("T")

_SECRET = re.compile(rb'"(?:cloudflaredToken|tunnelRunToken)":\s*"([^"]+)"')
_TOKEN = re.compile(rb'"cloudflaredToken":\s*"([A-Za-z0-9+/=]+)"')
_SLOW_CHUNK, _SLOW_PAUSE = 40, 0.02


class Weather(Enum):
    """What the cable does with what is sent through it."""

    FAIR = auto()
    REFUSING = auto()  # nobody listens
    SWALLOWING = auto()  # connections are taken, and nothing comes through: a black hole
    RESETTING = auto()  # connections are taken and reset
    SLOW = auto()  # 2 KB a second
    GARBLED = auto()  # something else answers


class Background:
    """A loop on a thread of its own, for servers of the harness."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._taken: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` there and return what came of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def listen(self, handle: Handler, port: int = 0, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Serve connections; to be awaited on this loop. None of them outlives it, however young it is."""

        def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._taken.add(writer)
            task = asyncio.ensure_future(handle(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        tasks: set[asyncio.Future[None]] = set()
        return await asyncio.start_server(take, "127.0.0.1", port, reuse_address=True, ssl=tls)

    def close(self) -> None:
        """End it, and everything that still runs there."""
        self.do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for writer in self._taken:
            writer.transport.abort()
        await asyncio.sleep(0.01)  # transports that were aborted close in the next turns of the loop


class Cable:
    """One port that leads to another.

    Attributes:
        port: The near end.
        taken: How many connections it has taken.
    """

    def __init__(
        self, background: Background, far: int, change: Callable[[bytes], bytes] = lambda data: data
    ) -> None:
        """Lay a cable to port ``far``; ``change`` is done to what comes back from there."""
        self._background = background
        self._far = far
        self._change = change
        self._weather = Weather.FAIR
        self._open: dict[asyncio.StreamWriter, None] = {}  # oldest first
        self._server: asyncio.Server | None = None
        self.port = 0
        self.taken = 0
        background.do(self._listen())

    def turn(self, weather: Weather) -> None:
        """Change the weather for every connection, those that stand already included."""
        self._background.do(self._turn(weather))

    def cut(self, *, only_oldest: bool = False) -> None:
        """Break every connection, or the oldest; new ones are as the weather is."""
        self._background.do(self._cut(only_oldest=only_oldest))

    def close(self) -> None:
        """Take the cable away."""
        self._background.do(self._turn(Weather.REFUSING))

    async def _listen(self) -> None:
        self._server = await self._background.listen(self._carry, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _turn(self, weather: Weather) -> None:
        before, self._weather = self._weather, weather
        if weather is Weather.REFUSING and self._server is not None:
            self._server.close()
            self._server = None
        elif before is Weather.REFUSING and self._server is None:
            await self._listen()
        if weather in {Weather.REFUSING, Weather.RESETTING, Weather.GARBLED}:
            await self._cut()

    async def _cut(self, *, only_oldest: bool = False) -> None:
        for writer in [*self._open][: 1 if only_oldest else None]:
            _reset(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        self._open[writer] = None
        try:
            if self._weather is Weather.RESETTING:
                _reset(writer)
            elif self._weather is Weather.GARBLED:
                await reader.read(1)
                writer.write(b"\x16\x03\x01\x00\x00 SSH-2.0-captive\r\n\r\n")
                await writer.drain()
            else:
                await self._through(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.pop(writer, None)
            writer.transport.abort()

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        self._open[far_writer] = None
        try:
            ways = [
                asyncio.ensure_future(self._pump(reader, far_writer, lambda data: data)),
                asyncio.ensure_future(self._pump(far_reader, writer, self._change)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        finally:
            self._open.pop(far_writer, None)
            far_writer.transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, change: Callable[[bytes], bytes]
    ) -> None:
        while data := await reader.read(65536):
            data = change(data)
            while self._weather is Weather.SWALLOWING:  # noqa: ASYNC110 - the weather is no event
                await asyncio.sleep(0.02)
            if self._weather is Weather.SLOW:
                for start in range(0, len(data), _SLOW_CHUNK):
                    writer.write(data[start : start + _SLOW_CHUNK])
                    await writer.drain()
                    await asyncio.sleep(_SLOW_PAUSE)
            else:
                writer.write(data)
                await writer.drain()


class Network:
    """The cables to one server's API and edge.

    The token that a create answers names the edge to dial; it is changed on its way to name the near end.

    Attributes:
        api: The cable to the API.
        edge: The cable to the edge.
        secrets: The tokens that came with create answers.
    """

    def __init__(self, api_port: int, edge_port: int) -> None:
        self._background = Background()
        self.secrets: set[str] = set()
        self.edge = Cable(self._background, edge_port)
        self.api = Cable(self._background, api_port, self._redirect)

    def turn(self, weather: Weather) -> None:
        """Change the weather of both cables."""
        self.api.turn(weather)
        self.edge.turn(weather)

    def cut(self) -> None:
        """Break every connection of both."""
        self.api.cut()
        self.edge.cut()

    def close(self) -> None:
        """Take both away."""
        self.api.close()
        self.edge.close()
        self._background.close()

    def _redirect(self, data: bytes) -> bytes:
        data = _TOKEN.sub(lambda found: found.group(0).replace(found.group(1), self._nearer(found.group(1))), data)
        self.secrets |= {found.decode() for found in _SECRET.findall(data)}
        return data

    def _nearer(self, token: bytes) -> bytes:
        held = json.loads(base64.b64decode(token))
        nearer = base64.b64encode(
            json.dumps({**held, "e": f"127.0.0.1:{self.edge.port}"}, separators=(",", ":")).encode()
        )
        assert len(nearer) == len(token), "the answer's Content-Length must stay true"
        return nearer


def _reset(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, AttributeError):
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
