"""What is known of one process of the connector, from its log and from ``/ready`` together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tunneldesk.connector.logs import Dropped, MetricsAt, Refused, Registered, is_record, read_line
from tunneldesk.connector.readiness import ready_connections

if TYPE_CHECKING:
    from tunneldesk.domain.clock import Clock

_STALE_AFTER_LOSS = 25.0
"""Seconds for which ``/ready`` is not believed once the log has told that every connection is gone.

It has been seen stale for 20. Any longer, and a log that is misread would keep a tunnel that works down.
"""

_SILENCES_BORNE = 2
"""Questions in a row that may go unanswered before a connector that was ready counts as lost: machines are busy."""

_SILENCES_OF_THE_DEAD = 5

_OFFLINE_WORDS = ("Could not lookup srv records", "no such host", "network is unreachable", "no route to host")

_LOOK_EVERY, _LOOK_EVERY_WHEN_READY, _LOOK_EVERY_AFTER_A_WHILE = 0.05, 5.0, 1.0
_A_WHILE = 10.0


class Life:
    """One process of the connector, from its start to its end.

    Attributes:
        was_ready: Whether it has ever reached the edge.
        refusals: How often the edge has refused the tunnel, since it last took it.
        silent_refusals: The same, without saying why.
        reason: What it last said about a loss or a refusal.
        offline: Whether its last line, likely its last word, was that there is no network.
        last_words: Its last line, where that is no record of the log: the error that ended it.
        metrics_address: Where its metrics server listens (host:port); None until it has said so.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._born = self._news_at = clock.monotonic()
        self._ready = False
        self._ready_since = self._not_ready_since = self._born
        self._all_lost_at = self._stirred_at = float("-inf")
        self._connections: dict[str, Registered] = {}
        self.metrics_address: str | None = None
        self._silences = 0
        self._news = asyncio.Event()
        self.was_ready = False
        self.refusals = 0
        self.silent_refusals = 0
        self.offline = False
        self.reason: str | None = None
        self.last_words: str | None = None

    @property
    def age(self) -> float:
        """Seconds since the process was started."""
        return self._clock.monotonic() - self._born

    @property
    def ready_for(self) -> float:
        """Seconds for which it has been ready."""
        return self._clock.monotonic() - self._ready_since if self._ready else 0.0

    @property
    def not_ready_for(self) -> float:
        """Seconds for which it has not been ready."""
        return 0.0 if self._ready else self._clock.monotonic() - self._not_ready_since

    @property
    def hung(self) -> bool:
        """Whether it has not answered for so long that it never will."""
        return self._silences >= _SILENCES_OF_THE_DEAD

    @property
    def location(self) -> str | None:
        """Where the first of its connections ends."""
        return next((connection.location for connection in self._connections.values()), None)

    @property
    def protocol(self) -> str | None:
        """What it speaks to the edge."""
        return next((connection.protocol for connection in self._connections.values()), None)

    def read(self, line: str) -> None:
        """Take in one line of the log."""
        if line:
            self.offline = any(words in line for words in _OFFLINE_WORDS)
            self.last_words = None if is_record(line) else line
        event = read_line(line)
        match event:
            case MetricsAt(address):
                self.metrics_address = address
            case Registered(index):
                self._connections[index] = event
                self.refusals = self.silent_refusals = 0
            case Dropped(index, reason):
                if self._connections.pop(index, None) is not None and not self._connections:
                    self._all_lost_at = self._clock.monotonic()
                self.reason = reason
            case Refused(None):
                self.silent_refusals += 1
            case Refused(reason):
                self.refusals, self.reason = self.refusals + 1, reason
            case None:
                return
        self._news_at = self._clock.monotonic()
        self._news.set()

    def stir(self) -> None:
        """Look again at once, and often for a while."""
        self._news_at = self._clock.monotonic()
        self._stirred_at = self._news_at
        self._news.set()

    async def look(self) -> bool:
        """Ask, and return whether it reaches the edge as far as log and ``/ready`` together can tell."""
        self._news.clear()
        ready = self.metrics_address is not None and await self._asked(self.metrics_address)
        now = self._clock.monotonic()
        if not self._connections and now - self._all_lost_at < _STALE_AFTER_LOSS:
            ready = False
        if ready and not self._ready:
            self.was_ready, self._ready_since = True, now
        elif self._ready and not ready:
            self._not_ready_since = now
        self._ready = ready
        return ready

    async def next_look(self) -> None:
        """Return when it is time to look again: soon while something may change, at once when the log has news."""
        if self._ready and not self._silences:
            stirred = self._clock.monotonic() - self._stirred_at < _STALE_AFTER_LOSS
            within = _LOOK_EVERY_AFTER_A_WHILE if stirred else _LOOK_EVERY_WHEN_READY
        elif self._silences or self._clock.monotonic() - self._news_at > _A_WHILE:
            within = _LOOK_EVERY_AFTER_A_WHILE
        else:
            within = _LOOK_EVERY
        try:
            async with asyncio.timeout(within):
                await self._news.wait()
        except TimeoutError:
            return

    async def _asked(self, address: str) -> bool:
        connections = await ready_connections(address)
        if connections is None:
            self._silences += 1
            return self._ready and self._silences <= _SILENCES_BORNE
        self._silences = 0
        return connections > 0
