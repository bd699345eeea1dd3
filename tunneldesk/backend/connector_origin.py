"""The connector's connection to the origin: the program that listens on the exposed port."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol

from tunneldesk.backend import link
from tunneldesk.backend.http1 import KEPT_LIMIT, Framing, MessageError, ResponseHead, head_end, parse_response
from tunneldesk.backend.http1_body import BodyReader, Bytes, body_reader
from tunneldesk.backend.receiving import Receiver

_ADDRESSES: Final = ("127.0.0.1", "::1")
"""Both families of ``localhost``: Node's development servers often listen on ``::1`` only."""

_DIAL_SECONDS: Final = 5.0
_REUSE_SECONDS: Final = 1.0
"""How long a connection stays open for the next request; servers close idle ones after 2 s and more."""


class Exchange(Protocol):
    """Whoever the answer is for."""

    def answer(self, frames: list[Bytes]) -> None:
        """Take frames of the answer."""

    def answered(self, *, reusable: bool) -> None:
        """The answer is whole; ``reusable`` tells whether the origin takes another request."""

    def count(self, status: int) -> None:
        """Take note of a final status."""

    def origin_lost(self, reason: str, *, silent: bool) -> None:
        """The origin is gone in the middle of an exchange; ``silent`` when it had not said anything."""

    def origin_full(self) -> None:
        """The origin takes no more of the request just now."""

    def origin_ready(self) -> None:
        """The origin takes more again."""


async def dial_origin(port: int, exchange: Exchange, buffer: memoryview) -> Origin:
    """Connect to ``localhost:port``, whichever family it listens on.

    Args:
        port: Local port.
        exchange: Whoever the answers are for.
        buffer: What the connection receives into.

    Raises:
        OSError: Neither answers.
    """
    loop = asyncio.get_running_loop()
    first: OSError | None = None
    for host in _ADDRESSES:
        try:
            async with asyncio.timeout(_DIAL_SECONDS):
                _, origin = await loop.create_connection(lambda: Origin(exchange, buffer), host, port)
        except TimeoutError as error:
            first = first or TimeoutError(f"dial tcp {host}:{port}: i/o timeout")
            first.__cause__ = error
        except OSError as error:
            reason = "connection refused" if isinstance(error, ConnectionRefusedError) else str(error.strerror)
            first = first or OSError(error.errno, f"dial tcp {host}:{port}: connect: {reason.lower()}")
        else:
            return origin
    assert first is not None  # noqa: S101 - there is at least one address
    raise first


@dataclass(slots=True)
class AnswerPassage:
    """The head of an answer as it goes on to the edge.

    All of it follows from the bytes of the head and from whether they answer HEAD, so one serves every answer of a
    connection that begins with the same bytes.

    Attributes:
        raw: The head as the origin sent it.
        to_head_request: Whether it answers HEAD.
        head: The same, read.
        frames: What goes to the edge.
        last: Whether the answer ends with it.
        size: That of the whole answer, body and all, or -1 when the head doesn't tell.
    """

    raw: bytes
    to_head_request: bool
    head: ResponseHead
    frames: bytes
    last: bool
    size: int

    @classmethod
    def of(cls, raw: bytes, *, to_head_request: bool) -> AnswerPassage:
        """Read a head.

        Raises:
            MessageError: It is malformed or ambiguous.
        """
        head = parse_response(raw, to_head_request=to_head_request)
        lines = [b"HTTP/1.1 %d %b\r\n" % (head.status, head.reason), *head.lines]
        if head.framing is Framing.NONE:  # the answer to HEAD tells the length a body would have
            lines += [b"Content-Length: %b\r\n" % value for value in head.fields.get(b"content-length", [])]
        if head.upgrade:
            lines.append(b"Connection: Upgrade\r\nUpgrade: %b\r\n" % head.upgrade)
        framing = Framing.UNTIL_CLOSE if head.framing is Framing.CHUNKED else head.framing
        told = head.status >= 200 and head.framing in (Framing.NONE, Framing.LENGTH)
        last = told and not head.length
        response = link.ResponseFrame(head.status, framing, head.length, b"".join(lines))
        frames = link.frame(link.RESPONSE, response.encode(), last=last)
        if head.length:
            frames += link.opening(link.BODY, head.length, last=True)
        return cls(raw, to_head_request, head, frames, last, len(raw) + head.length if told else -1)


class Origin(Receiver):
    """One connection to the origin; turns its answers into frames.

    Attributes:
        reused: Whether it has carried an exchange before this one.
    """

    def __init__(self, exchange: Exchange, buffer: memoryview) -> None:
        super().__init__(buffer)
        self.reused = False
        self._exchange = exchange
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._inbox = b""
        self._to_head_request = False
        self._active = False  # an answer is due
        self._silent = True  # and nothing of it has come
        self._passage: AnswerPassage | None = (
            None  # the last, unless it was large: the next often begins with the same
        )
        self._body: BodyReader | None = None
        self._whole = False  # the body is a single frame
        self._reusable = False
        self._spliced = False
        self._idle_since = 0.0
        self._watch: asyncio.TimerHandle | None = None

    def expect(self, *, to_head_request: bool) -> bool:
        """Get ready for the answer to the next request; return whether there can be one."""
        if self._active or self._transport.is_closing():
            return False
        self._active = True
        self._silent = True
        self._to_head_request = to_head_request
        self._body = None
        return True

    def write(self, data: Bytes) -> None:
        """Send a part of a request."""
        self._transport.write(data)

    def write_eof(self) -> None:
        """Tell the origin that nothing more comes."""
        self._transport.write_eof()

    def pause_reading(self) -> None:
        """Take no more of the answer for now."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Go on."""
        self._transport.resume_reading()

    def close(self) -> None:
        """End the connection."""
        self._active = False
        if self._watch is not None:
            self._watch.cancel()
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker: a TCP client's
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Pass on an answer as it comes."""
        if not self._active:
            self.close()  # an answer to no question
            return
        self._silent = False
        if self._inbox:
            data, self._inbox = self._inbox + data, b""
        if self._passage is not None and len(data) == self._passage.size and self._repeats(self._passage, data):
            self._pass_whole(self._passage, data)
            return
        frames: list[Bytes] = []
        done = False
        try:
            while data and not done:
                if self._body is not None:
                    data = self._pass_body(self._body, data, frames)
                    done = self._body.done
                elif self._spliced:
                    frames.append(link.frame(link.BODY, data))
                    data = b""
                else:
                    passage = self._read_head(data)
                    if passage is None:
                        self._inbox = data
                        break
                    data = data[len(passage.raw) :]
                    frames.append(passage.frames)
                    self._pass_head(passage.head)
                    done = passage.last
        except MessageError as error:
            if frames:
                self._exchange.answer(frames)
            self._fail(f"malformed HTTP response: {error}")
            return
        if frames:
            self._exchange.answer(frames)
        if done:
            self._rest()
            self._exchange.answered(reusable=self._reusable and not data)

    def eof_received(self) -> bool:
        """The origin has said its last byte."""
        if self._spliced:
            self._exchange.answer([link.frame(link.BODY, b"", last=True)])
            return True
        if self._active and self._body is not None and self._body.ends_with_stream():
            self._exchange.answer([link.frame(link.BODY, b"", last=True)])
            self._rest()
            self._exchange.answered(reusable=False)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Report an answer that will not come."""
        if self._watch is not None:
            self._watch.cancel()
        if self._active:
            self._fail("EOF" if exc is None else str(exc))

    def pause_writing(self) -> None:
        """Hold the request back."""
        self._exchange.origin_full()

    def resume_writing(self) -> None:
        """Let it go on."""
        self._exchange.origin_ready()

    def _read_head(self, data: bytes) -> AnswerPassage | None:
        """Return the head that ``data`` begins with, or None when not all of it is there."""
        if self._passage is not None and self._repeats(self._passage, data):
            return self._passage
        end = head_end(data)
        if end < 0:
            return None
        passage = AnswerPassage.of(data[:end], to_head_request=self._to_head_request)
        self._passage = passage if end <= KEPT_LIMIT else None
        return passage

    def _repeats(self, passage: AnswerPassage, data: bytes) -> bool:
        """Return whether ``data`` begins an answer, and with the same head as another before it."""
        return (
            self._body is None and passage.to_head_request is self._to_head_request and data.startswith(passage.raw)
        )

    def _pass_whole(self, passage: AnswerPassage, data: bytes) -> None:
        """Pass on a whole answer in one piece."""
        self._exchange.count(passage.head.status)
        self._exchange.answer([passage.frames, data[len(passage.raw) :]])
        self._rest()
        self._exchange.answered(reusable=passage.head.keep_alive)

    def _pass_head(self, head: ResponseHead) -> None:
        """Get ready for what follows a head."""
        self._spliced = head.status == 101
        if head.status >= 200 or self._spliced:
            self._exchange.count(head.status)
        self._body = body_reader(head.framing, head.length)
        self._whole = head.framing is Framing.LENGTH
        self._reusable = head.keep_alive

    def _pass_body(self, body: BodyReader, data: bytes, frames: list[Bytes]) -> bytes:
        """Append what ``data`` holds of the body; return the rest."""
        pieces, used = body.feed(data)
        if self._whole:
            frames += pieces
        else:
            frames += link.body(pieces, last=body.done)
        return data[used:] if used < len(data) else b""

    def _rest(self) -> None:
        """Wait for the next request, not for long."""
        self._active = False
        self._body = None
        self.reused = True
        self._idle_since = self._loop.time()
        if self._watch is None:
            self._watch = self._loop.call_later(_REUSE_SECONDS, self._close_when_idle)

    def _close_when_idle(self) -> None:
        idle = self._loop.time() - self._idle_since
        if not self._active and idle >= _REUSE_SECONDS:
            self.close()
        else:
            wait = _REUSE_SECONDS if self._active else _REUSE_SECONDS - idle
            self._watch = self._loop.call_later(wait, self._close_when_idle)

    def _fail(self, reason: str) -> None:
        silent = self._silent
        self.close()
        self._exchange.origin_lost(reason, silent=silent)
