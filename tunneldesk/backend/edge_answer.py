"""How an answer is framed for the visitor that asked: length, chunks, or until the connection closes."""

from __future__ import annotations

from dataclasses import dataclass

from tunneldesk.backend import link
from tunneldesk.backend.edge_pages import Fault, page
from tunneldesk.backend.http1 import Framing, RequestHead
from tunneldesk.backend.http1_body import LAST_CHUNK, Bytes, chunk


@dataclass(slots=True)
class WholeAnswer:
    """How a whole answer begins, on the link and for the visitor: one that begins alike can be passed on at once.

    Attributes:
        frames: What it begins with on the link, up to the body.
        size: Its size there, body and all.
        head: What goes to the visitor in place of the frames.
        keep_alive: See ``Answer``.
    """

    frames: bytes
    size: int
    head: bytes
    keep_alive: bool

    @classmethod
    def of(
        cls, request: RequestHead, frame: link.ResponseFrame, head: bytes, *, keep_alive: bool
    ) -> WholeAnswer | None:
        """Return how an answer begins, or None when it is not of a length told beforehand."""
        if frame.framing is not Framing.LENGTH or not frame.length or request.method == b"HEAD":
            return None
        frames = link.frame(link.RESPONSE, frame.encode()) + link.opening(link.BODY, frame.length, last=True)
        return cls(frames, len(frames) + frame.length, head, keep_alive)

    def passed(self, data: bytes) -> bytes | None:
        """Return what goes to the visitor for ``data`` from the link, or None when it is not one such answer."""
        if len(data) == self.size and data.startswith(self.frames):
            return self.head + data[len(self.frames) :]
        return None


class Answer:
    """Encodes one final response.

    Attributes:
        keep_alive: Whether the visitor may send another request on the connection afterwards.
    """

    __slots__ = ("_chunked", "_dropped", "_left", "_request", "keep_alive")

    def __init__(self, request: RequestHead | None) -> None:
        self._request = request
        self._left: int | None = None  # of a length told beforehand
        self._chunked = False
        self._dropped = False  # the visitor wanted the head only
        self.keep_alive = request is not None and request.keep_alive

    def head(self, status: int, framing: Framing, length: int, lines: bytes) -> bytes:
        """Return the head.

        Args:
            status: Final status.
            framing: NONE, LENGTH, or UNTIL_CLOSE when nobody knows the length.
            length: Body length when the framing is LENGTH.
            lines: Status line and headers, without those about framing and the connection.

        Raises:
            LinkError: There is no body where HTTP demands one.
        """
        self._dropped = self._request is not None and self._request.method == b"HEAD"
        old = self._request is None or self._request.version == "1.0"
        if framing is Framing.LENGTH:
            more = b"Content-Length: %d\r\n" % length
            self._left = None if self._dropped else length
        elif framing is Framing.NONE:
            if not self._dropped and status not in (204, 304):
                raise link.LinkError("a response without a body where there must be one")
            self._dropped = True
            more = b""
        elif old:
            more = b""
            self.keep_alive = False
        else:
            more = b"Transfer-Encoding: chunked\r\n"
            self._chunked = not self._dropped
        if not self.keep_alive:
            more += b"Connection: close\r\n"
        elif old:
            more += b"Connection: keep-alive\r\n"
        return b"%b%b\r\n" % (lines, more)

    def page(self, fault: Fault, origin_port: int | None) -> list[Bytes]:
        """Return an answer of the edge's own, head and body."""
        asked = self._request.values(b"host") if self._request is not None else []
        host = asked[0].decode("latin-1") if len(asked) == 1 else ""
        shown = page(fault, host=host, origin_port=origin_port)
        return [self.head(shown.status, Framing.LENGTH, len(shown.body), shown.lines), *self.body(shown.body)]

    def body(self, piece: Bytes) -> list[Bytes]:
        """Return a piece of the body as it goes out.

        Raises:
            LinkError: There is more of it than the head said.
        """
        if self._left is not None:
            self._left -= len(piece)
            if self._left < 0:
                raise link.LinkError("a response body longer than its length")
            return [piece]
        if self._chunked:
            return chunk([piece])
        return [] if self._dropped else [piece]

    def end(self) -> bytes:
        """Return what follows the last piece.

        Raises:
            LinkError: There is less of it than the head said.
        """
        if self._left:
            raise link.LinkError("a response body shorter than its length")
        return LAST_CHUNK if self._chunked else b""
