"""How well a tunnel is doing, hop by hop: observed, never commanded.

Four hops lie between a visitor and the user's service; each is observed by itself, so that whoever looks can see
which one is broken: the service on this machine, the connector's connections to the edge, the lease on the server,
and the public address as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Health(StrEnum):
    """The state of one hop."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


class Hop(StrEnum):
    """The hops in the order a reader follows them, from this machine outwards."""

    SERVICE = "service"
    CONNECTOR = "connector"
    LEASE = "lease"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Vitals:
    """The health of each hop of one tunnel."""

    service: Health = Health.UNKNOWN
    connector: Health = Health.UNKNOWN
    lease: Health = Health.UNKNOWN
    address: Health = Health.UNKNOWN

    def __getitem__(self, hop: Hop) -> Health:
        observed: Health = getattr(self, hop.value)
        return observed


class AddressState(StrEnum):
    """What came of fetching the public address as a visitor would."""

    OK = "ok"  # the user's own service answered, whatever its status
    NAME_UNKNOWN = "name unknown"  # DNS does not have it (yet)
    UNREACHABLE = "unreachable"  # nothing took the connection, or it broke
    TIMED_OUT = "timed out"
    CERTIFICATE_INVALID = "certificate invalid"
    NO_TUNNEL = "no tunnel"  # the edge's own page: it knows no tunnel of this name
    NOT_CONNECTED = "not connected"  # the edge's own page: it has no connector for this name
    SERVICE_UNREACHABLE = "service unreachable"  # the connector's or edge's page: nothing answers on the port
    SERVICE_TIMED_OUT = "service timed out"  # the connector's or edge's page: the service took too long
    EDGE_REFUSED = "edge refused"  # the edge's own page, for another reason
    HOST_REFUSED = "host refused"  # a development server that wants its public name allowed first


@dataclass(frozen=True, slots=True)
class AddressFinding:
    """The outcome of one look at the public address.

    Attributes:
        at: When it was made (UTC).
        state: What was found.
        status: HTTP status, where there was an answer.
        framework: Which development server refused the host name, "Vite" for one; None when it is not known.
        remedy: The exact line to add to that server's configuration.
        where: The file it goes into.
    """

    at: datetime
    state: AddressState
    status: int | None = None
    framework: str | None = None
    remedy: str | None = None
    where: str | None = None

    @property
    def health(self) -> Health:
        """The hop's health."""
        return Health.OK if self.state is AddressState.OK else Health.DOWN


class BeatOutcome(StrEnum):
    """What became of one heartbeat."""

    OK = "ok"
    LATE = "late"  # it got through, after at least one failed attempt
    MISSED = "missed"  # no attempt has got through (yet)


@dataclass(frozen=True, slots=True)
class Beat:
    """One heartbeat as the strip shows it.

    Attributes:
        at: When it was due or answered (UTC).
        outcome: What became of it.
        round_trip: Seconds from question to answer; None when none came.
    """

    at: datetime
    outcome: BeatOutcome
    round_trip: float | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a connector has carried since it was started.

    Attributes:
        requests: Requests taken from the edge.
        errors: Those the local service did not answer properly.
    """

    requests: int
    errors: int


BEATS_SHOWN = 30
"""How many heartbeats are remembered for the strip."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The server's promise to keep the tunnel, counted on our own monotonic clock.

    Attributes:
        timeout: Seconds a renewal lasts.
        renewed_at: Monotonic seconds at which the request that last renewed it was sent.
        server_expires_at: What the server said about its end; shown, never trusted.
    """

    timeout: float
    renewed_at: float
    server_expires_at: datetime | None = None

    def left(self, now: float) -> float:
        """Seconds left at monotonic ``now``; never negative."""
        return max(0.0, self.renewed_at + self.timeout - now)


def lease_health(beats: Sequence[Beat], seconds_left: float) -> Health:
    """Return the lease's health from its latest beats and the time it still has.

    One missed beat is a tick on the strip and no alarm: the lease spans three.
    """
    if seconds_left <= 0:
        return Health.DOWN
    missed = 0
    for beat in reversed(beats):
        if beat.outcome is not BeatOutcome.MISSED:
            break
        missed += 1
    return Health.OK if missed <= 1 else Health.DEGRADED
