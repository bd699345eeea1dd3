"""A thousand leases on a clock of our own: a server that fails at random, a connector that crashes."""

from __future__ import annotations

import asyncio
import gc
import random
import tracemalloc
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

import pytest

from tunneldesk.connector.supervisor import Lost as ConnectionLost
from tunneldesk.connector.supervisor import Ready
from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import ErrorCode, Failure, ServerRefusedError, ServerUnreachableError
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import Grant, RemoteStatus, RemoteTunnel, Wish
from tunneldesk.domain.secret import Secret
from tunneldesk.service.doubts import Doubts
from tunneldesk.service.failures import Failures
from tunneldesk.service.store import Store
from tunneldesk.service.surroundings import Surroundings
from tunneldesk.service.tasks import Tasks
from tunneldesk.service.tunnels import Tunnels

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from tests.unit.service.conftest import Book, VirtualClock
    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.locate import Connectors
    from tunneldesk.connector.supervisor import ConnectorEvent, Supervisor
    from tunneldesk.service.ledger import Ledger

LEASES = 1_000
LEASE, INTERVAL = 60.0, 20.0
FAILING = 0.3
CRASH_EVERY = 50 * LEASE
DROP_EVERY = 150
"""Leases after which the server itself forgets the tunnel: recovery is part of a long run."""

FLAT_FROM = 200
"""Leases after which everything that is bounded has filled up."""

ROOM = 64 * 1024
"""Bytes by which memory may differ between then and the end."""

LIMITS = {"create": 30.0, "heartbeat": 5.0, "list": 15.0, "delete": 30.0}
"""Seconds after which the client gives each call up."""

SLUG = "my-app"

T = TypeVar("T")


@dataclass
class Held:
    """A tunnel on the server.

    Attributes:
        tunnel_id: Its id.
        created_at: When it was created, by the server's clock.
        beaten_at: When its lease was last renewed (monotonic).
        beaten_time: The same, by the server's clock.
        dropped: Whether the server has forgotten it by its own fault.
        stopped: Whether it was deleted.
    """

    tunnel_id: str
    created_at: datetime
    beaten_at: float
    beaten_time: datetime
    dropped: bool = False
    stopped: bool = False


@dataclass
class Server:
    """Keeps leases that really run out, and fails three calls of ten: before it has done anything, or after.

    Attributes:
        clock: Its time.
        chance: What happens to a call.
        failing: Part of the calls that fail.
        port: The one port that is ever asked for.
        tunnels: What it has made, the latest last.
        calls: How many calls there were.
        failed: How many of them failed.
        account: Whose it is asked as.
        ran_out: Leases that ran out though the server had not dropped them, while somebody wanted them.
    """

    clock: VirtualClock
    chance: random.Random
    account: ClassVar = Account("https://api.example.com")
    failing: float = FAILING
    tunnels: list[Held] = field(default_factory=list)
    calls: int = 0
    failed: int = 0
    ran_out: list[str] = field(default_factory=list)
    port: int = 0
    ids: count[int] = field(default_factory=count)
    server: str = "https://api.example.com"
    clock_skew: float | None = None

    def lives(self, held: Held) -> bool:
        """Whether a tunnel is there for whoever looks."""
        return not held.stopped and not held.dropped and self.clock.monotonic() < held.beaten_at + LEASE

    @property
    def living(self) -> list[Held]:
        """The tunnels that are there now."""
        return [held for held in self.tunnels if self.lives(held)]

    def drop(self) -> None:
        """Forget every tunnel."""
        for held in self.tunnels:
            held.dropped = True

    async def create(self, port: int, slug: str | None) -> Grant:
        def work() -> Grant:
            if self.living:
                raise ServerRefusedError(Failure(ErrorCode.TUNNEL_SLUG_CONFLICT, status=409))
            tunnel_id = f"tunnel-{next(self.ids)}"
            now = self.clock.now()
            self.tunnels.append(Held(tunnel_id, now, self.clock.monotonic(), now))
            return Grant(tunnel_id, f"{slug}.example.com", Secret(f"token of {tunnel_id}"), INTERVAL, LEASE)

        assert (port, slug) == (self.port, SLUG)
        return await self._answer("create", work)

    async def heartbeat(self, grant: Grant) -> datetime | None:
        def work() -> datetime:
            held = next(held for held in self.tunnels if held.tunnel_id == grant.tunnel_id)
            if not self.lives(held):
                if not held.dropped:
                    self.ran_out.append(held.tunnel_id)
                raise ServerRefusedError(Failure(ErrorCode.TUNNEL_NOT_FOUND, status=404))
            held.beaten_at, held.beaten_time = self.clock.monotonic(), self.clock.now()
            return held.beaten_time + timedelta(seconds=LEASE)

        return await self._answer("heartbeat", work)

    async def delete(self, tunnel_id: str) -> None:
        def work() -> None:
            for held in self.tunnels:
                held.stopped = held.stopped or held.tunnel_id == tunnel_id

        await self._answer("delete", work)

    async def list_tunnels(self, *, include_inactive: bool = False) -> tuple[RemoteTunnel, ...]:
        def work() -> tuple[RemoteTunnel, ...]:
            shown = self.tunnels if include_inactive else self.living
            return tuple(
                RemoteTunnel(
                    held.tunnel_id,
                    f"{SLUG}.example.com",
                    SLUG,
                    RemoteStatus.ACTIVE if self.lives(held) else RemoteStatus.STOPPED,
                    self.port,
                    created_at=held.created_at,
                    last_heartbeat_at=held.beaten_time,
                    last_error=None if held.stopped else "LEASE_EXPIRED",
                )
                for held in shown
            )

        return await self._answer("list", work)

    async def _answer(self, call: str, work: Callable[[], T]) -> T:
        self.calls += 1
        await self.clock.sleep(0.05)
        if self.chance.random() >= self.failing:
            return work()
        self.failed += 1
        fate = self.chance.choice(["refused", "broken", "timed out", "lost", "answered too late"])
        if fate in {"lost", "answered too late"}:
            work()
        if fate in {"timed out", "answered too late"}:
            await self.clock.sleep(LIMITS[call])
            raise ServerUnreachableError(Failure(ErrorCode.SERVER_TIMED_OUT))
        if fate == "refused":
            raise ServerRefusedError(Failure(ErrorCode.INTERNAL_ERROR, status=self.chance.choice([500, 502, 503])))
        raise ServerUnreachableError(Failure(ErrorCode.SERVER_CONNECTION_BROKEN))


class Connector:
    """In a supervisor's place: online after a second, and again a second after each crash.

    Attributes:
        running: How many run at this moment, of all there are.
        crashes: How many there were, of all there are.
    """

    running = 0
    crashes = 0

    def __init__(
        self,
        program: object,
        token: Secret,
        *,
        clock: VirtualClock,
        on_event: Callable[[ConnectorEvent], None],
        **_: object,
    ) -> None:
        self._program = program
        self._token = token
        self._clock = clock
        self._tell = on_event
        self.log: list[str] = []

    async def run(self) -> None:
        """Be up until cancelled."""
        Connector.running += 1
        try:
            while True:
                await self._clock.sleep(1)
                self._tell(Ready("ams01", "quic"))
                await self._clock.sleep(CRASH_EVERY)
                Connector.crashes += 1
                self._tell(ConnectionLost("panic"))
        finally:
            Connector.running -= 1


class Programs:
    """There is a connector for every token."""

    def for_token(self, token: Secret) -> object:
        return token


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A port of this machine that somebody listens on."""

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [0, 1])
async def test_a_thousand_leases_are_kept_and_nothing_piles_up(
    clock: VirtualClock, book: Book, port: int, seed: int
) -> None:
    Connector.running = Connector.crashes = 0
    server = Server(clock, random.Random(seed), port=port)  # noqa: S311 - a repeatable run, not a secret
    store = Store()
    phases: list[Phase] = []
    store.subscribe(lambda state: phases.append(state.tunnels[0].phase))
    tasks = Tasks(Failures(store, clock))

    async def client(_: object) -> ApiClient:
        return cast("ApiClient", server)

    async def programs(_: ApiClient) -> Connectors:
        return cast("Connectors", Programs())

    tunnels = Tunnels(
        Surroundings(
            store=store,
            clock=clock,
            client=client,
            locate=programs,
            ledger=cast("Ledger", book),
            doubts=Doubts(clock, book.known),
            waits_for_rate=True,
            supervisor=cast("Callable[..., Supervisor]", Connector),
        ),
        tasks,
    )
    key = tunnels.expose(Wish(port, SLUG), patient=True)
    tracemalloc.start()
    try:
        flat = 0
        away = 0
        for lease in range(1, LEASES + 1):
            phases.clear()
            await clock.advance(LEASE)
            tunnel = store.state.tunnel(key)
            assert tunnel is not None
            assert tunnel.wanted
            assert tunnel.hostname in {None, f"{SLUG}.example.com"}
            assert Phase.FAILED not in phases, tunnel.failure
            assert len(server.living) <= 1, "two where one was wanted"
            assert Connector.running <= 1
            away += not server.living
            if lease % DROP_EVERY == 0:
                server.drop()
            if lease in {FLAT_FROM, LEASES}:
                phases.clear()
                del server.tunnels[:-1]
                gc.collect()
                flat = tracemalloc.get_traced_memory()[0] - flat
    finally:
        tracemalloc.stop()

    drops = LEASES // DROP_EVERY
    assert server.ran_out == [], "a lease that the server had not dropped"
    assert away <= drops, "it was away for longer than it takes to come back"
    assert flat < ROOM, f"{flat} bytes more than {LEASES - FLAT_FROM} leases before"
    assert server.failed > 0.25 * server.calls
    assert Connector.crashes >= LEASES // 50 - drops - 1

    closing = asyncio.ensure_future(tunnels.close(delete_within=4))
    while not closing.done():
        await clock.advance(1)
    await tasks.cancel()
    assert Connector.running == 0
    assert {held.tunnel_id for held in server.living} <= set(book.held), "left behind, and nobody knows of it"
