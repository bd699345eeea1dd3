"""What is accepted as a port, a name, a server address and a host name.

Each function takes what a person or a server wrote and returns the value in its one proper form, or raises an
`InvalidValueError` that says what is wrong with it.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from tunneldesk.domain.errors import ErrorCode, InvalidValueError
from tunneldesk.domain.reasons import Because, Reason

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
    raise InvalidValueError(ErrorCode.INVALID_PORT, text, Because(Reason.NOT_A_PORT, {"value": shown(text)}))


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
    raise InvalidValueError(ErrorCode.INVALID_SLUG, text, Because(Reason.NOT_A_NAME, {"value": shown(text)}))


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

    def refuse(because: Because) -> InvalidValueError:
        return InvalidValueError(ErrorCode.INVALID_SERVER_ADDRESS, text, because)

    value = shown(_without_credentials(text))
    if not stripped or any(char.isspace() or not char.isprintable() for char in stripped):
        raise refuse(Because(Reason.SERVER_NOT_AN_ADDRESS, {"value": value}))
    try:
        parts = urlsplit(stripped if "://" in stripped else f"https://{stripped}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise refuse(Because(Reason.SERVER_NOT_AN_ADDRESS, {"value": value})) from None
    if parts.scheme not in {"https", "http"}:
        raise refuse(Because(Reason.SERVER_SCHEME, {"value": value, "scheme": shown(parts.scheme)}))
    if not host or port == 0 or not _is_host(host):
        raise refuse(Because(Reason.SERVER_WITHOUT_HOST, {"value": value}))
    if parts.username is not None or parts.password is not None:
        raise refuse(Because(Reason.SERVER_WITH_CREDENTIALS, {"value": value}))
    if parts.query or parts.fragment:
        raise refuse(Because(Reason.SERVER_WITH_QUERY, {"value": value}))
    if parts.scheme == "http" and not is_loopback(host):
        raise refuse(Because(Reason.SERVER_IN_THE_CLEAR, {"value": value}))
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
    raise InvalidValueError(ErrorCode.INVALID_INPUT, text, Because(Reason.NOT_AN_EMAIL, {"value": shown(text)}))


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
    because = Because(Reason.NOT_A_HOST_NAME, {"value": shown(text)})
    raise InvalidValueError(ErrorCode.NOT_A_TUNNEL_SERVER, text, because)


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address, without brackets or port) is this machine by definition."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


def server_is_loopback(server: str) -> bool:
    """Whether the API base address ``server`` is on this machine."""
    return is_loopback(urlsplit(server).hostname or "")


def _without_credentials(address: str) -> str:
    """Return what was typed with a user name and a password, which may well be true ones, as ``...``."""
    start, _, rest = address.rpartition("@")
    scheme, mark, _ = start.partition("://")
    return f"{scheme}{mark}...@{rest}" if mark else f"...@{rest}" if start else address


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _is_name(host)
    return True


def _is_name(host: str) -> bool:
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.split("."))
