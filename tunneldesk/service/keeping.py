"""The settings, written when they change."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from tunneldesk.service.ledger import not_written

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.errors import Failure
    from tunneldesk.service.tasks import Tasks
    from tunneldesk.storage.settings import Settings, SettingsFile

_log = logging.getLogger(__name__)

_CLOSE_WITHIN = 5.0


class SettingsKeeper:
    """Writes the newest settings beside the loop; what can't be written is tried again with the next change.

    Args:
        file: The settings file.
        tasks: What runs beside the faces.
        failed: Told once when the file can't be written, until it can be again.
    """

    def __init__(self, file: SettingsFile, tasks: Tasks, *, failed: Callable[[Failure], None]) -> None:
        self._file = file
        self._tasks = tasks
        self._failed = failed
        self._told = False
        self._newest: Settings | None = None
        self._writing = asyncio.Lock()

    def keep(self, settings: Settings) -> None:
        """Write these settings."""
        self._newest = settings
        if not self._writing.locked():
            self._tasks.start(self._write(), "write the settings")

    async def write_again(self) -> None:
        """Try once more to write what could not be written; what is wrong now is told anew."""
        self._told = False
        await self._write()

    async def close(self) -> None:
        """Write what is still to be written, as far as that can be done within some seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_WITHIN):
                await self._write()

    async def _write(self) -> None:
        async with self._writing:
            while (settings := self._newest) is not None:
                try:
                    await asyncio.to_thread(self._file.write, settings)
                except OSError as error:
                    if not self._told:
                        self._told = True
                        _log.warning("The settings can't be written: %s", error)
                        self._failed(not_written(error).failure)
                    return
                self._told = False
                if self._newest is settings:
                    self._newest = None
