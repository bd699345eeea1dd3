"""What connectors say: the latest lines of each in memory, and the lines of all in a file behind them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tunneldesk.domain.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.lines import Follower
    from tunneldesk.storage.rolling import RollingFile

_log = logging.getLogger(__name__)

_WRITE_AFTER = 0.2
"""Seconds for which lines are gathered before they are written; at 10,000 a second none is forgotten meanwhile."""


class ConnectorLogs:
    """One `Lines` per tunnel, kept for as long as the tunnel is; a connector that is started anew goes on in it.

    The lines come without secrets from the supervisor.
    """

    def __init__(self, file: RollingFile | None = None, name: Callable[[str], str] = str) -> None:
        """Prepare.

        Args:
            file: Where the lines go beside memory; None for nowhere, as for a command in a terminal.
            name: What a tunnel's key is called in that file.
        """
        self._file = file
        self._name = name
        self._logs: dict[str, Lines] = {}
        self._followers: dict[str, Follower] = {}
        self._last_words: list[str] = []
        self._turn: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[None] | None = None
        self._complained = self._closed = False

    def of(self, key: str) -> Lines:
        """Return the lines of one tunnel's connectors."""
        lines = self._logs.get(key)
        if lines is None:
            lines = self._logs[key] = Lines()
            if self._file is not None:
                self._followers[key] = lines.follow(self._news)
        return lines

    def forget(self, key: str) -> None:
        """The tunnel is gone for good."""
        self._logs.pop(key, None)
        follower = self._followers.pop(key, None)
        if follower is not None:
            self._last_words += self._read(key, follower)
            follower.close()
            self._news()

    async def close(self) -> None:
        """Write what is not written yet, and nothing more."""
        self._closed = True
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        await self._idle()
        self._write(self._read_all())
        await self._idle()

    async def _idle(self) -> None:
        if self._writing is not None:
            await asyncio.wait({self._writing})

    def _news(self) -> None:
        if self._turn is None and self._writing is None and not self._closed:
            self._turn = asyncio.get_running_loop().call_later(_WRITE_AFTER, self._flush)

    def _flush(self) -> None:
        self._turn = None
        self._write(self._read_all())

    def _read_all(self) -> list[str]:
        gone, self._last_words = self._last_words, []
        return gone + [line for key, follower in self._followers.items() for line in self._read(key, follower)]

    def _read(self, key: str, follower: Follower) -> tuple[str, ...]:
        name = self._name(key)
        return tuple(f"{name}  {line}" for line in follower.read())

    def _write(self, lines: list[str]) -> None:
        if not lines or self._file is None:
            return
        self._writing = asyncio.get_running_loop().run_in_executor(None, self._file.write, lines)
        self._writing.add_done_callback(self._written)

    def _written(self, writing: asyncio.Future[None]) -> None:
        if self._writing is writing:
            self._writing = None
        error = None if writing.cancelled() else writing.exception()
        if error is not None and not self._complained:
            self._complained = True  # once: a full disk is no reason to write more
            _log.warning("The connectors' log can't be written: %s", error)
        if self._last_words or any(follower.waiting for follower in self._followers.values()):
            self._news()
