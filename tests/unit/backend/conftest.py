"""A store on a real database, and a clock that only moves when told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tunneldesk.backend.accounts import Accounts
from tunneldesk.backend.clock import Clock
from tunneldesk.backend.database import open_database
from tunneldesk.backend.names import Names
from tunneldesk.backend.store import Store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path


class StillClock(Clock):
    """Stands still between jumps."""

    def now(self) -> float:
        return 1_800_000_000.0 + self.offset


@pytest.fixture
def clock() -> Clock:
    return StillClock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with open_database(tmp_path / "data") as connection:
        yield connection


@pytest.fixture
def accounts(database: sqlite3.Connection, clock: Clock) -> Accounts:
    """The people of ``database``."""
    return Accounts(database, clock)


@pytest.fixture
def ann(accounts: Accounts) -> str:
    """A user."""
    return accounts.add_user("ann@example.com")


@pytest.fixture
def bob(accounts: Accounts) -> str:
    """Another user."""
    return accounts.add_user("bob@example.com")


@pytest.fixture
def store(database: sqlite3.Connection, clock: Clock) -> Store:
    """A store of dialect ``documented``, with leases of 60 s."""
    return Store(database, clock, Names("tunnel.localhost", 8788))


@pytest.fixture
def lenient(database: sqlite3.Connection, clock: Clock) -> Store:
    """A store of dialect ``newer``, where a lease that ran out can be revived."""
    return Store(database, clock, Names("tunnel.localhost", 8788), revives=True)
