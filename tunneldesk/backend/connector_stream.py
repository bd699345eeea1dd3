"""The connector's end of a carrier: takes one request after the other to the origin and its answers back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tunneldesk.backend import link
from tunneldesk.backend.connector_origin import Origin, dial_origin
from tunneldesk.backend.http1 import MessageError, head_end, parse_response
from tunneldesk.backend.receiving import Receiver

if TYPE_CHECKING:
    from tunneldesk.backend.connector_run import Connector
    from tunneldesk.backend.http1_body import Bytes

_REPEATABLE: Final = (b"GET ", b"HEAD ", b"OPTIONS ", b"TRACE ", b"PUT ", b"DELETE ")
"""Idempotent methods (RFC 9110, section 9.2.2): such a request may be sent again when nobody answered it."""

_STALL_SECONDS: Final = 120.0
"""How long an origin may refuse to take a request it hasn't answered. The edge gives up sooner, but a connection
that is not being read can't tell us so."""

_UNREACHABLE: Final = (
    "Unable to reach the origin service. The service may be down or it may not be responding to traffic from "
    "cloudflared: {}"
)


class Stream(Receiver):
    """One carrier.

    Attributes:
        welcomed: Set to whether the edge has taken the carrier in.
    """

    def __init__(self, connector: Connector, index: int) -> None:
        super().__init__(connector.buffer)
        self._connector = connector
        self._index = index
        self._loop = asyncio.get_running_loop()
        self.welcomed: asyncio.Future[bool] = self._loop.create_future()
        self._transport: asyncio.Transport
        self._greeting = b""
        self._reader = link.FrameReader()
        self._origin: Origin | None = None
        self._dial: asyncio.Task[Origin] | None = None
        self._to_origin: list[Bytes] = []
        self._request_open = False  # more of the request is to come
        self._answer_open = False  # more of the answer is to come
        self._answer_begun = False
        self._spliced = False
        self._port = 0
        self._to_head_request = False
        self._repeat: bytes | None = None
        self._stall: asyncio.TimerHandle | None = None

    # The carrier

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce ourselves."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker: a TCP client's
        self._transport = transport
        self._connector.streams.add(self)
        transport.write(self._connector.hello(self._index, link.ROLE_CARRIER))

    def data_received(self, data: bytes) -> None:
        """Take requests."""
        if not self.welcomed.done():
            data = self._greet(data)
            if not data:
                return
        try:
            self._take(self._reader.feed(data))
        except link.LinkError:
            self.close()
        else:
            self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it was lost changes nothing
        """Give up what is going on."""
        self._cancel_stall()
        if not self.welcomed.done():
            self.welcomed.set_result(False)
        if self._dial is not None:
            self._dial.cancel()
        if self._answer_open:
            self._end_of_exchange()
            if not self._spliced:
                self._connector.metrics.errors += 1
                self._log("Incoming request ended abruptly: context canceled")
        self._drop_origin()
        self._connector.stream_lost(self)

    def pause_writing(self) -> None:
        """The edge takes no more of the answer: hold the origin back."""
        if self._origin is not None:
            self._origin.pause_reading()

    def resume_writing(self) -> None:
        """Let the origin go on."""
        if self._origin is not None:
            self._origin.resume_reading()

    def close(self) -> None:
        """Cut the carrier, and with it the exchange it is in."""
        self._transport.abort()

    def _greet(self, data: bytes) -> bytes:
        """Read the edge's consent; return what came behind it."""
        self._greeting += data
        try:
            end = head_end(self._greeting)
            if end < 0:
                return b""
            accepted = parse_response(self._greeting[:end]).status == 101
        except MessageError:
            accepted = False
        if not accepted:
            self.close()
            return b""
        self.welcomed.set_result(True)
        return self._greeting[end:]

    # The request

    def _take(self, frames: list[link.Frame]) -> None:
        for kind, payload, last in frames:
            if kind == link.REQUEST and not self._answer_open:
                self._begin(bytes(payload), last=last)
            elif kind == link.BODY and (self._request_open or self._spliced):
                self._take_body(payload, last=last)
            elif kind != link.BODY:  # a body may still be on its way when its answer is over
                raise link.LinkError("a frame that belongs elsewhere")

    def _begin(self, head: bytes, *, last: bool) -> None:
        metrics = self._connector.metrics
        metrics.requests += 1
        metrics.concurrent += 1
        self._answer_open = True
        self._answer_begun = False
        self._request_open = not last
        self._to_head_request = head.startswith(b"HEAD ")
        self._repeat = head if last else None
        self._to_origin = [head]
        port = self._connector.origin_port
        origin = self._origin
        if origin is None or port != self._port or not origin.expect(to_head_request=self._to_head_request):
            self._drop_origin()
            self._port = port
            self._dial_origin()

    def _dial_origin(self) -> None:
        self._transport.pause_reading()
        self._dial = self._loop.create_task(dial_origin(self._port, self, self._buffer))
        self._dial.add_done_callback(self._dialled)

    def _dialled(self, dial: asyncio.Task[Origin]) -> None:
        self._dial = None
        if dial.cancelled():
            return
        error = dial.exception()
        if error is None:
            self._origin = dial.result()
            if self._origin.expect(to_head_request=self._to_head_request):
                self._flush()
            else:
                self.origin_lost("EOF", silent=True)
        elif isinstance(error, OSError):
            self._fail(link.ORIGIN_REFUSED, error.strerror or str(error))
        else:
            raise error
        self._transport.resume_reading()

    def _take_body(self, payload: Bytes, *, last: bool) -> None:
        if payload:
            self._to_origin.append(payload)
        if last:
            self._request_open = False
            if self._spliced and self._origin is not None:
                self._flush()
                self._origin.write_eof()

    def _flush(self) -> None:
        if self._origin is not None and self._to_origin:
            data = b"".join(self._to_origin)
            self._to_origin.clear()
            self._origin.write(data)

    def origin_full(self) -> None:
        """Take no more of the request until the origin has."""
        self._transport.pause_reading()
        if not self._answer_begun:
            self._stall = self._loop.call_later(_STALL_SECONDS, self.close)

    def origin_ready(self) -> None:
        """Go on."""
        self._cancel_stall()
        self._transport.resume_reading()

    def _cancel_stall(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    # The answer

    def answer(self, frames: list[Bytes]) -> None:
        """Send frames to the edge."""
        self._transport.write(b"".join(frames))

    def count(self, status: int) -> None:
        """Count a final status; nothing can be taken back from here on."""
        self._connector.metrics.responses[status] += 1
        self._answer_begun = True
        self._spliced = status == 101

    def answered(self, *, reusable: bool) -> None:
        """End the exchange."""
        if not reusable or self._request_open:
            self._drop_origin()
        self._end_of_exchange()

    def origin_lost(self, reason: str, *, silent: bool) -> None:
        """Try once more where that is safe; say what happened otherwise."""
        stale = self._origin is not None and self._origin.reused
        self._origin = None
        if self._spliced:
            self._end_of_exchange()
            self._transport.close()
        elif self._answer_begun:
            self._report(reason)
            self._end_of_exchange()
            self.close()
        elif silent and stale and self._repeat is not None and self._repeat.startswith(_REPEATABLE):
            self._to_origin = [self._repeat]
            self._repeat = None
            self._dial_origin()
        else:
            self._fail(link.ORIGIN_FAILED, reason)

    def _fail(self, failure: bytes, reason: str) -> None:
        self._report(reason)
        self._to_origin = []
        self._end_of_exchange()
        self._transport.write(link.frame(link.FAILED, failure, last=True))

    def _report(self, reason: str) -> None:
        self._connector.metrics.errors += 1
        self._log(_UNREACHABLE.format(reason))

    def _log(self, error: str) -> None:
        self._connector.log.error(
            "",
            error=error,
            connIndex=self._index,
            event=1,
            ingressRule=0,
            originService=f"http://localhost:{self._port}",
        )

    def _end_of_exchange(self) -> None:
        self._answer_open = False
        self._connector.metrics.concurrent -= 1
        if self._stall is not None:
            self._cancel_stall()

    def _drop_origin(self) -> None:
        if self._origin is not None:
            origin, self._origin = self._origin, None
            origin.close()
