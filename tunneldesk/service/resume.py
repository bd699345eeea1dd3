"""What the last run left: tunnels that are still wanted, and tunnels that no longer are."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ApiError
from tunneldesk.storage.journal import Wanted

if TYPE_CHECKING:
    from collections.abc import Collection

    from tunneldesk.api.client import ApiClient
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.model import AppState, Wish
    from tunneldesk.service.ledger import Ledger
    from tunneldesk.storage.journal import Entries

_log = logging.getLogger(__name__)


def wanted(state: AppState) -> tuple[Wanted, ...]:
    """Return what the user wants, whatever phase it is in; of the session's account, where nobody has said."""
    whose = ((tunnel, tunnel.account or state.session.account) for tunnel in state.tunnels if tunnel.wanted)
    return tuple(Wanted(account, tunnel.again) for tunnel, account in whose if account is not None)


def wanted_of(entries: Entries, account: Account) -> tuple[Wish, ...]:
    """Return what was wanted of this account when the app last ended."""
    return tuple(item.wish for item in entries.wanted if item.account == account)


async def delete_leftovers(ledger: Ledger, client: ApiClient, *, spare: Collection[Wish]) -> None:
    """Delete what this account still holds and nobody serves or wants; what can't be deleted stays in the ledger.

    Args:
        ledger: What servers hold for us.
        client: The account's.
        spare: Wishes whose runs take up by themselves what is left for them.
    """
    leftovers = await ledger.claim(client.account, lambda held: not any(held.serves(wish) for wish in spare))
    for held in leftovers:
        try:
            await client.delete(held.tunnel_id)
        except ApiError as error:
            _log.warning("Tunnel %s is still not deleted: %s", held.tunnel_id, error.failure.code)
            ledger.release(held.tunnel_id)
        else:
            ledger.drop(held.tunnel_id)
