"""A file of ours that several processes read and change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tunneldesk.storage.files import DamagedFileError, UnreadFileError, read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tunneldesk.domain.errors import Failure

_LOCK_WAIT = 5.0

T = TypeVar("T")


class SharedFile(Generic[T]):
    """A JSON file that holds one value. It holds no secret.

    Each change takes the lock, reads what is there, and writes the file anew.

    Args:
        path: Where.
        read: Makes the value of what the file holds; of an empty object where there is no file.
        write: Makes of the value what the file is to hold.
    """

    def __init__(
        self, path: Path, read: Callable[[dict[str, Any]], T], write: Callable[[T], dict[str, Any]]
    ) -> None:
        self._path = path
        self._read = read
        self._write = write
        self._untouchable = False
        self.trouble: Failure | None = None
        """What was wrong with the file when it was last read."""

    def read(self) -> T:
        """Return what the file holds; one that makes no sense is set aside, see `trouble`."""
        try:
            return self._read(read_json(self._path))
        except DamagedFileError as damaged:
            self.trouble = damaged.failure
            self._untouchable = damaged.kept_as is None
            return self._read({})

    def change(self, change: Callable[[T], T]) -> T:
        """Replace the content with what ``change`` makes of it, and return that.

        Raises:
            OSError: The folder can't be written to or the lock is not to be had; the content is as it was.
        """
        from filelock import FileLock  # only for whoever changes something

        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_WAIT):
            self._untouchable = False
            before = self.read()
            if self._untouchable:
                raise UnreadFileError(self._path)
            after = change(before)
            if after != before:
                write_json(self._path, self._write(after))
            return after
