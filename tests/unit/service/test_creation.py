"""From a wish to a grant: what is waited for, what is retried, and what is given up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest

from tests.unit.service.conftest import Book
from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import (
    ConnectorUnusableError,
    ErrorCode,
    Failure,
    ServerRefusedError,
    ServerUnreachableError,
)
from tunneldesk.domain.lifecycle import Phase, Standing
from tunneldesk.domain.model import AppState, Grant, RemoteStatus, RemoteTunnel, Tunnel, Wish
from tunneldesk.domain.secret import Secret
from tunneldesk.service.creation import Created, Creation
from tunneldesk.service.doubts import Doubts
from tunneldesk.service.record import Record
from tunneldesk.service.store import Store
from tunneldesk.service.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.unit.service.conftest import VirtualClock
    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.locate import Connectors
    from tunneldesk.service.ledger import Ledger

WISH = Wish(3000, "my-app")
GRANT = Grant("id", "my-app.example.com", Secret("t"), heartbeat_interval=20, lease_timeout=60)
OFFLINE = ServerUnreachableError(Failure(ErrorCode.SERVER_REFUSED_CONNECTION))
CONFLICT = ServerRefusedError(Failure(ErrorCode.TUNNEL_SLUG_CONFLICT, status=409))
BROKEN = ServerRefusedError(Failure(ErrorCode.INTERNAL_ERROR, status=500))
BUSY = ServerRefusedError(Failure(ErrorCode.RATE_LIMITED, status=429, retry_after=12.0))


class Server:
    """Plays the answers a test gives it, one a create; the last one again and again."""

    account = Account("https://api.example.com", "ann@example.com")
    clock_skew: float | None = None

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.there: list[RemoteTunnel] = []
        self.away = False
        self.beaten: list[str] = []
        self.unknown = False
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

    async def list_tunnels(self) -> tuple[RemoteTunnel, ...]:
        if self.away:
            raise OFFLINE
        return tuple(self.there)

    async def delete(self, tunnel_id: str) -> None:
        self.there = [remote for remote in self.there if remote.tunnel_id != tunnel_id]

    async def heartbeat(self, grant: Grant) -> None:
        if self.away:
            raise OFFLINE
        self.beaten.append(grant.tunnel_id)
        if self.unknown:
            raise ServerRefusedError(Failure(ErrorCode.TUNNEL_NOT_FOUND, status=404))


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
        book: Book | None = None,
    ) -> None:
        self.book = book or Book()
        store = Store(AppState(tunnels=(Tunnel("key", WISH, standing=Standing(Phase.CREATING)),)))
        self.phases: list[Phase] = []
        store.subscribe(lambda state: self.phases.append(state.tunnels[0].phase))

        async def client(_: object) -> ApiClient:
            return cast("ApiClient", server)

        async def found(_: object) -> Connectors:
            return cast("Connectors", object())

        around = Surroundings(
            store=store,
            clock=clock,
            client=client,
            locate=cast("Callable[[ApiClient], Awaitable[Connectors]]", locate or found),
            ledger=cast("Ledger", self.book),
            doubts=Doubts(clock, self.book.known),
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


# Taking up what an earlier run left behind


@pytest.fixture
def left(book: Book) -> Book:
    """A tunnel for our wish, whose face has ended."""
    book.hold(Server.account, GRANT, WISH.port)
    book.release("id")
    book.grants["id"] = GRANT
    return book


async def test_a_tunnel_that_still_lives_is_taken_up_again(clock: VirtualClock, server: Server, left: Book) -> None:
    attempt = Attempt(clock, server, book=left)
    await clock.settle()
    assert attempt.created is not None
    assert attempt.created.adopted
    assert attempt.created.grant is GRANT
    assert (server.beaten, server.asked) == (["id"], [])
    assert left.held["id"].owner == "us"


async def test_one_that_has_run_out_is_made_anew(clock: VirtualClock, server: Server, left: Book) -> None:
    server.unknown = True
    attempt = Attempt(clock, server, book=left)
    await clock.settle()
    assert attempt.created is not None
    assert not attempt.created.adopted
    assert server.asked == [0]


async def test_one_without_its_tokens_is_deleted_and_made_anew(
    clock: VirtualClock, server: Server, left: Book
) -> None:
    left.grants.clear()
    server.there = [remote(clock, "id")]
    attempt = Attempt(clock, server, book=left)
    await clock.settle()
    assert attempt.created is not None
    assert not attempt.created.adopted
    assert server.there == []


async def test_a_server_that_is_away_takes_nothing_from_what_can_be_taken_up(
    clock: VirtualClock, server: Server, left: Book
) -> None:
    server.away = True
    attempt = Attempt(clock, server, book=left, patient=True)
    await clock.advance(1)
    assert attempt.record.phase is Phase.WAITING
    assert left.held["id"].owner is None
    server.away = False
    await clock.advance(2)
    assert attempt.created is not None
    assert attempt.created.adopted


async def test_what_leads_to_another_port_is_not_taken_up(clock: VirtualClock, server: Server, book: Book) -> None:
    book.hold(Server.account, GRANT, 4000)
    book.release("id")
    attempt = Attempt(clock, server, book=book)
    await clock.settle()
    assert attempt.created is not None
    assert not attempt.created.adopted
    assert server.beaten == []


# Answers that were lost


LOST = ServerUnreachableError(Failure(ErrorCode.SERVER_CONNECTION_BROKEN))


def remote(clock: VirtualClock, tunnel_id: str = "unheard", **changes: object) -> RemoteTunnel:
    """A tunnel that was made just now, for our wish."""
    made = RemoteTunnel(
        tunnel_id, "my-app.example.com", "my-app", RemoteStatus.ACTIVE, WISH.port, created_at=clock.now()
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def test_a_create_that_went_through_unheard_is_deleted_and_asked_for_again(
    clock: VirtualClock, server: Server
) -> None:
    server.answers, server.there = [LOST, GRANT], [remote(clock)]
    attempt = Attempt(clock, server)
    await clock.settle()
    assert attempt.created is not None
    assert server.there == []
    assert Phase.FAILED not in attempt.phases


@pytest.mark.parametrize(
    "changes",
    [
        {"port": 4000},
        {"hostname": "other.example.com"},
        {"status": RemoteStatus.STOPPED},
        {"created_at": datetime(2026, 11, 23, 11, 59, tzinfo=UTC)},
        {"last_heartbeat_at": datetime(2026, 11, 23, 12, 1, tzinfo=UTC)},
        {"tunnel_id": "ours"},
    ],
    ids=str,
)
async def test_no_other_tunnel_is_taken_for_one_that_went_through_unheard(
    clock: VirtualClock, server: Server, book: Book, changes: dict[str, object]
) -> None:
    book.hold(Server.account, replace(GRANT, tunnel_id="ours"), 5000)
    server.answers, server.there = [LOST], [remote(clock, **changes)]  # type: ignore[arg-type]
    attempt = Attempt(clock, server, book=book)
    await clock.settle()
    assert attempt.record.phase is Phase.FAILED
    assert attempt.record.tunnel.failure == LOST.failure
    assert len(server.there) == 1


async def test_a_doubt_outlives_a_server_that_is_away(clock: VirtualClock, server: Server) -> None:
    server.answers, server.there, server.away = [LOST, GRANT], [remote(clock)], True
    attempt = Attempt(clock, server, patient=True)
    await clock.advance(1)
    assert attempt.record.phase is Phase.WAITING
    server.away = False
    await clock.advance(2)
    assert attempt.created is not None
    assert server.there == []


async def test_answers_lost_again_and_again_are_a_problem_in_the_end(clock: VirtualClock, server: Server) -> None:
    server.answers = [LOST]

    async def create(*_: object) -> Grant:
        server.asked.append(0)
        server.there = [remote(clock)]
        raise LOST

    server.create = create  # type: ignore[method-assign,assignment]
    attempt = Attempt(clock, server)
    await clock.settle()
    assert attempt.record.phase is Phase.FAILED
    assert len(server.asked) == 4


async def test_a_stop_while_the_answer_is_in_doubt_leaves_nothing(clock: VirtualClock, server: Server) -> None:
    server.answers, server.takes, server.there = [LOST], 2.0, [remote(clock)]
    attempt = Attempt(clock, server)
    await clock.advance(1)
    attempt.creation.stop()
    await clock.advance(2)
    assert attempt.created is None
    assert attempt.record.phase is Phase.STOPPED
    assert server.there == []


# Networks that come back


async def test_a_change_of_network_ends_a_wait_but_never_hammers(clock: VirtualClock, server: Server) -> None:
    server.answers = [OFFLINE]
    attempt = Attempt(clock, server, patient=True)
    await clock.advance(50)
    before = list(server.asked)
    attempt.creation.hurry()
    await clock.settle()
    assert server.asked == [*before, 50]
    for _ in range(10):
        attempt.creation.hurry()
        await clock.advance(0.1)
    assert server.asked == [*before, 50]
    attempt.creation.stop()
    await clock.settle()
    assert attempt.record.phase is Phase.STOPPED


async def test_a_change_of_network_does_not_cut_what_a_server_asked_to_wait(
    clock: VirtualClock, server: Server
) -> None:
    server.answers = [BUSY, GRANT]
    attempt = Attempt(clock, server, patient=True)
    await clock.advance(5)
    attempt.creation.hurry()
    await clock.settle()
    assert server.asked == [0]
    await clock.advance(8)
    assert attempt.created is not None
