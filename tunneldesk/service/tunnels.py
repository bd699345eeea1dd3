"""All tunnels of this app: one run each, found by key."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from tunneldesk.domain.lifecycle import Event, Phase, advance
from tunneldesk.domain.lines import Lines
from tunneldesk.domain.model import Tunnel
from tunneldesk.service.run import Run

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from tunneldesk.domain.account import Account
    from tunneldesk.domain.errors import ErrorCode
    from tunneldesk.domain.model import Wish
    from tunneldesk.service.surroundings import Surroundings
    from tunneldesk.service.tasks import Tasks
    from tunneldesk.service.wake import Disturbance


class Tunnels:
    """Starts, changes and ends runs, each in a task of its own."""

    def __init__(self, around: Surroundings, tasks: Tasks) -> None:
        self._around = around
        self._tasks = tasks
        self._runs: dict[str, Run] = {}
        self._living: dict[str, asyncio.Task[None]] = {}
        self._next: dict[str, Wish] = {}

    def expose(
        self,
        wish: Wish,
        *,
        account: Account | None = None,
        patient: bool = False,
        stops_at: datetime | None = None,
    ) -> str:
        """Expose a port; return the new tunnel's key.

        Args:
            wish: What the user asked for.
            account: Whose it is to be; None for the session's.
            patient: See `Run`.
            stops_at: When it is to be stopped by itself, where that was known before; None to count from when it
                is up.
        """
        account = account or self._around.store.state.session.account
        tunnel = Tunnel(uuid4().hex, wish, account=account, stops_at=stops_at)
        self._around.store.update(lambda state: replace(state, tunnels=(*state.tunnels, tunnel)))
        self._start(tunnel.key, wish, patient=patient)
        return tunnel.key

    def revise(self, key: str, wish: Wish) -> None:
        """Go on with ``wish`` under the same key: at once, or when what runs has been taken down."""
        if key in self._living:
            self._next[key] = wish
            self._runs[key].stop()
        else:
            self._start(key, wish, patient=False)

    def stop(self, key: str) -> None:
        """The user no longer wants this tunnel; a second call forces its connector down."""
        self._next.pop(key, None)
        self._around.store.update_tunnel(key, lambda tunnel: replace(tunnel, wanted=False))
        if key in self._living:
            self._runs[key].stop()

    def hurry(self, key: str) -> None:
        """Have a tunnel do at once what it would do next by itself."""
        if key in self._living:
            self._runs[key].hurry()

    def dismiss(self, key: str) -> None:
        """Forget a tunnel that has failed or stopped; one that runs is left alone."""
        tunnel = self._around.store.state.tunnel(key)
        if tunnel is not None and key not in self._living:
            advance(tunnel.standing, Event.DISMISS)
            self._remove(key)

    def go_on(self, codes: Collection[ErrorCode], *, account: Account | None = None) -> None:
        """Try again what failed for one of these causes and is still wanted; with an ``account``, as that one."""
        for tunnel in self._around.store.state.tunnels:
            failed = tunnel.phase is Phase.FAILED and tunnel.failure is not None and tunnel.failure.code in codes
            if failed and tunnel.wanted:
                if account is not None:
                    self._around.store.update_tunnel(tunnel.key, lambda tunnel: replace(tunnel, account=account))
                self.revise(tunnel.key, tunnel.again)

    def disturbed(self, disturbance: Disturbance) -> None:
        """Tell every run that the machine has slept, or is in another network."""
        for key in self._living:
            self._runs[key].disturbed(disturbance)

    def log(self, key: str) -> Lines:
        """The latest lines of a tunnel's connector."""
        return self._around.logs.of(key) if self._around.store.state.tunnel(key) else Lines()

    async def count(self, key: str) -> None:
        """Note what a tunnel's connector has carried."""
        if key in self._living:
            await self._runs[key].count()

    async def ended(self, key: str) -> None:
        """Return once nothing of this tunnel runs."""
        if key in self._living:
            await asyncio.wait({self._living[key]})

    async def close(self, *, delete_within: float) -> None:
        """Take all tunnels down, each still wanted; the server gets that many seconds for deleting."""
        self._next.clear()
        for key in self._living:
            self._runs[key].stop(delete_within=delete_within)
        if self._living:
            await asyncio.wait(tuple(self._living.values()))

    def _start(self, key: str, wish: Wish, *, patient: bool) -> None:
        now = self._around.clock.now()
        self._around.store.update_tunnel(
            key,
            lambda tunnel: replace(
                tunnel, wish=wish, wanted=True, failure=None, stops_at=_still_stops_at(tunnel, wish, now)
            ),
        )
        self._runs[key] = Run(key, wish, self._around, patient=patient)
        self._living[key] = self._tasks.start(self._live(key), f"tunnel to port {wish.port}")

    async def _live(self, key: str) -> None:
        try:
            await self._runs[key].live()
        finally:
            del self._living[key]
        if key in self._next:
            self._start(key, self._next.pop(key), patient=False)
            return
        tunnel = self._around.store.state.tunnel(key)
        if tunnel is not None and tunnel.phase is Phase.STOPPED and not tunnel.wanted and tunnel.failure is None:
            self._remove(key)

    def _remove(self, key: str) -> None:
        self._runs.pop(key, None)
        self._around.logs.forget(key)
        self._around.store.update(
            lambda state: replace(state, tunnels=tuple(tunnel for tunnel in state.tunnels if tunnel.key != key))
        )


def _still_stops_at(tunnel: Tunnel, wish: Wish, now: datetime) -> datetime | None:
    """Return when a tunnel that starts over is to be stopped: as before, unless that is over or was set anew."""
    same = tunnel.wanted and wish.stop_after == tunnel.wish.stop_after
    return tunnel.stops_at if same and tunnel.stops_at is not None and tunnel.stops_at > now else None
