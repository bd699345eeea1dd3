"""Looks that somebody asks for: at the machine, at a public address, at everything the job needs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.domain.health import Health

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tunneldesk.domain.checkup import Finding
    from tunneldesk.domain.health import AddressFinding
    from tunneldesk.domain.listening import Listener
    from tunneldesk.domain.model import Tunnel
    from tunneldesk.service.doctor import Doctor
    from tunneldesk.service.store import Store
    from tunneldesk.service.tasks import Tasks


class Looks:
    """Takes each look in a task of its own, and puts what is found into the state."""

    def __init__(
        self,
        store: Store,
        tasks: Tasks,
        *,
        look: Callable[[str, int], Awaitable[AddressFinding]],
        listeners: Callable[[], tuple[Listener, ...]],
        doctor: Callable[[], Doctor],
    ) -> None:
        """Begin with nothing looked at; see `Desk` for what is taken."""
        self._store = store
        self._tasks = tasks
        self._look = look
        self._listeners = listeners
        self._doctor = doctor
        self._examining: asyncio.Task[None] | None = None
        self._finding: asyncio.Task[None] | None = None

    def check_address(self, key: str) -> None:
        """Fetch a tunnel's public address as a visitor would."""
        self._tasks.start(self._check_address(key), "look at an address")

    def find_listeners(self) -> None:
        """Look what listens on this machine, unless somebody is looking already."""
        if self._finding is None or self._finding.done():
            self._finding = self._tasks.start(self._find_listeners(), "look who listens")

    def examine(self) -> None:
        """Look at everything the job needs; a check-up that is under way is given up for a new one."""
        if self._examining is not None:
            self._examining.cancel()
        self._examining = self._tasks.start(self._examine(), "examine")

    async def _examine(self) -> None:
        from tunneldesk.domain.checkup import Checkup  # only for whoever asks for one

        doctor = self._doctor()
        checkup = Checkup(doctor.checks)

        def hear(finding: Finding) -> None:
            nonlocal checkup
            checkup = replace(checkup, findings=(*checkup.findings, finding))
            self._store.update(lambda state: replace(state, checkup=checkup))

        self._store.update(lambda state: replace(state, checkup=checkup))
        await doctor.examine(hear)

    async def _find_listeners(self) -> None:
        listeners = await asyncio.to_thread(self._listeners)
        self._store.update(lambda state: replace(state, listeners=listeners))

    async def _check_address(self, key: str) -> None:
        tunnel = self._store.state.tunnel(key)
        if tunnel is None or tunnel.address is None or tunnel.looking:
            return
        self._store.update_tunnel(key, lambda tunnel: replace(tunnel, looking=True))
        finding = None
        try:
            finding = await self._look(tunnel.address, tunnel.wish.port)
        finally:
            self._store.update_tunnel(key, lambda now: _looked(now, tunnel.address, finding))


def _looked(tunnel: Tunnel, address: str | None, finding: AddressFinding | None) -> Tunnel:
    """Return the tunnel after a look; what was found of another address than it has now tells nothing."""
    if tunnel.address != address:
        finding = None
    health = finding.health if finding else Health.UNKNOWN
    return replace(tunnel, looking=False, finding=finding, vitals=replace(tunnel.vitals, address=health))
