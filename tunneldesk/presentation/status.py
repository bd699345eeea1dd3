"""How one tunnel stands, in a mark and in a few words: the same for tray, menu and window."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.health import Health
from tunneldesk.domain.lifecycle import After, Phase
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP, fill
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tunneldesk.domain.model import Tunnel

CONTEXT = "Status"


class Mark(StrEnum):
    """What is told by a shape first and a colour second; the values name the icons."""

    IDLE = "idle"
    WORKING = "working"
    LIVE = "live"
    ATTENTION = "attention"
    PROBLEM = "problem"


GLYPHS: dict[Mark, str] = {
    Mark.IDLE: "\N{WHITE CIRCLE}",
    Mark.WORKING: "\N{DOTTED CIRCLE}",
    Mark.LIVE: "\N{BLACK CIRCLE}",
    Mark.ATTENTION: "\N{CIRCLE WITH LEFT HALF BLACK}",
    Mark.PROBLEM: "\N{MULTIPLICATION X}",
}
"""The marks where only text can be shown."""

_GRAVITY = (Mark.PROBLEM, Mark.ATTENTION, Mark.WORKING, Mark.LIVE, Mark.IDLE)


def gravest(marks: Iterable[Mark]) -> Mark:
    """Return the mark that must not be overlooked; IDLE when there is none."""
    return min(marks, key=_GRAVITY.index, default=Mark.IDLE)


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on both clocks: views are made for a moment, so that making them stays pure.

    Attributes:
        monotonic: Seconds that never jump; leases are counted on these.
        now: The time of day (UTC).
    """

    monotonic: float
    now: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """A tunnel's standing as it is shown."""

    mark: Mark
    words: str


def beginning(tunnel: Tunnel) -> bool:
    """Whether the tunnel is asked for and nothing has been done about it yet: a moment only."""
    return not tunnel.active and tunnel.wanted and tunnel.failure is None


def name_of(tunnel: Tunnel) -> str:
    """Return what the tunnel is called: its name, or the port while a random name is still to come."""
    return tunnel.slug or fill(translate("Status", "port {port}"), {"port": str(tunnel.wish.port)})


def status_of(tunnel: Tunnel) -> Status:
    """Return how the tunnel stands."""
    if tunnel.phase is Phase.ONLINE:
        return _online(tunnel)
    if beginning(tunnel):
        return Status(Mark.WORKING, stage_of(tunnel))
    if tunnel.phase is Phase.FAILED:
        return Status(Mark.PROBLEM, _because(translate("Status", "Stopped"), tunnel))
    if tunnel.phase is Phase.STOPPED:
        return Status(Mark.IDLE, _because(translate("Status", "Stopped"), tunnel))
    if tunnel.phase is Phase.WAITING:
        return Status(Mark.ATTENTION, _because(translate("Status", "Waiting"), tunnel))
    if tunnel.phase is Phase.RECONNECTING:
        return Status(Mark.ATTENTION, translate("Status", "Reconnecting"))
    return Status(Mark.WORKING, stage_of(tunnel))


def stage_of(tunnel: Tunnel) -> str:
    """Return what is being done just now, as the Expose button and the card say it."""
    if tunnel.phase is Phase.CREATING or beginning(tunnel):
        return translate("Status", "Reserving name ...")
    if tunnel.phase is Phase.CONNECTING:
        if tunnel.vitals.connector is Health.UNKNOWN:
            return translate("Status", "Starting connector ...")
        return translate("Status", "Connecting ...")
    if tunnel.phase is Phase.STOPPING:
        if tunnel.standing.after is After.RECREATE:
            return translate("Status", "Reserving it again ...")
        return translate("Status", "Stopping ...")
    return status_of(tunnel).words


def _online(tunnel: Tunnel) -> Status:
    if tunnel.vitals.service is Health.DOWN:
        return Status(Mark.ATTENTION, translate("Status", "Live, service not answering"))
    if tunnel.vitals.lease in {Health.DEGRADED, Health.DOWN}:
        return Status(Mark.ATTENTION, translate("Status", "Live, lease not renewed"))
    return Status(Mark.LIVE, translate("Status", "Live"))


def _because(words: str, tunnel: Tunnel) -> str:
    return f"{words}: {reason(tunnel.failure.code)}" if tunnel.failure else words


def reason(code: ErrorCode) -> str:
    """Return the cause in two or three words, for where there is room for no more."""
    return translate(CONTEXT, _REASONS.get(code, _REFUSED))


_REFUSED = QT_TRANSLATE_NOOP("Status", "the server refused")
_SIGN_IN = QT_TRANSLATE_NOOP("Status", "sign in again")
_UNREACHABLE = QT_TRANSLATE_NOOP("Status", "server not reachable")
_CLOUDFLARED = QT_TRANSLATE_NOOP("Status", "cloudflared is needed")
_KEYRING = QT_TRANSLATE_NOOP("Status", "sign-in not stored")

_REASONS: dict[ErrorCode, str] = {
    ErrorCode.INVALID_PORT: QT_TRANSLATE_NOOP("Status", "port refused"),
    ErrorCode.INVALID_SLUG: QT_TRANSLATE_NOOP("Status", "name refused"),
    ErrorCode.TUNNEL_SLUG_CONFLICT: QT_TRANSLATE_NOOP("Status", "name taken"),
    ErrorCode.TUNNEL_LIMIT_EXCEEDED: QT_TRANSLATE_NOOP("Status", "all tunnels in use"),
    ErrorCode.TUNNEL_LIMIT_REACHED: QT_TRANSLATE_NOOP("Status", "all tunnels in use"),
    ErrorCode.SLUG_EXHAUSTED: QT_TRANSLATE_NOOP("Status", "no free name"),
    ErrorCode.TUNNEL_NOT_FOUND: QT_TRANSLATE_NOOP("Status", "lease lost"),
    ErrorCode.LEASE_LOST_REPEATEDLY: QT_TRANSLATE_NOOP("Status", "lease lost"),
    ErrorCode.STOPPED_ELSEWHERE: QT_TRANSLATE_NOOP("Status", "stopped elsewhere"),
    ErrorCode.CLOUDFLARE_ERROR: QT_TRANSLATE_NOOP("Status", "Cloudflare refused"),
    ErrorCode.RATE_LIMITED: QT_TRANSLATE_NOOP("Status", "too many requests"),
    ErrorCode.INTERNAL_ERROR: QT_TRANSLATE_NOOP("Status", "the server has a problem"),
    ErrorCode.MISSING_AUTH: _SIGN_IN,
    ErrorCode.INVALID_TOKEN: _SIGN_IN,
    ErrorCode.INVALID_REFRESH_TOKEN: _SIGN_IN,
    ErrorCode.SIGNED_OUT: _SIGN_IN,
    ErrorCode.FORBIDDEN: QT_TRANSLATE_NOOP("Status", "not allowed"),
    ErrorCode.NOT_A_TUNNEL_SERVER: QT_TRANSLATE_NOOP("Status", "not a tunnel server"),
    ErrorCode.INVALID_SERVER_ADDRESS: QT_TRANSLATE_NOOP("Status", "server address refused"),
    ErrorCode.INVALID_LINK: QT_TRANSLATE_NOOP("Status", "link not understood"),
    ErrorCode.SERVER_NAME_UNKNOWN: _UNREACHABLE,
    ErrorCode.SERVER_REFUSED_CONNECTION: _UNREACHABLE,
    ErrorCode.SERVER_CERTIFICATE_INVALID: QT_TRANSLATE_NOOP("Status", "server certificate refused"),
    ErrorCode.SERVER_TIMED_OUT: _UNREACHABLE,
    ErrorCode.SERVER_CONNECTION_BROKEN: _UNREACHABLE,
    ErrorCode.CONNECTOR_MISSING: _CLOUDFLARED,
    ErrorCode.CONNECTOR_TOO_OLD: _CLOUDFLARED,
    ErrorCode.CONNECTOR_NOT_EXECUTABLE: _CLOUDFLARED,
    ErrorCode.CONNECTOR_WRONG_ARCHITECTURE: _CLOUDFLARED,
    ErrorCode.CONNECTOR_TOKEN_REFUSED: QT_TRANSLATE_NOOP("Status", "connector refused"),
    ErrorCode.CONNECTOR_CRASHING: QT_TRANSLATE_NOOP("Status", "connector keeps ending"),
    ErrorCode.CONNECTOR_EDGE_UNREACHABLE: QT_TRANSLATE_NOOP("Status", "Cloudflare not reachable"),
    ErrorCode.SERVICE_SILENT: QT_TRANSLATE_NOOP("Status", "nothing answers"),
    ErrorCode.KEYRING_MISSING: _KEYRING,
    ErrorCode.KEYRING_LOCKED: _KEYRING,
    ErrorCode.KEYRING_REFUSED: _KEYRING,
    ErrorCode.EMBEDDED_SERVER_FAILED: QT_TRANSLATE_NOOP("Status", "embedded server failed"),
    ErrorCode.UNEXPECTED: QT_TRANSLATE_NOOP("Status", "unexpected error"),
}
