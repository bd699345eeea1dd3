"""``tunneldesk stop``: tunnels of the account, wherever they run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import TunnelDeskError
from tunneldesk.domain.validation import shown
from tunneldesk.presentation.texts import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from enum import StrEnum

    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.model import RemoteTunnel

_OUTCOMES = {
    "deleted": "stopped",
    "already gone": "was stopped already",
    "draining": "is stopping; the server waits for connections to end",
    "retrying": "no longer runs; the server could not tidy up yet and tries again by itself",
}


@dataclass(frozen=True, slots=True)
class Stopped:
    """What became of one tunnel that was to be stopped: words, or the failure."""

    tunnel: RemoteTunnel
    words: str = ""
    failure: Failure | None = None


def find(wanted: Sequence[str], tunnels: Sequence[RemoteTunnel]) -> tuple[list[RemoteTunnel], list[str]]:
    """Return the tunnels that are named, each once, and the names that fit none of them.

    A name, an id, a host name (with or without its port) or the whole address will do.
    """
    found: dict[str, RemoteTunnel] = {}
    missing = []
    for text in wanted:
        fitting = [tunnel for tunnel in tunnels if _key(text) in _keys(tunnel)]
        found.update((tunnel.tunnel_id, tunnel) for tunnel in fitting)
        if not fitting:
            missing.append(shown(text))
    return list(found.values()), missing


async def stop_all(
    tunnels: Sequence[RemoteTunnel], delete: Callable[[str], Awaitable[StrEnum]]
) -> tuple[Stopped, ...]:
    """Delete the tunnels side by side, since a server may take long over each."""

    async def stop(tunnel: RemoteTunnel) -> Stopped:
        try:
            outcome = await delete(tunnel.tunnel_id)
        except TunnelDeskError as error:
            return Stopped(tunnel, failure=error.failure)
        return Stopped(tunnel, words=_OUTCOMES[outcome.value])

    return tuple(await asyncio.gather(*map(stop, tunnels)))


def name_of(tunnel: RemoteTunnel) -> str:
    """Return what a tunnel is called, made plain: the name comes from the server."""
    return plain(tunnel.slug, 40) if tunnel.slug else tunnel.hostname


def _key(text: str) -> str:
    return text.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")


def _keys(tunnel: RemoteTunnel) -> set[str]:
    hostname = tunnel.hostname.lower()
    names = {tunnel.tunnel_id.lower(), hostname, hostname.partition(":")[0]}
    return names | {tunnel.slug.lower()} if tunnel.slug else names
