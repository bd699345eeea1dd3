"""What keeps a lease, what loses it, and when."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tunneldesk.domain.errors import ErrorCode, Failure, ServerRefusedError, ServerUnreachableError
from tunneldesk.domain.health import Beat, BeatOutcome, Health, Lease, lease_health
from tunneldesk.domain.model import Grant
from tunneldesk.domain.secret import Secret
from tunneldesk.service.heartbeat import Heartbeat, LeaseLostError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from tests.unit.service.conftest import VirtualClock

GRANT = Grant("id", "my-app.example.com", Secret("t"), heartbeat_interval=20, lease_timeout=60)
OFFLINE = ServerUnreachableError(Failure(ErrorCode.SERVER_TIMED_OUT))
NOT_FOUND = ServerRefusedError(Failure(ErrorCode.TUNNEL_NOT_FOUND, status=404))


class Server:
    """Answers heartbeats as a test tells it, and remembers when they came."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self.came: list[float] = []
        self.reports: list[tuple[Beat, Lease, Failure | None]] = []
        self.answer: Callable[[], None] = lambda: None
        self.takes = 0.0
        self.heartbeat = Heartbeat(GRANT, clock, send=self.send, report=self.report, granted_at=clock.monotonic())

    async def send(self, grant: Grant) -> datetime | None:
        assert grant is GRANT
        self.came.append(self._clock.monotonic() - self._began)
        await self._clock.sleep(self.takes)
        self.answer()
        return None

    def report(self, beat: Beat, lease: Lease, failure: Failure | None) -> None:
        self.reports.append((beat, lease, failure))


def fail(error: Exception) -> None:
    raise error


@pytest.fixture
def server(clock: VirtualClock) -> Server:
    return Server(clock)


@asynccontextmanager
async def beating(clock: VirtualClock, server: Server) -> AsyncIterator[asyncio.Task[None]]:
    heartbeat = server.heartbeat
    task = asyncio.create_task(heartbeat.run())
    await clock.settle()
    yield task
    task.cancel()
    await asyncio.wait({task})


async def test_beats_come_at_the_interval_however_long_an_answer_takes(clock: VirtualClock, server: Server) -> None:
    server.takes = 3.0
    async with beating(clock, server):
        await clock.advance(101)
    assert server.came == [20, 40, 60, 80, 100]


async def test_a_beat_carries_its_round_trip_and_renews_from_when_it_was_sent(
    clock: VirtualClock, server: Server
) -> None:
    server.takes = 0.25
    async with beating(clock, server):
        await clock.advance(21)
    (beat, lease, failure) = server.reports[0]
    assert (beat.outcome, beat.round_trip, failure) == (BeatOutcome.OK, 0.25, None)
    assert lease.renewed_at == 1020.0


async def test_a_failed_beat_is_tried_again_after_1_2_4_4_seconds(clock: VirtualClock, server: Server) -> None:
    server.answer = lambda: fail(OFFLINE)
    async with beating(clock, server):
        await clock.advance(40)
    assert server.came == [20, 21, 23, 27, 31, 35, 39]
    assert {beat.outcome for beat, _, _ in server.reports} == {BeatOutcome.MISSED}
    assert len({beat.at for beat, _, _ in server.reports}) == 1, "the attempts of one beat are one tick"


async def test_a_beat_that_gets_through_late_says_so_and_the_rhythm_goes_on(
    clock: VirtualClock, server: Server
) -> None:
    server.answer = lambda: fail(OFFLINE) if len(server.came) < 3 else None
    async with beating(clock, server):
        await clock.advance(41)
    assert server.came == [20, 21, 23, 40]
    assert [beat.outcome for beat, _, _ in server.reports] == [
        BeatOutcome.MISSED,
        BeatOutcome.MISSED,
        BeatOutcome.LATE,
        BeatOutcome.OK,
    ]


async def test_in_an_outage_each_beat_that_falls_due_is_a_tick_and_the_lease_is_in_doubt_before_it_ends(
    clock: VirtualClock, server: Server
) -> None:
    server.answer = lambda: fail(OFFLINE)
    async with beating(clock, server):
        await clock.advance(45)
        assert server.came == [20, 21, 23, 27, 31, 35, 39, 43], "the rhythm of the attempts goes on"
        ticks = list({beat.at: beat for beat, _, _ in server.reports}.values())
        assert [beat.outcome for beat in ticks] == [BeatOutcome.MISSED] * 2
        assert lease_health(ticks, server.heartbeat.lease.left(clock.monotonic())) is Health.DEGRADED
        server.answer = lambda: None
        await clock.advance(22)
    assert [beat.outcome for beat, _, _ in server.reports][-2:] == [BeatOutcome.LATE, BeatOutcome.OK]
    assert server.came[-2:] == [47, 67]


async def test_past_its_lease_a_tunnel_is_asked_for_ever_more_rarely(clock: VirtualClock, server: Server) -> None:
    server.answer = lambda: fail(OFFLINE)
    async with beating(clock, server):
        await clock.advance(300)
    gaps = [later - earlier for earlier, later in pairwise(server.came)]
    assert max(gaps) == 30.0
    assert gaps[-1] == 30.0


async def test_a_lease_that_ran_out_unnoticed_is_revived_where_the_server_allows_it(
    clock: VirtualClock, server: Server
) -> None:
    server.answer = lambda: fail(OFFLINE)
    async with beating(clock, server) as task:
        await clock.advance(90)
        server.answer = lambda: None
        await clock.advance(30)
        assert not task.done()
    assert server.reports[-1][0].outcome in {BeatOutcome.LATE, BeatOutcome.OK}


@pytest.mark.parametrize(("away", "early"), [(0, True), (90, False)])
async def test_a_tunnel_the_server_no_longer_knows_ends_the_heartbeat(
    clock: VirtualClock, server: Server, away: float, early: bool
) -> None:
    if away:
        server.answer = lambda: fail(OFFLINE)
    async with beating(clock, server) as task:
        await clock.advance(away)
        server.answer = lambda: fail(NOT_FOUND)
        await clock.advance(60)
        error = task.exception()
    assert isinstance(error, LeaseLostError)
    assert error.early is early


async def test_a_server_that_asks_for_patience_gets_it(clock: VirtualClock, server: Server) -> None:
    busy = ServerRefusedError(Failure(ErrorCode.RATE_LIMITED, status=429, retry_after=9.0))
    server.answer = lambda: fail(busy) if len(server.came) == 1 else None
    async with beating(clock, server):
        await clock.advance(35)
    assert server.came == [20, 29]


async def test_beats_that_fell_into_a_pause_are_not_caught_up_with(clock: VirtualClock, server: Server) -> None:
    async with beating(clock, server):
        await clock.advance(20)
        server.takes = 100.0
        await clock.advance(25)
        server.takes = 0.0
        await clock.advance(120)
    assert server.came == [20, 40, 140, 160]


@pytest.mark.parametrize("seed", range(5))
async def test_no_lease_is_lost_when_every_third_call_fails(clock: VirtualClock, server: Server, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable run, not a secret
    server.answer = lambda: fail(OFFLINE) if chance.random() < 0.3 else None
    async with beating(clock, server):
        await clock.advance(20 * 1000)
    renewals = [lease.renewed_at for _, lease, _ in server.reports]
    assert max(later - earlier for earlier, later in pairwise(renewals)) < 60


# Sleep, and networks that change


async def test_a_doubt_is_settled_by_a_beat_at_once_and_the_rhythm_goes_on_from_there(
    clock: VirtualClock, server: Server
) -> None:
    async with beating(clock, server):
        await clock.advance(25)
        server.heartbeat.doubt()
        await clock.advance(41)
    assert server.came == [20, 25, 45, 65]


async def test_a_network_that_is_back_ends_the_wait_for_the_next_attempt(
    clock: VirtualClock, server: Server
) -> None:
    server.answer = lambda: fail(OFFLINE)
    async with beating(clock, server):
        await clock.advance(200)
        server.answer = lambda: None
        before = len(server.came)
        server.heartbeat.doubt()
        await clock.settle()
        assert server.came[before:] == [200]


async def test_a_user_who_does_not_want_to_wait_has_a_beat_sent_at_once(
    clock: VirtualClock, server: Server
) -> None:
    server.answer = lambda: fail(OFFLINE)
    async with beating(clock, server) as task:
        await clock.advance(200)
        before = len(server.came)
        server.heartbeat.hurry()
        await clock.settle()
        assert server.came[before:] == [200]
        server.answer = lambda: None
        server.heartbeat.hurry()
        await clock.settle()
        server.answer = lambda: fail(NOT_FOUND)
        server.heartbeat.hurry()
        await clock.settle()
        error = task.exception()
    assert isinstance(error, LeaseLostError)
    assert error.early  # nothing was in doubt: whoever stopped it did so on purpose


async def test_what_is_gone_after_a_pause_no_clock_has_counted_was_not_stopped_on_purpose(
    clock: VirtualClock, server: Server
) -> None:
    async with beating(clock, server) as task:
        await clock.advance(25)
        server.answer = lambda: fail(NOT_FOUND)
        server.heartbeat.doubt()
        await clock.settle()
        error = task.exception()
    assert isinstance(error, LeaseLostError)
    assert not error.early


@pytest.mark.parametrize("code", [ErrorCode.FORBIDDEN, ErrorCode.INVALID_TUNNEL_ID])
async def test_a_refusal_for_good_is_the_end_once_there_is_no_lease_to_save(
    clock: VirtualClock, server: Server, code: ErrorCode
) -> None:
    server.answer = lambda: fail(ServerRefusedError(Failure(code, status=403)))
    async with beating(clock, server) as task:
        await clock.advance(59)
        assert not task.done()
        await clock.advance(5)
        assert isinstance(task.exception(), LeaseLostError)
