"""From state to the expose dialog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.health import Health
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.presentation.status import beginning, name_of, stage_of
from tunneldesk.presentation.texts import fill, plain
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.listening import Listener
    from tunneldesk.domain.model import AppState

STEPS = 4
"""Reserving the name, starting the connector, connecting, live."""


@dataclass(frozen=True, slots=True)
class ExposeView:
    """How far the request of the dialog has got.

    Attributes:
        busy: Whether it is under way, so that there is something to cancel.
        stage: What is being done, for the button.
        step: 0 to `STEPS`.
        live_address: The address, once it answers.
        refused: Whether it has failed, so that what was typed can be changed and sent again.
    """

    busy: bool = False
    stage: str = ""
    step: int = 0
    live_address: str | None = None
    refused: bool = False


def expose_view(state: AppState, key: str | None) -> ExposeView:
    """Return how far the tunnel ``key`` has got; None is a dialog that has not been sent yet."""
    tunnel = state.tunnel(key) if key is not None else None
    if tunnel is None:
        return ExposeView()
    if tunnel.phase is Phase.ONLINE:
        return ExposeView(stage=stage_of(tunnel), step=STEPS, live_address=tunnel.address)
    if not tunnel.active and not beginning(tunnel):
        return ExposeView(refused=True)
    step = 1
    if tunnel.phase in {Phase.CONNECTING, Phase.RECONNECTING}:
        step = 2 if tunnel.vitals.connector is Health.UNKNOWN else 3
    return ExposeView(busy=True, stage=stage_of(tunnel), step=step)


def address_preview(state: AppState, slug: str | None) -> str:
    """Return the address a name would get, as far as it can be foretold from the names this server gave before."""
    server = state.session.server
    hostnames = [
        tunnel.hostname
        for tunnel in reversed(state.tunnels)
        if tunnel.hostname and (tunnel.account is None or tunnel.account.server == server)
    ]
    hostnames += [remote.hostname for remote in state.remote or ()]
    name = slug or translate("Expose", "(random)")
    domain = state.session.domain or next((hostname.partition(".")[2] for hostname in hostnames), "")
    return (
        f"{name}.{domain}" if domain else fill(translate("Expose", "{name}.<domain of the server>"), {"name": name})
    )


@dataclass(frozen=True, slots=True)
class ListenerRow:
    """A port on which something listens, to be chosen.

    Attributes:
        port: Which.
        words: `3000  node (Vite)`.
    """

    port: int
    words: str


def listener_rows(state: AppState) -> tuple[ListenerRow, ...] | None:
    """Return what listens on this machine, likely choices first; None while nobody has looked.

    What we can guess comes first, then what has a name, then the rest: databases and system services.
    """
    if state.listeners is None:
        return None
    exposed = {tunnel.wish.port: name_of(tunnel) for tunnel in state.tunnels if tunnel.active}
    likely = sorted(state.listeners, key=lambda each: (each.framework is None, each.process is None, each.port))
    return tuple(ListenerRow(each.port, _listener(each, exposed.get(each.port))) for each in likely)


def _listener(listener: Listener, name: str | None) -> str:
    process = plain(listener.process) if listener.process else translate("Expose", "another user's program")
    words = f"{listener.port}  {process}"
    if listener.framework:
        words += f" ({listener.framework})"
    if name:
        words += fill(translate("Expose", " - exposed as {name}"), {"name": name})
    return words


def remembered_name(state: AppState, port: int) -> str:
    """Return the name last used for this port; empty when none is known."""
    return next((wish.slug for wish in state.recent if wish.port == port and wish.slug), "")
