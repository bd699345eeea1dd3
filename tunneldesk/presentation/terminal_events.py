"""What `--json` prints: one event for each change, in the form that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tunneldesk.domain.health import BeatOutcome, Hop
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.presentation.advice import command_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.health import Beat
    from tunneldesk.domain.model import Tunnel
    from tunneldesk.presentation.advice import Invocation
    from tunneldesk.presentation.problem import Problem
    from tunneldesk.presentation.status import Instant

JsonEvent = dict[str, Any]


def events(before: Tunnel | None, tunnel: Tunnel, instant: Instant) -> Iterator[JsonEvent]:
    """Yield the phase, health and heartbeat events that lead from ``before`` to ``tunnel``."""
    phase_before = before.phase if before else Phase.STOPPED
    if tunnel.phase is not phase_before:
        yield phase_event(tunnel, instant)
    if before is not None and tunnel.vitals != before.vitals:
        yield health_event(tunnel, instant)
    known = before.beats if before else ()
    for beat in tunnel.beats:
        if beat not in known:
            yield heartbeat_event(beat, tunnel, instant)


def phase_event(tunnel: Tunnel, instant: Instant) -> JsonEvent:
    """Return the event of the phase that ``tunnel`` is in."""
    return {
        "event": "phase",
        "at": timestamp(instant.now),
        "phase": tunnel.phase.value,
        "port": tunnel.wish.port,
        "tunnelId": tunnel.tunnel_id,
        "hostname": tunnel.hostname,
        "address": tunnel.address,
    }


def health_event(tunnel: Tunnel, instant: Instant) -> JsonEvent:
    """Return the event of the tunnel's health, hop by hop."""
    hops = {hop.value: tunnel.vitals[hop].value for hop in Hop}
    return {"event": "health", "at": timestamp(instant.now), **hops}


def heartbeat_event(beat: Beat, tunnel: Tunnel, instant: Instant) -> JsonEvent:
    """Return the event of one beat; one that is missed and then gets through has two."""
    return {
        "event": "heartbeat",
        "at": timestamp(instant.now),
        "ok": beat.outcome is not BeatOutcome.MISSED,
        "rttMs": None if beat.round_trip is None else round(beat.round_trip * 1000, 1),
        "leaseLeftSec": None if tunnel.lease is None else round(tunnel.lease.left(instant.monotonic), 1),
    }


def problem_event(problem: Problem, failure: Failure, invocation: Invocation, at: datetime) -> JsonEvent:
    """Return the event of a problem; each action says how it is carried out from here, where it can be."""
    return {
        "event": "problem",
        "at": timestamp(at),
        "code": failure.raw_code or failure.code.value,
        "title": problem.title,
        "text": problem.text,
        "actions": [
            {"kind": action.kind.value, "label": action.label, "command": command_for(action, invocation)}
            for action in problem.actions
        ],
    }


def timestamp(at: datetime) -> str:
    """Return a UTC time as ISO 8601 with milliseconds: ``2026-11-23T20:49:04.123Z``."""
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
