"""The token of a tunnel of TunnelDesk's own server."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Final

_WORD: Final = re.compile(r"[!-~]{1,512}")  # goes into a header: no blanks, no line ends


class TokenError(Exception):
    """The token is not one of TunnelDesk's server. Never holds any of it."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says.

    Attributes:
        tunnel_id: UUID of the tunnel.
        secret: What proves the right to serve it.
        host: Host of the edge.
        port: Port of the edge.
    """

    tunnel_id: str
    secret: str = field(repr=False)
    host: str
    port: int

    @property
    def edge(self) -> str:
        """Address of the edge, as a Host header has it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def decode_token(text: str) -> Token:
    """Read a token: base64 of ``{"a", "t", "s", "e"}``.

    Raises:
        TokenError: It is none; without "e" it is for the real cloudflared.
    """
    try:
        values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except (binascii.Error, ValueError):
        raise TokenError("not base64 of JSON") from None  # the cause would show the token
    if not isinstance(values, dict):
        raise TokenError("not an object")
    tunnel_id, secret, edge = values.get("t"), values.get("s"), values.get("e")
    if not (isinstance(tunnel_id, str) and isinstance(secret, str)):
        raise TokenError("no tunnel or no secret")
    if not (_WORD.fullmatch(tunnel_id) and _WORD.fullmatch(secret)):
        raise TokenError("no tunnel or no secret")
    if not isinstance(edge, str):
        raise TokenError("it names no edge of TunnelDesk's")
    host, _, port = edge.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", host) or not port.isdecimal() or not 0 < int(port) < 65536:
        raise TokenError("it names no edge of TunnelDesk's")
    return Token(tunnel_id, secret, host, int(port))
