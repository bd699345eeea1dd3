"""cloudflared's log, line by line: what it means, and what must not be kept of it.

The text form is read, since ``--output json`` tears lines over 512 bytes. A line is
``<RFC 3339>Z <LEVEL> <message> key=value ...``, values quoted as Go does where needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tunneldesk.domain.secret import Secret

_LINE = re.compile(r"\d{4}-\d\d-\d\dT\S+ (DBG|INF|WRN|ERR|FTL|PNC) (.*)", re.DOTALL)
_FIELD = re.compile(r'(?:^|\s)([A-Za-z_][\w-]*)=("(?:[^"\\]|\\.)*"|\S*)')
_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)", re.DOTALL)
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_METRICS = re.compile(r"Starting metrics server on (127\.0\.0\.1:\d{1,5}|\[::1\]:\d{1,5})/metrics")
_TOKEN_LIKE = re.compile(r"eyJ[\w+/=.-]{20,}")
_REGISTERED = re.compile(
    r"Registered tunnel connection|Connection [0-9a-f-]{36} registered"
)  # the latter until 2022

_DROPPED = ("Unregistered tunnel connection", "Serve tunnel error", "Connection terminated", "Lost connection")
_SILENT_REFUSAL = "control stream encountered a failure while serving"


@dataclass(frozen=True, slots=True)
class MetricsAt:
    """The metrics server listens at ``address`` (host:port)."""

    address: str


@dataclass(frozen=True, slots=True)
class Registered:
    """Connection ``index`` stands, at this location of the edge."""

    index: str
    location: str | None
    protocol: str | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Connection ``index`` is gone."""

    index: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The edge will not have the tunnel; ``reason`` is None on QUIC, where it does not say why."""

    reason: str | None


LogEvent = MetricsAt | Registered | Dropped | Refused


def read_line(line: str) -> LogEvent | None:
    """Return what a line tells about the connection, or None where it tells nothing. Never raises."""
    found = _LINE.match(line)
    if not found:
        return None
    text = found.group(2)
    fields = {name: _unquoted(value) for name, value in _FIELD.findall(text)}
    first_field = _FIELD.search(text)
    message = (text[: first_field.start()] if first_field else text).strip()
    return _meaning(message, fields)


def is_record(line: str) -> bool:
    """Whether a line begins a record of the log, with time and level."""
    return _LINE.match(line) is not None


def _meaning(message: str, fields: dict[str, str]) -> LogEvent | None:
    error = fields.get("error", "")
    index = fields.get("connIndex", "")
    if metrics := _METRICS.match(message):
        return MetricsAt(metrics.group(1))
    if _REGISTERED.fullmatch(message):
        return Registered(index, fields.get("location"), fields.get("protocol"))
    if message == "Register tunnel error from server side" or "Unauthorized:" in error:
        return Refused(error or message)
    if _SILENT_REFUSAL in error:
        return Refused(None)
    if message.startswith(_DROPPED):
        return Dropped(index, error or message)
    return None


def redact(line: str, token: Secret) -> str:
    """Return ``line`` without ``token`` or anything that looks like one."""
    return _TOKEN_LIKE.sub("***", line.replace(token.reveal(), "***") if token else line)


def _unquoted(value: str) -> str:
    """Undo Go's quoting (strconv.Quote), where there is any."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return _ESCAPE.sub(_unescaped, value[1:-1])
    return value


def _unescaped(escape: re.Match[str]) -> str:
    letters = escape[1]
    if len(letters) == 1:
        return _ESCAPED.get(letters, letters)
    number = int(letters[1:], 16)
    # Surrogates and what is beyond Unicode can't be shown or sent anywhere.
    return chr(number) if number < 0xD800 or 0xE000 <= number <= 0x10FFFF else "\ufffd"
