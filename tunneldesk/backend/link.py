"""The wire between connector and edge.

The connector dials the edge's one port and upgrades an HTTP request, unmistakable among the public ones, to this
protocol. A *control* connection stands for one registered connection of the connector (connIndex 0 to 3) and
carries notes; a *carrier* waits idle until the edge takes it for one request and its answer at a time.

Frames are a kind with a LAST mark, a length, and the payload:

=========  ===========================================================================================
REQUEST    edge to connector: a request head, ready to be written to the origin
RESPONSE   connector to edge: a response head (see ``ResponseFrame``); several when interim ones come first
BODY       either way: body bytes; those of a request are as the origin shall see them, those of a response plain
FAILED     connector to edge: instead of, or behind, a response: which failure it was
NOTE       control connections only: JSON
=========  ===========================================================================================

A body whose length is known is one single frame, however long: its bytes then pass without being touched.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tunneldesk.backend.http1 import HEAD_LIMIT, Framing

if TYPE_CHECKING:
    from tunneldesk.backend.http1_body import Bytes

PATH: Final = b"/.tunneldesk/connector"
PROTOCOL: Final = b"tunneldesk-connector/1"
ROLE_CONTROL: Final = b"control"
ROLE_CARRIER: Final = b"carrier"

REQUEST: Final = 1
RESPONSE: Final = 2
BODY: Final = 3
FAILED: Final = 4
NOTE: Final = 5

ORIGIN_REFUSED: Final = b"origin-refused"
ORIGIN_FAILED: Final = b"origin-failed"

_LAST: Final = 0x80
_KIND: Final = 0x7F
_HEADER: Final = struct.Struct("!BQ")
_HEADER_SIZE: Final = _HEADER.size
_RESPONSE: Final = struct.Struct("!HBQ")
_FRAMINGS: Final = tuple(Framing)  # by value: a third of the time that the enumeration itself takes
_WHOLE: Final = frozenset((REQUEST, RESPONSE, FAILED, NOTE))
_WHOLE_LIMIT: Final = 2 * HEAD_LIMIT
"""Kinds of frames that are held until they are complete, as body frames never are, and the largest of them."""


class LinkError(Exception):
    """The other end does not keep to this protocol."""


Frame = tuple[int, "Bytes", bool]
"""What was received: the kind, a whole payload or a piece of a body, whether it is the last of its direction."""


class ResponseFrame(NamedTuple):
    """The payload of a RESPONSE frame.

    Attributes:
        status: Status of the response.
        framing: NONE, LENGTH, or UNTIL_CLOSE when the end is known by the LAST mark only.
        length: Body length when the framing is LENGTH.
        lines: Status line and headers, each with its CRLF; none about framing or the connection.
    """

    status: int
    framing: Framing
    length: int
    lines: bytes

    def encode(self) -> bytes:
        """Return the payload."""
        return _RESPONSE.pack(self.status, self.framing, self.length) + self.lines

    @classmethod
    def decode(cls, payload: Bytes) -> ResponseFrame:
        """Read the payload.

        Raises:
            LinkError: It is none.
        """
        try:
            status, framing, length = _RESPONSE.unpack_from(payload)
            frame = cls(status, _FRAMINGS[framing], length, bytes(payload[_RESPONSE.size :]))
        except (struct.error, IndexError) as error:
            raise LinkError("not a response head") from error
        # A second head hidden in the first would answer the visitor's next request, perhaps to another tunnel.
        if b"\r\n\r\n" in frame.lines or not frame.lines.endswith(b"\r\n"):
            raise LinkError("not one response head")
        return frame


def opening(kind: int, size: int, *, last: bool = False) -> bytes:
    """Return what stands before the ``size`` payload bytes of a frame."""
    return _HEADER.pack(kind | _LAST if last else kind, size)


def frame(kind: int, payload: Bytes, *, last: bool = False) -> bytes:
    """Return one whole frame."""
    return opening(kind, len(payload), last=last) + payload


def body(pieces: list[Bytes], *, last: bool = False) -> list[Bytes]:
    """Return the parts of one BODY frame, or nothing when it would say nothing."""
    if not pieces and not last:
        return []
    return [opening(BODY, sum(map(len, pieces)), last=last), *pieces]


def note(kind: str, **values: Any) -> bytes:
    """Return a NOTE frame."""
    return frame(NOTE, json.dumps({"note": kind, **values}).encode())


def read_note(payload: Bytes) -> dict[str, Any]:
    """Return the values of a NOTE frame.

    Raises:
        LinkError: It is none.
    """
    try:
        values = json.loads(bytes(payload))
    except ValueError as error:
        raise LinkError("not a note") from error
    if not isinstance(values, dict):
        raise LinkError("not a note")
    return values


class FrameReader:
    """Takes frames out of a stream of bytes.

    Attributes:
        between_frames: Whether the next byte begins a frame.
    """

    __slots__ = ("_held", "_last", "_left", "between_frames")

    def __init__(self) -> None:
        self.between_frames = True
        self._held = b""  # an unfinished header or an unfinished frame that is wanted whole
        self._left = 0  # bytes still to come of the body frame being passed on
        self._last = False

    def feed(self, data: bytes) -> list[Frame]:
        """Return what ``data`` completes, body bytes at once as they come.

        Raises:
            LinkError: The stream is not of this protocol.
        """
        left, end = self._left, len(data)
        if left >= end:
            self._left = left - end
            self.between_frames = left == end
            return [(BODY, data, self._last and left == end)]
        frames: list[Frame] = []
        at = left
        if left:
            frames.append((BODY, memoryview(data)[:left], self._last))
            self._left = 0
        elif self._held:
            data, self._held = self._held + data, b""
            end = len(data)
        while at + _HEADER_SIZE <= end:
            mark, size = _HEADER.unpack_from(data, at)
            kind, last = mark & _KIND, mark >= _LAST
            start = at + _HEADER_SIZE
            stop = start + size
            if kind == BODY:
                if stop > end:
                    self._left, self._last = stop - end, last
                    stop, last = end, False
                if stop > start or not size:
                    frames.append((BODY, memoryview(data)[start:stop], last))
            elif kind not in _WHOLE or size > _WHOLE_LIMIT:
                raise LinkError(f"no such frame: kind {kind}, {size} bytes")
            elif stop > end:
                break
            else:
                frames.append((kind, data[start:stop], last))
            at = stop
        if at < end:
            self._held = data[at:]
        self.between_frames = at == end and not self._left
        return frames


def hello(edge: str, tunnel_id: str, secret: str, connector_id: str, index: int, role: bytes) -> bytes:
    """Return the request a connector opens a connection with; the secret goes in a header, never in the URL."""
    return b"".join(
        (
            b"GET %b HTTP/1.1\r\n" % PATH,
            b"Host: %b\r\n" % edge.encode(),
            b"Connection: Upgrade\r\n",
            b"Upgrade: %b\r\n" % PROTOCOL,
            b"Authorization: Tunnel %b %b\r\n" % (tunnel_id.encode(), secret.encode()),
            b"Connector-Id: %b\r\n" % connector_id.encode(),
            b"Connector-Index: %d\r\n" % index,
            b"Connector-Role: %b\r\n\r\n" % role,
        )
    )


def welcome() -> bytes:
    """Return the edge's consent."""
    return b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: %b\r\n\r\n" % PROTOCOL


def refusal(reason: str) -> bytes:
    """Return the edge's refusal of a registration."""
    body = reason.encode()
    return (
        b"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )
