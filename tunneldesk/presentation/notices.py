"""What the user is told of without having asked: pure, fed with states as they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import MomentKind
from tunneldesk.domain.preferences import Notice
from tunneldesk.presentation.announcement import announcement
from tunneldesk.presentation.status import name_of
from tunneldesk.presentation.texts import duration, fill
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.model import AppState, Tunnel
    from tunneldesk.presentation.status import Instant

WORTH_TELLING = 10.0
"""Seconds for which a tunnel may be away without a word: most are back by then. Sleep does not count."""

_OF_LIVE, _OF_AWAY = frozenset({Notice.LIVE, Notice.RESTORED}), frozenset({Notice.LOST})
"""What can be said of a tunnel that is live, and of one that is to be live again."""

_LATE = 3.0
"""By so many seconds nobody looks too late who is awake."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell.

    Attributes:
        kind: What the user may have switched off.
        key: The tunnel.
        title: One line.
        text: A little more.
        grave: Whether it is bad news.
    """

    kind: Notice
    key: str
    title: str
    text: str
    grave: bool = False

    def holds(self, state: AppState) -> bool:
        """Whether it is still so in a later state."""
        tunnel = state.tunnel(self.key)
        if tunnel is None or not (tunnel.active and tunnel.wanted):
            return self.kind is Notice.STOPPED
        return self.kind in (_OF_LIVE if tunnel.phase is Phase.ONLINE else _OF_AWAY)


@dataclass(slots=True)
class _Seen:
    """A tunnel as it was last seen.

    Attributes:
        phase: Where it was in its life.
        lost_at: Monotonic seconds at which it was found away, or at which the machine was found awake again; None
            while it is not away, or never was live.
        told: Whether that has been told.
    """

    phase: Phase
    lost_at: float | None = None
    told: bool = False


class Notices:
    """Remembers what was seen of each tunnel, and finds what is worth telling."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def hear(self, state: AppState, instant: Instant) -> tuple[Note, ...]:
        """Return what is to be told of this state; what the user does not want to hear is left out."""
        notes: list[Note] = []
        for tunnel in state.tunnels:
            seen = self._seen.get(tunnel.key)
            if seen is None:
                self._seen[tunnel.key] = _Seen(tunnel.phase)
            else:
                note = _changed(seen, tunnel, instant)
                seen.phase = tunnel.phase
                if note is not None and note.kind in state.preferences.notices:
                    notes.append(note)
        for key in self._seen.keys() - {tunnel.key for tunnel in state.tunnels}:
            del self._seen[key]
        return tuple(notes)

    def due(self, now: float) -> float | None:
        """Return after how many seconds to `hear` again though nothing changes; None when that is not needed."""
        waiting = [seen.lost_at for seen in self._seen.values() if seen.lost_at is not None and not seen.told]
        return max(0.0, min(waiting) + WORTH_TELLING - now) if waiting else None


def _changed(seen: _Seen, tunnel: Tunnel, instant: Instant) -> Note | None:
    if tunnel.phase is Phase.ONLINE:
        return _online(seen, tunnel)
    if tunnel.phase is Phase.STOPPING and seen.phase is not Phase.STOPPING and _time_is_up(tunnel, instant):
        seen.lost_at, seen.told = None, False
        return _time_was_up(tunnel)
    if not (tunnel.active and tunnel.wanted):
        # Whoever stopped it knows, and a failure is a problem of its own.
        seen.lost_at, seen.told = None, False
        return None
    if seen.phase is Phase.ONLINE:
        seen.lost_at, seen.told = instant.monotonic, False
    if seen.lost_at is None or seen.told:
        return None
    seen.lost_at = _awake_since(seen.lost_at, tunnel, instant)
    if instant.monotonic - seen.lost_at < WORTH_TELLING:
        return None
    seen.told = True
    return _lost(tunnel)


def _awake_since(lost_at: float, tunnel: Tunnel, instant: Instant) -> float:
    """Return since when it has been away while the machine was awake, which is when anything can repair itself.

    The time line says that the machine slept, but mostly it is looked at before that has been noticed. Then nobody
    has looked when it was due.
    """
    if instant.monotonic - lost_at > WORTH_TELLING + _LATE:
        return instant.monotonic
    woke = [moment.at for moment in tunnel.timeline if moment.kind is MomentKind.SLEPT]
    if not woke:
        return lost_at
    return max(lost_at, instant.monotonic - (instant.now - max(woke)).total_seconds())


def _online(seen: _Seen, tunnel: Tunnel) -> Note | None:
    if seen.phase is Phase.ONLINE or tunnel.address is None:
        return None
    was_away, told = seen.lost_at is not None, seen.told
    seen.lost_at, seen.told = None, False
    title, text = announcement(tunnel, tunnel.address)
    if not was_away:
        return Note(Notice.LIVE, tunnel.key, title, text)
    if _made_anew(tunnel):
        return Note(Notice.RESTORED, tunnel.key, title, text)
    if told:
        back = fill(translate("Notices", "{name} is connected again"), {"name": name_of(tunnel)})
        return Note(Notice.RESTORED, tunnel.key, back, tunnel.address)
    return None


def _made_anew(tunnel: Tunnel) -> bool:
    """Whether the last thing before it came back was that it was made anew."""
    kinds = [moment.kind for moment in tunnel.timeline if moment.kind is not MomentKind.HEARTBEAT_MISSED]
    return kinds[-2:-1] == [MomentKind.RECREATED] or kinds[-1:] == [MomentKind.RECREATED]


def _lost(tunnel: Tunnel) -> Note:
    title = fill(translate("Notices", "{name} has lost its connection"), {"name": name_of(tunnel)})
    text = translate("Notices", "TunnelDesk goes on trying to bring it back under the same address.")
    return Note(Notice.LOST, tunnel.key, title, text, grave=True)


def _time_is_up(tunnel: Tunnel, instant: Instant) -> bool:
    return tunnel.stops_at is not None and instant.now >= tunnel.stops_at


def _time_was_up(tunnel: Tunnel) -> Note:
    title = fill(translate("Notices", "{name} was stopped"), {"name": name_of(tunnel)})
    after = duration(tunnel.wish.stop_after or 0)
    text = fill(translate("Notices", "It was to be stopped after {time}."), {"time": after})
    return Note(Notice.STOPPED, tunnel.key, title, text)
