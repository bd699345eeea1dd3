"""HTTP/1.1 message heads, as the edge and the stand-in connector read and rewrite them.

A head is cut off the byte stream first and parsed whole by httptools; how long the body is gets decided here, so
that exactly one reading of a message exists. What could be read two ways (RFC 9112, sections 6.3 and 11.2) is
refused.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass
from typing import Final

import httptools

HEAD_LIMIT: Final = 64 * 1024
"""Largest head taken, in bytes."""

KEPT_LIMIT: Final = 4 * 1024
"""Largest head that is kept, with what was found in it, for when its connection repeats it, in bytes."""

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH_DIGITS: Final = 18

_HOP_BY_HOP: Final = (
    b"connection",
    b"keep-alive",
    b"proxy-connection",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
)
_VOUCHED_FOR: Final = (
    b"x-forwarded-for",
    b"x-forwarded-proto",
    b"x-forwarded-host",
    b"cf-connecting-ip",
    b"cf-ray",
    b"cf-visitor",
)
_KEPT_OUT_OF_REQUESTS: Final = frozenset((*_HOP_BY_HOP, *_VOUCHED_FOR, b"host", b"content-length"))
_KEPT_OUT_OF_RESPONSES: Final = frozenset((*_HOP_BY_HOP, b"content-length"))

Fields = dict[bytes, list[bytes]]
"""Values by lower-case name."""


class MessageError(Exception):
    """A message that must not be passed on.

    Attributes:
        status: What to answer when the message was a request.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Framing(enum.IntEnum):
    """How the end of a body is known."""

    NONE = 0
    LENGTH = 1
    CHUNKED = 2
    UNTIL_CLOSE = 3


@dataclass(slots=True)
class RequestHead:
    """A request line with its headers.

    Attributes:
        method: Upper-case method.
        target: Request target as sent.
        version: "1.0" or "1.1".
        fields: The headers that concern this connection, or that the edge writes itself: Host, Content-Length,
            hop-by-hop ones, X-Forwarded and the like.
        lines: All other headers, ready to be passed on, each with its CRLF.
        framing: NONE, LENGTH or CHUNKED.
        length: Body length when the framing is LENGTH, else 0.
        keep_alive: Whether the sender wants to use the connection again.
        upgrade: The protocol asked for with ``Connection: upgrade``, or None.
    """

    method: bytes
    target: bytes
    version: str
    fields: Fields
    lines: list[bytes]
    framing: Framing
    length: int
    keep_alive: bool
    upgrade: bytes | None

    def values(self, name: bytes) -> list[bytes]:
        """Return the values of a header (lower case) that is kept in ``fields``."""
        return self.fields.get(name, [])

    def passed(self, name: bytes) -> bytes:
        """Return the value of a header (lower case) that is kept in ``lines``, empty when it is not there."""
        return b", ".join(line.partition(b": ")[2][:-2] for line in self.lines if _name(line) == name)


@dataclass(slots=True)
class ResponseHead:
    """A status line with its headers.

    Attributes:
        status: Three-digit status.
        reason: Reason phrase, possibly empty.
        fields: The headers that concern this connection, and Content-Length.
        lines: All other headers, ready to be passed on, each with its CRLF.
        framing: How the body ends.
        length: Body length when the framing is LENGTH, else 0.
        keep_alive: Whether the sender will take another request on the connection.
        upgrade: The protocol switched to when the status is 101.
    """

    status: int
    reason: bytes
    fields: Fields
    lines: list[bytes]
    framing: Framing
    length: int
    keep_alive: bool
    upgrade: bytes | None


def head_end(data: bytes, start: int = 0) -> int:
    """Return the index just behind the blank line that ends a head, or -1 when it has not come yet.

    Args:
        data: What has been received, beginning with the head.
        start: Bytes already searched in an earlier call.

    Raises:
        MessageError: The head is larger than HEAD_LIMIT (status 431).
    """
    found = data.find(_HEAD_END, max(0, start - 3))
    if found > HEAD_LIMIT or (found < 0 and len(data) > HEAD_LIMIT):
        raise MessageError(431, "the request head is larger than 64 KiB")
    return found + 4 if found >= 0 else -1


def parse_request(head: bytes) -> RequestHead:
    """Parse one whole request head.

    Raises:
        MessageError: It is malformed, ambiguous, or of a version or coding not spoken here.
    """
    seen = _Seen(_KEPT_OUT_OF_REQUESTS)
    parser = httptools.HttpRequestParser(seen)
    _feed(parser, head, seen)
    version = parser.get_http_version()
    if version not in ("1.0", "1.1"):
        raise MessageError(505, f"HTTP/{version} is not spoken here")
    framing, length = _request_framing(seen.fields, version)
    options = seen.take_options()
    upgrade = seen.fields.get(b"upgrade") if b"upgrade" in options and version == "1.1" else None
    return RequestHead(
        method=parser.get_method(),
        target=seen.target,
        version=version,
        fields=seen.fields,
        lines=seen.lines,
        framing=framing,
        length=length,
        keep_alive=_keeps_alive(options, version),
        upgrade=b", ".join(upgrade) if upgrade else None,
    )


def parse_response(head: bytes, *, to_head_request: bool = False) -> ResponseHead:
    """Parse one whole response head.

    Args:
        head: Everything up to and with the blank line.
        to_head_request: It answers a HEAD request, so it has no body whatever it says.

    Raises:
        MessageError: It is malformed or ambiguous.
    """
    seen = _Seen(_KEPT_OUT_OF_RESPONSES)
    parser = httptools.HttpResponseParser(seen)
    _feed(parser, head, seen)
    status = parser.get_status_code()
    version = parser.get_http_version()
    if not 100 <= status <= 999 or version not in ("1.0", "1.1"):
        raise MessageError(502, f"the answer is HTTP/{version} with status {status}")
    if to_head_request or status < 200 or status in (204, 304):
        framing, length = Framing.NONE, 0
    else:
        framing, length = _response_framing(seen.fields)
    options = seen.take_options()
    upgrade = seen.fields.get(b"upgrade") if status == 101 else None
    return ResponseHead(
        status=status,
        reason=seen.reason,
        fields=seen.fields,
        lines=seen.lines,
        framing=framing,
        length=length,
        keep_alive=framing is not Framing.UNTIL_CLOSE and _keeps_alive(options, version),
        upgrade=b", ".join(upgrade) if upgrade else None,
    )


class _Seen:
    """Receives what httptools finds in a head."""

    __slots__ = ("_kept_out", "complete", "fields", "lines", "reason", "target")

    def __init__(self, kept_out: frozenset[bytes]) -> None:
        self._kept_out = kept_out
        self.target = b""
        self.reason = b""
        self.fields: Fields = {}
        self.lines: list[bytes] = []
        self.complete = False

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_status(self, reason: bytes) -> None:
        self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if lower in self._kept_out:
            self.fields.setdefault(lower, []).append(value)
        else:
            self.lines.append(b"%b: %b\r\n" % (name, value))

    def on_headers_complete(self) -> None:
        self.complete = True

    def take_options(self) -> frozenset[bytes]:
        """Return the connection options, and drop the headers they name (RFC 9110, section 7.6.1)."""
        values = self.fields.get(b"connection")
        if values is None:
            return _NO_OPTIONS
        options = _options(values[0] if len(values) == 1 else b",".join(values))
        if not options <= _PLAIN_OPTIONS:
            self.lines = [line for line in self.lines if _name(line) not in options]
        return options


_NO_OPTIONS: Final[frozenset[bytes]] = frozenset()
_PLAIN_OPTIONS: Final = frozenset((b"", b"close", b"keep-alive", b"upgrade"))


@functools.lru_cache(maxsize=64)
def _options(value: bytes) -> frozenset[bytes]:
    """Return what a Connection header lists: nearly always one of the same few words."""
    return frozenset(option.strip().lower() for option in value.split(b","))


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].lower()


def _feed(parser: httptools.HttpRequestParser | httptools.HttpResponseParser, head: bytes, seen: _Seen) -> None:
    try:
        parser.feed_data(head)
    except httptools.HttpParserUpgrade:
        pass  # an upgrade, or CONNECT: the head itself is in order
    except httptools.HttpParserError as error:
        if b"transfer-encoding" in head.lower() and "Transfer-Encoding" in str(error) and seen.complete:
            raise MessageError(501, "the transfer coding is not known here") from error
        raise MessageError(400, f"the message is malformed: {error}") from error
    if not seen.complete:
        raise MessageError(400, "the message head is incomplete")


def _keeps_alive(options: frozenset[bytes], version: str) -> bool:
    return b"close" not in options and (version == "1.1" or b"keep-alive" in options)


def _request_framing(fields: Fields, version: str) -> tuple[Framing, int]:
    codings = fields.get(b"transfer-encoding")
    lengths = fields.get(b"content-length")
    if codings:
        if lengths:
            raise MessageError(400, "both Content-Length and Transfer-Encoding are given")
        if version == "1.0":
            raise MessageError(400, "HTTP/1.0 knows no Transfer-Encoding")
        if [coding.lower() for coding in codings] != [b"chunked"]:
            raise MessageError(501, "the transfer coding is not known here")
        return Framing.CHUNKED, 0
    if lengths:
        length = _length(lengths)
        return (Framing.LENGTH, length) if length else (Framing.NONE, 0)
    return Framing.NONE, 0


def _response_framing(fields: Fields) -> tuple[Framing, int]:
    codings = fields.get(b"transfer-encoding")
    lengths = fields.get(b"content-length")
    if codings:
        if lengths or [coding.lower() for coding in codings] != [b"chunked"]:
            raise MessageError(502, "the answer's end can't be told")
        return Framing.CHUNKED, 0
    if lengths:
        return Framing.LENGTH, _length(lengths)
    return Framing.UNTIL_CLOSE, 0


def _length(values: list[bytes]) -> int:
    value = values[0]
    if any(other != value for other in values) or not value.isdigit() or len(value) > _LENGTH_DIGITS:
        raise MessageError(400, "Content-Length is not one number")
    return int(value)
