"""Files and folders: private, whole or untouched, and never lost."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.model import Wish
from tunneldesk.domain.preferences import EdgeProtocol, Notice, Preferences, Theme, TrayStyle
from tunneldesk.presentation.reasons import said
from tunneldesk.storage.files import DamagedFileError, read_json, write_json
from tunneldesk.storage.journal import Entries, Held, Journal, Wanted
from tunneldesk.storage.paths import Paths
from tunneldesk.storage.settings import Settings, SettingsFile

ROOT = Path(__file__).resolve().parents[3]
ANN = Account("https://api.example.com", "ann@example.com")
FULL = Settings(
    Preferences(
        Path("/opt/cloudflared"),
        EdgeProtocol.HTTP2,
        Path("/etc/company.pem"),
        copy_when_live=False,
        reopen_at_start=False,
        theme=Theme.DARK,
        notices=frozenset({Notice.LOST}),
        ask_on_quit=True,
        ask_on_close=False,
        tray_style=TrayStyle.PLAIN,
        look_for_updates=False,
    ),
    (Wish(3000, "my-app"), Wish(8000)),
)
HELD = Held(ANN, "id-1", "my-app.example.com:8788", 3000, 20.0, 60.0, "face-abc")
STOPS_AT = datetime(2026, 7, 25, 10, 30, tzinfo=UTC)
WANTED = Wanted(ANN, Wish(3000, "my-app", stop_after=3600.0, keep_awake=True), STOPS_AT)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Paths


def test_everything_is_inside_the_home_that_was_named(tmp_path: Path) -> None:
    paths = Paths.find({"TUNNELDESK_HOME": str(tmp_path)})
    for path in (paths.settings, paths.journal, paths.run, paths.cache, paths.logs):
        assert path.is_relative_to(tmp_path)


def test_homes_are_told_apart_and_recognised_again(tmp_path: Path) -> None:
    keys = [Paths.find({"TUNNELDESK_HOME": str(tmp_path / name)}).key for name in ("a", "b", "a", "b/../a")]
    assert keys[0] == keys[2] == keys[3] != keys[1]


def test_without_a_home_the_systems_folders_are_used_under_our_id() -> None:
    paths = Paths.find({})
    assert "dev.tunneldesk.TunnelDesk" in str(paths.config)
    assert paths == Paths.find({"TUNNELDESK_HOME": ""})


def test_nothing_is_made_before_it_is_needed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    SettingsFile(Paths.find({"TUNNELDESK_HOME": str(home)}).settings).read()
    assert not home.exists()


# Any file


@pytest.mark.posix("modes")
def test_what_is_written_is_for_this_user_only(tmp_path: Path) -> None:
    path = tmp_path / "state" / "file.json"
    old = os.umask(0)
    try:
        write_json(path, {"a": 1})
    finally:
        os.umask(old)
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)


def test_a_full_disk_leaves_the_old_content(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "file.json"
    write_json(path, {"old": True})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_json(path, {"new": "x" * 5_000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_json(path) == {"old": True}
    assert os.listdir(tmp_path) == ["file.json"]  # noqa: PTH208 - names are what is compared


def test_a_folder_that_cannot_be_written_to_says_so(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("")
    with pytest.raises(OSError, match="in-the-way"):
        write_json(tmp_path / "in-the-way" / "file.json", {})


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '"text"', "\x00", "[" * 100_000])
def test_a_damaged_file_is_set_aside_and_never_lost(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(content)
    with pytest.raises(DamagedFileError) as damaged:
        read_json(path)
    assert "file.json is damaged" in said(damaged.value.failure)
    assert damaged.value.kept_as is not None
    assert damaged.value.kept_as.read_text() == content
    assert read_json(path) == {}


def test_bytes_that_are_no_text_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DamagedFileError):
        read_json(path)


# Settings


def test_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    file.write(FULL)
    assert file.read() == FULL
    assert file.trouble is None


def test_a_first_run_has_the_settings_of_one(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "settings.json").read() == Settings()


def test_damaged_settings_are_those_of_a_first_run_and_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{oops")
    file = SettingsFile(path)
    assert file.read() == Settings()
    assert file.trouble is not None
    assert file.trouble.code is ErrorCode.FILE_DAMAGED
    (kept,) = tmp_path.glob("settings.damaged-*.json")
    assert str(kept) in said(file.trouble)


@pytest.mark.parametrize("bad", [1, [1], {"a": 1}, "nonsense \x00", True, "http://elsewhere.example.com"])
def test_one_senseless_value_costs_itself_only(tmp_path: Path, bad: object) -> None:
    path = tmp_path / "settings.json"
    file = SettingsFile(path)
    file.write(FULL)
    stored = json.loads(path.read_text())
    for name in ("connector", "protocol", "theme", "recent"):
        path.write_text(json.dumps(stored | {name: bad}))
        read = file.read()
        assert read.preferences.copy_when_live is False
        assert read != FULL
    assert file.trouble is None


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3))


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "authority",
                "connector",
                "protocol",
                "copyWhenLive",
                "theme",
                "recent",
                "notices",
                "askOnQuit",
                "trayStyle",
            ]
        ),
        JSON,
    )
)
def test_no_settings_file_stops_the_start(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(json.dumps(content))
    SettingsFile(path).read()


# Journal


def test_the_journal_remembers_what_is_wanted_and_what_is_left(tmp_path: Path) -> None:
    entries = Entries((WANTED,), (HELD, replace(HELD, owner=None)))
    Journal(tmp_path / "journal.json").change(lambda _: entries)
    assert Journal(tmp_path / "journal.json").read() == entries


def test_a_damaged_journal_is_set_aside_and_told(tmp_path: Path) -> None:
    (tmp_path / "journal.json").write_text("nonsense")
    journal = Journal(tmp_path / "journal.json")
    journal.change(lambda before: replace(before, wanted=(*before.wanted, WANTED)))
    assert journal.trouble is not None
    (kept,) = tmp_path.glob("journal.damaged-*.json")
    assert kept.read_text() == "nonsense"
    assert journal.read().wanted == (WANTED,)


@pytest.mark.posix("Windows words it otherwise")
def test_what_cannot_be_read_is_said_and_never_written_over(tmp_path: Path) -> None:
    for name in ("settings.json", "journal.json"):
        (tmp_path / name).mkdir()  # not even root can read a folder as a file
        (tmp_path / name / "precious").write_text("kept")
    file, journal = SettingsFile(tmp_path / "settings.json"), Journal(tmp_path / "journal.json")
    assert (file.read(), journal.read()) == (Settings(), Entries())
    for trouble in (file.trouble, journal.trouble):
        assert trouble is not None
        assert "can't be read: Is a directory" in said(trouble)
    with pytest.raises(PermissionError):
        file.write(FULL)
    with pytest.raises(PermissionError):
        journal.change(lambda before: replace(before, wanted=(WANTED,)))
    assert [kept.read_text() for kept in tmp_path.glob("*/precious")] == ["kept", "kept"]


def test_one_senseless_entry_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    Journal(path).change(lambda _: Entries((WANTED,)))
    stored = json.loads(path.read_text())
    stored["held"] = [stored["wanted"][0], {"server": "x", "tunnelId": "y", "hostname": "<b>", "port": 1}]
    stored["wanted"] += [None, {}, {"server": "x", "port": 0}, {"server": "x", "port": 1, "name": "NO!"}]
    path.write_text(json.dumps(stored))
    assert Journal(path).read() == Entries((WANTED,))


@pytest.mark.parametrize("moment", ["2026-07-25T10:30:00", "soon", 5])
def test_a_moment_that_makes_no_sense_costs_its_own_entry(tmp_path: Path, moment: object) -> None:
    path = tmp_path / "journal.json"
    Journal(path).change(lambda _: Entries((WANTED, replace(WANTED, wish=Wish(4000)))))
    written = json.loads(path.read_text())
    written["wanted"][0]["stopsAt"] = moment
    path.write_text(json.dumps(written))
    assert Journal(path).read().wanted == (replace(WANTED, wish=Wish(4000)),)


def test_changes_of_many_threads_are_all_there_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"

    def add(number: int) -> None:
        item = replace(HELD, tunnel_id=str(number))
        Journal(path).change(lambda before: replace(before, held=(*before.held, item)))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {item.tunnel_id for item in Journal(path).read().held} == {str(number) for number in range(20)}


def test_changes_of_several_processes_are_all_there_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    code = f"""
import sys
from dataclasses import replace
from pathlib import Path
from tunneldesk.domain.account import Account
from tunneldesk.storage.journal import Held, Journal

for number in range(10):
    item = Held(Account("https://api.example.com"), sys.argv[1] + str(number), "a.example.com", 1, 20.0, 60.0)
    Journal(Path({str(path)!r})).change(lambda before: replace(before, held=(*before.held, item)))
"""
    processes = [subprocess.Popen([sys.executable, "-c", code, name], cwd=ROOT) for name in "abc"]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert len(Journal(path).read().held) == 30


def test_a_journal_that_cannot_be_written_keeps_its_content(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.json")
    journal.change(lambda _: Entries((WANTED,)))

    def broken(_: Entries) -> Entries:
        raise LookupError

    with pytest.raises(LookupError):
        journal.change(broken)
    assert journal.read() == Entries((WANTED,))
