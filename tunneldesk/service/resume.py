"""What the last run left: tunnels that are still wanted, and tunnels that no longer are."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ApiError
from tunneldesk.domain.model import SessionStatus
from tunneldesk.storage.journal import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from tunneldesk.api.client import ApiClient
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.model import AppState, Wish
    from tunneldesk.service.ledger import Ledger
    from tunneldesk.service.session import Sessions
    from tunneldesk.service.store import Store
    from tunneldesk.service.tunnels import Tunnels
    from tunneldesk.storage.journal import Entries

_log = logging.getLogger(__name__)


class Resumption:
    """Takes up what the last run left, each account's as soon as somebody is signed in to it.

    Until then what is left is written down again with whatever comes: a keyring that is locked at login costs
    nothing.
    """

    def __init__(
        self,
        left: Entries,
        store: Store,
        sessions: Sessions,
        tunnels: Tunnels,
        ledger: Ledger,
        *,
        reopens: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        """Begin with nothing taken up.

        Args:
            left: The journal as the last run left it.
            store: The state.
            sessions: The accounts.
            tunnels: The runs.
            ledger: What is wanted and held from now on.
            reopens: Whether what is still wanted is exposed again.
            now: The time (UTC).
        """
        self._left = left
        self._store = store
        self._sessions = sessions
        self._tunnels = tunnels
        self._ledger = ledger
        self._reopens = reopens
        self._now = now
        self._taken_up: set[Account] = set()
        self._kept: dict[Account, tuple[Wanted, ...]] = {}

    def keep(self, state: AppState) -> None:
        """Write down what is wanted, of each account where that has changed."""
        now: dict[Account, tuple[Wanted, ...]] = dict.fromkeys((*self._kept, *self._taken_up), ())
        for item in wanted(state):
            now[item.account] = (*now.get(item.account, ()), item)
        for account, items in now.items():
            if account not in self._taken_up:
                asked_for = {item.wish for item in items}
                now[account] = (
                    *(item for item in _of(account, self._left) if item.wish not in asked_for),
                    *items,
                )
            if self._kept.get(account) != now[account]:
                self._ledger.want(account, now[account])
        self._kept = now

    def due(self, state: AppState) -> bool:
        """Whether there is something to take up for the session's account."""
        session = state.session
        return session.status is SessionStatus.SIGNED_IN and session.account not in self._taken_up

    async def take_up(self) -> None:
        """Go on with what was left for the session's account, if somebody is signed in and it was not done yet."""
        account = self._store.state.session.account
        if account is not None and self.due(self._store.state):
            await self._take_up(account)

    async def take_up_others(self) -> None:
        """Go on with what was left for the other accounts, as far as the keyring lets them in."""
        left = {item.account for item in self._left.wanted} | {item.account for item in self._left.held}
        for account in self._store.state.accounts:
            waits = account in left and account not in self._taken_up
            if waits and account != self._store.state.session.account and await self._sessions.open_beside(account):
                await self._take_up(account)

    async def _take_up(self, account: Account) -> None:
        self._taken_up.add(account)
        client = await self._sessions.client(account)
        if self._reopens():
            # A name asked for meanwhile is the newer wish; two of our own would only take it from each other.
            asked_for = {tunnel.wish.slug for tunnel in self._store.state.tunnels if tunnel.wish.slug}
            for item in _of(account, self._left):
                if item.wish.slug not in asked_for and not self._was_over(item):
                    self._tunnels.expose(item.wish, account=account, patient=True, stops_at=item.stops_at)
        spare = tuple(item.wish for item in wanted(self._store.state) if item.account == account)
        await delete_leftovers(self._ledger, client, spare=spare)

    def _was_over(self, item: Wanted) -> bool:
        """Whether the time that the user set for it has run out meanwhile."""
        return item.stops_at is not None and item.stops_at <= self._now()


def wanted(state: AppState) -> tuple[Wanted, ...]:
    """Return what the user wants, whatever phase it is in; of the session's account, where nobody has said."""
    whose = ((tunnel, state.account_of(tunnel)) for tunnel in state.tunnels if tunnel.wanted)
    return tuple(Wanted(account, tunnel.again, tunnel.stops_at) for tunnel, account in whose if account is not None)


def _of(account: Account, entries: Entries) -> tuple[Wanted, ...]:
    return tuple(item for item in entries.wanted if item.account == account)


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
