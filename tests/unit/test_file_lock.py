"""A lock between processes."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock as SomebodyElsesLock

from tunneldesk.file_lock import FileLock, LockedError

if TYPE_CHECKING:
    from pathlib import Path

_HOLD = """
import sys
from pathlib import Path
from tunneldesk.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "something.lock"


def test_one_holds_it_at_a_time(path: Path) -> None:
    first, second = FileLock(path), FileLock(path)
    first.acquire()
    with pytest.raises(LockedError, match=r"something\.lock is locked"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_the_system_lets_go_of_it_when_its_holder_is_killed(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockedError):
            FileLock(path).acquire()
        holder.kill()
        holder.wait()
        with FileLock(path):
            pass


def test_it_is_waited_for(path: Path) -> None:
    held = FileLock(path)
    held.acquire()
    threading.Timer(0.2, held.release).start()
    began = time.monotonic()
    with FileLock(path, timeout=30):
        assert 0.1 < time.monotonic() - began < 20


def test_it_is_waited_for_no_longer_than_that(path: Path) -> None:
    began = time.monotonic()
    with FileLock(path), pytest.raises(LockedError), FileLock(path, timeout=0.2):
        pass  # pragma: no cover
    assert time.monotonic() - began >= 0.2


def test_whoever_removes_the_file_takes_nothing_from_who_makes_it_anew(path: Path) -> None:
    old = FileLock(path)
    old.acquire()
    path.unlink()
    new = FileLock(path)
    new.acquire()
    old.release()
    with pytest.raises(LockedError):
        FileLock(path).acquire()
    new.release()


def test_a_file_that_went_while_it_was_locked_is_made_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tunneldesk import file_lock

    lock_it = file_lock._lock
    gone: list[int] = []

    def go_first(file: int) -> bool:
        if not gone:
            path.unlink()
            gone.append(file)
        return lock_it(file)

    monkeypatch.setattr(file_lock, "_lock", go_first)
    with FileLock(path, timeout=30):
        assert gone
        with pytest.raises(LockedError):
            FileLock(path).acquire()


def test_one_that_nobody_knows_any_more_is_let_go_of(path: Path) -> None:
    FileLock(path).acquire()
    gc.collect()
    with FileLock(path):
        pass


def test_it_is_the_lock_that_other_programs_know(path: Path) -> None:
    """An older TunnelDesk that still runs holds filelock's, and the other way round."""
    with SomebodyElsesLock(path), pytest.raises(LockedError):
        FileLock(path).acquire()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
def test_the_file_is_for_this_user_only(path: Path) -> None:
    with FileLock(path):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there_is_said(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileLock(path / "deeper").acquire()
