"""A supervisor under test, and a clock that may run faster than the wall's."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from tunneldesk.connector.supervisor import ConnectorEvent, Supervisor
from tunneldesk.domain.lines import LINES_KEPT, Lines
from tunneldesk.domain.preferences import EdgeProtocol
from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tunneldesk.connector.locate import Program

TOKEN = Secret("eyJhIjoiYWNjb3VudCIsInQiOiJ0dW5uZWwiLCJzIjoic2VjcmV0In0=")
WITHIN = 10.0

E = TypeVar("E", bound=ConnectorEvent)


class FastClock:
    """Real time, some times as fast: a minute's patience is tested in seconds."""

    def __init__(self, speed: float) -> None:
        self._speed = speed

    def monotonic(self) -> float:
        return time.monotonic() * self._speed

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds) / self._speed)


class _TimedLog(Lines):
    """A log that knows when each of its lines came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: deque[float] = deque(maxlen=LINES_KEPT)

    def append(self, line: str) -> None:
        super().append(line)
        self.times.append(time.monotonic())


class Watched:
    """A running supervisor and what it reports."""

    def __init__(
        self,
        program: Program,
        token: Secret,
        run_dir: Path,
        speed: float,
        *,
        notes: Path,
        protocol: EdgeProtocol = EdgeProtocol.AUTO,
    ) -> None:
        self.run_dir = run_dir
        self.events: list[ConnectorEvent] = []
        self.told_at: list[float] = []
        self.confirmed = 0
        self.gone: Exception | None = None
        self._notes = notes
        self.log = _TimedLog()
        self.supervisor = Supervisor(
            program,
            token,
            run_dir=run_dir,
            clock=FastClock(speed),
            on_event=self._hear,
            confirm=self._confirm,
            log=self.log,
            protocol=protocol,
        )
        self.task = asyncio.create_task(self.supervisor.run())

    def _hear(self, event: ConnectorEvent) -> None:
        self.events.append(event)
        self.told_at.append(time.monotonic())

    def heard_at(self, words: str) -> float:
        """When the first line with these words came."""
        return next(at for at, line in zip(self.log.times, self.log, strict=True) if words in line)

    async def _confirm(self) -> None:
        self.confirmed += 1
        if self.gone is not None:
            raise self.gone

    @property
    def kinds(self) -> list[type[ConnectorEvent]]:
        return [type(event) for event in self.events]

    @property
    def starts(self) -> list[dict[str, Any]]:
        """What the fake noted of each of its starts."""
        return [json.loads(line) for line in self._notes.read_text().splitlines()] if self._notes.exists() else []

    def started(self, times: int) -> bool:
        """Whether the fake has been started this often."""
        return len(self.starts) >= times

    async def until(self, condition: Callable[[], bool], within: float = WITHIN) -> None:
        """Wait until ``condition`` holds; the supervisor must not end meanwhile."""
        async with asyncio.timeout(within):
            while not condition():
                if self.task.done():
                    self.task.result()
                await asyncio.sleep(0.01)

    async def event(self, kind: type[E], number: int = 1) -> E:
        """Wait for the ``number``-th event of this kind."""

        def matching() -> list[E]:
            return [event for event in self.events if isinstance(event, kind)]

        await self.until(lambda: len(matching()) >= number)
        return matching()[number - 1]

    async def end(self, within: float = 30.0) -> None:
        """Wait until the supervisor ends by itself."""
        async with asyncio.timeout(within):
            await self.task

    async def stop(self) -> float:
        """Cancel the supervisor, and return the seconds its end took."""
        began = time.monotonic()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        return time.monotonic() - began
