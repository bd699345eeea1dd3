"""The data folder: who may use it, and what it says when it can't be used."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from typing import TYPE_CHECKING

import pytest

from tunneldesk.backend.accounts import Accounts
from tunneldesk.backend.clock import Clock
from tunneldesk.backend.database import MIGRATIONS, DataFolderError, open_database, transaction
from tunneldesk.backend.logins import Person
from tunneldesk.backend.names import Names
from tunneldesk.backend.sessions import Sessions
from tunneldesk.backend.store import Store
from tunneldesk.backend.tokens import fingerprint

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.posix("modes; Windows keeps other users out by the folder it is in")
def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    before = os.umask(0)
    try:
        with open_database(folder) as connection:
            connection.execute("INSERT INTO users VALUES ('1', 'ann@example.com', 0)")
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            for path in folder.iterdir():
                assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    finally:
        os.umask(before)


def test_what_was_written_is_there_the_next_time(tmp_path: Path) -> None:
    with open_database(tmp_path) as connection:
        connection.execute("INSERT INTO users VALUES ('1', 'ann@example.com', 0)")
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    with open_database(tmp_path) as connection:
        assert connection.execute("SELECT email FROM users").fetchall() == [("ann@example.com",)]
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_second_server_is_refused(tmp_path: Path) -> None:
    with (
        open_database(tmp_path),
        pytest.raises(DataFolderError, match=r"Another TunnelDesk server is using .*--data-dir"),
        open_database(tmp_path),
    ):
        pass


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("a file")
    with pytest.raises(DataFolderError, match=r"data can't be written .*--data-dir"), open_database(in_the_way):
        pass


def test_a_damaged_database_is_named_and_let_go(tmp_path: Path) -> None:
    path = tmp_path / "backend.sqlite3"
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with (
        pytest.raises(DataFolderError, match=r"backend\.sqlite3 can't be used .*move it away"),
        open_database(tmp_path),
    ):
        pass
    path.unlink()
    with open_database(tmp_path):
        pass


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "backend.sqlite3")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(DataFolderError, match="written by a newer TunnelDesk"), open_database(tmp_path):
        pass


def test_the_database_of_an_earlier_version_is_brought_on(tmp_path: Path) -> None:
    """A token given out before there were sessions stays good."""
    connection = sqlite3.connect(tmp_path / "backend.sqlite3")
    connection.executescript(f"{MIGRATIONS[0]}; PRAGMA user_version = 1;")
    connection.execute("INSERT INTO users VALUES ('1', 'ann@example.com', 0)")
    connection.execute(
        "INSERT INTO access_tokens (fingerprint, user_id, created_at, expires_at) VALUES (?, '1', 0, NULL)",
        (fingerprint("tda_old"),),
    )
    connection.commit()
    connection.close()
    with open_database(tmp_path) as upgraded:
        accounts = Accounts(upgraded, Clock())
        assert accounts.user_of("tda_old") == "1"
        assert accounts.session_of("tda_old") is None
        begun = Sessions(upgraded, Clock(), accounts).begin(Person("ann@example.com", "U1", "T1"))
        assert accounts.user_of(begun.access_token) == "1"
        assert upgraded.execute("SELECT count(*) FROM users").fetchone() == (1,)


def test_a_lease_of_an_earlier_version_goes_on(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "backend.sqlite3")
    connection.executescript(f"{MIGRATIONS[0]}; {MIGRATIONS[1]}; PRAGMA user_version = 2;")
    connection.execute("INSERT INTO users VALUES ('1', 'ann@example.com', 0)")
    for slug, status, expires_at in (("up", "active", 90), ("late", "active", 50), ("was-up", "stopped", 40)):
        connection.execute(
            "INSERT INTO tunnels (id, user_id, slug, status, requested_port, secret_fingerprint, created_at,"
            " last_heartbeat_at, expires_at, look_at, stopped_at) VALUES (?, '1', ?, ?, 3000, '', 0, 30, ?, 50, ?)",
            (slug, slug, status, expires_at, 40 if status == "stopped" else None),
        )
    connection.commit()
    connection.close()
    with open_database(tmp_path) as upgraded:
        clock = Clock()
        clock.jump(60 - clock.now())
        store = Store(upgraded, clock, Names("tunnel.localhost"), revives=True)
        assert store.reap() == (2, 1)
        leases = [(tunnel.slug, tunnel.expires_at) for tunnel in store.tunnels("1", include_inactive=True)]
        assert leases == [("up", 90), ("late", None), ("was-up", None)]
        assert store.beat("up", "1") == pytest.approx(120, abs=5)


def test_the_log_is_copied_while_nothing_else_happens(tmp_path: Path) -> None:
    with open_database(tmp_path) as connection:
        connection.execute("INSERT INTO users VALUES ('1', 'ann@example.com', 0)")
        ends = time.monotonic() + 10
        while b"ann@example.com" not in (tmp_path / "backend.sqlite3").read_bytes():
            assert time.monotonic() < ends
            time.sleep(0.01)


def test_a_transaction_within_another_is_part_of_it(tmp_path: Path) -> None:
    with open_database(tmp_path) as connection:

        def write_and_fail() -> None:
            with transaction(connection):
                with transaction(connection):
                    connection.execute("INSERT INTO users VALUES ('1', 'ann@example.com', 0)")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            write_and_fail()
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
