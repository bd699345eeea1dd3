"""Finding out, once a day at most, whether there is a newer TunnelDesk."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from tunneldesk import __version__
from tunneldesk.domain.errors import LocalFileError
from tunneldesk.storage.files import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.model import Update
    from tunneldesk.service.store import Store

_log = logging.getLogger(__name__)

DAY: Final = 24 * 3600.0
_FIRST = 60.0
"""Seconds after the start: whoever has a demo in five minutes comes first."""

_TURN = 3600.0
"""Seconds between looks at the clock, so that a laptop that sleeps a lot is not forgotten."""


class Feed(Protocol):
    """Tells what was released last."""

    async def __call__(self) -> Update | None:
        """Return it; None where there is nothing, or it can't be found out."""


class Updates:
    """Looks for a newer version while the user wants that, and puts it into the state. Nothing is installed.

    When it was asked last is remembered across runs.

    Args:
        store: The state.
        clock: Time.
        feed: Who is asked.
        memory: The file that remembers.
    """

    def __init__(self, store: Store, clock: Clock, feed: Feed, memory: Path) -> None:
        self._store = store
        self._clock = clock
        self._feed = feed
        self._memory = memory

    async def run(self) -> None:
        """Look until cancelled."""
        await self._clock.sleep(_FIRST)
        while True:
            if self._store.state.preferences.look_for_updates and await asyncio.to_thread(self._due):
                await self._look()
            await self._clock.sleep(_TURN)

    def _due(self) -> bool:
        try:
            last = datetime.fromisoformat(str(read_json(self._memory)["askedAt"]))
            passed = (self._clock.now() - last).total_seconds()
        except (LocalFileError, KeyError, ValueError, TypeError):
            return True
        return not 0 <= passed < DAY  # a moment to come was noted by a clock that was wrong

    async def _look(self) -> None:
        with suppress(OSError):  # where nothing can be noted, the next run asks again
            await asyncio.to_thread(write_json, self._memory, {"askedAt": self._clock.now().isoformat()})
        found = await self._feed()
        if found is not None and found.newer_than(__version__):
            _log.info("There is a newer version: %s", found.version)
            self._store.update(lambda state: replace(state, update=found))
