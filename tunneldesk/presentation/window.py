"""From state to the window: header, cards, tunnels elsewhere, and the list that makes room."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tunneldesk.domain.health import BeatOutcome, Hop
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import RemoteStatus, SessionStatus
from tunneldesk.presentation.account import session_ended
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.details import details_view
from tunneldesk.presentation.hops import hops_view
from tunneldesk.presentation.problem import Action, ActionKind, Subject
from tunneldesk.presentation.status import Mark, Status, name_of, status_of
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP, day_and_time, duration, fill
from tunneldesk.presentation.translation import translate
from tunneldesk.presentation.tray import End, end_label, end_of, needs_sign_in, stopping
from tunneldesk.presentation.update import update_view

if TYPE_CHECKING:
    from collections.abc import Set

    from tunneldesk.domain.health import Beat
    from tunneldesk.domain.model import AppState, RemoteTunnel, Tunnel
    from tunneldesk.presentation.details import DetailsView
    from tunneldesk.presentation.hops import HopView
    from tunneldesk.presentation.problem import Problem
    from tunneldesk.presentation.status import Instant
    from tunneldesk.presentation.update import UpdateView

_SLOW = 5.0
"""Round trip, in seconds, that fills a tick; an attempt gets no longer."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One heartbeat on the strip.

    Attributes:
        outcome: Told by shape and colour.
        height: 0 to 1, the round trip on a logarithmic scale.
        words: The same for whoever hovers or listens.
    """

    outcome: BeatOutcome
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class LeaseView:
    """What is left of the lease.

    Attributes:
        words: "Lease: 41 s left".
        fraction: 0 to 1 of the whole lease.
        exact: When it ends as the server says, for whoever hovers.
        low: Whether less than a third is left, so that a heartbeat is overdue.
    """

    words: str
    fraction: float
    exact: str
    low: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failure in one line, and the likely way on.

    Attributes:
        mark: How grave it is.
        words: What happened.
        explanation: Why, for whoever hovers.
        action: The primary action, where the catalogue has one.
        has_more: Whether a dialog would tell more.
    """

    mark: Mark
    words: str
    explanation: str
    action: Action | None
    has_more: bool


@dataclass(frozen=True, slots=True)
class CardView:
    """One tunnel's card.

    Attributes:
        key: The tunnel.
        name: What it is called.
        address: The public address; None before there is one.
        target: Where it leads, `localhost:3000`, and whose it is where it is not the session's.
        status: The state chip.
        reachable: Whether the address can be worth opening and copying.
        hops: What lies between a visitor and the service, from this machine outwards; empty when nothing does.
        ticks: The heartbeat strip, oldest first.
        lease: The countdown; None without a lease.
        uptime: "Up 5 min", or what stands in its place; may be empty.
        uptime_exact: The same as day and time, for whoever hovers or listens.
        stops: "Stops in 29 min"; empty where it is not to be stopped by itself.
        stops_exact: At what time, for whoever hovers or listens.
        trouble: What is wrong; None when nothing is.
        can_restart: Whether Restart makes sense.
        restart_label: "Restart" or "Try again".
        end: What ending it means just now.
        end_label: What that button says.
        details: What is told below; None while the card is folded.
    """

    key: str
    name: str
    address: str | None
    target: str
    status: Status
    reachable: bool
    hops: tuple[HopView, ...]
    ticks: tuple[Tick, ...]
    lease: LeaseView | None
    uptime: str
    uptime_exact: str
    stops: str
    stops_exact: str
    trouble: Trouble | None
    can_restart: bool
    restart_label: str
    end: End
    end_label: str
    details: DetailsView | None = None


@dataclass(frozen=True, slots=True)
class RemoteRow:
    """A tunnel on the server as one line with a Stop button."""

    tunnel_id: str
    name: str
    words: str
    stopping: bool


@dataclass(frozen=True, slots=True)
class WindowView:
    """All that the window shows.

    Attributes:
        used: Tunnels in use.
        limit: Tunnels the account may have.
        quota: "2 of 5".
        place: Which server, or that it is this computer only.
        account: Who is signed in, in words; while quitting, how long that may take.
        sign_in: Whether the user has to sign in before anything else.
        offers_sign_in: Whether signing in is offered: it comes first, or is the way on from this computer only.
        opening: Whether the app is still finding out.
        cards: Newest first.
        elsewhere: The account's tunnels that this app does not run.
        trouble: What concerns no tunnel in particular.
        can_expose: Whether a port can be exposed now.
        quitting: Whether everything is being stopped.
        update: A newer version to tell of; None when there is none.
        counts: Whether something on it changes with time alone.
    """

    used: int
    limit: int
    quota: str
    place: str
    account: str
    sign_in: bool
    offers_sign_in: bool
    opening: bool
    cards: tuple[CardView, ...]
    elsewhere: tuple[RemoteRow, ...]
    trouble: Trouble | None
    can_expose: bool
    quitting: bool
    update: UpdateView | None
    counts: bool


def window_view(state: AppState, instant: Instant, unfolded: Set[str] = frozenset()) -> WindowView:
    """Return what the window shows at ``instant``, with details on the cards of these keys."""
    cards = tuple(
        card_view(tunnel, state, instant, unfolded=tunnel.key in unfolded) for tunnel in reversed(state.tunnels)
    )
    sign_in = needs_sign_in(state)
    limit = state.limit_of(state.session.account)
    return WindowView(
        used=state.in_use,
        limit=limit,
        quota=fill(translate("Window", "{used} of {max}"), {"used": str(state.in_use), "max": str(limit)}),
        place=_place(state),
        account=stopping(state, instant) if state.quitting else _account(state),
        sign_in=sign_in,
        offers_sign_in=sign_in or (state.session.demo and state.session.status is SessionStatus.SIGNED_IN),
        opening=state.session.status is SessionStatus.OPENING,
        cards=cards,
        elsewhere=tuple(_remote_row(remote) for remote in state.elsewhere),
        trouble=_trouble(problem_of(state, None), Mark.PROBLEM) or _ended(state),
        can_expose=not state.quitting,
        quitting=state.quitting,
        update=update_view(state),
        counts=state.quitting or any(card.lease or card.uptime or card.stops or card.details for card in cards),
    )


def card_view(tunnel: Tunnel, state: AppState, instant: Instant, *, unfolded: bool = False) -> CardView:
    """Return one tunnel's card at ``instant``."""
    status = status_of(tunnel)
    end = end_of(tunnel)
    hops = hops_view(tunnel, instant) if tunnel.active else ()
    uptime, uptime_exact = _uptime(tunnel, instant)
    # A lease that is not renewed says itself why; "Try again" beside it would only give up what is still up.
    told = any(hop.hop is Hop.LEASE and hop.sentence for hop in hops)
    return CardView(
        key=tunnel.key,
        name=name_of(tunnel),
        address=tunnel.address,
        target=f"localhost:{tunnel.wish.port}{_of_another(tunnel, state)}",
        status=status,
        reachable=tunnel.active and tunnel.address is not None,
        hops=hops,
        ticks=tuple(_tick(beat) for beat in tunnel.beats),
        lease=_lease(tunnel, instant),
        uptime=uptime,
        uptime_exact=uptime_exact,
        stops=_stops(tunnel, instant),
        stops_exact=fill(translate("Window", "At {time}"), {"time": f"{tunnel.stops_at.astimezone():%H:%M:%S}"})
        if tunnel.stops_at
        else "",
        trouble=None if told else _trouble(problem_of(state, tunnel), status.mark),
        can_restart=tunnel.phase is not Phase.STOPPING and not state.quitting,
        restart_label=translate("Window", "Restart") if tunnel.active else translate("Window", "Try again"),
        end=end,
        end_label=end_label(end),
        details=details_view(tunnel, instant) if unfolded else None,
    )


def problem_of(state: AppState, tunnel: Tunnel | None) -> Problem | None:
    """Return the problem of a tunnel, or with None of the app itself; None when all is well."""
    failure = tunnel.failure if tunnel else state.failure
    if failure is None:
        return None
    subject = Subject(
        port=tunnel.wish.port if tunnel else None,
        slug=tunnel.slug if tunnel else None,
        server=tunnel.account.server if tunnel and tunnel.account else state.session.server,
        max_tunnels=state.limit_of(state.account_of(tunnel) if tunnel else state.session.account),
        taken=frozenset(
            name
            for name in (
                *(other.slug for other in state.tunnels if other.active),
                *(remote.slug for remote in state.remote or () if remote.held),
            )
            if name
        ),
    )
    return problem(failure, subject)


def room(state: AppState, key: str | None) -> tuple[RemoteRow, ...]:
    """Return the tunnels of which one may be stopped to make room for the refused one of ``key``.

    Those of other accounts count towards other limits. What runs elsewhere is known of the session's account only.
    """
    refused = state.tunnel(key) if key is not None else None
    whose = state.account_of(refused) if refused else state.session.account
    own = tuple(
        RemoteRow(
            tunnel.tunnel_id,
            tunnel.hostname or name_of(tunnel),
            f"\N{RIGHTWARDS ARROW} localhost:{tunnel.wish.port}",
            tunnel.phase is Phase.STOPPING,
        )
        for tunnel in reversed(state.tunnels)
        if tunnel.tunnel_id is not None and tunnel.key != key and state.account_of(tunnel) == whose
    )
    elsewhere = state.elsewhere if whose == state.session.account else ()
    return own + tuple(_remote_row(remote) for remote in elsewhere)


def _place(state: AppState) -> str:
    if state.session.demo:
        return translate("Window", "This computer only")
    if state.session.server is None:
        return translate("Window", "No server chosen yet")
    return urlsplit(state.session.server).netloc


def _account(state: AppState) -> str:
    if state.session.demo and state.session.status is SessionStatus.SIGNED_IN:
        return translate("Window", "No account needed")
    return {
        SessionStatus.OPENING: translate("Window", "Starting ..."),
        SessionStatus.SIGNED_OUT: translate("Window", "Not signed in"),
        SessionStatus.SIGNED_IN: state.session.email or translate("Window", "Signed in"),
        SessionStatus.ENDED: translate("Window", "Session ended"),
    }[state.session.status]


def _of_another(tunnel: Tunnel, state: AppState) -> str:
    """Say whose a tunnel is, where it is not the session's."""
    account = tunnel.account
    if account is None or account == state.session.account:
        return ""
    return f"  \N{MIDDLE DOT}  {account.email or urlsplit(account.server).netloc}"


def _ended(state: AppState) -> Trouble | None:
    """Say that the session has ended, as long as nothing else is wrong."""
    if state.session.status is not SessionStatus.ENDED:
        return None
    title, text = session_ended()
    action = Action(ActionKind.SIGN_IN, translate("Window", "Sign in again"))
    return Trouble(Mark.ATTENTION, f"{title}. {text}", "", action, has_more=False)


def _lease(tunnel: Tunnel, instant: Instant) -> LeaseView | None:
    if tunnel.lease is None:
        return None
    left = tunnel.lease.left(instant.monotonic)
    fraction = min(1.0, left / tunnel.lease.timeout)
    expires = tunnel.lease.server_expires_at
    words = translate("Window", "Lease: {left} left") if left > 0 else translate("Window", "Lease: run out")
    return LeaseView(
        words=fill(words, {"left": duration(math.ceil(left))}),
        fraction=fraction,
        exact=fill(
            translate("Window", "Until {time}, says the server"), {"time": f"{expires.astimezone():%H:%M:%S}"}
        )
        if expires
        else "",
        low=fraction < 1 / 3,
    )


def _uptime(tunnel: Tunnel, instant: Instant) -> tuple[str, str]:
    """Return for how long it has been up, or until it is tried again: relatively, and exactly."""
    if tunnel.phase is Phase.WAITING and tunnel.retry_at is not None:
        wait = (tunnel.retry_at - instant.now).total_seconds()
        words = fill(translate("Window", "Next attempt in {left}"), {"left": duration(wait)})
        return words, fill(translate("Window", "Next attempt at {time}"), {"time": day_and_time(tunnel.retry_at)})
    if tunnel.online_since is None or not tunnel.active:
        return "", ""
    up = (instant.now - tunnel.online_since).total_seconds()
    # Whole minutes after the first: seconds would only flicker.
    words = fill(translate("Window", "Up {time}"), {"time": duration(up if up < 60 else up // 60 * 60)})
    return words, fill(translate("Window", "Up since {time}"), {"time": day_and_time(tunnel.online_since)})


def _stops(tunnel: Tunnel, instant: Instant) -> str:
    if tunnel.stops_at is None or not tunnel.active:
        return ""
    left = max(0.0, (tunnel.stops_at - instant.now).total_seconds())
    # Whole minutes until the last, and never less than what is left.
    words = duration(left if left < 60 else math.ceil(left / 60) * 60)
    return fill(translate("Window", "Stops in {left}"), {"left": words})


def _tick(beat: Beat) -> Tick:
    time = f"{beat.at.astimezone():%H:%M:%S}"
    if beat.round_trip is None:
        return Tick(beat.outcome, 1.0, fill(translate("Window", "{time}: missed"), {"time": time}))
    height = math.log1p(beat.round_trip * 1000) / math.log1p(_SLOW * 1000)
    words = (
        translate("Window", "{time}: {ms} ms")
        if beat.outcome is BeatOutcome.OK
        else translate("Window", "{time}: late, {ms} ms")
    )
    return Tick(
        beat.outcome,
        min(1.0, height),
        fill(words, {"time": time, "ms": str(max(1, round(beat.round_trip * 1000)))}),
    )


def _trouble(shown: Problem | None, mark: Mark) -> Trouble | None:
    if shown is None:
        return None
    return Trouble(
        mark=mark if mark in {Mark.PROBLEM, Mark.ATTENTION} else Mark.ATTENTION,
        words=shown.title,
        explanation=shown.text,
        action=shown.actions[0] if shown.actions else None,
        has_more=not shown.quiet,
    )


_REMOTE: dict[RemoteStatus, str] = {
    RemoteStatus.CREATING: QT_TRANSLATE_NOOP("Window", "creating"),
    RemoteStatus.ACTIVE: QT_TRANSLATE_NOOP("Window", "active"),
    RemoteStatus.STOPPING: QT_TRANSLATE_NOOP("Window", "stopping"),
    RemoteStatus.STOPPED: QT_TRANSLATE_NOOP("Window", "stopped"),
    RemoteStatus.FAILED: QT_TRANSLATE_NOOP("Window", "failed"),
    RemoteStatus.UNKNOWN: QT_TRANSLATE_NOOP("Window", "unknown"),
}


def _remote_row(remote: RemoteTunnel) -> RemoteRow:
    parts = [
        f"\N{RIGHTWARDS ARROW} :{remote.port}" if remote.port else "",
        translate("Window", _REMOTE[remote.status]),
    ]
    return RemoteRow(
        tunnel_id=remote.tunnel_id,
        name=remote.hostname,
        words="  ".join(part for part in parts if part),
        stopping=remote.status is RemoteStatus.STOPPING,
    )
