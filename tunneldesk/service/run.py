"""One tunnel from the wish to the end."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ApiError
from tunneldesk.domain.health import Health, Lease, Vitals
from tunneldesk.domain.lifecycle import After, Event, Phase
from tunneldesk.domain.model import MomentKind
from tunneldesk.service.creation import Creation
from tunneldesk.service.record import Record
from tunneldesk.service.serving import Serving

if TYPE_CHECKING:
    from tunneldesk.domain.model import Wish
    from tunneldesk.service.creation import Created
    from tunneldesk.service.surroundings import Surroundings
    from tunneldesk.service.wake import Disturbance

_log = logging.getLogger(__name__)

_RECREATIONS, _RECREATIONS_WITHIN = 3, 600.0
"""A lease lost more often than this (times, seconds) is a problem, not an accident."""

_HASTE = 2.0
"""Seconds the server gets for deleting once the user has asked twice."""


class Run:
    """Carries one wish out: create, serve, take down, and again under the same name when the lease was lost."""

    def __init__(self, key: str, wish: Wish, around: Surroundings, *, patient: bool) -> None:
        """Prepare a run.

        Args:
            key: The tunnel's key in the store.
            wish: What the user asked for.
            around: What the run needs of the world.
            patient: Whether even the first attempt waits for a server that is away (the app just started, at
                login perhaps, before the network), instead of failing at once.
        """
        self._wish = wish
        self._around = around
        self._record = Record(key, around.store, around.clock)
        self._creation = Creation(self._record, around, patient=patient)
        self._serving: Serving | None = None
        self._lost: deque[float] = deque(maxlen=_RECREATIONS)
        self._delete_within: float | None = None
        self._deleting: asyncio.Timeout | None = None
        self._stopped = False

    def stop(self, *, delete_within: float | None = None) -> None:
        """End the run, in whatever phase; a second call forces the connector down and hurries the server.

        Args:
            delete_within: Seconds the server gets for deleting the tunnel; None for as long as it takes.
        """
        if self._stopped:
            delete_within = delete_within or _HASTE
        self._stopped = True
        self._delete_within = delete_within
        if self._deleting is not None and delete_within is not None:
            self._deleting.reschedule(asyncio.get_running_loop().time() + delete_within)
        self._creation.stop()
        if self._serving is not None:
            self._serving.stop()
        if self._record.phase is Phase.STOPPING:
            self._record.advance(Event.STOP, self._record.tunnel.failure)

    def hurry(self) -> None:
        """Do at once what is waited for: ask for the name, beat, connect."""
        self._creation.hurry()
        if self._serving is not None:
            self._serving.hurry()

    def disturbed(self, disturbance: Disturbance) -> None:
        """The machine has slept or changed networks: nothing that was known of servers and edges is believed."""
        self._creation.hurry()
        if self._serving is not None:
            self._serving.disturbed(disturbance)

    async def count(self) -> None:
        """Note what the connector has carried."""
        supervisor = self._serving.supervisor if self._serving else None
        if supervisor is not None:
            traffic = await supervisor.traffic()
            if self._record.tunnel.active:
                self._record.change(traffic=traffic)

    async def live(self) -> None:
        """Expose and keep alive, until the tunnel is STOPPED or FAILED and nothing of it is left running."""
        self._record.advance(Event.EXPOSE)
        while self._record.phase is Phase.CREATING:
            created = await self._creation.run(self._wish)
            if created is None:
                break
            self._show(created)
            if not self._stopped:
                await self._serve(created)
            await self._tear_down(created)
        if self._record.phase is Phase.STOPPED:
            self._record.note(MomentKind.STOPPED)

    def _show(self, created: Created) -> None:
        grant = created.grant
        self._record.advance(
            Event.ADOPT if created.adopted else Event.CREATED,
            tunnel_id=grant.tunnel_id,
            hostname=grant.hostname,
            lease=Lease(grant.lease_timeout, created.sent_at),
            beats=(),
            traffic=None,
            finding=None,
            vitals=replace(self._record.tunnel.vitals, connector=Health.UNKNOWN, lease=Health.OK),
        )
        again = MomentKind.RECREATED if self._lost else MomentKind.CREATED
        self._record.note(MomentKind.ADOPTED if created.adopted else again, grant.hostname)
        # A name the server chose at random is the one to come back under.
        self._wish = replace(self._wish, slug=grant.hostname.partition(".")[0])

    async def _serve(self, created: Created) -> None:
        self._serving = Serving(
            self._record,
            self._around,
            created.client,
            created.grant,
            created.connectors,
            granted_at=created.sent_at,
            may_recreate=self._may_recreate,
        )
        await self._serving.run()
        # What has once been granted is waited for from here on.
        self._creation.patient = True

    def _may_recreate(self) -> bool:
        now = self._around.clock.monotonic()
        too_often = len(self._lost) == _RECREATIONS and now - self._lost[0] < _RECREATIONS_WITHIN
        self._lost.append(now)
        return not too_often

    async def _tear_down(self, created: Created) -> None:
        """Delete what the server still has; the connector is down by now, since a server may wait for it."""
        if self._record.tunnel.tunnel_id is not None:
            try:
                async with asyncio.timeout(self._delete_within) as self._deleting:
                    await created.client.delete(created.grant.tunnel_id)
            except (ApiError, TimeoutError) as error:
                _log.warning("Tunnel %s is not deleted yet: %s", created.grant.tunnel_id, type(error).__name__)
                self._around.ledger.release(created.grant.tunnel_id)
            else:
                self._let_go(created.grant.tunnel_id)
            finally:
                self._deleting = None
        else:
            self._let_go(created.grant.tunnel_id)
        self._creation.hold_name()
        tunnel = self._record.tunnel
        self._record.change(
            tunnel_id=None,
            lease=None,
            online_since=None,
            location=None,
            vitals=Vitals(service=tunnel.vitals.service),
        )
        if tunnel.standing.after is After.FAILED and tunnel.failure is not None:
            self._record.note(MomentKind.FAILED, tunnel.failure.code)
        self._record.advance(Event.TORN_DOWN, tunnel.failure)

    def _let_go(self, tunnel_id: str) -> None:
        """Remember no more what the server no longer has: it would seem to be somebody else's."""
        self._around.ledger.drop(tunnel_id)
        self._around.store.update(lambda state: state.without_remote(tunnel_id))
