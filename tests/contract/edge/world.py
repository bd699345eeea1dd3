"""What the edge is tried with: tunnels in a dictionary, a real origin, a connector process, a plain visitor."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tunneldesk.backend.directory import Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tunneldesk.backend.edge import Edge

WITHIN = 15.0
SECRET = "c2VjcmV0"


class Tunnels:
    """A directory in a dictionary."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}

    def add(self, name: str, origin_port: int) -> Route:
        route = Route(f"id-of-{name}", f"{name}.tunnel.localhost", origin_port)
        self.routes[route.hostname] = route
        return route

    def route(self, hostname: str) -> Route | None:
        return self.routes.get(hostname)

    def admit(self, tunnel_id: str, secret: str) -> Route | None:
        found = [route for route in self.routes.values() if route.tunnel_id == tunnel_id]
        return found[0] if found and secret == SECRET else None


def token(edge_port: int, tunnel_id: str, secret: str = SECRET) -> str:
    values = {"a": "account", "t": tunnel_id, "s": secret, "e": f"127.0.0.1:{edge_port}"}
    return base64.b64encode(json.dumps(values).encode()).decode()


class Process:
    """A stand-in connector as a child process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._news = asyncio.Condition()
        self._drain = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls, *arguments: str, token: str | None = None, environment: dict[str, str] | None = None
    ) -> Self:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TUNNEL")}
        given = inherited | (environment or {}) | ({"TUNNEL_TOKEN": token} if token is not None else {})
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tunneldesk.backend.connector",
            *arguments,
            env=given,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(process)

    async def _read(self) -> None:
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            async with self._news:
                self.lines.append(line.decode().rstrip("\n"))
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    async def says(self, text: str, times: int = 1) -> str:
        """Wait for the nth line with ``text`` in it and return it."""

        def lines() -> list[str]:
            return [line for line in self.lines if text in line]

        try:
            async with asyncio.timeout(WITHIN), self._news:
                await self._news.wait_for(lambda: len(lines()) >= times)
        except TimeoutError:
            raise AssertionError(f"no {text!r} in:\n{self.log}") from None
        return lines()[times - 1]

    async def ended(self) -> int:
        """Wait for the end and return the exit status."""
        async with asyncio.timeout(WITHIN):
            status = await self.process.wait()
            await self._drain
        return status

    async def output(self) -> str:
        assert self.process.stdout is not None
        async with asyncio.timeout(WITHIN):
            return (await self.process.stdout.read()).decode()

    async def metrics_port(self) -> int:
        line = await self.says("Starting metrics server on ")
        return int(line.rpartition("/metrics")[0].rpartition(":")[2])

    async def ask(self, path: str) -> Answer:
        """Ask the metrics server."""
        async with await Visitor.dial(await self.metrics_port()) as visitor:
            return await visitor.get(path, "localhost")

    async def end(self) -> None:
        """End it, whatever it is doing."""
        if self.process.returncode is None:
            self.process.kill()
        await self.ended()
        if self.process.stdout is not None:
            await self.process.stdout.read()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """A plain HTTP/1.1 client that shows what is on the wire."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def dial(cls, port: int) -> Self:
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**20))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def request(
        self, method: str, path: str, host: str, body: bytes = b"", headers: str = "", *, version: str = "1.1"
    ) -> Answer:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        head = f"{method} {path} HTTP/{version}\r\nHost: {host}\r\n{length}{headers}\r\n"
        await self.send(head.encode() + body)
        return await self.answer(to_head=method == "HEAD")

    async def get(self, path: str, host: str, headers: str = "") -> Answer:
        return await self.request("GET", path, host, headers=headers)

    async def head(self) -> tuple[int, dict[str, str]]:
        async with asyncio.timeout(WITHIN):
            raw = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status_line, *lines = raw[:-4].split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return int(status_line.split(" ")[1]), headers

    async def answer(self, *, to_head: bool = False) -> Answer:
        status, headers = await self.head()
        async with asyncio.timeout(WITHIN):
            if to_head or status < 200 or status in (204, 304):
                body = b""
            elif "content-length" in headers:
                body = await self.reader.readexactly(int(headers["content-length"]))
            elif headers.get("transfer-encoding") == "chunked":
                body = b"".join([chunk async for chunk in self.chunks()])
            else:
                body = await self.reader.read()
        return Answer(status, headers, body)

    async def chunk(self) -> bytes:
        async with asyncio.timeout(WITHIN):
            size = int(await self.reader.readline(), 16)
            return (await self.reader.readexactly(size + 2))[:-2]

    async def chunks(self) -> AsyncIterator[bytes]:
        while chunk := await self.chunk():
            yield chunk

    async def closed(self) -> bytes:
        """Wait until the other side closes; return what came before."""
        async with asyncio.timeout(WITHIN):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


@dataclass
class Origin:
    """A local program with a behaviour for each path."""

    name: str = "origin"
    port: int = 0
    release: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0
    heads: list[str] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self, host: str = "127.0.0.1") -> Self:
        self._server = await asyncio.start_server(self._accept, host, 0, limit=2**20, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._serve(reader, writer, self.connections):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            self.gone.set()
        except asyncio.CancelledError:
            pass  # asyncio.streams would report it
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        """Answer one request; return whether to go on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        path = head.split(" ", 2)[1]
        lower = head.lower()

        def plain(body: bytes, status: str = "200 OK", more: str = "") -> None:
            writer.write(f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body)

        async def body() -> bytes:
            if "transfer-encoding: chunked" in lower:
                whole = b""
                while size := int(await reader.readline(), 16):
                    whole += (await reader.readexactly(size + 2))[:-2]
                await reader.readline()
                return whole
            length = lower.partition("content-length: ")[2].partition("\r\n")[0]
            return await reader.readexactly(int(length)) if length else b""

        kind, _, argument = path[1:].partition("/")
        if kind == "hang":
            self.arrived.set()
            await reader.read(1)
            self.gone.set()
            return False
        if kind == "held":
            self.arrived.set()
            await self.release.wait()
            plain(b"at last")
        elif kind == "echo":
            if "expect: 100-continue" in lower:
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            plain(await body())
        elif kind == "echo-chunked":
            got = await body()
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for at in range(0, len(got), 1000):
                piece = got[at : at + 1000]
                writer.write(b"%x;why=not\r\n%b\r\n" % (len(piece), piece))
            writer.write(b"0\r\nX-Trailer: yes\r\n\r\n")
        elif kind == "sink":
            left = int(lower.partition("content-length: ")[2].partition("\r\n")[0])
            while left:
                left -= len(await reader.read(min(left, 2**20)))
            plain(b"took it all")
        elif kind == "bytes":
            await self._bytes(writer, int(argument))
        elif kind == "until-close":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\nuntil the end")
            return False
        elif kind == "events":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for number in range(int(argument)):
                writer.write(b"data: %d\n\n" % number)
                await writer.drain()
                self.release.clear()
                await self.release.wait()
            return False
        elif kind == "refuse-early":
            plain(b"too large", "413 Content Too Large", "Connection: close\r\n")
            await writer.drain()
            await self.release.wait()
            return False
        elif kind == "break":
            return False
        elif kind == "break-halfway":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this")
            return False
        elif kind == "garbage":
            writer.write(b"this is no HTTP\r\n\r\n")
        elif kind == "status":
            writer.write(f"HTTP/1.1 {argument} Chosen\r\nETag: x\r\n\r\n".encode())
        elif kind == "old":
            writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold")
            return False
        elif kind == "once":
            plain(b"once")
            return False
        elif kind == "upgrade":
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
            while data := await reader.read(65536):
                writer.write(data)
            writer.write(b"bye")
            return False
        elif kind == "connection":
            plain(str(number).encode())
        elif kind == "head":
            plain(head.encode())
        elif head.startswith("HEAD "):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")
        else:
            plain(f"{self.name} {path}".encode())
        await writer.drain()
        return True

    async def _bytes(self, writer: asyncio.StreamWriter, size: int) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        block = bytes(2**18)
        while size:
            writer.write(block[:size])
            size -= min(size, len(block))
            await writer.drain()


@dataclass
class World:
    """An edge, and what is started around it for one test."""

    edge: Edge
    tunnels: Tunnels
    _processes: list[Process] = field(default_factory=list)
    _origins: list[Origin] = field(default_factory=list)

    async def origin(self, name: str = "origin", host: str = "127.0.0.1") -> Origin:
        origin = await Origin(name).start(host)
        self._origins.append(origin)
        return origin

    async def connector(self, route: Route, *flags: str, run: tuple[str, ...] = ()) -> Process:
        """Start a connector and wait until it is registered."""
        connector = await self.unregistered_connector(route, *flags, run=run)
        await connector.says("Registered tunnel connection connIndex=0")
        return connector

    async def unregistered_connector(
        self, route: Route, *flags: str, run: tuple[str, ...] = (), secret: str = SECRET
    ) -> Process:
        """Start a connector."""
        connector = await Process.start(
            "tunnel",
            "--no-autoupdate",
            "--metrics",
            "127.0.0.1:0",
            *flags,
            "run",
            *run,
            token=token(self.edge.port, route.tunnel_id, secret),
        )
        self._processes.append(connector)
        return connector

    async def expose(self, name: str = "app", *, host: str = "127.0.0.1") -> tuple[Origin, Process]:
        """Start an origin and a connector for it, reached as ``name.tunnel.localhost``."""
        origin = await self.origin(name, host)
        return origin, await self.connector(self.tunnels.add(name, origin.port))

    async def visit(self) -> Visitor:
        return await Visitor.dial(self.edge.port)

    async def get(self, path: str, host: str = "app.tunnel.localhost") -> Answer:
        """Ask on a connection of its own."""
        async with await self.visit() as visitor:
            return await visitor.get(path, host)

    async def end(self) -> None:
        for process in self._processes:
            await process.end()
        for origin in self._origins:
            await origin.stop()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that nobody announces."""
    async with asyncio.timeout(WITHIN):
        while not condition():  # noqa: ASYNC110 - nobody sets an event
            await asyncio.sleep(0.01)


def memory(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
