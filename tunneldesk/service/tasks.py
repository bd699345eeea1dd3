"""The owner of everything that runs beside the faces."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode, Failure, TunnelDeskError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from tunneldesk.service.failures import Failures, Work

_log = logging.getLogger(__name__)


class Tasks:
    """Starts tasks, sees their failures, and ends them.

    A failure of one task is put into the state and ends nothing else: a tray app goes on for weeks.
    """

    def __init__(self, failures: Failures) -> None:
        self._failures = failures
        self._running: set[asyncio.Task[None]] = set()

    def start(
        self, work: Coroutine[object, object, None], name: str, *, again: Work | None = None
    ) -> asyncio.Task[None]:
        """Run ``work``, named for the log; ``again`` is kept with what it fails with, see `Failures`."""
        task = asyncio.create_task(self._guard(work, name, again), name=name)
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

    async def _guard(self, work: Coroutine[object, object, None], name: str, again: Work | None) -> None:
        try:
            await work
        except TunnelDeskError as error:
            failure = error.failure
        except Exception as error:  # noqa: BLE001 - the last resort of the whole service
            _log.exception("Task %s broke", name)
            failure = Failure(ErrorCode.UNEXPECTED, type(error).__name__)
        else:
            return
        self._failures.show(failure, again=again)
