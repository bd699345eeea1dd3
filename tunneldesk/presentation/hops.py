"""The four hops between a visitor and the user's service: which one is broken, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.health import AddressState, Health, Hop
from tunneldesk.domain.lifecycle import After, Phase
from tunneldesk.domain.model import MomentKind
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.findings import of_tunnel, still_new
from tunneldesk.presentation.problem import Subject
from tunneldesk.presentation.status import Mark, reason
from tunneldesk.presentation.texts import duration, fill
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.health import AddressFinding
    from tunneldesk.domain.model import Tunnel
    from tunneldesk.presentation.status import Instant

_WORTH_SHOWING = 5.0
"""Seconds a connection may be away before a sentence is made of it: most are back by then."""


class HopActionKind(StrEnum):
    """What a hop's button does."""

    CHECK = "check"
    CHANGE_PORT = "change-port"
    SHOW_LOG = "show-log"
    TRY_NOW = "try-now"


@dataclass(frozen=True, slots=True)
class HopAction:
    """A hop's button.

    Attributes:
        kind: What it does.
        label: What it says.
        busy: Whether that is under way already.
    """

    kind: HopActionKind
    label: str
    busy: bool = False


@dataclass(frozen=True, slots=True)
class HopView:
    """One hop.

    Attributes:
        hop: Which.
        mark: How it is doing, as a shape.
        label: What it is called.
        words: How it is doing, in two or three words.
        exact: More of it for whoever hovers; may be empty.
        sentence: What is broken and what that means; empty when nothing is, and when an earlier hop is to blame.
        remedy: A line to copy into a file of the user's; None where there is none.
        action: What can be done; None when nothing can.
        other: What else can be done.
    """

    hop: Hop
    mark: Mark
    label: str
    words: str
    exact: str = ""
    sentence: str = ""
    remedy: str | None = None
    action: HopAction | None = None
    other: HopAction | None = None


HopViews = tuple[HopView, HopView, HopView, HopView]


def hops_view(tunnel: Tunnel, instant: Instant) -> HopViews:
    """Return the hops of ``tunnel`` at ``instant``, from this machine outwards."""
    service, connector = _service(tunnel), _connector(tunnel, instant)
    return service, connector, _lease(tunnel, instant), _address(tunnel, instant, service, connector)


def hop_label(hop: Hop) -> str:
    """Return what a hop is called."""
    return {
        Hop.SERVICE: translate("Hops", "Your service"),
        Hop.CONNECTOR: translate("Hops", "Connector"),
        Hop.LEASE: translate("Hops", "Lease"),
        Hop.ADDRESS: translate("Hops", "Address"),
    }[hop]


# Your service


def _service(tunnel: Tunnel) -> HopView:
    label = hop_label(Hop.SERVICE)
    health = tunnel.vitals.service
    if health is Health.OK:
        return HopView(Hop.SERVICE, Mark.LIVE, label, translate("Hops", "Answers"))
    if health is Health.DEGRADED:
        # Just gone: a development server that restarts is back before anybody has read a sentence.
        return HopView(Hop.SERVICE, Mark.WORKING, label, translate("Hops", "No answer just now"))
    if health is Health.UNKNOWN:
        return HopView(Hop.SERVICE, Mark.IDLE, label, translate("Hops", "Not looked at"))
    silent = problem(Failure(ErrorCode.SERVICE_SILENT), Subject(port=tunnel.wish.port))
    return HopView(
        Hop.SERVICE,
        Mark.PROBLEM,
        label,
        translate("Hops", "No answer"),
        sentence=f"{silent.title}. {silent.text}",
        action=HopAction(HopActionKind.CHANGE_PORT, translate("Hops", "Change port...")),
    )


# Connector


def _connector(tunnel: Tunnel, instant: Instant) -> HopView:
    label = hop_label(Hop.CONNECTOR)
    if tunnel.phase is Phase.STOPPING:
        return HopView(Hop.CONNECTOR, Mark.WORKING, label, translate("Hops", "Stopping ..."))
    if tunnel.phase is Phase.CONNECTING:
        starting = tunnel.vitals.connector is Health.UNKNOWN
        words = translate("Hops", "Starting ...") if starting else translate("Hops", "Connecting ...")
        return HopView(Hop.CONNECTOR, Mark.WORKING, label, words)
    if tunnel.phase is Phase.ONLINE:
        exact = fill(translate("Hops", "Connected at {place}"), {"place": tunnel.location or ""})
        connected = translate("Hops", "Connected")
        return HopView(Hop.CONNECTOR, Mark.LIVE, label, connected, exact=exact if tunnel.location else "")
    if tunnel.phase is not Phase.RECONNECTING:
        return HopView(Hop.CONNECTOR, Mark.IDLE, label, translate("Hops", "Not started"))
    words = translate("Hops", "Reconnecting ...")
    if _away(tunnel, instant) < _WORTH_SHOWING:
        return HopView(Hop.CONNECTOR, Mark.WORKING, label, words)
    return HopView(
        Hop.CONNECTOR,
        Mark.ATTENTION,
        label,
        words,
        sentence=translate(
            "Hops",
            "The connector lost its connection to Cloudflare and is making a new one. The address stays yours for "
            "as long as the lease is renewed.",
        ),
        action=_try_now(),
        other=HopAction(HopActionKind.SHOW_LOG, translate("Hops", "Show log")),
    )


def _away(tunnel: Tunnel, instant: Instant) -> float:
    """Return for how many seconds the connection has been away; further attempts that fail are of the same loss."""
    lost_at = instant.now
    for moment in reversed(tunnel.timeline):
        if moment.kind is MomentKind.CONNECTED:
            break
        if moment.kind is MomentKind.CONNECTION_LOST:
            lost_at = moment.at
    return (instant.now - lost_at).total_seconds()


# Lease


def _lease(tunnel: Tunnel, instant: Instant) -> HopView:
    label = hop_label(Hop.LEASE)
    if tunnel.lease is None:
        return _no_lease(tunnel, label)
    left = tunnel.lease.left(instant.monotonic)
    why = f" ({reason(tunnel.failure.code)})" if tunnel.failure else ""
    if left <= 0 or tunnel.vitals.lease is Health.DOWN:
        sentence = translate(
            "Hops",
            "The lease has run out, since no heartbeat got through{why}. As soon as the server answers, the tunnel "
            "is taken up or created again under the same name.",
        )
        return HopView(
            Hop.LEASE,
            Mark.PROBLEM,
            label,
            translate("Hops", "Run out"),
            sentence=fill(sentence, {"why": why}),
            action=_try_now(),
        )
    if tunnel.vitals.lease is Health.DEGRADED:
        sentence = translate(
            "Hops",
            "The lease is not renewed: heartbeats don't get through{why}. The server keeps the tunnel for another "
            "{left}.",
        )
        return HopView(
            Hop.LEASE,
            Mark.ATTENTION,
            label,
            translate("Hops", "Not renewed"),
            sentence=fill(sentence, {"why": why, "left": duration(left)}),
            action=_try_now(),
        )
    return HopView(Hop.LEASE, Mark.LIVE, label, translate("Hops", "Renewed"))


def _try_now() -> HopAction:
    return HopAction(HopActionKind.TRY_NOW, translate("Hops", "Try now"))


def _no_lease(tunnel: Tunnel, label: str) -> HopView:
    if tunnel.phase is Phase.WAITING:
        return HopView(Hop.LEASE, Mark.ATTENTION, label, translate("Hops", "Waiting"))
    if tunnel.phase is Phase.STOPPING and tunnel.standing.after is After.RECREATE:
        return HopView(
            Hop.LEASE,
            Mark.ATTENTION,
            label,
            translate("Hops", "Lost"),
            sentence=translate(
                "Hops", "The server no longer has the tunnel. It is created again under the same name."
            ),
        )
    if tunnel.phase is Phase.STOPPING:
        return HopView(Hop.LEASE, Mark.IDLE, label, translate("Hops", "Ended"))
    return HopView(Hop.LEASE, Mark.WORKING, label, translate("Hops", "Reserving name ..."))


# Address


def _address(tunnel: Tunnel, instant: Instant, service: HopView, connector: HopView) -> HopView:
    label = hop_label(Hop.ADDRESS)
    action = _check(tunnel)
    finding = tunnel.finding
    if tunnel.looking:
        return HopView(Hop.ADDRESS, Mark.WORKING, label, translate("Hops", "Checking ..."), action=action)
    if finding is None:
        return HopView(Hop.ADDRESS, Mark.IDLE, label, translate("Hops", "Not checked"), action=action)
    exact = _seen(finding)
    if finding.state is AddressState.OK:
        words = _reached(finding, instant)
        return HopView(Hop.ADDRESS, Mark.LIVE, label, words, exact=exact, action=action)
    found = of_tunnel(tunnel, finding)
    to_blame = {
        AddressState.SERVICE_UNREACHABLE: service,
        AddressState.NOT_CONNECTED: connector,
    }.get(finding.state)
    told = to_blame is not None and to_blame.sentence
    return HopView(
        Hop.ADDRESS,
        Mark.ATTENTION if still_new(tunnel, finding) else Mark.PROBLEM,
        label,
        found.short,
        exact=exact,
        sentence="" if told else f"{found.seen} {found.fix}",
        remedy=found.remedy,
        action=action,
    )


def _check(tunnel: Tunnel) -> HopAction | None:
    if tunnel.address is None or tunnel.phase not in {Phase.CONNECTING, Phase.ONLINE, Phase.RECONNECTING}:
        return None
    if tunnel.looking:
        return HopAction(HopActionKind.CHECK, translate("Hops", "Checking ..."), busy=True)
    again = tunnel.finding is not None
    return HopAction(HopActionKind.CHECK, translate("Hops", "Check again") if again else translate("Hops", "Check"))


def _seen(finding: AddressFinding) -> str:
    time = f"{finding.at.astimezone():%H:%M:%S}"
    if finding.status is None:
        return fill(translate("Hops", "Checked at {time}"), {"time": time})
    return fill(
        translate("Hops", "Checked at {time}: HTTP {status}"), {"time": time, "status": str(finding.status)}
    )


def _reached(finding: AddressFinding, instant: Instant) -> str:
    ago = (instant.now - finding.at).total_seconds()
    if ago < 60:
        return translate("Hops", "Reached just now")
    return fill(translate("Hops", "Reached {time} ago"), {"time": duration(ago // 60 * 60)})
