"""Users and tunnels, put into a paired server's database before it starts."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from build_scripts.bench.load import Request
from tunneldesk.backend.accounts import Accounts
from tunneldesk.backend.clock import Clock
from tunneldesk.backend.database import open_database, transaction
from tunneldesk.backend.names import Names, random_slugs
from tunneldesk.backend.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

EACH = 5
"""Tunnels of a user; what a server allows."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A database that has been filled, and is still open.

    Attributes:
        owned: Access tokens, and the ids of each one's tunnels.
        users: Ids of users, and those of each one's tunnels.
        store: Its tunnels.
        clock: The clock they are kept by.
        lease: Seconds their leases last.
    """

    owned: Mapping[str, list[str]]
    users: Mapping[str, list[str]]
    store: Store
    clock: Clock
    lease: float


@contextmanager
def filled(folder: Path, users: int, *, tunnels: int, lease: float = 3600.0) -> Iterator[Filled]:
    """Make so many users, and active tunnels for the first of them, five each."""
    with open_database(folder) as database:
        clock = Clock()
        accounts = Accounts(database, clock)
        store = Store(database, clock, Names("tunnel.localhost"), lease_timeout=lease)
        owned, owners = {}, {}
        with transaction(database):
            for number in range(users):
                user = accounts.add_user(f"user-{number}@bench.localhost")
                count = min(EACH, max(0, tunnels - number * EACH))
                ids = [store.create(user, 3000, random_slugs(), max_active=EACH).id for _ in range(count)]
                owned[accounts.mint_access_token(user)] = owners[user] = ids
        yield Filled(owned, owners, store, clock, lease)


def beats(owned: Mapping[str, list[str]]) -> list[Request]:
    """Return a heartbeat for each of the tunnels."""
    return [
        Request("POST", f"/v1/tunnels/{tunnel}/heartbeat", token=token)
        for token, ids in owned.items()
        for tunnel in ids
    ]
