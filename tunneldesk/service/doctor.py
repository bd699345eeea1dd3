"""The doctor: looks at everything the job needs, and says what it found."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tunneldesk.domain.checkup import Check, Finding, Unseen, Verdict
from tunneldesk.domain.errors import ErrorCode, Failure, TunnelDeskError
from tunneldesk.service.checks import account, connector, exposed, machine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping, Sequence
    from pathlib import Path

    from tunneldesk.domain.account import Account
    from tunneldesk.domain.secret import Secret
    from tunneldesk.storage.paths import Paths

T = TypeVar("T")

_log = logging.getLogger(__name__)

LIMIT = 8.0
"""Seconds that a server or a keyring gets for one answer."""

_OTHERS = 30.0
"""Seconds after which a check is over in any case; each has shorter limits of its own."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What the doctor is to look at.

    Attributes:
        paths: The folders of this home.
        account: Whom to look as, and where; None when there is no server.
        fault: Why there is none, where one was named that can't be used.
        token: The access token, where it is not the keyring's.
        trouble: What was wrong with the settings when they were read.
        chosen: The cloudflared that the user named.
        installed: Where the one is that we download ourselves, if it is there.
        offered: The version that could be downloaded.
        port: The user's port, to be looked at too.
        address: A public address, to be looked at too.
    """

    paths: Paths
    account: Account | None = None
    fault: Failure | None = None
    token: Secret | None = None
    trouble: Failure | None = None
    chosen: Path | None = None
    installed: Path | None = None
    offered: str | None = None
    port: int | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Instruments:
    """What the doctor looks with, where that is not the same everywhere.

    Attributes:
        edge: Host and port of each region of Cloudflare's edge.
        tray: The program that asks for the tray, and what its environment needs; None for our own.
        limit: Seconds that a server or a keyring gets for one answer.
    """

    edge: Sequence[tuple[str, int]] = connector.EDGE
    tray: tuple[Sequence[str], Mapping[str, str]] | None = None
    limit: float = LIMIT


class Doctor:
    """Makes check-ups. For any face: what was found is facts, and how it is said is the presentation's.

    What may hang runs in the loop's default executor, which is to be one that nobody waits for (`DaemonThreads`).
    """

    def __init__(self, matter: Matter, instruments: Instruments | None = None) -> None:
        self._matter = matter
        self._with = instruments or Instruments()

    @property
    def checks(self) -> tuple[Check, ...]:
        """What is going to be looked at, in order."""
        left_out = {
            check
            for check, named in ((Check.PORT, self._matter.port), (Check.ADDRESS, self._matter.address))
            if named is None
        }
        return tuple(check for check in Check if check not in left_out)

    async def examine(self, on_finding: Callable[[Finding], None]) -> tuple[Finding, ...]:
        """Look at everything and return what was found.

        All checks run at the same time, each within a limit, and none of them raises. To be cancelled at will.

        Args:
            on_finding: Told each finding, in the order of `Check`, as soon as it and all before it are there.
        """
        visit = _Visit(self._matter, self._with)
        looks = visit.looks()
        running = [visit.start(_examined(check, *looks[check])) for check in self.checks]
        findings: list[Finding] = []
        try:
            for task in running:
                finding = await task
                findings.append(finding)
                on_finding(finding)
        finally:
            await visit.end()
        return tuple(findings)


class _Visit:
    """One check-up: its tasks, and what several checks need and only one should ask for."""

    def __init__(self, matter: Matter, instruments: Instruments) -> None:
        self._matter = matter
        self._with = instruments
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        return task

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def looks(self) -> dict[Check, tuple[Callable[[], Awaitable[Finding]], bool]]:
        """Return how each check is made, and whether nothing can be exposed when it fails."""
        matter, limit = self._matter, self._with.limit
        whose, paths = matter.account, matter.paths
        server = None if whose is None else whose.server
        greeting = _Shared(self.start(account.greet(server, limit)))
        # Once: a locked keyring asks its user to open it.
        kept = _Shared(self.start(account.read_keyring(paths, whose, limit)))
        left = _Shared(self.start(machine.find_leftovers(paths)))
        token = partial(account.look_at_token, whose, greeting, matter.token, kept, paths, limit)
        program = partial(connector.look_at_connector, server, matter.chosen, matter.installed, matter.offered)
        folders = partial(machine.look_at_folders, paths, matter.trouble, left.task)
        address = partial(exposed.look_at_address, matter.address or "", matter.port, paths.journal)
        return {
            Check.SERVER: (partial(account.look_at_server, server, matter.fault, greeting), True),
            Check.CLOCK: (partial(account.look_at_clock, greeting), False),
            Check.ACCESS_TOKEN: (token, True),
            Check.KEYRING: (partial(account.look_at_keyring, kept), False),
            Check.CONNECTOR: (program, server is not None),
            Check.EDGE: (partial(connector.look_at_edge, server, self._with.edge), True),
            Check.TRAY: (partial(machine.look_at_tray, self._with.tray), False),
            Check.FOLDERS: (folders, True),
            Check.DISK_SPACE: (partial(machine.look_at_space, paths.state), False),
            Check.LEFTOVERS: (partial(machine.look_at_leftovers, left), False),
            Check.LOCALHOST_NAMES: (machine.look_at_names, False),
            Check.PORT: (partial(exposed.look_at_port, matter.port or 0), False),
            Check.ADDRESS: (address, True),
        }


class _Shared(Generic[T]):
    """A task that several wait for: none of them takes it down when it is cancelled itself."""

    def __init__(self, task: asyncio.Task[T]) -> None:
        self.task = task

    def __await__(self) -> Generator[Any, None, T]:
        return asyncio.shield(self.task).__await__()


async def _examined(check: Check, look: Callable[[], Awaitable[Finding]], needed: bool) -> Finding:
    """Return what a check found, whatever becomes of it."""
    bad = Verdict.FAIL if needed else Verdict.WARN
    try:
        async with asyncio.timeout(_OTHERS):
            return await look()
    except TunnelDeskError as error:
        return Finding(check, bad, failure=error.failure)
    except TimeoutError:
        return Finding(check, bad, Unseen.TOO_SLOW)
    except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, too
        _log.debug("The check %s broke", check.value, exc_info=True)
        return Finding(check, bad, failure=Failure(ErrorCode.UNEXPECTED, f"{type(error).__name__}: {error}"))
