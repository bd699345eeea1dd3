"""What is told of tunnels that are live: to the user as they come to life, and to the system while they stay so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk.domain.model import MomentKind
from tunneldesk.presentation.status import name_of
from tunneldesk.presentation.texts import fill
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.model import Tunnel

_BEGINNINGS = frozenset({MomentKind.CREATED, MomentKind.RECREATED, MomentKind.ADOPTED})


def why_awake() -> str:
    """Return why the system is asked to stay awake, as it shows to whoever looks at what keeps it so."""
    return translate("Announcement", "A tunnel is up that is to stay up.")


def announcement(tunnel: Tunnel, text: str) -> tuple[str, str]:
    """Return title and text of the notification for a tunnel that is live.

    Args:
        tunnel: The tunnel.
        text: What to say of one that is live for the first time, its address for one.
    """
    began = next((moment.kind for moment in reversed(tunnel.timeline) if moment.kind in _BEGINNINGS), None)
    facts = {"name": name_of(tunnel)}
    if began is MomentKind.RECREATED:
        title = translate("Announcement", "{name} is live again")
        text = translate("Announcement", "The server had let go of it. It was made anew, under the same address.")
    elif began is MomentKind.ADOPTED:
        title = translate("Announcement", "{name} is live again")
        text = translate("Announcement", "It was taken up where it had been left.")
    else:
        title = translate("Announcement", "{name} is live")
    return fill(title, facts), text
