"""One visitor's connection: reads its requests one at a time and answers each through its own tunnel."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

from tunneldesk.backend import link
from tunneldesk.backend.edge_answer import Answer, WholeAnswer
from tunneldesk.backend.edge_pages import Fault, fault_of_status
from tunneldesk.backend.edge_request import RequestPassage, body_frames, wanted_upgrade
from tunneldesk.backend.http1 import KEPT_LIMIT, MessageError, RequestHead, head_end, parse_request
from tunneldesk.backend.http1_body import BodyReader, Bytes, body_reader
from tunneldesk.backend.receiving import Receiver

if TYPE_CHECKING:
    from tunneldesk.backend.edge import Edge
    from tunneldesk.backend.edge_links import Carrier
    from tunneldesk.backend.edge_pool import Pool


class PublicConnection(Receiver):
    """A connection somebody dialled to the edge's port.

    Every connection begins here; one that turns out to be a connector's is handed over. Between the end of a
    request and the end of its answer, further bytes stay where they are: pipelined requests are answered in turn.

    Attributes:
        deadline: Loop time at which the visitor, the connector or the origin has taken too long; infinite when
            nobody is being waited for.
    """

    def __init__(self, edge: Edge) -> None:
        super().__init__(edge.buffer)
        self._edge = edge
        self._limits = edge.limits
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._ip = ""
        self._inbox = b""  # received, not yet used
        self._searched = 0  # how much of it was searched for the end of a head
        self._advancing = False
        self._request: RequestHead | None = None
        self._passage: RequestPassage | None = (
            None  # the last, unless it was large: the next often begins with the same
        )
        self._body: BodyReader | None = None  # what is still to come of the request
        self._pool: Pool | None = None  # set while waiting for a carrier
        self._unsent: RequestPassage | None = None  # and what for
        self._carrier: Carrier | None = None
        self._held = False  # the carrier takes no more of the request just now
        self._paused = False  # and so we take none from the visitor
        self._choked = False  # the visitor takes no more of the answer just now
        self._answer: Answer | None = None  # set once the final response's head went out
        self._outbox: list[Bytes] = []
        self._spliced = False
        self._half_closed = False  # the visitor has said its last byte
        self._origin_done = False  # spliced, and the origin has said its last byte
        self._lingering = False
        self.deadline = math.inf

    # The connection itself

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a first request."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker: a TCP server's
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._ip = peer[0] if peer else "unknown"
        self._edge.visitors.add(self)
        self._wait(self._limits.head)

    def data_received(self, data: bytes) -> None:
        """Read requests, or what follows an upgrade."""
        if self._lingering:
            return
        passage = self._passage
        if passage is not None and self._request is None and not self._inbox and data.startswith(passage.raw):
            self._inbox = data[len(passage.raw) :]
            self._begin(passage)
        else:
            self._inbox += data
        if self._inbox:
            self._advance()

    def eof_received(self) -> bool:
        """Let a visitor that has closed its side still get the answer to what it asked."""
        self._half_closed = True
        if self._spliced and self._carrier is not None:
            self._carrier.write(link.frame(link.BODY, b"", last=True))
            return not self._origin_done
        answering = self._request is not None and self._body is None
        if answering and self._answer is not None:
            self._wait(self._limits.half_closed)
        return answering

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it was lost changes nothing
        """Give up what is going on."""
        self._edge.visitors.discard(self)
        self.deadline = math.inf
        if self._pool is not None:
            self._pool.forget(self)
            self._pool = None
        if self._carrier is not None:
            self._carrier.break_off()
            self._carrier = None

    def abort(self) -> None:
        """Cut the connection."""
        self._transport.abort()

    def pause_writing(self) -> None:
        """Take no more of the answer until the visitor has read some."""
        self._choked = True
        if self._carrier is not None:
            self._carrier.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._choked = False
        if self._carrier is not None:
            self._carrier.resume_reading()

    def expire(self) -> None:
        """Act on the deadline having passed."""
        self.deadline = math.inf
        if self._lingering or (self._half_closed and self._answer is not None):
            self._transport.abort()
        elif self._request is None:
            if self._inbox:
                self._fail(Fault.REQUEST_TIMEOUT)
            else:
                self._transport.close()
        elif self._pool is not None:
            self._fail(Fault.NO_CONNECTOR)
        elif self._body is not None and not self._held:
            self._fail(Fault.REQUEST_TIMEOUT)
        else:
            self._fail(Fault.ORIGIN_TIMEOUT)

    def _wait(self, seconds: float) -> None:
        self.deadline = self._loop.time() + seconds

    # Requests

    def _advance(self) -> None:
        """Use what has been received as far as it can be used now."""
        if self._advancing:
            return  # called from within the loop below, which goes on by itself
        self._advancing = True
        try:
            while self._inbox and not self._lingering and not self._transport.is_closing():
                if self._spliced:
                    self._pass_on(link.frame(link.BODY, self._take_inbox()))
                elif self._request is None:
                    if not self._read_head():
                        break
                elif self._body is not None and self._carrier is not None:
                    self._pass_on(self._body_frames())
                else:
                    break
        except MessageError as error:
            self._fail(fault_of_status(error.status))
        finally:
            self._advancing = False
        self._gate()

    def _gate(self) -> None:
        """Read on only while there is a use for what comes."""
        if self._half_closed and self._request is None and not self._lingering:
            self._transport.close()
            return
        paused = self._held or (bool(self._inbox) and self._request is not None and not self._lingering)
        if paused is not self._paused:
            self._paused = paused
            if paused:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def _take_inbox(self) -> bytes:
        data, self._inbox = self._inbox, b""
        return data

    def _read_head(self) -> bool:
        """Begin the next request; return whether all of its head is there."""
        if not self._searched:
            self._inbox = self._inbox.lstrip(b"\r\n")  # RFC 9112, section 2.2
            if not self._inbox:
                return False
        end = head_end(self._inbox, self._searched)
        if end < 0:
            if not self._searched:
                self._wait(self._limits.head)
            self._searched = len(self._inbox)
            return False
        self._searched = 0
        raw, self._inbox = self._inbox[:end], self._inbox[end:]
        head = parse_request(raw)
        if head.target == link.PATH and head.upgrade == link.PROTOCOL:
            self.deadline = math.inf
            self._edge.visitors.discard(self)
            self._edge.link(head, self._transport, self._take_inbox())
            return False
        self._request = head  # should it be for nobody: what is said then depends on it
        passage = RequestPassage.of(raw, head, self._ip)
        self._passage = passage if end <= KEPT_LIMIT else None
        self._begin(passage)
        return True

    def _begin(self, passage: RequestPassage) -> None:
        head = self._request = passage.head
        self._body = body_reader(head.framing, head.length)
        route = self._edge.directory.route(passage.host)
        if route is None:
            self._fail(Fault.UNKNOWN_NAME)
            return
        pool = self._edge.pool(route)
        carrier = pool.take() if pool is not None else None
        if carrier is not None:
            self._send(passage, carrier)
        elif pool is None or not pool.serving:
            self._fail(Fault.NO_CONNECTOR)
        else:
            self._pool = pool
            self._unsent = passage
            self._wait(self._limits.carrier)
            pool.wait(self)

    def granted(self, carrier: Carrier) -> None:
        """Send the request that has been waiting through ``carrier``."""
        assert self._unsent is not None  # noqa: S101 - only asked for by _begin
        passage, self._unsent = self._unsent, None
        self._pool = None
        self._send(passage, carrier)
        self._advance()

    def _send(self, passage: RequestPassage, carrier: Carrier) -> None:
        self._carrier = carrier
        carrier.visitor = self
        if self._choked:
            carrier.pause_reading()
        frames = passage.begin()
        if self._body is not None and self._inbox:
            try:
                frames += self._body_frames()
            except MessageError as error:
                self._fail(fault_of_status(error.status))
                return
        self._wait(self._limits.response if self._body is None else self._limits.body)
        carrier.write(frames)

    def denied(self) -> None:
        """Say that no connector is attached any more."""
        self._pool = None
        self._fail(Fault.NO_CONNECTOR)

    def _body_frames(self) -> bytes:
        """Turn what the inbox holds of the request's body into what goes to the connector."""
        assert self._request is not None  # noqa: S101 - callers have looked
        assert self._body is not None  # noqa: S101 - callers have looked
        frames, self._inbox = body_frames(self._request.framing, self._body, self._inbox)
        if self._body.done:
            self._body = None
        return frames

    def _pass_on(self, frames: bytes) -> None:
        if self._carrier is None or not frames:
            return
        if self._answer is None and not self._spliced:
            self._wait(self._limits.response if self._body is None else self._limits.body)
        self._carrier.write(frames)

    def hold(self) -> None:
        """Send no more of the request for now."""
        self._held = True
        if self._answer is None and not self._spliced:
            self._wait(self._limits.response)
        self._gate()

    def go_on(self) -> None:
        """Send on."""
        self._held = False
        if self._answer is None and not self._spliced:
            self._wait(self._limits.response if self._body is None else self._limits.body)
        self._gate()

    # Answers

    def answer_again(self, data: bytes) -> bool:
        """Pass on a whole answer that begins as the last one did; return whether ``data`` is one."""
        whole = self._passage.whole if self._passage is not None else None
        if whole is None or self._answer is not None or self._body is not None or self._half_closed:
            return False
        passed = whole.passed(data)
        if passed is None:
            return False
        self._transport.write(passed)
        self._part(keep_alive=whole.keep_alive, whole=True)
        return True

    def answer_head(self, payload: bytes, *, last: bool) -> None:
        """Pass on the head of an answer, or of an interim one.

        Args:
            payload: That of its frame.
            last: Whether the answer ends with it.

        Raises:
            LinkError: It is no answer to this request.
        """
        request = self._request
        if request is None or self._answer is not None:
            raise link.LinkError("a second answer")
        frame = link.ResponseFrame.decode(payload)
        if frame.status == 101:
            if wanted_upgrade(request) is None or self._body is not None:
                raise link.LinkError("an upgrade nobody asked for")
            self._outbox.append(frame.lines + b"\r\n")
            self._passage = None
            self._spliced = True
            self.deadline = math.inf
            self.flush()
            self._advance()
            if self._half_closed and self._carrier is not None:
                self._carrier.write(link.frame(link.BODY, b"", last=True))
            return
        if frame.status < 200:
            if request.version != "1.0":
                self._outbox.append(frame.lines + b"\r\n")
            return
        answer = Answer(request)
        if self._body is not None or (self._half_closed and not self._inbox):
            answer.keep_alive = False
        head = answer.head(frame.status, frame.framing, frame.length, frame.lines)
        if self._passage is not None and len(payload) <= KEPT_LIMIT:
            self._passage.whole = WholeAnswer.of(request, frame, head, keep_alive=answer.keep_alive)
        self._outbox.append(head)
        self._answer = answer
        self.deadline = math.inf
        if last:
            self._end_answer()

    def answer_body(self, piece: Bytes, *, last: bool) -> None:
        """Pass on a piece of the answer.

        Raises:
            LinkError: It has no place there.
        """
        if self._spliced:
            self._outbox.append(piece)
            if last:
                self._end_splice()
            return
        if self._answer is None:
            raise link.LinkError("a body without a head")
        if self._half_closed:
            self._wait(self._limits.half_closed)
        self._outbox += self._answer.body(piece)
        if last:
            self._end_answer()

    def answer_failed(self, failure: bytes) -> None:
        """Say what the connector met instead of an answer."""
        self._fail(Fault.ORIGIN_REFUSED if failure == link.ORIGIN_REFUSED else Fault.ORIGIN_FAILED)

    def carrier_lost(self) -> None:
        """Say, if there is still a way to, that the connector went away."""
        self._carrier = None
        if self._spliced:
            self.flush()
            self._transport.close()
        elif self._request is not None:
            self._fail(Fault.CONNECTOR_LOST)

    def flush(self) -> None:
        """Send what has been collected, in one go."""
        if self._outbox:
            data = b"".join(self._outbox)
            self._outbox.clear()
            self._transport.write(data)

    def _end_splice(self) -> None:
        self.flush()
        self._origin_done = True
        if self._half_closed:
            self._transport.close()
        elif self._transport.can_write_eof():
            self._transport.write_eof()

    def _end_answer(self) -> None:
        assert self._answer is not None  # noqa: S101 - callers have looked
        end = self._answer.end()
        if end:
            self._outbox.append(end)
        self._part(keep_alive=self._answer.keep_alive, whole=self._body is None)

    def _part(self, *, keep_alive: bool, whole: bool) -> None:
        """Let the carrier go behind an answer; ``whole`` tells whether the request has been, too."""
        carrier, self._carrier = self._carrier, None
        if carrier is not None:
            if whole:
                if self._choked:
                    carrier.resume_reading()
                carrier.release()
            else:
                carrier.break_off()
        self._finish(keep_alive=keep_alive and whole, linger=not whole)

    def _fail(self, fault: Fault) -> None:
        """Answer with a page of our own, or break off when an answer has begun."""
        request = self._request
        self._unsent = None
        if self._pool is not None:
            self._pool.forget(self)
            self._pool = None
        carrier, self._carrier = self._carrier, None
        if carrier is not None:
            carrier.break_off()
        if self._answer is not None or self._spliced:
            self.flush()
            self._transport.abort()
            return
        answer = Answer(request)
        whole = request is not None and self._body is None and fault is not Fault.BAD_REQUEST
        answer.keep_alive = answer.keep_alive and whole
        self._outbox += answer.page(fault, carrier.origin_port if carrier is not None else None)
        self._finish(keep_alive=answer.keep_alive, linger=not whole)

    def _finish(self, *, keep_alive: bool, linger: bool) -> None:
        """Send the end of an answer and wait for the next request, or part."""
        self.flush()
        self._request = None
        self._answer = None
        self._body = None
        self._held = False
        if keep_alive:
            self._wait(self._limits.idle)
            if self._inbox:
                self._advance()
            else:
                self._gate()
        elif linger and not self._half_closed:
            # Closing on unread bytes would reset the connection, and the answer with it.
            self._lingering = True
            self._inbox = b""
            self._wait(self._limits.linger)
            if self._transport.can_write_eof():
                self._transport.write_eof()
            self._gate()
        else:
            self._transport.close()
