"""What is accepted as a port, a name, a server address and a host name.

Each function takes what a person or a server wrote and returns the value in its one proper form, or raises an
`InvalidValueError` whose message names the value and the way out.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from tunneldesk.domain.errors import ErrorCode, InvalidValueError

SLUG_RULE = "lower-case letters, digits and hyphens, 1 to 32 of them, no hyphen at either end"
SLUG_MAX = 32

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")  # the contract's pattern
_LABEL = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?")
_SHOWN_MAX = 40


def shown(value: str) -> str:
    """Return ``value`` as a message may quote it: printable, on one line, not endless."""
    printable = "".join(char if char.isprintable() else "?" for char in value)
    return printable if len(printable) <= _SHOWN_MAX else f"{printable[:_SHOWN_MAX]}..."


def parse_port(text: str) -> int:
    """Return the port that ``text`` names.

    Raises:
        InvalidValueError: INVALID_PORT, unless it is a whole number from 1 to 65535 (create-tunnel).
    """
    stripped = text.strip()
    if stripped.isascii() and stripped.isdigit() and len(stripped) <= 6 and 1 <= int(stripped) <= 65535:
        return int(stripped)
    raise InvalidValueError(
        ErrorCode.INVALID_PORT,
        text,
        f'"{shown(text)}" is not a port. A port is a whole number from 1 to 65535.',
    )


def parse_slug(text: str) -> str | None:
    """Return the name that ``text`` asks for; None when it is empty, which means a random one.

    Raises:
        InvalidValueError: INVALID_SLUG, when it breaks the rule.
    """
    stripped = text.strip()
    if not stripped:
        return None
    if _SLUG.fullmatch(stripped):
        return stripped
    raise InvalidValueError(
        ErrorCode.INVALID_SLUG, text, f'"{shown(text)}" can\'t be used as a name. A name is {SLUG_RULE}.'
    )


def suggest_slug(text: str) -> str | None:
    """Return the nearest name that fits the rule, or None when nothing of ``text`` is left."""
    squeezed = re.sub(r"[^a-z0-9]+", "-", text.strip().lower()).strip("-")[:SLUG_MAX].rstrip("-")
    return squeezed or None


def parse_server(text: str) -> str:
    """Return the API base address that ``text`` names, without a trailing slash.

    A bare host name gets ``https://``. Plain ``http://`` is accepted on loopback only: a token is not sent in the
    clear.

    Raises:
        InvalidValueError: INVALID_SERVER_ADDRESS.
    """
    stripped = text.strip()

    def refuse(why: str) -> InvalidValueError:
        return InvalidValueError(
            ErrorCode.INVALID_SERVER_ADDRESS, text, f'"{shown(text)}" can\'t be a server address: {why}'
        )

    example = "Write it like https://api.example.com."
    if not stripped or any(char.isspace() or not char.isprintable() for char in stripped):
        raise refuse(f"it is not a web address. {example}")
    try:
        parts = urlsplit(stripped if "://" in stripped else f"https://{stripped}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise refuse(f"it is not a web address. {example}") from None
    if parts.scheme not in {"https", "http"}:
        raise refuse(f"it starts with {parts.scheme}://. {example}")
    if not host or port == 0 or not _is_host(host):
        raise refuse(f"it has no host name in it. {example}")
    if parts.username is not None or parts.password is not None:
        raise refuse("a user name or password does not belong in it. Sign in instead.")
    if parts.query or parts.fragment:
        raise refuse("it goes on after a ? or #. Leave that part out.")
    if parts.scheme == "http" and not is_loopback(host):
        raise refuse("plain http:// is for this computer only. Use https://.")
    authority = f"[{host}]" if ":" in host else host
    if port is not None:
        authority += f":{port}"
    return f"{parts.scheme}://{authority}{parts.path.rstrip('/')}"


def parse_email(text: str) -> str:
    """Return the e-mail address that ``text`` names. Whether it is anybody's, the server knows.

    Raises:
        InvalidValueError: INVALID_INPUT.
    """
    stripped = text.strip()
    name, at, domain = stripped.rpartition("@")
    if name and at and "." in domain.strip(".") and stripped.isprintable() and " " not in stripped:
        return stripped
    raise InvalidValueError(
        ErrorCode.INVALID_INPUT, text, f'"{shown(text)}" is not an e-mail address. One looks like you@example.com.'
    )


def parse_hostname(text: str) -> str:
    """Return a tunnel's host name as a server gave it, lower case, with its port where it has one.

    The host name ends up in links, in the clipboard and on screens, so nothing but a host name passes.

    Raises:
        InvalidValueError: NOT_A_TUNNEL_SERVER, since only a server sends one.
    """
    host, colon, port = text.partition(":")
    port_fits = not colon or (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535)
    if text.isascii() and port_fits and "." in host and _is_name(host):
        return text.lower()
    raise InvalidValueError(
        ErrorCode.NOT_A_TUNNEL_SERVER, text, f'The server named "{shown(text)}", which is not a host name.'
    )


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address, without brackets or port) is this machine by definition."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


def server_is_loopback(server: str) -> bool:
    """Whether the API base address ``server`` is on this machine."""
    return is_loopback(urlsplit(server).hostname or "")


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _is_name(host)
    return True


def _is_name(host: str) -> bool:
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.split("."))
