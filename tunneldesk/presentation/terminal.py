"""From a tunnel to what the terminal shows a person: a live view, and a line for each change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.health import AddressState, Health, Hop
from tunneldesk.domain.lifecycle import After, Phase
from tunneldesk.domain.model import MomentKind
from tunneldesk.presentation.findings import of_tunnel
from tunneldesk.presentation.hops import hop_label
from tunneldesk.presentation.status import reason, status_of
from tunneldesk.presentation.texts import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tunneldesk.domain.health import Beat
    from tunneldesk.domain.model import Tunnel
    from tunneldesk.presentation.status import Instant, Status

_UP_PHASES = {Phase.ONLINE, Phase.RECONNECTING}


@dataclass(frozen=True, slots=True)
class LiveView:
    """All that the live status shows.

    Attributes:
        status: Mark and words.
        facts: What belongs beside them: target, uptime, when it stops or tries again.
        hops: Label and health, from this machine outwards.
        beats: The last heartbeats, oldest first.
        round_trip: What the newest answered beat took, such as ``3 ms``.
        lease: What is left of the lease, such as ``lease 52 s left``.
    """

    status: Status
    facts: tuple[str, ...]
    hops: tuple[tuple[str, Health], ...]
    beats: tuple[Beat, ...]
    round_trip: str | None
    lease: str | None


def live_view(tunnel: Tunnel, instant: Instant) -> LiveView:
    """Return what is shown of ``tunnel`` at ``instant``."""
    return LiveView(
        status=status_of(tunnel),
        facts=tuple(_facts(tunnel, instant)),
        hops=tuple((hop_label(hop), tunnel.vitals[hop]) for hop in Hop),
        beats=tunnel.beats,
        round_trip=_round_trip(tunnel.beats),
        lease=f"lease {duration(tunnel.lease.left(instant.monotonic))} left" if tunnel.lease else None,
    )


@dataclass(frozen=True, slots=True)
class News:
    """One line about a change.

    Attributes:
        text: The line.
        routine: Whether it is a step on the way that a live view shows anyway.
        address: The public address, when this is the moment to give it.
    """

    text: str
    routine: bool = False
    address: str | None = None


def news(before: Tunnel | None, tunnel: Tunnel, instant: Instant) -> Iterator[News]:
    """Yield what there is to say about the change from ``before`` to ``tunnel``."""
    if tunnel.phase is not (before.phase if before else Phase.STOPPED):
        yield from _phase_news(before, tunnel, instant)
    if before is None or tunnel.phase not in _UP_PHASES:
        return
    yield from _service_news(before.vitals.service, tunnel)
    yield from _lease_news(before, tunnel, instant)
    if tunnel.finding != before.finding:
        yield from _address_news(tunnel)


def _phase_news(before: Tunnel | None, tunnel: Tunnel, instant: Instant) -> Iterator[News]:
    target = f"localhost:{tunnel.wish.port}"
    name = tunnel.slug or "a tunnel"
    again = " again" if _was_up(before) else ""
    match tunnel.phase:
        case Phase.CREATING:
            yield News(f"Creating {name}{again} for {target}", routine=not again)
        case Phase.WAITING:
            why = f" ({reason(tunnel.failure.code)})" if tunnel.failure else ""
            yield News(f"Waiting{why}; port {tunnel.wish.port} is exposed as soon as that is over")
        case Phase.CONNECTING:
            yield News(f"Connecting {name}", routine=True)
        case Phase.ONLINE:
            text = f"Live{again}: visitors of the address reach {target}"
            yield News(text, routine=not again, address=tunnel.address)
        case Phase.RECONNECTING:
            left = f" ({duration(tunnel.lease.left(instant.monotonic))})" if tunnel.lease else ""
            yield News(f"The connector lost its connection and makes a new one; address still reserved{left}")
        case Phase.STOPPING if tunnel.standing.after is After.RECREATE:
            yield News("The server no longer has the tunnel; it is created again under the same name")
        case Phase.STOPPING:
            yield News(f"Stopping {name}", routine=True)
        case Phase.STOPPED:
            yield News(f"Stopped; port {tunnel.wish.port} is no longer exposed")
        case _:
            pass  # told by its problem


def _service_news(before: Health, tunnel: Tunnel) -> Iterator[News]:
    target = f"localhost:{tunnel.wish.port}"
    if tunnel.vitals.service is Health.DOWN and before is not Health.DOWN:
        yield News(f"Nothing answers on {target}; visitors see an error page until it is started")
    elif tunnel.vitals.service is Health.OK and before is Health.DOWN:
        yield News(f"{target} answers")


def _lease_news(before: Tunnel, tunnel: Tunnel, instant: Instant) -> Iterator[News]:
    poor = tunnel.vitals.lease in {Health.DEGRADED, Health.DOWN}
    was_poor = before.vitals.lease in {Health.DEGRADED, Health.DOWN}
    if poor and not was_poor:
        why = f" ({reason(tunnel.failure.code)})" if tunnel.failure else ""
        left = duration(tunnel.lease.left(instant.monotonic)) if tunnel.lease else "0 s"
        yield News(f"Heartbeats don't get through{why}; the server keeps the tunnel for another {left}")
    elif was_poor and tunnel.vitals.lease is Health.OK:
        yield News("Heartbeats get through again")


def _address_news(tunnel: Tunnel) -> Iterator[News]:
    finding = tunnel.finding
    if finding is None:
        return
    if finding.state is AddressState.OK:
        yield News(f"The address answers as a visitor sees it (HTTP {finding.status})")
        return
    found = of_tunnel(tunnel, finding)
    yield News(f"{found.seen} {found.fix}")
    if found.remedy is not None:
        yield News(f"    {found.remedy}")


def _was_up(tunnel: Tunnel | None) -> bool:
    return tunnel is not None and any(moment.kind is MomentKind.CONNECTED for moment in tunnel.timeline)


def _facts(tunnel: Tunnel, instant: Instant) -> Iterator[str]:
    yield f"-> localhost:{tunnel.wish.port}"
    if tunnel.online_since is not None:
        yield f"for {duration((instant.now - tunnel.online_since).total_seconds())}"
    if tunnel.retry_at is not None:
        yield f"next attempt in {duration((tunnel.retry_at - instant.now).total_seconds())}"
    if tunnel.stops_at is not None:
        yield f"stops in {duration((tunnel.stops_at - instant.now).total_seconds())}"


def _round_trip(beats: tuple[Beat, ...]) -> str | None:
    took = next((beat.round_trip for beat in reversed(beats) if beat.round_trip is not None), None)
    if took is None:
        return None
    return f"{took * 1000:.0f} ms" if took >= 0.001 else "under 1 ms"
