"""A token that is renewed in time: a day of heartbeats on a clock of our own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import ErrorCode, Failure, ServerRefusedError, ServerUnreachableError
from tunneldesk.domain.health import Beat, BeatOutcome, Lease
from tunneldesk.domain.model import Grant
from tunneldesk.domain.secret import Secret
from tunneldesk.domain.sign_in import Granted
from tunneldesk.service.heartbeat import Heartbeat
from tunneldesk.service.renewal import EARLY, Renewal

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tests.unit.service.conftest import VirtualClock

GRANT = Grant("id", "my-app.example.com", Secret("t"), heartbeat_interval=20, lease_timeout=60)
LASTS = 900.0


class Server:
    """Grants tokens of fifteen minutes, each refresh token good once."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.number = 0
        self.away = False
        self.takes_seconds = 0.0
        self.access: tuple[str, float] = ("", 0.0)
        self.ended: list[ErrorCode] = []

    async def ask(self, refresh_token: Secret) -> Granted:
        if self.takes_seconds:
            await self.clock.sleep(self.takes_seconds)
        if self.away:
            raise ServerUnreachableError(Failure(ErrorCode.SERVER_TIMED_OUT))
        if refresh_token.reveal() != f"refresh-{self.number}":
            raise ServerRefusedError(Failure(ErrorCode.INVALID_REFRESH_TOKEN, status=401))
        self.number += 1
        self.access = (f"access-{self.number}", self.clock.monotonic() + LASTS)
        return Granted(Secret(self.access[0]), Secret(f"refresh-{self.number}"), LASTS)

    def takes(self, token: Secret | None) -> bool:
        return token is not None and token.reveal() == self.access[0] and self.clock.monotonic() < self.access[1]


@pytest.fixture
def server(clock: VirtualClock) -> Server:
    return Server(clock)


@pytest.fixture
def renewal(clock: VirtualClock, server: Server, tmp_path: Path) -> Renewal:
    return Renewal(
        Account("https://api.example.com", "ann@example.com"),
        Secret("refresh-0"),
        clock,
        ask=server.ask,
        vault=None,
        lock=tmp_path / "lock",
        ended=lambda failure: server.ended.append(failure.code),
    )


async def test_a_day_of_fifteen_minute_tokens_costs_no_heartbeat(
    clock: VirtualClock, server: Server, renewal: Renewal
) -> None:
    beats: list[BeatOutcome] = []

    async def send(_grant: Grant) -> datetime | None:
        if not server.takes(await renewal.token()):
            raise ServerRefusedError(Failure(ErrorCode.INVALID_TOKEN, status=401))
        return None

    def report(beat: Beat, _lease: Lease, _failure: Failure | None) -> None:
        beats.append(beat.outcome)

    heartbeat = Heartbeat(GRANT, clock, send=send, report=report, granted_at=clock.monotonic())
    task = asyncio.create_task(heartbeat.run())
    await clock.advance(24 * 3600)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert set(beats) == {BeatOutcome.OK}
    assert len(beats) >= 24 * 180 - 1
    assert 24 * 4 <= server.number <= 24 * 4 + 5


async def test_a_token_that_still_holds_is_used_while_the_server_is_away(
    clock: VirtualClock, server: Server, renewal: Renewal
) -> None:
    first = await renewal.token()
    server.away = True
    await clock.advance(LASTS - 20)
    assert await renewal.token() == first
    await clock.advance(30)
    with pytest.raises(ServerUnreachableError):
        await renewal.token()
    server.away = False
    assert server.takes(await renewal.token())
    assert server.ended == []


async def test_a_renewal_that_takes_its_time_costs_no_call_anything(
    clock: VirtualClock, server: Server, renewal: Renewal
) -> None:
    """A keyring that hangs takes 20 s of it, and a heartbeat has 5."""
    first = await renewal.token()
    server.takes_seconds = 20.0
    await clock.advance(LASTS - EARLY + 1)
    assert await asyncio.wait_for(renewal.token(), 5) == first
    await clock.advance(21)
    assert server.takes(await asyncio.wait_for(renewal.token(), 5))
    assert server.number == 2


async def test_who_stops_waiting_stops_no_renewal(server: Server, renewal: Renewal) -> None:
    waiting = [asyncio.create_task(renewal.token()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert results[1] == results[2] == Secret("access-1")
    assert server.number == 1
    await renewal.aclose()


async def test_an_ended_session_gives_no_token(server: Server, renewal: Renewal) -> None:
    server.number = 7
    for ask in (renewal.token, lambda: renewal.renew(Secret("stale")), renewal.renewed):
        with pytest.raises(ServerRefusedError) as caught:
            await ask()
        assert caught.value.failure.code is ErrorCode.INVALID_REFRESH_TOKEN
    assert server.ended == [ErrorCode.INVALID_REFRESH_TOKEN]
