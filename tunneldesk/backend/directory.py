"""What the edge asks of whoever knows the tunnels.

The edge carries traffic; it keeps no tunnel of its own. The paired server's store implements this protocol, and
a test can implement it with a dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Route:
    """One live tunnel as the edge sees it.

    Attributes:
        tunnel_id: UUID of the tunnel.
        hostname: Public host name, lower case, without a port.
        origin_port: Port on the connector's machine that its requests go to.
    """

    tunnel_id: str
    hostname: str
    origin_port: int


class Directory(Protocol):
    """Looks up live tunnels; a tunnel whose lease has run out is not live, whether reaped or not."""

    def route(self, hostname: str) -> Route | None:
        """Return the live tunnel holding ``hostname`` (lower case, no port), or None."""

    def admit(self, tunnel_id: str, secret: str) -> Route | None:
        """Return the live tunnel a connector may serve with this secret, or None when it may not."""
