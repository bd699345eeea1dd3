"""How an answer is framed for the visitor that asked: length, chunks, or until the connection closes."""

from __future__ import annotations

from tunneldesk.backend.http1 import Framing, RequestHead
from tunneldesk.backend.http1_body import LAST_CHUNK, Bytes, chunk
from tunneldesk.backend.link import LinkError


class Answer:
    """Encodes one final response.

    Attributes:
        keep_alive: Whether the visitor may send another request on the connection afterwards.
    """

    __slots__ = ("_left", "_request", "_way", "keep_alive")

    def __init__(self, request: RequestHead | None) -> None:
        self._request = request
        self._way = Framing.NONE
        self._left = 0
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
        head_request = self._request is not None and self._request.method == b"HEAD"
        old = self._request is None or self._request.version == "1.0"
        if framing is Framing.NONE:
            if not head_request and status not in (204, 304):
                raise LinkError("a response without a body where there must be one")
            more = b""
        elif framing is Framing.LENGTH:
            more = b"Content-Length: %d\r\n" % length
            self._left = length
            self._way = Framing.NONE if head_request else framing
        elif old:
            more = b""
            self._way = Framing.UNTIL_CLOSE
            self.keep_alive = False
        else:
            more = b"Transfer-Encoding: chunked\r\n"
            self._way = Framing.CHUNKED
        if not self.keep_alive:
            more += b"Connection: close\r\n"
        elif old:
            more += b"Connection: keep-alive\r\n"
        return b"%b%b\r\n" % (lines, more)

    def body(self, piece: Bytes) -> list[Bytes]:
        """Return a piece of the body as it goes out.

        Raises:
            LinkError: There is more of it than the head said.
        """
        if self._way is Framing.LENGTH:
            self._left -= len(piece)
            if self._left < 0:
                raise LinkError("a response body longer than its length")
            return [piece]
        if self._way is Framing.CHUNKED:
            return chunk([piece])
        return [] if self._way is Framing.NONE else [piece]

    def end(self) -> bytes:
        """Return what follows the last piece.

        Raises:
            LinkError: There is less of it than the head said.
        """
        if self._way is Framing.LENGTH and self._left:
            raise LinkError("a response body shorter than its length")
        return LAST_CHUNK if self._way is Framing.CHUNKED else b""
