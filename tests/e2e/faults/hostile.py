"""Servers that are none, and worse, made by hand."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import TYPE_CHECKING

from tests.e2e.faults.network import Background

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

    Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Hostile:
    """A listener on loopback that does with every request what it was made to do.

    Attributes:
        port: Where it listens.
        heard: All that was ever sent to it.
        finished: How many answers were taken to their end.
    """

    def __init__(
        self, behave: Behaviour | bytes, *, tls: ssl.SSLContext | None = None, impatient: bool = False
    ) -> None:
        """Start one; an ``impatient`` one does not wait for a whole request."""
        self._behave = behave if callable(behave) else _saying(behave)
        self._background = Background()
        self._impatient = impatient
        self._scheme = "https" if tls else "http"
        self.heard = b""
        self.finished = 0
        self._server = self._background.do(self._background.listen(self._serve, tls=tls))
        self.port: int = self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def close(self) -> None:
        """End it."""
        self._background.do(self._close())
        self._background.close()

    async def _close(self) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.heard += await (reader.read(1000) if self._impatient else _request(reader))
            await self._behave(writer)
            self.finished += 1
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _request(reader: asyncio.StreamReader) -> bytes:
    """Read a whole request: one that hangs up before takes its own answer back."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


def _saying(content: bytes) -> Behaviour:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()

    return say


def answer(body: bytes | str, status: str = "200 OK", kind: str = "application/json", **headers: str) -> bytes:
    """Return an HTTP answer; ``location="..."`` stands for the header ``Location``."""
    content = body if isinstance(body, bytes) else body.encode()
    lines = {"Content-Type": kind, "Content-Length": str(len(content))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + content


def grant(**changes: object) -> bytes:
    """Return a create answer with fields changed."""
    return answer(
        json.dumps(
            {
                "tunnelId": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                "hostname": "my-app.example.com",
                "cloudflaredToken": "eyJhIjoiYSIsInQiOiJ0IiwicyI6InMifQ==",
                "heartbeatIntervalSec": 20,
            }
            | changes
        )
    )


def truncated() -> bytes:
    """Return half an answer."""
    whole = grant()
    return whole[: len(whole) - 40]


async def endless_body(writer: asyncio.StreamWriter) -> None:
    """Answer with a body that never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    while not writer.is_closing():
        writer.write(chunk)
        await writer.drain()


async def endless_headers(writer: asyncio.StreamWriter) -> None:
    """Answer with headers that never end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X-Filler: yes\r\n" * 1000)
        await writer.drain()


async def dripping(writer: asyncio.StreamWriter) -> None:
    """Answer well, one byte every half second."""
    for byte in grant():
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.5)


async def huge(writer: asyncio.StreamWriter) -> None:
    """Answer with 300 MB."""
    size = 300 * 1024 * 1024
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % size)
    for _ in range(size // 0x10000):
        writer.write(b"x" * 0x10000)
        await writer.drain()


async def silent(_writer: asyncio.StreamWriter) -> None:
    """Hang up without a word."""
