"""A log that is written for ever and stays within its limit."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from tunneldesk.storage.rolling import RollingFile

if TYPE_CHECKING:
    from pathlib import Path


def test_the_newest_lines_are_there_and_the_limit_holds(tmp_path: Path) -> None:
    file = RollingFile(tmp_path / "logs" / "connector.log", limit=2_000)
    for number in range(0, 1_000, 50):
        file.write(f"line {each}" for each in range(number, number + 50))
    newer, older = file.path.read_text().splitlines(), file.older.read_text().splitlines()
    assert newer[-1] == "line 999"
    kept = older + newer
    assert kept == [f"line {each}" for each in range(1_000 - len(kept), 1_000)]
    assert 1_000 < file.path.stat().st_size + file.older.stat().st_size <= 2_000


def test_a_line_longer_than_the_file_is_cut_and_ends_nothing(tmp_path: Path) -> None:
    file = RollingFile(tmp_path / "connector.log", limit=100)
    file.write(["short", "x" * 500, "after"])
    assert file.path.read_text() == "after\n"
    assert len(file.older.read_bytes()) == 50


@pytest.mark.posix("modes")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = RollingFile(tmp_path / "connector.log", limit=100)
    file.write(["a line"])
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_what_no_encoding_knows_does_not_stop_it(tmp_path: Path) -> None:
    file = RollingFile(tmp_path / "connector.log", limit=100)
    file.write(["\udcff half a character"])
    assert file.path.read_text() == "? half a character\n"
