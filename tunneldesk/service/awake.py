"""Keeps the computer awake while a tunnel is up whose user asked for that."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tunneldesk.domain.lifecycle import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.model import AppState
    from tunneldesk.service.store import Store

_log = logging.getLogger(__name__)

_UP = frozenset({Phase.ONLINE, Phase.RECONNECTING})


class Awake:
    """Follows the state, and takes or lets go the system's lock; what blocks is off the loop.

    Args:
        store: The state.
        take: Keeps the machine awake; returns what ends that, or None where there is no way.
    """

    def __init__(self, store: Store, take: Callable[[], Callable[[], None] | None]) -> None:
        self._store = store
        self._take = take
        self._changed = asyncio.Event()
        store.subscribe(self._hear)

    async def run(self) -> None:
        """Follow until cancelled; then the machine may sleep again."""
        release: Callable[[], None] | None = None
        held = False
        try:
            while True:
                wanted = _wanted(self._store.state)
                if wanted and not held:
                    release, held = await asyncio.to_thread(self._take), True
                    if release is None:
                        _log.warning("This system offers no way to keep it awake")
                elif held and not wanted:
                    await asyncio.to_thread(_let_go, release)
                    release, held = None, False
                await self._changed.wait()
                self._changed.clear()
        finally:
            _let_go(release)

    def _hear(self, _state: AppState) -> None:
        self._changed.set()


def _let_go(release: Callable[[], None] | None) -> None:
    if release is not None:
        release()


def _wanted(state: AppState) -> bool:
    return any(tunnel.wish.keep_awake and tunnel.phase in _UP for tunnel in state.tunnels)
