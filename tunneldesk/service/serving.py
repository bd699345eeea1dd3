"""A tunnel that the server has: connector, heartbeats and probes, living and dying together."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

from tunneldesk.connector.pause import pause
from tunneldesk.connector.supervisor import Ready
from tunneldesk.domain.errors import ApiError, ConnectorError, ErrorCode, Failure, LocalFileError
from tunneldesk.domain.health import BEATS_SHOWN, BeatOutcome, Health, lease_health
from tunneldesk.domain.lifecycle import Event, Phase
from tunneldesk.domain.model import MomentKind, RemoteStatus
from tunneldesk.service.heartbeat import Heartbeat, LeaseLostError
from tunneldesk.service.probe import watch_service
from tunneldesk.service.wake import DisturbanceKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.locate import Connectors
    from tunneldesk.connector.supervisor import ConnectorEvent, Supervisor
    from tunneldesk.domain.health import Beat, Lease
    from tunneldesk.domain.model import Grant
    from tunneldesk.service.record import Record
    from tunneldesk.service.surroundings import Surroundings
    from tunneldesk.service.wake import Disturbance

_log = logging.getLogger(__name__)

_ASK_AGAIN = (1.0, 2.0, 4.0)
"""Seconds after which the list is asked for again: making anew what somebody has stopped would be rude."""

LOOK_EVERY = 300.0
"""Seconds between two looks at the list: some servers take beats for a tunnel that they are taking down."""

_DISTURBANCES = {
    DisturbanceKind.SLEPT: MomentKind.SLEPT,
    DisturbanceKind.NETWORK_CHANGED: MomentKind.NETWORK_CHANGED,
}
"""What the time line tells of; a clock that was set is nobody's concern."""


class _Ended(Exception):  # noqa: N818 - no error: it ends the task group once the phase is STOPPING
    """The parts have nothing more to do together."""


class Serving:
    """The parts of one granted tunnel. `run` returns when the phase is STOPPING and no part is left."""

    def __init__(
        self,
        record: Record,
        around: Surroundings,
        client: ApiClient,
        grant: Grant,
        connectors: Connectors,
        *,
        granted_at: float,
        may_recreate: Callable[[], bool],
    ) -> None:
        """Prepare the parts.

        Args:
            record: The tunnel's entry in the store.
            around: What a run needs of the world.
            client: The server that granted the tunnel.
            grant: What it gave.
            connectors: The connectors there are.
            granted_at: Monotonic seconds at which the create request was sent.
            may_recreate: Asked once when the lease is lost; False when that happens too often.
        """
        self._record = record
        self._around = around
        self._client = client
        self._grant = grant
        self._connectors = connectors
        self._may_recreate = may_recreate
        self._stop = asyncio.Event()
        self._online = asyncio.Event()
        self._revived = asyncio.Event()
        self._heartbeat = Heartbeat(
            grant, around.clock, send=client.heartbeat, report=self._beaten, granted_at=granted_at
        )
        self.supervisor: Supervisor | None = None

    def stop(self) -> None:
        """End the parts; a second call forces the connector down."""
        if self._stop.is_set() and self.supervisor is not None:
            self.supervisor.force()
        self._stop.set()

    def hurry(self) -> None:
        """Beat at once, and do not wait for a connector that has lost its connection."""
        self._heartbeat.hurry()
        if self.supervisor is not None:
            self.supervisor.disturbed()

    def disturbed(self, disturbance: Disturbance) -> None:
        """Look at once at what a sleep or another network may have broken, and do not wait for it to mend."""
        kind = _DISTURBANCES.get(disturbance.kind)
        if kind is not None:
            self._record.note(kind, f"{disturbance.seconds:.0f}" if disturbance.seconds else "")
        self._heartbeat.doubt()
        self.hurry()

    async def run(self) -> None:
        """Run all parts until one of them ends them all."""
        try:
            async with asyncio.TaskGroup() as parts:
                parts.create_task(self._watch_stop())
                parts.create_task(self._watch_expiry())
                parts.create_task(watch_service(self._record.tunnel.wish.port, self._around.clock, self._served))
                parts.create_task(self._keep_lease())
                parts.create_task(self._watch_list())
                parts.create_task(self._connect())
        except* _Ended:
            pass
        except* Exception as broken:  # noqa: BLE001 - whatever broke, the tunnel is taken down in order
            _log.exception("A part of tunnel %s broke", self._grant.tunnel_id)
            failure = Failure(
                ErrorCode.UNEXPECTED, type(broken.exceptions[0]).__name__, at=self._around.clock.now()
            )
            self._record.advance(Event.GAVE_UP, failure)

    async def _watch_stop(self) -> None:
        await self._stop.wait()
        self._end(Event.STOP)

    async def _watch_expiry(self) -> None:
        """Stop by itself after the time the user set, counted from when the address first answered."""
        tunnel = self._record.tunnel
        if tunnel.wish.stop_after is None:
            return
        if tunnel.stops_at is None:
            await self._online.wait()
            self._record.change(stops_at=self._around.clock.now() + timedelta(seconds=tunnel.wish.stop_after))
        stops_at = self._record.tunnel.stops_at
        while stops_at and (left := (stops_at - self._around.clock.now()).total_seconds()) > 0:
            await self._around.clock.sleep(left)
        self._record.change(wanted=False)
        self._end(Event.STOP)

    async def _keep_lease(self) -> None:
        try:
            await self._heartbeat.run()
        except LeaseLostError as lost:
            await self._lease_lost(lost)

    async def _watch_list(self) -> None:
        """Notice what beats do not tell: the server is taking the tunnel down, and waits for our connector to go.

        A look now and then, and one when a lease has been renewed that had run out: the reaper may have come first.
        """
        while True:
            revived = await pause(self._around.clock, LOOK_EVERY, unless=self._revived)
            self._revived.clear()
            if RemoteStatus.STOPPING in await self._listed_as():
                failure = Failure(ErrorCode.TUNNEL_NOT_FOUND, at=self._around.clock.now())
                await self._lease_lost(LeaseLostError(failure, early=not revived, gone=False))

    async def _listed_as(self) -> list[RemoteStatus]:
        try:
            listed = await self._client.list_tunnels()
        except ApiError:
            return []  # no answer is no news
        return [remote.status for remote in listed if remote.tunnel_id == self._grant.tunnel_id]

    async def _lease_lost(self, lost: LeaseLostError) -> NoReturn:
        self._record.note(MomentKind.LEASE_LOST)
        on_purpose = lost.early and await self._stopped_on_purpose()
        if lost.gone:
            self._record.change(tunnel_id=None)
        self._record.change(lease=None)
        if on_purpose:
            self._record.change(wanted=False)
            self._end(Event.STOP, replace(lost.failure, code=ErrorCode.STOPPED_ELSEWHERE))
        if not self._may_recreate():
            self._end(Event.GAVE_UP, replace(lost.failure, code=ErrorCode.LEASE_LOST_REPEATEDLY))
        self._end(Event.LEASE_LOST, lost.failure)

    async def _stopped_on_purpose(self) -> bool:
        """Whether the server lists the tunnel as stopped or stopping, though its lease still ran by our clock."""
        for seconds in _ASK_AGAIN:
            try:
                listed = await self._client.list_tunnels(include_inactive=True)
            except ApiError:
                await self._around.clock.sleep(seconds)
            else:
                ours = (remote for remote in listed if remote.tunnel_id == self._grant.tunnel_id)
                return any(remote.stopped_on_purpose for remote in ours)
        return False  # nobody can tell: what is wanted is made anew

    async def _connect(self) -> None:
        try:
            self.supervisor = self._around.supervisor(
                self._connectors.for_token(self._grant.connector_token),
                self._grant.connector_token,
                run_dir=self._around.ledger.claim_folder(),
                clock=self._around.clock,
                on_event=self._connector_said,
                confirm=self._heartbeat.confirm,
                log=self._around.logs.of(self._record.key),
                protocol=self._around.store.state.preferences.protocol,
            )
            await self.supervisor.run()
        except LeaseLostError as lost:
            await self._lease_lost(lost)
        except (ConnectorError, LocalFileError) as error:
            self._end(Event.GAVE_UP, error.failure)

    def _end(self, event: Event, failure: Failure | None = None) -> NoReturn:
        self._record.advance(event, failure)
        raise _Ended

    # What the parts report

    def _beaten(self, beat: Beat, lease: Lease, failure: Failure | None) -> None:
        before = self._record.tunnel.beats
        retried = bool(before) and before[-1].at == beat.at
        missing = bool(before) and before[-1].outcome is BeatOutcome.MISSED
        if beat.outcome is BeatOutcome.MISSED and not missing:  # an outage is told once, however long it is
            self._record.note(MomentKind.HEARTBEAT_MISSED, failure.code if failure else "")
        beats = (*(before[:-1] if retried else before), beat)[-BEATS_SHOWN:]
        former = self._record.tunnel.lease
        if beat.outcome is not BeatOutcome.MISSED and former and former.left(lease.renewed_at) <= 0:
            self._revived.set()
        health = lease_health(beats, lease.left(self._around.clock.monotonic()))
        self._record.change(beats=beats, lease=lease, vitals=replace(self._record.tunnel.vitals, lease=health))
        if self._record.phase is not Phase.STOPPING:
            # One missed beat is a tick on the strip; only what lasts is worth a word. A session's end does.
            over = failure is not None and failure.code is ErrorCode.INVALID_REFRESH_TOKEN
            self._record.change(failure=failure if over or health is not Health.OK else None)

    def _served(self, health: Health) -> None:
        self._record.change(vitals=replace(self._record.tunnel.vitals, service=health))

    def _connector_said(self, event: ConnectorEvent) -> None:
        tunnel = self._record.tunnel
        if tunnel.phase is Phase.STOPPING:
            return
        if isinstance(event, Ready):
            again = tunnel.phase is Phase.ONLINE
            self._record.change(
                vitals=replace(tunnel.vitals, connector=Health.OK),
                location=event.location,
                online_since=tunnel.online_since if again else self._around.clock.now(),
            )
            self._record.advance(Event.READY)
            self._online.set()
            if not again:
                self._record.note(MomentKind.CONNECTED, event.location or "")
        else:
            self._record.change(vitals=replace(tunnel.vitals, connector=Health.DOWN), online_since=None)
            self._record.advance(Event.LOST)
            self._record.note(MomentKind.CONNECTION_LOST, event.said, event.because)
