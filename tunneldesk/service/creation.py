"""From a wish to a grant: asking the server until it gives, refuses, or the user no longer wants."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ApiError, ErrorCode, Failure, TunnelDeskError
from tunneldesk.domain.lifecycle import Event
from tunneldesk.domain.model import MomentKind

if TYPE_CHECKING:
    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.locate import Connectors
    from tunneldesk.domain.model import Grant, Wish
    from tunneldesk.service.record import Record
    from tunneldesk.service.surroundings import Surroundings

_NAME_HELD_FOR = 30.0
"""Seconds for which the server may still hold our name for what we had under it before: a create that failed
half-way, a stop that drains, a lease that was lost."""

_NAME_RETRY = 2.0
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 30.0


@dataclass(frozen=True, slots=True)
class Created:
    """A grant, who gave it, when it was asked for (monotonic seconds), and what can connect it."""

    client: ApiClient
    connectors: Connectors
    grant: Grant
    sent_at: float


class Creation:
    """Creates one run's tunnels, the first and those after a lost lease."""

    def __init__(self, record: Record, around: Surroundings, *, patient: bool) -> None:
        self._record = record
        self._around = around
        self._stop = asyncio.Event()
        self._name_held_until = float("-inf")
        self.patient = patient

    def stop(self) -> None:
        """Want no more."""
        self._stop.set()

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
            if self._stop.is_set():
                self._record.advance(Event.REFUSED)
                self._record.advance(Event.TORN_DOWN)
                return None
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
        client = await self._around.client()
        # Before anything is created: without a connector there would be nothing to do with the tunnel.
        connectors = await self._around.locate(client)
        sent_at = self._around.clock.monotonic()
        try:
            grant = await client.create(wish.port, wish.slug)
        except ApiError as error:
            if error.failure.status is not None and error.failure.status >= 500:
                self.hold_name()
            raise
        return Created(client, connectors, grant, sent_at)

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
        pause = max(seconds, failure.retry_after or 0.0)
        self._record.advance(Event.TRANSIENT, failure)
        self._record.change(retry_at=self._around.clock.now() + timedelta(seconds=pause))
        await self._sleep_unless_stopped(pause)
        self._record.change(retry_at=None)
        self._record.advance(Event.STOP if self._stop.is_set() else Event.RETRY)

    async def _pause(self, seconds: float) -> None:
        await self._sleep_unless_stopped(seconds)
        if self._stop.is_set():
            self._record.advance(Event.STOP)
            self._record.advance(Event.TORN_DOWN)

    async def _sleep_unless_stopped(self, seconds: float) -> None:
        waits = {
            asyncio.create_task(self._around.clock.sleep(seconds)),
            asyncio.create_task(self._stop.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
