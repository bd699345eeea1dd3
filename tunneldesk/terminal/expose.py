"""``tunneldesk expose``: one tunnel, from the wish to the end."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.presentation.exit_status import ExitStatus, exit_status
from tunneldesk.presentation.problem import Subject
from tunneldesk.presentation.status import Instant
from tunneldesk.terminal.problems import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.model import AppState, Tunnel, Wish
    from tunneldesk.presentation.advice import Invocation
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.terminal.faces import Face

_TICK = 1.0


class States(Protocol):
    """Where the state is seen."""

    @property
    def state(self) -> AppState:
        """The state as it is now."""

    def subscribe(self, subscriber: Callable[[AppState], None], /) -> Callable[[], None]:
        """Tell ``subscriber`` of every change; the returned function ends that."""


class _Changes:
    """The changes of one tunnel that are still to be shown.

    Those that leave it in the same phase and have not been shown yet are one: a phase is shown with all that came
    to be known on entering it.
    """

    def __init__(self) -> None:
        self._states: deque[AppState] = deque()
        self._some = asyncio.Event()
        self.key = ""

    def add(self, state: AppState) -> None:
        """Take note of a new state."""
        if self.key and self._states and self._phase(self._states[-1]) is self._phase(state):
            self._states.pop()
        self._states.append(state)
        self._some.set()

    async def next(self) -> AppState:
        """Return the next state, waiting for it."""
        await self._some.wait()
        state = self._states.popleft()
        if not self._states:
            self._some.clear()
        return state

    def _phase(self, state: AppState) -> Phase | None:
        tunnel = state.tunnel(self.key)
        return tunnel.phase if tunnel else None


@dataclass(slots=True)
class Expose:
    """Exposes a port and shows what becomes of it.

    Attributes:
        states: The state.
        commands: What may be asked for.
        clock: Time.
        face: How it is shown.
        invocation: The call, for advice.
    """

    states: States
    commands: Commands
    clock: Clock
    face: Face
    invocation: Invocation
    _key: str | None = None
    _asked_to_stop: bool = False

    def stop(self) -> None:
        """Stop the tunnel; a second call forces the connector down."""
        self._asked_to_stop = True
        if self._key is not None:
            self.commands.stop(self._key)

    async def run(self, wish: Wish) -> ExitStatus:
        """Expose ``wish`` until it has ended."""
        changes = _Changes()
        unsubscribe = self.states.subscribe(changes.add)
        try:
            self._key = changes.key = self.commands.expose(wish)
            if self._asked_to_stop:
                self.commands.stop(self._key)
            tunnel = await self._follow(self._key, changes)
        finally:
            unsubscribe()
        failure = _cause(tunnel, self.states.state)
        if failure is None or (self._asked_to_stop and tunnel.phase is Phase.STOPPED):
            return ExitStatus.AS_ASKED
        self.face.ended_by(
            self._trouble(failure, tunnel, self.states.state), tuple(self.commands.connector_log(tunnel.key))
        )
        return exit_status(failure)

    async def _follow(self, key: str, changes: _Changes) -> Tunnel:
        """Show every change until the tunnel has ended; return it as it was then."""
        shown: Tunnel | None = None
        told: ErrorCode | None = None
        while True:
            state = await self._next(changes, shown)
            tunnel = state.tunnel(key)
            if tunnel is None or (tunnel == shown and not _broken(state)):
                continue
            instant = self._instant()
            failure = _cause(tunnel, state)
            if failure is not None and failure.code is not told:
                self.face.troubled(self._trouble(failure, tunnel, state), instant)
            told = failure.code if failure else None
            self.face.changed(shown, tunnel, instant)
            begun = shown is not None and shown.active
            shown = tunnel
            if tunnel.phase is Phase.FAILED or (begun and not tunnel.active) or _broken(state):
                return tunnel

    async def _next(self, changes: _Changes, shown: Tunnel | None) -> AppState:
        while True:
            try:
                async with asyncio.timeout(_TICK if self.face.ticking else None):
                    return await changes.next()
            except TimeoutError:
                if shown is not None:
                    self.face.tick(shown, self._instant())

    def _trouble(self, failure: Failure, tunnel: Tunnel, state: AppState) -> Trouble:
        limit = state.limit_of(state.account_of(tunnel))
        subject = Subject(tunnel.wish.port, tunnel.slug, state.session.server, limit)
        return Trouble.of(failure, subject, self.invocation)

    def _instant(self) -> Instant:
        return Instant(monotonic=self.clock.monotonic(), now=self.clock.now())


def _cause(tunnel: Tunnel, state: AppState) -> Failure | None:
    """Return what is wrong: rather why a keyring would not give a token than that there is none."""
    signed_out = tunnel.failure is not None and tunnel.failure.code is ErrorCode.SIGNED_OUT
    telling = state.failure is not None and state.failure.code is not ErrorCode.KEYRING_MISSING
    return state.failure if (signed_out and telling) or _broken(state) else tunnel.failure


def _broken(state: AppState) -> bool:
    """Whether a part of TunnelDesk broke, so that the tunnel may never change again."""
    return state.failure is not None and state.failure.code is ErrorCode.UNEXPECTED
