"""When log and ``/ready`` contradict each other, which one is believed, and how long."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from tunneldesk.connector import life as module
from tunneldesk.connector.life import Life
from tunneldesk.connector.readiness import ready_connections

AT = "2026-11-23T18:38:01Z"
METRICS = f"{AT} INF Starting metrics server on 127.0.0.1:1/metrics"
REGISTERED = f"{AT} INF Registered tunnel connection connIndex=0 location=ams01 protocol=quic"
DROPPED = f"{AT} INF Lost connection with the edge connIndex=0"


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.time = 100.0

    def monotonic(self) -> float:
        return self.time

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """What ``/ready`` answers: the last of the list."""
    answers: list[int | None] = [1]

    async def answer(address: str) -> int | None:
        assert address == "127.0.0.1:1"
        return answers[-1]

    monkeypatch.setattr(module, "ready_connections", answer)
    return answers


@pytest.fixture
def life(clock: SetClock, says: list[int | None]) -> Life:  # noqa: ARG001 - wants it in place
    life = Life(clock)
    life.read(METRICS)
    return life


async def test_ready_is_believed_where_the_log_is_in_another_tongue(life: Life) -> None:
    assert await life.look()
    assert life.location is None


async def test_the_log_alone_makes_nothing_ready(life: Life, says: list[int | None]) -> None:
    says.append(0)
    life.read(REGISTERED)
    assert not await life.look()


async def test_a_ready_that_stays_against_the_log_is_believed_in_the_end(life: Life, clock: SetClock) -> None:
    life.read(REGISTERED)
    assert await life.look()
    life.read(DROPPED)
    assert not await life.look()
    clock.time += 20
    assert not await life.look()
    clock.time += 6
    assert await life.look()


async def test_a_connection_that_comes_back_is_believed_at_once(life: Life) -> None:
    life.read(REGISTERED)
    life.read(DROPPED)
    life.read(REGISTERED)
    assert await life.look()


async def test_a_busy_machine_is_no_loss_and_a_hung_connector_is(life: Life, says: list[int | None]) -> None:
    assert await life.look()
    says.append(None)
    assert await life.look()
    assert await life.look()
    assert not await life.look()
    assert not life.hung
    await life.look()
    await life.look()
    assert life.hung


async def test_silence_before_it_was_ever_ready_is_no_readiness(life: Life, says: list[int | None]) -> None:
    says.append(None)
    assert not await life.look()


async def test_it_counts_how_long_it_has_been_up_and_down(
    life: Life, clock: SetClock, says: list[int | None]
) -> None:
    clock.time += 3
    assert life.not_ready_for == 3
    await life.look()
    clock.time += 60
    assert (life.ready_for, life.not_ready_for) == (60, 0)
    says.append(0)
    await life.look()
    clock.time += 7
    assert (life.ready_for, life.not_ready_for, life.age) == (0, 7, 70)


async def test_news_that_come_while_it_is_asked_are_not_missed(
    life: Life, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def meanwhile(address: str) -> int:  # noqa: ARG001 - stands for the real one
        life.read(DROPPED)
        return 1

    life.read(REGISTERED)
    monkeypatch.setattr(module, "ready_connections", meanwhile)
    await life.look()
    async with asyncio.timeout(0.5):
        await life.next_look()
    assert clock.time == 100


async def test_a_dead_network_is_heard_in_its_last_words(life: Life) -> None:
    life.read("Could not lookup srv records on _v2-origintunneld._tcp.argotunnel.com: no such host")
    life.read("")
    assert life.offline
    life.read("something else")
    assert not life.offline


@pytest.mark.parametrize(
    ("answer", "connections"),
    [
        (b'HTTP/1.1 200 OK\r\n\r\n{"status":200,"readyConnections":4,"connectorId":"x"}', 4),
        (b'HTTP/1.1 503 Service Unavailable\r\n\r\n{"status":503,"readyConnections":0}', 0),
        (b"HTTP/1.1 404 Not Found\r\n\r\nno such page", None),
        (b"", None),
        (b"\xff\xfe" * 50_000, None),
        (b'HTTP/1.1 200 OK\r\n\r\n{"readyConnections":"many"}', None),
        (b"HTTP/1.1 200 OK\r\n\r\n[]", None),
    ],
)
async def test_an_answer_is_a_number_or_none_at_all(answer: bytes, connections: int | None) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await ready_connections(f"127.0.0.1:{port}") == connections


async def test_nobody_there_is_no_answer() -> None:
    assert await ready_connections("127.0.0.1:1") is None
