"""What an unfolded card tells: what happened and when, and what the connector has carried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.model import MomentKind
from tunneldesk.presentation.reasons import sentence
from tunneldesk.presentation.status import Mark, reason
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP, count, day_and_time, duration, fill, plain
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.model import Moment, Tunnel
    from tunneldesk.presentation.status import Instant

CONTEXT = "Details"


@dataclass(frozen=True, slots=True)
class MomentView:
    """One line of the time line.

    Attributes:
        mark: Told by a shape.
        ago: "5 min ago"; whole minutes after the first, or it would only flicker.
        words: What happened.
        exact: Day and time, for whoever hovers.
    """

    mark: Mark
    ago: str
    words: str
    exact: str


@dataclass(frozen=True, slots=True)
class DetailsView:
    """An unfolded card's details.

    Attributes:
        moments: What happened, newest first.
        traffic: Requests and errors, in one sentence.
    """

    moments: tuple[MomentView, ...]
    traffic: str


def details_view(tunnel: Tunnel, instant: Instant) -> DetailsView:
    """Return a tunnel's details at ``instant``."""
    return DetailsView(
        tuple(_moment(moment, instant) for moment in reversed(tunnel.timeline)),
        _traffic(tunnel),
    )


_WORDS: dict[MomentKind, tuple[Mark, str]] = {
    MomentKind.CREATED: (Mark.IDLE, QT_TRANSLATE_NOOP("Details", "Name reserved")),
    MomentKind.CONNECTED: (Mark.LIVE, QT_TRANSLATE_NOOP("Details", "Connected")),
    MomentKind.CONNECTION_LOST: (Mark.ATTENTION, QT_TRANSLATE_NOOP("Details", "Connection lost")),
    MomentKind.HEARTBEAT_MISSED: (Mark.ATTENTION, QT_TRANSLATE_NOOP("Details", "Heartbeat missed")),
    MomentKind.LEASE_LOST: (Mark.ATTENTION, QT_TRANSLATE_NOOP("Details", "Lease lost")),
    MomentKind.RECREATED: (Mark.IDLE, QT_TRANSLATE_NOOP("Details", "Reserved again under the same name")),
    MomentKind.ADOPTED: (Mark.IDLE, QT_TRANSLATE_NOOP("Details", "Taken up again")),
    MomentKind.SLEPT: (Mark.ATTENTION, QT_TRANSLATE_NOOP("Details", "This computer slept")),
    MomentKind.NETWORK_CHANGED: (Mark.ATTENTION, QT_TRANSLATE_NOOP("Details", "This computer changed networks")),
    MomentKind.STOPPED: (Mark.IDLE, QT_TRANSLATE_NOOP("Details", "Stopped")),
    MomentKind.FAILED: (Mark.PROBLEM, QT_TRANSLATE_NOOP("Details", "Failed")),
}

_CODES = {code.value: code for code in ErrorCode}


def _moment(moment: Moment, instant: Instant) -> MomentView:
    mark, words = _WORDS[moment.kind]
    words = translate(CONTEXT, words)
    found = sentence(moment.because) if moment.because else ""
    return MomentView(
        mark=mark,
        ago=_ago((instant.now - moment.at).total_seconds()),
        words=": ".join(filter(None, (words, found, _detail(moment)))),
        exact=day_and_time(moment.at),
    )


def _detail(moment: Moment) -> str:
    if not moment.detail:
        return ""
    if moment.detail in _CODES:
        return reason(_CODES[moment.detail])
    if moment.kind is MomentKind.SLEPT:
        return duration(float(moment.detail))
    return plain(moment.detail)


def _ago(seconds: float) -> str:
    if seconds < 1:
        return translate("Details", "just now")
    time = duration(seconds if seconds < 60 else seconds // 60 * 60)
    return fill(translate("Details", "{time} ago"), {"time": time})


def _traffic(tunnel: Tunnel) -> str:
    if tunnel.traffic is None:
        return translate("Details", "Requests: not counted yet")
    facts = {"requests": count(tunnel.traffic.requests), "errors": count(tunnel.traffic.errors)}
    return fill(translate("Details", "Requests: {requests}, not answered by your service: {errors}"), facts)
