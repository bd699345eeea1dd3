"""HTTP/1.1 bodies: where one ends in a stream of bytes, and the chunked coding.

Readers are fed what was received and give back the payload and how many bytes of it were theirs, so that whatever
follows (the next request on the connection) is never swallowed.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

from tunneldesk.backend.http1 import Framing, MessageError

Bytes = bytes | memoryview

LAST_CHUNK: Final = b"0\r\n\r\n"

_LINE_LIMIT: Final = 4 * 1024
_TRAILER_LIMIT: Final = 16 * 1024
_SIZE_LINE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;[\t -~\x80-\xff]*)?")
_PLAIN_SIZE: Final = re.compile(rb"([1-9A-Fa-f][0-9A-Fa-f]{0,14})\r\n")  # what nearly every chunk begins with
_TRAILER_LINE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*")


class BodyReader(Protocol):
    """Finds the end of one body.

    Attributes:
        done: Whether the end has been seen.
    """

    done: bool

    def feed(self, data: bytes) -> tuple[list[Bytes], int]:
        """Take the bytes that came; return the pieces of payload and how many bytes belong to this body.

        Raises:
            MessageError: They are not a body of this kind.
        """

    def ends_with_stream(self) -> bool:
        """Tell whether the body is whole when the stream ends here."""


def body_reader(framing: Framing, length: int) -> BodyReader | None:
    """Return a reader for a body, or None when there is none to read."""
    if framing is Framing.NONE:
        return None
    if framing is Framing.LENGTH:
        return LengthBody(length) if length else None
    return ChunkedBody() if framing is Framing.CHUNKED else UntilCloseBody()


class LengthBody:
    """A body of a length told beforehand."""

    __slots__ = ("_left", "done")

    def __init__(self, length: int) -> None:
        self._left = length
        self.done = length == 0

    def feed(self, data: bytes) -> tuple[list[Bytes], int]:
        """See BodyReader."""
        size = len(data)
        payload: Bytes = data
        if size > self._left:
            size = self._left
            payload = memoryview(data)[:size]
        self._left -= size
        self.done = self._left == 0
        return [payload], size

    def ends_with_stream(self) -> bool:
        """See BodyReader."""
        return self.done


class UntilCloseBody:
    """A body that goes on until the connection closes."""

    __slots__ = ("done",)

    def __init__(self) -> None:
        self.done = False

    def feed(self, data: bytes) -> tuple[list[Bytes], int]:
        """See BodyReader."""
        return [data], len(data)

    def ends_with_stream(self) -> bool:
        """See BodyReader."""
        return True


class ChunkedBody:
    """A body in the chunked coding (RFC 9112, section 7.1); extensions and trailers are dropped.

    Line ends must be CRLF and sizes plain hexadecimal: a lenient reading here and a strict one behind us is how
    requests get smuggled.
    """

    __slots__ = ("_chunk_left", "_in_trailers", "_line", "_trailer_size", "done")

    def __init__(self) -> None:
        self.done = False
        self._chunk_left = 0  # payload bytes still to come, with the two of the CRLF behind them
        self._line = b""  # the beginning of a line whose end has not come
        self._in_trailers = False
        self._trailer_size = 0

    def feed(self, data: bytes) -> tuple[list[Bytes], int]:
        """See BodyReader."""
        view = memoryview(data)
        pieces: list[Bytes] = []
        at = 0
        end = len(data)
        while at < end and not self.done:
            if self._chunk_left > 2:
                size = min(self._chunk_left - 2, end - at)
                pieces.append(view[at : at + size])
                self._chunk_left -= size
                at += size
            elif self._chunk_left == 2 and data.startswith(b"\r\n", at):
                self._chunk_left = 0
                at += 2
            elif self._chunk_left:
                if data[at] != b"\r\n"[2 - self._chunk_left]:
                    raise MessageError(400, "a chunk is longer than it says")
                self._chunk_left -= 1
                at += 1
            else:
                plain = None if self._line or self._in_trailers else _PLAIN_SIZE.match(data, at)
                if plain is not None:
                    self._chunk_left = int(plain[1], 16) + 2
                    at = plain.end()
                else:
                    at = self._read_line(data, at)
        return pieces, at

    def ends_with_stream(self) -> bool:
        """See BodyReader."""
        return self.done

    def _read_line(self, data: bytes, at: int) -> int:
        found = data.find(b"\n", at)
        stop = len(data) if found < 0 else found + 1
        self._line += data[at:stop]
        if len(self._line) > _LINE_LIMIT:
            raise MessageError(400, "a chunk size line is too long")
        if found >= 0:
            line, self._line = self._line, b""
            if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
                raise MessageError(400, "a line of a chunked body does not end in CRLF")
            self._take_line(line[:-2])
        return stop

    def _take_line(self, line: bytes) -> None:
        if self._in_trailers:
            self._trailer_size += len(line)
            if self._trailer_size > _TRAILER_LIMIT:
                raise MessageError(400, "the trailers are too long")
            if line and not _TRAILER_LINE.fullmatch(line):
                raise MessageError(400, "a trailer is not a header")
            self.done = not line
            return
        match = _SIZE_LINE.fullmatch(line)
        if match is None:
            raise MessageError(400, "a chunk size is not a hexadecimal number")
        size = int(match[1], 16)
        if size:
            self._chunk_left = size + 2
        else:
            self._in_trailers = True


def chunk(pieces: list[Bytes]) -> list[Bytes]:
    """Return ``pieces`` as one chunk; none when there is nothing in them, for an empty chunk would end the body."""
    size = sum(map(len, pieces))
    return [b"%x\r\n" % size, *pieces, b"\r\n"] if size else []
