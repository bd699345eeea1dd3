"""This machine's way out to the internet, as far as it can be known without sending anything."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

# Set aside for documentation (RFC 5737, RFC 3849): nobody has them, so they go where everything unknown goes.
_SOMEWHERE_4 = "192.0.2.1"
_SOMEWHERE_6 = "2001:db8::1"
_DISCARD = 9
_HOST_BITS = 64  # of an IPv6 address: the half that privacy extensions (RFC 8981) make up anew every day

_ROUTES = Path("/proc/net/route")
_IFACE, _DESTINATION, _GATEWAY, _FLAGS, _METRIC, _MASK = 0, 1, 2, 3, 6, 7  # its columns (proc_net(5))
_UP = 0x1
_ALL = "00000000"


@dataclass(frozen=True, slots=True)
class WayOut:
    """From which addresses packets would leave this machine.

    Attributes:
        ipv4: The source address, with the router it goes by where that is known; None without a way out.
        ipv6: The network of the source address; None without a way out.
    """

    ipv4: str | None = None
    ipv6: str | None = None

    def __bool__(self) -> bool:
        return self.ipv4 is not None or self.ipv6 is not None

    def breaks(self, before: WayOut) -> bool:
        """Whether connections made on the way ``before`` are broken on this one, or could at last be made.

        No way at all is no news: nothing can be done until there is one again, which then is. Nor is IPv6 that
        joins IPv4, as it often does seconds after it: what goes by IPv4 stays as it is (so does cloudflared, whose
        ``--edge-ip-version`` is 4 unless told otherwise).
        """
        if not self:
            return False
        if self.ipv4 != before.ipv4:
            return True
        joined = before.ipv4 is not None and before.ipv6 is None
        return self.ipv6 != before.ipv6 and not joined


def way_out() -> WayOut:
    """Look at it: cheap (some tens of microseconds), nothing is sent, never fails.

    Connecting a UDP socket only has the system choose the route and the source address (udp(7), RFC 1122 4.1.3.4).
    """
    ipv4 = _source(socket.AF_INET, _SOMEWHERE_4)
    ipv6 = _source(socket.AF_INET6, _SOMEWHERE_6)
    return WayOut(
        None if ipv4 is None else f"{IPv4Address(ipv4)} {_router()}".rstrip(),
        None if ipv6 is None else str(IPv6Address(int(IPv6Address(ipv6)) >> _HOST_BITS << _HOST_BITS)),
    )


def _source(family: socket.AddressFamily, somewhere: str) -> str | None:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((somewhere, _DISCARD))
            return str(asking.getsockname()[0]).partition("%")[0]
    except OSError:
        return None  # no route, or a system without this family


def _router() -> str:
    """Linux' best default route: tells apart two networks that give the same address."""
    try:
        table = _ROUTES.read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return ""  # another system, or a sandbox
    defaults = [
        (int(route[_METRIC]), f"{route[_IFACE]} {route[_GATEWAY]}")
        for route in map(str.split, table)
        if int(route[_FLAGS], 16) & _UP and route[_DESTINATION] == route[_MASK] == _ALL
    ]
    return min(defaults)[1] if defaults else ""
