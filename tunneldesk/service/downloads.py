"""The one download there may be: cloudflared, fetched when the user asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import CONNECTOR_DOWNLOAD_CODES

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from tunneldesk.connector.install import Installer
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.model import AppState, Download
    from tunneldesk.service.store import Store
    from tunneldesk.service.tasks import Tasks


class Downloads:
    """Fetches a connector, shows how far it is, and lets itself be cancelled.

    Args:
        store: Where the progress goes; a failure too, as one of the app.
        tasks: What runs beside the faces.
        installer: Makes what fetches it.
        done: Called when a connector has been put in place.
    """

    def __init__(
        self, store: Store, tasks: Tasks, installer: Callable[[], Installer], done: Callable[[], None]
    ) -> None:
        self._store = store
        self._tasks = tasks
        self._installer = installer
        self._done = done
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless one is under way."""
        if self._running is None or self._running.done():
            self._running = self._tasks.start(self._fetch(), "download cloudflared")

    def cancel(self) -> None:
        """Want it no more; nothing half-done is kept."""
        if self._running is not None:
            self._running.cancel()

    async def _fetch(self) -> None:
        installer = self._installer()
        try:
            path = await installer.install(self._show)
        finally:
            self._show(None)
        self._store.update(
            lambda state: replace(
                state, cloudflared=replace(state.cloudflared, path=path, version=installer.version)
            )
        )
        self._done()

    def _show(self, download: Download | None) -> None:
        self._store.update(lambda state: replace(state, download=download, failure=_left(state, download)))


def _left(state: AppState, download: Download | None) -> Failure | None:
    """Return what is still wrong with the app: how the last download ended is over with the next one's start."""
    over = download is not None and state.failure is not None and state.failure.code in CONNECTOR_DOWNLOAD_CODES
    return None if over else state.failure
