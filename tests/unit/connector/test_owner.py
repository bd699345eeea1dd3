"""Who owns which connectors, and what becomes of those whose owner has ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tunneldesk.connector import leftovers
from tunneldesk.connector.folder import own_folder
from tunneldesk.connector.owner import Owner, abandoned, lives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[3]

FACE = """
import sys
from pathlib import Path
from tunneldesk.connector.owner import Owner

owner = Owner(Path(sys.argv[1]))
print(owner.name, flush=True)
sys.stdin.read()
"""
SLEEPER = "import sys, time; print('up', flush=True); time.sleep(60)"


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start Python programs that are gone at the end of the test."""
    running: list[subprocess.Popen[str]] = []

    def start(code: str, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(10)


def test_an_owner_lives_until_it_is_killed(tmp_path: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    face = start(FACE, str(tmp_path))
    name = said(face)
    assert lives(tmp_path, name)
    assert list(abandoned(tmp_path)) == []
    end(face)
    assert not lives(tmp_path, name)
    assert list(abandoned(tmp_path)) == [tmp_path / name]


def test_our_own_claim_is_never_taken_for_one_that_has_ended(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    assert owner.owns(owner.name)
    assert lives(tmp_path, owner.name)
    assert leftovers.sweep(tmp_path) == 0
    assert owner.folder.is_dir()


@pytest.mark.posix("modes")
def test_a_claim_is_for_this_user_only(tmp_path: Path) -> None:
    assert Owner(tmp_path).folder.stat().st_mode & 0o777 == 0o700


def test_a_released_claim_leaves_nothing(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    name = owner.name
    owner.release()
    assert list(tmp_path.iterdir()) == []
    assert not owner.owns(name)
    assert not lives(tmp_path, name)


def test_a_claim_whose_folder_somebody_removed_is_made_anew(tmp_path: Path) -> None:
    owner = Owner(tmp_path / "run")
    first = owner.name
    (tmp_path / "run" / first).rmdir()
    assert owner.name != first
    assert lives(tmp_path / "run", owner.name)


def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("in the way")
    with pytest.raises(OSError, match="run"):
        _ = Owner(tmp_path / "run").folder


# Connectors that have outlived their owner


class Orphan:
    """A connector that runs, and the folder of a face that may have ended."""

    def __init__(self, run_dir: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
        self.face = start(FACE, str(run_dir))
        self.owner = run_dir / said(self.face)
        self._folder = own_folder(self.owner)
        self.folder = self._folder.__enter__()
        self.process = start(SLEEPER, "--config", str(self.folder / "config.yml"))
        said(self.process)
        leftovers.record(self.folder, self.process.pid)

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def rewrite(self, **changes: object) -> None:
        path = self.folder / "process.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.fixture
def orphan(tmp_path: Path, start: Callable[..., subprocess.Popen[str]]) -> Orphan:
    return Orphan(tmp_path / "run", start)


def test_one_whose_owner_was_killed_is_found_and_ended(orphan: Orphan, tmp_path: Path) -> None:
    end(orphan.face)
    assert leftovers.find(tmp_path / "run") == (leftovers.Leftover(orphan.process.pid, orphan.folder),)
    assert orphan.runs
    assert leftovers.sweep(tmp_path / "run") == 1
    assert not psutil.pid_exists(orphan.process.pid)
    assert list((tmp_path / "run").iterdir()) == []
    assert leftovers.sweep(tmp_path / "run") == 0


def test_one_of_a_living_face_is_left_alone(orphan: Orphan, tmp_path: Path) -> None:
    assert leftovers.find(tmp_path / "run") == ()
    assert leftovers.sweep(tmp_path / "run") == 0
    assert orphan.runs
    assert orphan.folder.is_dir()


@pytest.mark.parametrize(
    "change", [{"started": 1.0}, {"pid": os.getppid()}, {"pid": 4194305}, {"pid": -1}, {"pid": "x"}]
)
def test_a_stranger_that_has_its_number_now_is_left_alone(
    orphan: Orphan, tmp_path: Path, change: dict[str, object]
) -> None:
    orphan.rewrite(**change)
    end(orphan.face)
    assert leftovers.sweep(tmp_path / "run") == 0
    assert orphan.runs
    assert not orphan.owner.exists()


def test_a_program_that_was_never_given_the_folder_is_left_alone(
    orphan: Orphan, tmp_path: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    stranger = start(SLEEPER)
    said(stranger)
    leftovers.record(orphan.folder, stranger.pid)
    end(orphan.face)
    assert leftovers.sweep(tmp_path / "run") == 0
    assert stranger.poll() is None


def test_the_start_that_is_written_down_is_the_start_that_is_found(tmp_path: Path) -> None:
    before = psutil.Process().create_time() - psutil.boot_time()
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        leftovers.record(tmp_path, process.pid)
        written = json.loads((tmp_path / "process.json").read_text())["started"]
        found = psutil.Process(process.pid).create_time() - psutil.boot_time()
    finally:
        process.kill()
        process.communicate()
    assert abs(written - found) < 1.5
    assert written > before
