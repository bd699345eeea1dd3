"""What servers hold for us is written down until they have let go of it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.service.conftest import VirtualClock
from tunneldesk.connector.owner import Owner
from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import (
    CredentialsError,
    ErrorCode,
    Failure,
    LocalFileError,
    ServerUnreachableError,
)
from tunneldesk.domain.model import AppState, Grant, Session, Tunnel, Wish
from tunneldesk.domain.secret import Secret
from tunneldesk.presentation.reasons import said
from tunneldesk.service import resume
from tunneldesk.service.failures import Failures
from tunneldesk.service.ledger import Ledger
from tunneldesk.service.store import Store
from tunneldesk.service.tasks import Tasks
from tunneldesk.storage.journal import Held, Journal, Wanted
from tunneldesk.storage.tunnel_tokens import TunnelTokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tunneldesk.api.client import ApiClient
    from tunneldesk.storage.credentials import Credentials

HERE, THERE = Account("https://a.example.com"), Account("https://b.example.com")
WISH = Wish(3000, "my-app")
GRANT = Grant("id", "my-app.example.com", Secret("connector-token"), 20.0, 60.0, Secret("run-token"))


class Keyring:
    """A keyring in memory, that may refuse."""

    def __init__(self) -> None:
        self.items: dict[str, Secret] = {}
        self.refuses = False

    def _look(self) -> None:
        if self.refuses:
            raise CredentialsError(Failure(ErrorCode.KEYRING_MISSING))

    async def get(self, name: str) -> Secret | None:
        self._look()
        return self.items.get(name)

    async def set(self, name: str, secret: Secret) -> None:
        self._look()
        self.items[name] = secret

    async def forget(self, name: str) -> None:
        self._look()
        self.items.pop(name, None)


class Face:
    """One process's ledger of a home."""

    def __init__(self, home: Path, keyring: Keyring, *, keeps_tokens: bool = True) -> None:
        self.home = home
        self.failures: list[Failure] = []
        self.tasks = Tasks(Failures(Store(), VirtualClock()))
        self.owner = Owner(home / "run")
        credentials: Credentials = keyring  # type: ignore[assignment]
        self.ledger = Ledger(
            Journal(home / "journal.json"),
            self.owner,
            home / "run",
            TunnelTokens(credentials),
            self.tasks,
            keeps_tokens=lambda _account: keeps_tokens,
            failed=self.failures.append,
        )

    @property
    def held(self) -> tuple[Held, ...]:
        return Journal(self.home / "journal.json").read().held

    async def settle(self) -> None:
        """Wait until everything it does aside is done."""
        await self.tasks.settled()

    async def die(self) -> None:
        """End as one that is killed does: nothing is written, but the lock is let go of."""
        await self.settle()
        self.owner.release()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring()


@pytest.fixture
async def face(tmp_path: Path, keyring: Keyring) -> AsyncIterator[Face]:
    face = Face(tmp_path, keyring)
    yield face
    await face.ledger.close()
    await face.tasks.cancel()


async def test_a_tunnel_is_written_down_until_its_server_has_let_go_of_it(face: Face, keyring: Keyring) -> None:
    face.ledger.hold(HERE, GRANT, 3000)
    await face.settle()
    (held,) = face.held
    assert (held.account, held.tunnel_id, held.hostname, held.port) == (HERE, "id", "my-app.example.com", 3000)
    assert len(keyring.items) == 1
    face.ledger.drop("id")
    await face.settle()
    assert face.held == ()
    assert keyring.items == {}


async def test_no_token_is_ever_in_the_journal(face: Face) -> None:
    face.ledger.hold(HERE, GRANT, 3000)
    await face.settle()
    written = (face.home / "journal.json").read_text()
    assert "connector-token" not in written
    assert "run-token" not in written


async def test_what_a_killed_face_left_is_taken_up_with_its_tokens(face: Face, keyring: Keyring) -> None:
    killed = Face(face.home, keyring)
    killed.ledger.hold(HERE, GRANT, 3000)
    await killed.die()
    (held,) = await face.ledger.claim(HERE, lambda held: held.serves(WISH))
    assert await face.ledger.grant_of(held) == GRANT
    assert face.held[0].owner == face.owner.name


async def test_what_another_face_serves_is_not_to_be_had(face: Face, keyring: Keyring) -> None:
    other = Face(face.home, keyring)
    other.ledger.hold(HERE, GRANT, 3000)
    await other.settle()
    assert await face.ledger.claim(HERE, lambda _: True) == ()
    assert "id" in await face.ledger.known()
    other.ledger.release("id")
    await other.settle()
    assert len(await face.ledger.claim(HERE, lambda _: True)) == 1
    await other.ledger.close()


async def test_two_faces_never_take_up_the_same_tunnel(face: Face, keyring: Keyring) -> None:
    killed = Face(face.home, keyring)
    killed.ledger.hold(HERE, GRANT, 3000)
    await killed.die()
    others = [Face(face.home, keyring) for _ in range(4)]
    claims = await asyncio.gather(*(each.ledger.claim(HERE, lambda _: True) for each in (face, *others)))
    assert sorted(len(claim) for claim in claims) == [0, 0, 0, 0, 1]
    for other in others:
        await other.ledger.close()


@pytest.mark.parametrize("wish", [Wish(3000), Wish(3000, "other"), Wish(4000, "my-app")], ids=str)
async def test_only_the_same_port_under_the_same_name_is_the_same_wish(face: Face, wish: Wish) -> None:
    face.ledger.hold(HERE, GRANT, 3000)
    face.ledger.release("id")
    assert await face.ledger.claim(HERE, lambda held: held.serves(wish)) == ()
    assert await face.ledger.claim(THERE, lambda held: held.serves(WISH)) == ()
    assert len(await face.ledger.claim(HERE, lambda held: held.serves(WISH))) == 1


async def test_without_a_keyring_nothing_can_be_taken_up_and_nobody_is_bothered(
    face: Face, keyring: Keyring
) -> None:
    keyring.refuses = True
    face.ledger.hold(HERE, GRANT, 3000)
    face.ledger.release("id")
    (held,) = await face.ledger.claim(HERE, lambda _: True)
    assert await face.ledger.grant_of(held) is None
    face.ledger.drop("id")
    await face.settle()
    assert face.failures == []


@pytest.mark.parametrize("kept", ["", "nonsense", "[]", "{}", '{"connector": "x"}'])
async def test_tokens_that_make_no_sense_are_none(face: Face, keyring: Keyring, kept: str) -> None:
    face.ledger.hold(HERE, GRANT, 3000)
    await face.settle()
    (name,) = keyring.items
    keyring.items[name] = Secret(kept)
    assert await face.ledger.grant_of(face.held[0]) is None


async def test_a_face_that_keeps_no_tokens_asks_no_keyring_for_them(tmp_path: Path, keyring: Keyring) -> None:
    face = Face(tmp_path, keyring, keeps_tokens=False)
    face.ledger.hold(HERE, GRANT, 3000)
    await face.settle()
    assert keyring.items == {}
    await face.ledger.close()


async def test_a_tunnel_that_is_over_before_its_tokens_are_kept_leaves_none(face: Face, keyring: Keyring) -> None:
    face.ledger.hold(HERE, GRANT, 3000)
    face.ledger.drop("id")
    await face.settle()
    assert keyring.items == {}


# What can't be written


async def test_a_disk_that_is_full_is_said_once_and_what_was_to_be_written_is_written_later(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "journal.json")

    face.ledger.want(HERE, (Wanted(HERE, WISH),))
    await face.settle()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        face.ledger.hold(HERE, GRANT, 3000)
        await face.settle()
        face.ledger.want(HERE, ())
        await face.settle()
    assert [failure.code for failure in face.failures] == [ErrorCode.FILE_NOT_WRITTEN]
    assert "No space left on device" in said(face.failures[0])
    assert face.held == ()
    face.ledger.want(HERE, (Wanted(HERE, WISH), Wanted(HERE, Wish(4000))))
    await face.settle()
    entries = Journal(face.home / "journal.json").read()
    assert [held.tunnel_id for held in entries.held] == ["id"]
    assert len(entries.wanted) == 2


async def test_where_nothing_can_be_written_nothing_is_claimed(face: Face) -> None:
    Journal(face.home / "journal.json").change(
        lambda entries: replace(entries, held=(Held(HERE, "id", "my-app.example.com", 3000, 20.0, 60.0),))
    )
    (face.home / "journal.lock").unlink()
    (face.home / "journal.lock").mkdir()
    assert await face.ledger.claim(HERE, lambda _: True) == ()
    assert [failure.code for failure in face.failures] == [ErrorCode.FILE_NOT_WRITTEN]


async def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path, keyring: Keyring) -> None:
    (tmp_path / "run").write_text("in the way")
    with pytest.raises(LocalFileError, match=r"FILE_NOT_WRITTEN: .*run"):
        Face(tmp_path, keyring).ledger.claim_folder()


async def test_a_journal_damaged_under_our_hands_is_said_and_written_anew(face: Face) -> None:
    face.ledger.want(HERE, (Wanted(HERE, WISH),))
    face.ledger.hold(HERE, GRANT, 3000)
    await face.settle()
    (face.home / "journal.json").write_text("{oops")
    face.ledger.want(THERE, ())
    await face.settle()
    assert [failure.code for failure in face.failures] == [ErrorCode.FILE_DAMAGED]
    entries = Journal(face.home / "journal.json").read()
    assert [held.tunnel_id for held in entries.held] == ["id"]
    assert entries.wanted == (Wanted(HERE, WISH),)


# What the last run left


class Server:
    """Deletes what it is told to, unless it is away."""

    account = HERE

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.away = False

    async def delete(self, tunnel_id: str) -> None:
        if self.away:
            raise ServerUnreachableError(Failure(ErrorCode.SERVER_TIMED_OUT))
        self.deleted.append(tunnel_id)


async def test_leftovers_are_deleted_on_their_own_server_and_once(face: Face) -> None:
    server = Server()
    client: ApiClient = server  # type: ignore[assignment]
    for at, grant in ((HERE, GRANT), (THERE, replace(GRANT, tunnel_id="two"))):
        face.ledger.hold(at, grant, 3000)
        face.ledger.release(grant.tunnel_id)
    server.away = True
    await resume.delete_leftovers(face.ledger, client, spare=())
    server.away = False
    for _ in range(2):
        await resume.delete_leftovers(face.ledger, client, spare=())
    await face.settle()
    assert server.deleted == ["id"]
    assert [held.tunnel_id for held in face.held] == ["two"]


async def test_what_is_wanted_again_is_not_deleted(face: Face) -> None:
    server = Server()
    client: ApiClient = server  # type: ignore[assignment]
    face.ledger.hold(HERE, GRANT, 3000)
    face.ledger.release("id")
    await resume.delete_leftovers(face.ledger, client, spare=(WISH,))
    assert server.deleted == []


def test_wanted_tunnels_come_back_under_the_name_they_had() -> None:
    state = AppState(
        session=Session(server=HERE.server),
        tunnels=(
            Tunnel("a", Wish(3000), hostname="x7k2.example.com"),
            Tunnel("b", Wish(4000, "api"), wanted=False),
        ),
    )
    assert resume.wanted(state) == (Wanted(HERE, Wish(3000, "x7k2")),)


async def test_what_is_wanted_of_one_server_leaves_the_others_alone(face: Face) -> None:
    for server, port in ((HERE, 1), (THERE, 2), (HERE, 3)):
        face.ledger.want(server, (Wanted(server, Wish(port)),))
    await face.settle()
    entries = Journal(face.home / "journal.json").read()
    assert sorted((item.account.server, item.wish.port) for item in entries.wanted) == [
        (HERE.server, 3),
        (THERE.server, 2),
    ]
