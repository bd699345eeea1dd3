"""What outlives a run: wanted tunnels and what is still to be deleted, to and from the journal."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ApiError
from tunneldesk.storage.journal import Undeleted, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.api.client import ApiClient
    from tunneldesk.domain.model import AppState, Wish
    from tunneldesk.storage.journal import Entries, Journal

_log = logging.getLogger(__name__)


def wanted(state: AppState) -> tuple[Wanted, ...]:
    """Return what the user wants of the session's server, whatever phase it is in."""
    server = state.session.server
    return tuple(Wanted(server, tunnel.again) for tunnel in state.tunnels if tunnel.wanted and server)


def keep_wanted(journal: Journal, server: str, wanted: tuple[Wanted, ...]) -> None:
    """Write down what is wanted of one server; what is wanted of others stays."""

    def change(entries: Entries) -> Entries:
        others = tuple(item for item in entries.wanted if item.server != server)
        return replace(entries, wanted=(*others, *wanted))

    _try_change(journal, change)


def wanted_on(entries: Entries, server: str) -> tuple[Wish, ...]:
    """Return what was wanted of this server when the app last ended."""
    return tuple(item.wish for item in entries.wanted if item.server == server)


def keep_undeleted(journal: Journal, server: str, tunnel_id: str) -> None:
    """Write down that a tunnel is still to be deleted."""
    item = Undeleted(server, tunnel_id)
    _try_change(journal, lambda entries: replace(entries, undeleted=(*entries.undeleted, item)))


async def delete_leftovers(journal: Journal, client: ApiClient) -> None:
    """Delete what could not be deleted before; what still can't be stays written down."""
    for item in journal.read().undeleted:
        if item.server != client.server:
            continue
        try:
            await client.delete(item.tunnel_id)
        except ApiError as error:
            _log.warning("Tunnel %s is still not deleted: %s", item.tunnel_id, error.failure.code)
            continue
        _try_change(journal, partial(_without, item))


def _without(done: Undeleted, entries: Entries) -> Entries:
    return replace(entries, undeleted=tuple(item for item in entries.undeleted if item != done))


def _try_change(journal: Journal, change: Callable[[Entries], Entries]) -> None:
    """Change the journal; a full disk costs what would have been written, and never a running tunnel."""
    try:
        journal.change(change)
    except OSError:
        _log.exception("The journal can't be written")
