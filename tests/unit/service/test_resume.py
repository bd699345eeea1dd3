"""What is wanted and what is still to be deleted outlive the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from tunneldesk.domain.errors import ErrorCode, Failure, ServerUnreachableError
from tunneldesk.domain.model import AppState, Session, Tunnel, Wish
from tunneldesk.service import resume
from tunneldesk.storage.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from tunneldesk.api.client import ApiClient

HERE, THERE = "https://a.example.com", "https://b.example.com"


class Server:
    """Deletes what it is told to, unless it is away."""

    server = HERE

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.away = False

    async def delete(self, tunnel_id: str) -> None:
        if self.away:
            raise ServerUnreachableError(Failure(ErrorCode.SERVER_TIMED_OUT))
        self.deleted.append(tunnel_id)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state" / "journal.json")


def test_wanted_tunnels_come_back_under_the_name_they_had(journal: Journal) -> None:
    state = AppState(
        session=Session(server=HERE),
        tunnels=(
            Tunnel("a", Wish(3000), hostname="x7k2.example.com"),
            Tunnel("b", Wish(4000, "api"), wanted=False),
        ),
    )
    resume.keep_wanted(journal, HERE, resume.wanted(state))
    assert resume.wanted_on(journal.read(), HERE) == (Wish(3000, "x7k2"),)


def test_what_is_wanted_of_one_server_leaves_the_others_alone(journal: Journal) -> None:
    for server, port in ((HERE, 1), (THERE, 2), (HERE, 3)):
        state = AppState(session=Session(server=server), tunnels=(Tunnel("k", Wish(port)),))
        resume.keep_wanted(journal, server, resume.wanted(state))
    assert resume.wanted_on(journal.read(), HERE) == (Wish(3),)
    assert resume.wanted_on(journal.read(), THERE) == (Wish(2),)


async def test_leftovers_are_deleted_on_their_own_server_and_once(journal: Journal) -> None:
    server = Server()
    client = cast("ApiClient", server)
    resume.keep_undeleted(journal, HERE, "one")
    resume.keep_undeleted(journal, THERE, "two")
    server.away = True
    await resume.delete_leftovers(journal, client)
    server.away = False
    await resume.delete_leftovers(journal, client)
    await resume.delete_leftovers(journal, client)
    assert server.deleted == ["one"]
    assert [item.tunnel_id for item in journal.read().undeleted] == ["two"]


def test_a_journal_that_cannot_be_written_costs_no_tunnel(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    resume.keep_undeleted(Journal(tmp_path / "state" / "journal.json"), HERE, "one")
    assert "journal" in caplog.text
