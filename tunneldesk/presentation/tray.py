"""From state to tray icon, tooltip and menu."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import SessionStatus
from tunneldesk.presentation.account import AccountRow, account_rows
from tunneldesk.presentation.status import (
    GLYPHS,
    Instant,
    Mark,
    beginning,
    gravest,
    name_of,
    reason,
    status_of,
)
from tunneldesk.presentation.texts import duration, fill
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.model import AppState, Tunnel, Wish


class End(StrEnum):
    """What ending a tunnel means just now."""

    STOP = "stop"
    FORCE = "force"  # it is stopping already; a second stop forces the connector down
    REMOVE = "remove"  # it has ended; what is left to do is to forget it


def end_of(tunnel: Tunnel) -> End:
    """Return what ending this tunnel means just now."""
    if not tunnel.active and not beginning(tunnel):
        return End.REMOVE
    return End.FORCE if tunnel.phase is Phase.STOPPING else End.STOP


def end_label(end: End) -> str:
    """Return what the button or menu entry says."""
    return {
        End.STOP: translate("Tray", "Stop"),
        End.FORCE: translate("Tray", "Stop at once"),
        End.REMOVE: translate("Tray", "Remove"),
    }[end]


@dataclass(frozen=True, slots=True)
class TunnelEntry:
    """One tunnel's submenu.

    Attributes:
        key: The tunnel.
        title: `my-app.example.com -> :3000`, with its state as a glyph and in words.
        address: What "Copy address" and "Open in browser" work on; None leaves them out of reach.
        can_change: Whether port and name can be changed, and whether it can be restarted.
        restart_label: "Restart", or "Try again" after a failure.
        end: What ending it means just now.
    """

    key: str
    title: str
    address: str | None
    can_change: bool
    restart_label: str
    end: End


@dataclass(frozen=True, slots=True)
class AgainEntry:
    """A port and a name to expose again with one click.

    Attributes:
        wish: What that asks for.
        label: `:3000  my-app`.
    """

    wish: Wish
    label: str


@dataclass(frozen=True, slots=True)
class TrayView:
    """All that the tray shows.

    Attributes:
        mark: Which icon.
        count: Live tunnels, for the badge.
        tooltip: One line.
        status: First line of the menu.
        sign_in: Whether the first line is "Sign in..." instead.
        can_expose: Whether a port can be exposed now.
        can_stop: Whether there is anything to stop.
        tunnels: The submenus, newest first.
        again: What was exposed lately and is not now, to expose again.
        newest: The tunnel whose address a middle click copies; None while there is no address.
        accounts: The accounts to choose from.
        can_sign_out: Whether the one in use can be signed out.
    """

    mark: Mark
    count: int
    tooltip: str
    status: str
    sign_in: bool
    can_expose: bool
    can_stop: bool
    tunnels: tuple[TunnelEntry, ...]
    again: tuple[AgainEntry, ...]
    newest: str | None
    accounts: tuple[AccountRow, ...]
    can_sign_out: bool


def tray_view(state: AppState, instant: Instant) -> TrayView:
    """Return what the tray shows at ``instant``."""
    newest_first = tuple(reversed(state.tunnels))
    marks = [status_of(tunnel).mark for tunnel in state.tunnels]
    mark = gravest([*marks, Mark.PROBLEM] if state.failure else marks)
    with_address = (tunnel.key for tunnel in newest_first if tunnel.active and tunnel.address)
    return TrayView(
        mark=mark,
        count=sum(tunnel.phase is Phase.ONLINE for tunnel in state.tunnels),
        tooltip=_tooltip(state, newest_first, mark, instant),
        status=_status(state, instant),
        sign_in=needs_sign_in(state),
        can_expose=not state.quitting,
        can_stop=not state.quitting and any(tunnel.active for tunnel in state.tunnels),
        tunnels=tuple(_entry(tunnel) for tunnel in newest_first),
        again=_again(state),
        newest=next(with_address, None),
        accounts=account_rows(state),
        can_sign_out=not state.session.demo and state.session.status is SessionStatus.SIGNED_IN,
    )


def needs_sign_in(state: AppState) -> bool:
    """Whether nothing can be done on the server before the user signs in."""
    return state.session.status in {SessionStatus.SIGNED_OUT, SessionStatus.ENDED}


def quota(state: AppState) -> str:
    """Return the quota as the menu says it."""
    words = translate("Tray", "{used} of {max} tunnels in use")
    limit = state.limit_of(state.session.account)
    return fill(words, {"used": str(state.in_use), "max": str(limit)})


def stopping(state: AppState, instant: Instant) -> str:
    """Return how long stopping everything may still take."""
    left = 0 if state.quit_by is None else math.ceil(state.quit_by - instant.monotonic)
    if left <= 0:
        return translate("Tray", "Stopping everything ...")
    words = translate("Tray", "Stopping everything, {seconds} s at most ...")
    return fill(words, {"seconds": str(left)})


def _status(state: AppState, instant: Instant) -> str:
    if state.quitting:
        return stopping(state, instant)
    if state.session.status is SessionStatus.OPENING:
        return translate("Tray", "Starting ...")
    return quota(state)


def _tooltip(state: AppState, newest_first: tuple[Tunnel, ...], mark: Mark, instant: Instant) -> str:
    if state.quitting:
        return stopping(state, instant)  # the icon is all there is to be seen, where no window is open
    shown = [tunnel for tunnel in newest_first if status_of(tunnel).mark is mark]
    if not shown:
        if state.failure:
            return fill(translate("Tray", "TunnelDesk: {reason}"), {"reason": reason(state.failure.code)})
        return translate("Tray", "TunnelDesk: nothing exposed")
    tunnel = shown[0]
    words = {"name": name_of(tunnel), "state": status_of(tunnel).words}
    if mark is Mark.IDLE:
        return translate("Tray", "TunnelDesk: nothing exposed")
    if mark is Mark.LIVE:
        names = ", ".join(name_of(live) for live in shown)
        return fill(translate("Tray", "{count} live: {names}"), {"count": str(len(shown)), "names": names})
    if mark is Mark.WORKING:
        if tunnel.phase is Phase.STOPPING:
            return fill(translate("Tray", "Stopping {name} ..."), words)
        return fill(translate("Tray", "Connecting {name} ..."), words)
    if mark is Mark.PROBLEM:
        if tunnel.failure is None:
            return fill(translate("Tray", "{name} stopped"), words)
        words["reason"] = reason(tunnel.failure.code)
        return fill(translate("Tray", "{name} stopped: {reason}"), words)
    left = tunnel.lease.left(instant.monotonic) if tunnel.lease else 0.0
    if tunnel.phase is Phase.RECONNECTING and left > 0:
        words["left"] = duration(left)
        return fill(translate("Tray", "{name}: reconnecting, address still reserved ({left})"), words)
    return fill(translate("Tray", "{name}: {state}"), words)


def _again(state: AppState) -> tuple[AgainEntry, ...]:
    taken = {(tunnel.wish.port, tunnel.slug) for tunnel in state.tunnels if tunnel.active}
    taken |= {(tunnel.wish.port, tunnel.wish.slug) for tunnel in state.tunnels if tunnel.active}
    return tuple(
        AgainEntry(wish, _again_label(wish)) for wish in state.recent if (wish.port, wish.slug) not in taken
    )


def _again_label(wish: Wish) -> str:
    if wish.slug is None:
        return fill(translate("Tray", ":{port}  random name"), {"port": str(wish.port)})
    return f":{wish.port}  {wish.slug}"


def _entry(tunnel: Tunnel) -> TunnelEntry:
    status = status_of(tunnel)
    label = tunnel.hostname or name_of(tunnel)
    failed = tunnel.phase in {Phase.FAILED, Phase.STOPPED}
    return TunnelEntry(
        key=tunnel.key,
        title=f"{GLYPHS[status.mark]}  {label} \N{RIGHTWARDS ARROW} :{tunnel.wish.port}  ({status.words})",
        address=tunnel.address if tunnel.active else None,
        can_change=tunnel.phase is not Phase.STOPPING,
        restart_label=translate("Tray", "Try again") if failed else translate("Tray", "Restart"),
        end=end_of(tunnel),
    )
