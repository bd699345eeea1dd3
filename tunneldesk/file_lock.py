"""A lock between processes. The system lets go of it when its holder ends, in whatever way."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_LOOK_AGAIN = 0.05


class LockedError(TimeoutError):
    """Somebody else holds the lock."""


class FileLock:
    """Holds a file that means nothing by itself, so that no other lock on it can be had meanwhile.

    The file stays when the lock is let go of; its holder may remove it before. Waiting blocks, so it is to be done
    off the loop.
    """

    def __init__(self, path: Path, *, timeout: float = 0.0) -> None:
        """Describe the lock.

        Args:
            path: The file; it is made for this user only, in a folder that is there.
            timeout: Seconds to wait for whoever holds it.
        """
        self.path = path
        self._timeout = timeout
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            LockedError: Somebody else still had it in the end.
            OSError: The file can't be opened or locked.
        """
        ends = time.monotonic() + self._timeout
        while not self._take():
            if time.monotonic() >= ends:
                raise LockedError(f"{self.path} is locked by another program")
            time.sleep(_LOOK_AGAIN)

    def release(self) -> None:
        """Let go of the lock, if it is held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __del__(self) -> None:
        self.release()  # had by a thread in the end, whose caller had given up waiting for it

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _take(self) -> bool:
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            # Whoever held it may have removed it since it was opened: locked is then what nobody else can see.
            if _lock(file) and os.fstat(file).st_nlink:
                file, self._file = -1, file
        finally:
            if file >= 0:
                os.close(file)
        return self._file is not None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
