"""Who owns which connectors: each running face has a folder that is its own for as long as it lives.

Several faces share a machine: the tray, `expose` in some terminals. What one of them leaves behind when it is
killed, the next one tidies up; what belongs to a living one is nobody else's. Whether an owner lives is not
asked of its process number, which the system hands out again, but of a lock: the system lets go of it at the moment
the owner ends, in whatever way, and at no other.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filelock import FileLock

_PREFIX, _LOCK = "face-", ".lock"


class Owner:
    """Our own claim, made when it is first needed.

    Args:
        run_dir: The folder all owners have theirs in.
    """

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir
        self._lock: FileLock | None = None
        self._folder: Path | None = None

    @property
    def name(self) -> str:
        """What tells us from other owners, in records that outlive us; see `folder`."""
        return self.folder.name

    @property
    def folder(self) -> Path:
        """Our folder, for this user only.

        Raises:
            OSError: It can't be made.
        """
        if self._folder is None or not self._folder.is_dir():
            self.release()
            self._run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The lock comes first, so that the folder is never there without an owner.
            number, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_LOCK, dir=self._run_dir)
            os.close(number)
            self._lock = _file_lock(name)
            self._lock.acquire(timeout=0)
            folder = Path(name.removesuffix(_LOCK))
            folder.mkdir(mode=0o700)
            self._folder = folder
        return self._folder

    def owns(self, name: str) -> bool:
        """Whether ``name`` is ours."""
        return self._folder is not None and self._folder.name == name

    def release(self) -> None:
        """Own nothing any more: the folder is removed, and records with our name are anybody's."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        if self._lock is not None:
            _unlock(self._lock)
            self._lock = None


def lives(run_dir: Path, name: str) -> bool:
    """Whether the owner of this name still runs."""
    lock = _try_lock(run_dir, name)
    if lock is not None:
        _unlock(lock)
    return lock is None and (run_dir / name).is_dir()


def abandoned(run_dir: Path) -> Iterator[Path]:
    """Yield the folders of owners that have ended, each ours for as long as it is looked at."""
    for folder in run_dir.glob(f"{_PREFIX}*"):
        if folder.suffix == _LOCK or not folder.is_dir():
            continue
        lock = _try_lock(run_dir, folder.name)
        if lock is not None:
            try:
                yield folder
            finally:
                _unlock(lock, remove=not folder.exists())


def _try_lock(run_dir: Path, name: str) -> FileLock | None:
    """Return the lock of an owner that has ended, held by us; None when it lives or there never was one."""
    if not (run_dir / name).is_dir():
        return None
    lock = _file_lock(run_dir / f"{name}{_LOCK}")
    try:
        lock.acquire(timeout=0)
    except OSError:  # `filelock.Timeout` is one
        return None
    return lock


def _file_lock(path: str | Path) -> FileLock:
    from filelock import FileLock  # only where there is something to lock: it is a hundredth of the idle app

    return FileLock(path, thread_local=False)


def _unlock(lock: FileLock, *, remove: bool = True) -> None:
    if remove:
        with suppress(OSError):
            Path(lock.lock_file).unlink()
    lock.release()
    if remove:
        with suppress(OSError):  # Windows lets nobody remove a file that is open
            Path(lock.lock_file).unlink(missing_ok=True)
