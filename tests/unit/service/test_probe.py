"""The watch over the user's own port: real sockets, and time that passes at once."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

from tunneldesk.domain.health import Health
from tunneldesk.service.probe import watch_service

OK, DEGRADED, DOWN = Health.OK, Health.DEGRADED, Health.DOWN


class _Enough(Exception):  # noqa: N818 - no error: the script is at its end
    """The script is at its end."""


class Script:
    """A clock on whose pauses the service comes and goes."""

    def __init__(self, *there: bool) -> None:
        self.seconds = 1000.0
        self.pauses: list[float] = []
        self.seen: list[Health] = []
        self._there = list(there)
        self._socket = self._bound()
        self.port: int = self._socket.getsockname()[1]

    def _bound(self, port: int = 0) -> socket.socket:
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
        return made

    def _next(self) -> None:
        """Listen or not, as the next line of the script says; the port stays ours in both cases."""
        if not self._there:
            raise _Enough
        self._socket.close()
        self._socket = self._bound(self.port)
        if self._there.pop(0):
            self._socket.listen()

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds
        self._next()

    async def play(self) -> list[Health]:
        self._next()
        try:
            await watch_service(self.port, self, self.seen.append)
        except _Enough:
            pass
        finally:
            self._socket.close()
        return self.seen


async def test_a_service_that_restarts_is_never_called_down() -> None:
    assert await Script(True, True, False, False, True, True).play() == [OK, OK, DEGRADED, DEGRADED, OK, OK]


async def test_a_service_that_stays_away_is_down_after_a_few_seconds_and_stays_so() -> None:
    script = Script(True, False, False, False, False, False, True)
    assert await script.play() == [OK, DEGRADED, DEGRADED, DEGRADED, DOWN, DOWN, OK]
    assert set(script.pauses) == {2.0}


async def test_a_service_that_was_never_there_is_down_at_once() -> None:
    assert await Script(False, False, True, False).play() == [DOWN, DOWN, OK, DEGRADED]


async def test_a_service_that_stays_is_looked_at_ever_more_rarely() -> None:
    script = Script(*[True] * 7)
    await script.play()
    assert script.pauses == [2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
