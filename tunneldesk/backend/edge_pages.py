"""The pages the edge answers with when it has nothing to pass on: what is broken, and what to do about it."""

from __future__ import annotations

import enum
import html
from dataclasses import dataclass
from string import Template
from typing import Final


class Fault(enum.StrEnum):
    """What went wrong; its value is the ``X-TunnelDesk-Error`` header of the page."""

    UNKNOWN_NAME = "unknown-name"
    NO_CONNECTOR = "no-connector"
    CONNECTOR_LOST = "connector-lost"
    ORIGIN_REFUSED = "origin-refused"
    ORIGIN_FAILED = "origin-failed"
    ORIGIN_TIMEOUT = "origin-timeout"
    BAD_REQUEST = "bad-request"
    REQUEST_TIMEOUT = "request-timeout"
    HEAD_TOO_LARGE = "head-too-large"
    NOT_IMPLEMENTED = "not-implemented"
    VERSION = "version-not-supported"


@dataclass(frozen=True, slots=True)
class _Text:
    status: int
    reason: str
    title: str
    broken: str
    remedy: str


_TEXTS: Final = {
    Fault.UNKNOWN_NAME: _Text(
        404,
        "Not Found",
        "No tunnel has this name",
        "Nothing is exposed at $host right now. The tunnel was stopped, its lease ran out, or its name is wrong.",
        "Check the address, or ask whoever gave it to you to expose their port again.",
    ),
    Fault.NO_CONNECTOR: _Text(
        530,
        "No Connector",
        "The tunnel is not connected",
        "The tunnel $host exists, but no connector is attached to it.",
        "If it is yours, look at TunnelDesk: it may be reconnecting, or the computer may be asleep or offline. "
        "Otherwise try again in a moment.",
    ),
    Fault.CONNECTOR_LOST: _Text(
        502,
        "Bad Gateway",
        "The tunnel broke off",
        "The connector of $host went away before it had answered this request.",
        "Try again: the tunnel usually comes back by itself within seconds.",
    ),
    Fault.ORIGIN_REFUSED: _Text(
        502,
        "Bad Gateway",
        "Nothing is listening on the port",
        "The tunnel $host works, but no program answers on the local port behind it$port.",
        "If it is yours, start the local program, or expose the port it really listens on.",
    ),
    Fault.ORIGIN_FAILED: _Text(
        502,
        "Bad Gateway",
        "The local program gave no proper answer",
        "The program behind $host closed the connection, or sent something that is not HTTP$port.",
        "If it is yours, look at that program's own log. A port that speaks HTTPS only does not work here.",
    ),
    Fault.ORIGIN_TIMEOUT: _Text(
        504,
        "Gateway Timeout",
        "The local program does not answer",
        "The program behind $host took the request, but did not begin to answer in time$port.",
        "If it is yours, see whether that program hangs or is busy. Otherwise try again later.",
    ),
    Fault.BAD_REQUEST: _Text(
        400,
        "Bad Request",
        "The request can't be understood",
        "What was sent is not a proper HTTP request, or could be understood in two ways.",
        "Use another browser or program, or remove a proxy in between.",
    ),
    Fault.REQUEST_TIMEOUT: _Text(
        408,
        "Request Timeout",
        "The request did not arrive",
        "The request was begun, but its end did not come in time.",
        "Check your connection and try again.",
    ),
    Fault.HEAD_TOO_LARGE: _Text(
        431,
        "Request Header Fields Too Large",
        "The request's headers are too large",
        "The headers of the request are larger than 64 KiB.",
        "Clearing this site's cookies usually helps.",
    ),
    Fault.NOT_IMPLEMENTED: _Text(
        501,
        "Not Implemented",
        "The request uses something not known here",
        "The request's transfer coding is not known here.",
        "Send the body plain or in the chunked coding.",
    ),
    Fault.VERSION: _Text(
        505,
        "HTTP Version Not Supported",
        "This version of HTTP is not spoken here",
        "The edge speaks HTTP/1.0 and HTTP/1.1.",
        "Use HTTP/1.1.",
    ),
}

_BY_STATUS: Final = {
    408: Fault.REQUEST_TIMEOUT,
    431: Fault.HEAD_TOO_LARGE,
    501: Fault.NOT_IMPLEMENTED,
    505: Fault.VERSION,
}

_PAGE: Final = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>$title</title>
<style>
:root { --ground: #f6f7f9; --sheet: #fff; --ink: #1b1f24; --quiet: #57606a; --line: #d8dee4; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15181c; --sheet: #1e2227; --ink: #e8eaed; --quiet: #a3abb5; --line: #363c44; }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
  color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
main { box-sizing: border-box; width: min(36rem, 100% - 2rem); margin: 1rem; padding: 2rem;
  background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
small { color: var(--quiet); }
</style>
</head>
<body>
<main>
<h1>$title</h1>
<p>$broken</p>
<p>$remedy</p>
<small>TunnelDesk edge &middot; $status $reason</small>
</main>
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the edge itself.

    Attributes:
        status: HTTP status.
        lines: Status line and headers, without those about framing and the connection.
        body: The page.
    """

    status: int
    lines: bytes
    body: bytes


def fault_of_status(status: int) -> Fault:
    """Return which fault a refused request of this status is."""
    return _BY_STATUS.get(status, Fault.BAD_REQUEST)


def page(fault: Fault, *, host: str = "", origin_port: int | None = None) -> Page:
    """Return the page for ``fault``.

    Args:
        fault: What went wrong.
        host: Host name that was asked for, as the visitor wrote it.
        origin_port: Local port behind the tunnel, when it is known.
    """
    text = _TEXTS[fault]
    shown_host = f"<strong>{html.escape(host)}</strong>" if host else "this address"
    shown_port = f" (port {origin_port})" if origin_port is not None else ""
    body = _PAGE.substitute(
        title=html.escape(text.title),
        broken=Template(text.broken).substitute(host=shown_host, port=shown_port),
        remedy=text.remedy,
        status=text.status,
        reason=text.reason,
    ).encode()
    lines = (
        f"HTTP/1.1 {text.status} {text.reason}\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Cache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
        f"X-TunnelDesk-Error: {fault.value}\r\n"
    ).encode()
    return Page(text.status, lines, body)
