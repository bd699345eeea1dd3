"""The life of a tunnel as a table.

A phase says where a tunnel is; an event says what happened; `TRANSITIONS` says where that leads. A pair that is not
in the table cannot happen, and `advance` raises when it does. How well the tunnel is doing in its phase is another
matter, see `health`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Where a tunnel is."""

    STOPPED = "stopped"
    CREATING = "creating"
    WAITING = "waiting"
    CONNECTING = "connecting"
    ONLINE = "online"
    RECONNECTING = "reconnecting"
    STOPPING = "stopping"
    FAILED = "failed"


class Event(StrEnum):
    """What happened to a tunnel."""

    EXPOSE = "expose"  # the user wants it
    CREATED = "created"  # the server made it
    ADOPT = "adopt"  # the server still has it from an earlier run, and it is taken up again
    REFUSED = "refused"  # the server will not make it
    TRANSIENT = "transient"  # the server could not be asked just now
    RETRY = "retry"  # the wait is over
    READY = "ready"  # the connector reaches the edge
    LOST = "lost"  # the connector lost the edge
    GAVE_UP = "gave up"  # the connector will not come up
    LEASE_LOST = "lease lost"  # the server no longer knows the tunnel
    STOP = "stop"  # the user no longer wants it
    TORN_DOWN = "torn down"  # connector ended, tunnel deleted
    DISMISS = "dismiss"  # the user has read why it failed


class After(StrEnum):
    """Where STOPPING leads, set on entering it; a later STOP overrides the rest."""

    STOPPED = "stopped"
    FAILED = "failed"
    RECREATE = "recreate"


P, E = Phase, Event

TRANSITIONS: dict[tuple[Phase, Event], Phase] = {
    (P.STOPPED, E.EXPOSE): P.CREATING,
    (P.STOPPED, E.DISMISS): P.STOPPED,
    (P.CREATING, E.CREATED): P.CONNECTING,
    (P.CREATING, E.ADOPT): P.CONNECTING,
    (P.CREATING, E.REFUSED): P.FAILED,
    (P.CREATING, E.TRANSIENT): P.WAITING,
    (P.CREATING, E.STOP): P.STOPPING,
    (P.WAITING, E.RETRY): P.CREATING,
    (P.WAITING, E.STOP): P.STOPPED,
    (P.CONNECTING, E.READY): P.ONLINE,
    (P.CONNECTING, E.LOST): P.CONNECTING,
    (P.CONNECTING, E.GAVE_UP): P.STOPPING,
    (P.CONNECTING, E.LEASE_LOST): P.STOPPING,
    (P.CONNECTING, E.STOP): P.STOPPING,
    (P.ONLINE, E.READY): P.ONLINE,
    (P.ONLINE, E.LOST): P.RECONNECTING,
    (P.ONLINE, E.GAVE_UP): P.STOPPING,
    (P.ONLINE, E.LEASE_LOST): P.STOPPING,
    (P.ONLINE, E.STOP): P.STOPPING,
    (P.RECONNECTING, E.READY): P.ONLINE,
    (P.RECONNECTING, E.LOST): P.RECONNECTING,
    (P.RECONNECTING, E.GAVE_UP): P.STOPPING,
    (P.RECONNECTING, E.LEASE_LOST): P.STOPPING,
    (P.RECONNECTING, E.STOP): P.STOPPING,
    # What the parts still say while they are being stopped changes nothing.
    (P.STOPPING, E.CREATED): P.STOPPING,
    (P.STOPPING, E.ADOPT): P.STOPPING,
    (P.STOPPING, E.REFUSED): P.STOPPING,
    (P.STOPPING, E.TRANSIENT): P.STOPPING,
    (P.STOPPING, E.READY): P.STOPPING,
    (P.STOPPING, E.LOST): P.STOPPING,
    (P.STOPPING, E.GAVE_UP): P.STOPPING,
    (P.STOPPING, E.LEASE_LOST): P.STOPPING,
    (P.STOPPING, E.STOP): P.STOPPING,
    (P.FAILED, E.EXPOSE): P.CREATING,
    (P.FAILED, E.DISMISS): P.STOPPED,
}

TORN_DOWN: dict[After, Phase] = {
    After.STOPPED: P.STOPPED,
    After.FAILED: P.FAILED,
    After.RECREATE: P.CREATING,
}
"""The one event whose target depends on what led to STOPPING."""

_ENTERING: dict[Event, After] = {
    E.STOP: After.STOPPED,
    E.GAVE_UP: After.FAILED,
    E.LEASE_LOST: After.RECREATE,
}

ACTIVE_PHASES = frozenset(Phase) - {P.STOPPED, P.FAILED}
"""Phases in which something is running, waiting or about to."""

ATTACHED_PHASES = frozenset({P.CONNECTING, P.ONLINE, P.RECONNECTING})
"""Phases in which the server holds the tunnel for us and a connector runs."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A phase, and for STOPPING where it leads."""

    phase: Phase = Phase.STOPPED
    after: After | None = None


class ImpossibleEventError(Exception):
    """An event came in a phase that has no row for it: a fault in the program, never in the world."""

    def __init__(self, phase: Phase, event: Event) -> None:
        super().__init__(f"{event!r} cannot happen while {phase!r}")


def advance(standing: Standing, event: Event) -> Standing:
    """Return where ``event`` leads from ``standing``.

    Raises:
        ImpossibleEventError: When the table has no row for the pair.
    """
    if standing.phase is P.STOPPING and event is E.TORN_DOWN and standing.after is not None:
        return Standing(TORN_DOWN[standing.after])
    try:
        phase = TRANSITIONS[standing.phase, event]
    except KeyError:
        raise ImpossibleEventError(standing.phase, event) from None
    if phase is not P.STOPPING:
        return Standing(phase)
    if standing.phase is not P.STOPPING or event is E.STOP:
        return Standing(phase, _ENTERING[event])
    return standing
