"""A visitor's request: which host it is for, and what of it the origin gets to see."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tunneldesk.backend import link
from tunneldesk.backend.http1 import Framing, MessageError, RequestHead
from tunneldesk.backend.http1_body import LAST_CHUNK, chunk

if TYPE_CHECKING:
    from tunneldesk.backend.edge_answer import WholeAnswer
    from tunneldesk.backend.http1_body import BodyReader

_AUTHORITY: Final = re.compile(rb"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{0,5})?")
_RAY_SIZE: Final = len(b"%016x\r\n\r\n" % 0)


@dataclass(slots=True)
class RequestPassage:
    """A request as it goes on to the connector.

    All of it follows from the bytes of its head and from where the visitor connects from, so one serves every
    request of a connection that begins with the same bytes.

    Attributes:
        raw: The head as the visitor sent it.
        head: The same, read.
        host: The host it is for.
        frames: What goes to the connector before the number that each request gets for itself.
        behind: What goes behind it: the opening of the body when its length is known.
        whole: How the last answer began, if it can be told from its beginning whether one is whole.
    """

    raw: bytes
    head: RequestHead
    host: str
    frames: bytes
    behind: bytes
    whole: WholeAnswer | None = None

    @classmethod
    def of(cls, raw: bytes, head: RequestHead, visitor_ip: str) -> RequestPassage:
        """Make the passage of a request.

        Raises:
            MessageError: It is for no host, or for none in particular.
        """
        host = public_host(head)
        lines = origin_lines(head, origin_form(head), visitor_ip)
        last = head.framing is Framing.NONE
        return cls(
            raw,
            head,
            host,
            link.opening(link.REQUEST, len(lines) + _RAY_SIZE, last=last) + lines,
            link.opening(link.BODY, head.length, last=True) if head.framing is Framing.LENGTH else b"",
        )

    def begin(self) -> bytes:
        """Return the frames that one request begins with."""
        return b"%b%016x\r\n\r\n%b" % (self.frames, random.getrandbits(64), self.behind)


def public_host(head: RequestHead) -> str:
    """Return the host a request is for: lower case, without port and trailing dot.

    Raises:
        MessageError: It names none, or more than one.
    """
    hosts = head.values(b"host")
    if len(hosts) != 1:
        raise MessageError(400, "a request needs exactly one Host header")
    match = _AUTHORITY.fullmatch(hosts[0])
    if match is None:
        raise MessageError(400, "the Host header is not a host name")
    return match[1].decode().lower().rstrip(".")


def origin_form(head: RequestHead) -> bytes:
    """Return the request's target as an origin server expects it.

    A target naming a host itself (``GET http://name/``) is reduced to its path when the Host header says the same.

    Raises:
        MessageError: The target fits no request to an origin, or contradicts the Host header.
    """
    target = head.target
    if target.startswith(b"/") or (target == b"*" and head.method == b"OPTIONS"):
        return target
    scheme, separator, rest = target.partition(b"://")
    if head.method == b"CONNECT" or not separator or scheme.lower() != b"http":
        raise MessageError(400, "the request target is not a path")
    authority = re.split(rb"[/?]", rest, maxsplit=1)[0]
    if authority.lower() != head.values(b"host")[0].lower():
        raise MessageError(400, "the request target and the Host header name different hosts")
    path = rest[len(authority) :]
    return path if path.startswith(b"/") else b"/" + path


def origin_lines(head: RequestHead, target: bytes, visitor_ip: str) -> bytes:
    """Return the head to write to the origin, up to the number that each request gets for itself.

    Args:
        head: The visitor's.
        target: From ``origin_form``.
        visitor_ip: Where the visitor connects from.
    """
    host = head.values(b"host")[0]
    ip = visitor_ip.encode()
    forwarded = head.values(b"x-forwarded-for")
    parts = [b"%b %b HTTP/1.1\r\nHost: %b\r\n" % (head.method, target, host), *head.lines]
    if head.framing is Framing.CHUNKED:
        parts.append(b"Transfer-Encoding: chunked\r\n")
    elif head.values(b"content-length"):
        parts.append(b"Content-Length: %d\r\n" % head.length)
    upgrade = wanted_upgrade(head)
    if upgrade:
        parts.append(b"Connection: Upgrade\r\nUpgrade: %b\r\n" % upgrade)
    parts.append(
        b"X-Forwarded-For: %b\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: %b\r\n"
        b'Cf-Connecting-Ip: %b\r\nCf-Visitor: {"scheme":"http"}\r\nCf-Ray: '
        % (b", ".join([*forwarded, ip]) if forwarded else ip, host, ip)
    )
    return b"".join(parts)


def body_frames(framing: Framing, body: BodyReader, data: bytes) -> tuple[bytes, bytes]:
    """Return what goes to the connector for the next bytes of a body, and the bytes that are not part of it.

    Raises:
        MessageError: They are not a body of this kind.
    """
    pieces, used = body.feed(data)
    rest = data[used:] if used < len(data) else b""
    if framing is Framing.LENGTH:
        return b"".join(pieces), rest
    coded = chunk(pieces)
    if body.done:
        coded.append(LAST_CHUNK)
    return b"".join(link.body(coded, last=body.done)), rest


def wanted_upgrade(head: RequestHead) -> bytes | None:
    """Return the protocol to switch to, unless it is HTTP/2, whose requests could not be routed one by one."""
    if head.upgrade is None or head.upgrade.lower().startswith(b"h2"):
        return None
    return head.upgrade
