"""From a wish to a grant: taking up what the server still has, else asking until it gives or refuses."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tunneldesk.connector.pause import pause
from tunneldesk.domain.errors import ApiError, ErrorCode, Failure, TunnelDeskError
from tunneldesk.domain.lifecycle import Event
from tunneldesk.domain.model import MomentKind

if TYPE_CHECKING:
    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.locate import Connectors
    from tunneldesk.domain.model import Grant, Wish
    from tunneldesk.service.record import Record
    from tunneldesk.service.surroundings import Surroundings
    from tunneldesk.storage.journal import Held

_NAME_HELD_FOR = 30.0
"""Seconds for which the server may still hold our name for what we had under it before: a create that failed
half-way, a stop that drains, a lease that was lost."""

_NAME_RETRY = 2.0
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 30.0
"""2, 4, 8, 16 s and then every 30 s: from the second minute on, nobody is asked more often than that."""

_SOONEST = 2.0
"""Seconds between two attempts, however often the network changes."""

_SETTLE_WITHIN, _SETTLED_AT_MOST = 4.0, 3
"""Seconds for finding out whether a create whose answer was lost went through, and how often one is asked anew."""


@dataclass(frozen=True, slots=True)
class Created:
    """A grant, who gave it, when it was asked for (monotonic seconds), and what can connect it.

    `adopted` tells that the server had it from an earlier run, and `sent_at` when its lease was last renewed.
    """

    client: ApiClient
    connectors: Connectors
    grant: Grant
    sent_at: float
    adopted: bool = False


class Creation:
    """Creates one run's tunnels, the first and those after a lost lease."""

    def __init__(self, record: Record, around: Surroundings, *, patient: bool) -> None:
        self._record = record
        self._around = around
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()
        self._in_doubt: ApiClient | None = None
        self._settled = 0
        self._name_held_until = float("-inf")
        self.patient = patient

    def stop(self) -> None:
        """Want no more."""
        self._stop.set()
        self._hurry.set()

    def hurry(self) -> None:
        """The network may be back: whoever waits for a server tries now."""
        self._hurry.set()

    def hold_name(self) -> None:
        """From now on, and for a while, a conflict may be with ourselves."""
        self._name_held_until = self._around.clock.monotonic() + _NAME_HELD_FOR

    async def run(self, wish: Wish) -> Created | None:
        """Ask until there is an answer.

        Returns:
            What was created, the phase being CREATING, or STOPPING when the user stopped meanwhile; None when
            nothing was, the phase being STOPPED or FAILED.
        """
        wait = _FIRST_WAIT
        while True:
            try:
                return await self._ask(wish)
            except TunnelDeskError as error:
                failure = error.failure
            self._note_limit(failure)
            went_through = await self._settle()
            if self._stop.is_set():
                self._record.advance(Event.STOP)
                self._record.advance(Event.REFUSED)
                self._record.advance(Event.TORN_DOWN)
                return None
            if went_through:
                continue
            if self._conflicts_with_ourselves(failure):
                await self._pause(_NAME_RETRY)
            elif self._worth_waiting(failure):
                await self._wait(failure, wait)
                wait = min(wait * 2, _LONGEST_WAIT)
            else:
                self._record.advance(Event.REFUSED, failure)
                self._record.note(MomentKind.FAILED, failure.code)
                return None
            if self._stop.is_set():
                return None

    def _note_limit(self, failure: Failure) -> None:
        """Remember how many tunnels the account may have: servers say so when they refuse one too many."""
        account, most = self._record.tunnel.account, failure.max_active
        if account is not None and most is not None:
            self._around.store.update(lambda state: replace(state, limits={**state.limits, account: most}))

    async def _ask(self, wish: Wish) -> Created:
        attempt = asyncio.create_task(self._attempt(wish))
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({attempt, stop}, return_when=asyncio.FIRST_COMPLETED)
            if self._stop.is_set():
                # A create under way is not taken back by hanging up: its answer is awaited, then it is deleted.
                self._record.advance(Event.STOP)
            return await attempt
        finally:
            stop.cancel()
            attempt.cancel()

    async def _attempt(self, wish: Wish) -> Created:
        client = await self._around.client(self._record.tunnel.account)
        self._record.change(account=client.account)
        # Before anything is created: without a connector there would be nothing to do with the tunnel.
        connectors = await self._around.locate(client)
        self._around.ledger.claim_folder()
        await self._around.doubts.settle(client)
        for held in await self._around.ledger.claim(client.account, lambda held: held.serves(wish)):
            adopted = await self._adopt(client, connectors, held)
            if adopted is not None:
                return adopted
        sent_at = self._around.clock.monotonic()
        try:
            grant = await client.create(wish.port, wish.slug)
        except ApiError as error:
            seconds = self._around.clock.monotonic() - sent_at
            if self._around.doubts.note(client, wish, error.failure, seconds=seconds):
                self._in_doubt = client
                self.hold_name()
            raise
        self._around.ledger.hold(client.account, grant, wish.port)
        return Created(client, connectors, grant, sent_at)

    async def _adopt(self, client: ApiClient, connectors: Connectors, held: Held) -> Created | None:
        """Take up a tunnel that a face which has ended left behind; delete one that can't be."""
        ledger = self._around.ledger
        try:
            grant = await ledger.grant_of(held)
            sent_at = self._around.clock.monotonic()
            if grant is not None and await _lives(client, grant):
                ledger.hold(client.account, grant, held.port)
                return Created(client, connectors, grant, sent_at, adopted=True)
            await client.delete(held.tunnel_id)
        except BaseException:
            ledger.release(held.tunnel_id)
            raise
        ledger.drop(held.tunnel_id)
        self.hold_name()
        return None

    async def _settle(self) -> bool:
        """Find out whether a create whose answer was lost went through; return whether one did, and is deleted."""
        client, self._in_doubt = self._in_doubt, None
        if client is None or self._settled == _SETTLED_AT_MOST:
            return False
        try:
            async with asyncio.timeout(_SETTLE_WITHIN):
                found = await self._around.doubts.settle(client)
        except (ApiError, TimeoutError):
            return False  # found out before the next create, or by the lease
        self._settled += bool(found)
        return bool(found)

    def _conflicts_with_ourselves(self, failure: Failure) -> bool:
        return (
            failure.code is ErrorCode.TUNNEL_SLUG_CONFLICT
            and self._around.clock.monotonic() < self._name_held_until
        )

    def _worth_waiting(self, failure: Failure) -> bool:
        if failure.code is ErrorCode.RATE_LIMITED and self._around.waits_for_rate:
            return True
        return self.patient and failure.transient

    async def _wait(self, failure: Failure, seconds: float) -> None:
        rest = max(seconds, failure.retry_after or 0.0)
        self._record.advance(Event.TRANSIENT, failure)
        self._record.change(retry_at=self._around.clock.now() + timedelta(seconds=rest))
        await self._rest(rest, hurried=failure.retry_after is None)
        self._record.change(retry_at=None)
        self._record.advance(Event.STOP if self._stop.is_set() else Event.RETRY)

    async def _pause(self, seconds: float) -> None:
        await pause(self._around.clock, seconds, unless=self._stop)
        if self._stop.is_set():
            self._record.advance(Event.STOP)
            self._record.advance(Event.TORN_DOWN)

    async def _rest(self, seconds: float, *, hurried: bool) -> None:
        """Wait until it is time for the next attempt; ``hurried`` lets a change of network be that time."""
        await pause(self._around.clock, min(seconds, _SOONEST), unless=self._stop)
        self._hurry.clear()
        if not self._stop.is_set():
            await pause(self._around.clock, seconds - _SOONEST, unless=self._hurry if hurried else self._stop)


async def _lives(client: ApiClient, grant: Grant) -> bool:
    """Whether the server still has a tunnel; the heartbeat that asks renews its lease.

    Raises:
        ApiError: It would not say.
    """
    try:
        await client.heartbeat(grant)
    except ApiError as error:
        if error.failure.code in {ErrorCode.TUNNEL_NOT_FOUND, ErrorCode.FORBIDDEN}:
            return False
        raise
    return True
