"""What the user may choose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Theme(StrEnum):
    """How windows look: as the system has it, or one of two."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Notice(StrEnum):
    """What the user can be told of without having asked."""

    LIVE = "live"
    LOST = "lost"
    RESTORED = "restored"
    STOPPED = "stopped"


class TrayStyle(StrEnum):
    """How the icon in the tray is coloured."""

    SYSTEM = "system"  # as the theme is
    LIGHT = "light"  # for a light panel
    DARK = "dark"  # for a dark one
    PLAIN = "plain"  # as the theme is, without colours


class EdgeProtocol(StrEnum):
    """How cloudflared speaks to the edge; the values are its own for `--protocol`."""

    AUTO = "auto"  # QUIC, and HTTP/2 where that does not get through
    QUIC = "quic"
    HTTP2 = "http2"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the user has chosen.

    Attributes:
        connector: The cloudflared to use; None for whichever is found.
        protocol: How it speaks to the edge.
        authority: PEM file with a company's certificate authority, trusted beside the system's; None for no such.
        copy_when_live: Whether a new address goes to the clipboard by itself.
        reopen_at_start: Whether wanted tunnels are exposed again when the app starts.
        theme: How windows look.
        look_for_updates: Whether it is found out, once a day, that there is a newer TunnelDesk.
        notices: What the user wants to be told of.
        ask_on_quit: Whether to ask before tunnels are stopped by quitting.
        ask_on_close: Whether to ask what closing the window means while there is no tray.
        start_at_login: Whether the system starts us at login; kept by the system and nowhere else.
        tray_style: How the icon in the tray is coloured.
    """

    connector: Path | None = None
    protocol: EdgeProtocol = EdgeProtocol.AUTO
    authority: Path | None = None
    copy_when_live: bool = True
    reopen_at_start: bool = True
    theme: Theme = Theme.SYSTEM
    look_for_updates: bool = True
    notices: frozenset[Notice] = frozenset(Notice)
    ask_on_quit: bool = False
    ask_on_close: bool = True
    start_at_login: bool = False
    tray_style: TrayStyle = TrayStyle.SYSTEM
