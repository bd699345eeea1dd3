"""What answers to this computer only: the fault switches, and the identity page that asks for no password."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request


def from_here(request: Request) -> bool:
    """Tell whether a request comes from this computer and knows it; the second keeps DNS rebinding out."""
    host = request.headers.get("host", "").lower()
    name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
    return request.client is not None and _loopback(request.client.host) and _loopback(name)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
