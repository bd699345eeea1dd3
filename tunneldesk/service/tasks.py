"""The owner of everything that runs beside the faces."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode, Failure, TunnelDeskError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from tunneldesk.domain.clock import Clock
    from tunneldesk.service.store import Store

_log = logging.getLogger(__name__)


class Tasks:
    """Starts tasks, sees their failures, and ends them.

    A failure of one task is put into the state and ends nothing else: a tray app goes on for weeks.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Run ``work``, named for the log."""
        task = asyncio.create_task(self._guard(work, name), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def settled(self) -> None:
        """Return once nothing runs any more."""
        while self._running:
            await asyncio.wait(tuple(self._running))

    async def cancel(self) -> None:
        """End everything that still runs, and wait for it."""
        while self._running:
            for task in tuple(self._running):
                task.cancel()
            await asyncio.wait(tuple(self._running))

    async def _guard(self, work: Coroutine[object, object, None], name: str) -> None:
        try:
            await work
        except TunnelDeskError as error:
            failure = replace(error.failure, at=error.failure.at or self._clock.now())
        except Exception as error:  # noqa: BLE001 - the last resort of the whole service
            _log.exception("Task %s broke", name)
            failure = Failure(ErrorCode.UNEXPECTED, type(error).__name__, at=self._clock.now())
        else:
            return
        self._store.update(lambda state: replace(state, failure=failure))
