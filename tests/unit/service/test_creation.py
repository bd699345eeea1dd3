"""From a wish to a grant: what is waited for, what is retried, and what is given up."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from tunneldesk.domain.errors import (
    ConnectorUnusableError,
    ErrorCode,
    Failure,
    ServerRefusedError,
    ServerUnreachableError,
)
from tunneldesk.domain.lifecycle import Phase, Standing
from tunneldesk.domain.model import AppState, Grant, Tunnel, Wish
from tunneldesk.domain.secret import Secret
from tunneldesk.service.creation import Created, Creation
from tunneldesk.service.record import Record
from tunneldesk.service.store import Store
from tunneldesk.service.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.unit.service.conftest import VirtualClock
    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.locate import Connectors

WISH = Wish(3000, "my-app")
GRANT = Grant("id", "my-app.example.com", Secret("t"), heartbeat_interval=20, lease_timeout=60)
OFFLINE = ServerUnreachableError(Failure(ErrorCode.SERVER_REFUSED_CONNECTION))
CONFLICT = ServerRefusedError(Failure(ErrorCode.TUNNEL_SLUG_CONFLICT, status=409))
BROKEN = ServerRefusedError(Failure(ErrorCode.INTERNAL_ERROR, status=500))
BUSY = ServerRefusedError(Failure(ErrorCode.RATE_LIMITED, status=429, retry_after=12.0))


class Server:
    """Plays the answers a test gives it, one a create; the last one again and again."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.answers: list[Exception | Grant] = [GRANT]
        self.takes = 0.0
        self.asked: list[float] = []

    async def create(self, port: int, slug: str | None) -> Grant:
        assert (port, slug) == (WISH.port, WISH.slug)
        self.asked.append(self._clock.monotonic() - 1000.0)
        await self._clock.sleep(self.takes)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def server(clock: VirtualClock) -> Server:
    return Server(clock)


class Attempt:
    """One creation under way, and the phases it went through."""

    def __init__(
        self,
        clock: VirtualClock,
        server: Server,
        *,
        patient: bool = False,
        waits_for_rate: bool = False,
        locate: Callable[[object], Awaitable[object]] | None = None,
    ) -> None:
        store = Store(AppState(tunnels=(Tunnel("key", WISH, standing=Standing(Phase.CREATING)),)))
        self.phases: list[Phase] = []
        store.subscribe(lambda state: self.phases.append(state.tunnels[0].phase))

        async def client() -> ApiClient:
            return cast("ApiClient", server)

        async def found(_: object) -> Connectors:
            return cast("Connectors", object())

        around = Surroundings(
            store=store,
            clock=clock,
            client=client,
            locate=cast("Callable[[ApiClient], Awaitable[Connectors]]", locate or found),
            run_dir=Path("unused"),
            undeleted=lambda *_: None,
            waits_for_rate=waits_for_rate,
        )
        self.record = Record("key", store, clock)
        self.creation = Creation(self.record, around, patient=patient)
        self.task = asyncio.ensure_future(self.creation.run(WISH))

    @property
    def created(self) -> Created | None:
        return self.task.result()


async def test_a_grant_is_handed_over_with_the_time_it_was_asked_for(clock: VirtualClock, server: Server) -> None:
    attempt = Attempt(clock, server)
    await clock.settle()
    assert attempt.created is not None
    assert attempt.created.grant is GRANT
    assert attempt.created.sent_at == 1000.0


async def test_a_refusal_fails_and_keeps_the_reason(clock: VirtualClock, server: Server) -> None:
    server.answers = [CONFLICT]
    attempt = Attempt(clock, server)
    await clock.settle()
    assert attempt.created is None
    assert attempt.record.phase is Phase.FAILED
    assert attempt.record.tunnel.failure == CONFLICT.failure


async def test_nothing_is_created_without_a_connector(clock: VirtualClock, server: Server) -> None:
    async def nowhere(_: object) -> object:
        raise ConnectorUnusableError(Failure(ErrorCode.CONNECTOR_MISSING))

    attempt = Attempt(clock, server, locate=nowhere)
    await clock.settle()
    assert attempt.record.phase is Phase.FAILED
    assert server.asked == []


async def test_the_first_attempt_does_not_wait_for_a_server_that_is_away(
    clock: VirtualClock, server: Server
) -> None:
    server.answers = [OFFLINE]
    attempt = Attempt(clock, server)
    await clock.settle()
    assert attempt.record.phase is Phase.FAILED


async def test_at_start_a_server_that_is_away_is_waited_for_without_spinning(
    clock: VirtualClock, server: Server
) -> None:
    server.answers = [*(OFFLINE for _ in range(8)), GRANT]
    attempt = Attempt(clock, server, patient=True)
    await clock.advance(1)
    assert Phase.WAITING in attempt.phases
    assert attempt.record.tunnel.retry_at is not None
    assert attempt.record.tunnel.failure == OFFLINE.failure
    await clock.advance(200)
    assert server.asked == [0, 2, 6, 14, 30, 60, 90, 120, 150]
    assert attempt.created is not None
    assert attempt.record.tunnel.retry_at is None


@pytest.mark.parametrize("waits", [True, False])
async def test_a_rate_limit_is_counted_down_where_somebody_watches(
    clock: VirtualClock, server: Server, waits: bool
) -> None:
    server.answers = [BUSY, GRANT]
    attempt = Attempt(clock, server, waits_for_rate=waits)
    await clock.advance(13)
    assert (attempt.created is not None) is waits
    assert server.asked == ([0, 12] if waits else [0])


async def test_a_conflict_with_our_own_failed_create_is_retried_quietly(
    clock: VirtualClock, server: Server
) -> None:
    server.answers = [BROKEN, CONFLICT, CONFLICT, GRANT]
    attempt = Attempt(clock, server, patient=True)
    await clock.advance(10)
    assert attempt.created is not None
    assert Phase.FAILED not in attempt.phases


async def test_a_name_that_stays_taken_is_said_in_the_end(clock: VirtualClock, server: Server) -> None:
    server.answers = [CONFLICT]
    attempt = Attempt(clock, server)
    attempt.creation.hold_name()
    await clock.advance(29)
    assert not attempt.task.done()
    await clock.advance(5)
    assert attempt.record.phase is Phase.FAILED


async def test_a_create_stopped_under_way_is_awaited_and_handed_over_for_deletion(
    clock: VirtualClock, server: Server
) -> None:
    server.takes = 5.0
    attempt = Attempt(clock, server)
    await clock.advance(1)
    attempt.creation.stop()
    await clock.settle()
    assert attempt.record.phase is Phase.STOPPING
    await clock.advance(5)
    assert attempt.created is not None
    assert attempt.record.phase is Phase.STOPPING


async def test_a_create_that_fails_after_the_stop_leaves_nothing_to_say(
    clock: VirtualClock, server: Server
) -> None:
    server.takes, server.answers = 5.0, [CONFLICT]
    attempt = Attempt(clock, server)
    await clock.advance(1)
    attempt.creation.stop()
    await clock.advance(5)
    assert attempt.created is None
    assert attempt.record.phase is Phase.STOPPED
    assert attempt.record.tunnel.failure is None


@pytest.mark.parametrize("answer", [OFFLINE, CONFLICT])
async def test_a_stop_ends_a_wait_at_once(clock: VirtualClock, server: Server, answer: Exception) -> None:
    server.answers = [answer]
    attempt = Attempt(clock, server, patient=True)
    attempt.creation.hold_name()
    await clock.advance(1)
    attempt.creation.stop()
    await clock.settle()
    assert attempt.created is None
    assert attempt.record.phase is Phase.STOPPED
