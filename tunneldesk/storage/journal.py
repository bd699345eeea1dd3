"""What the user wants and what is still to be deleted, kept across runs and processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from filelock import FileLock

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.model import Wish
from tunneldesk.domain.validation import parse_port, parse_slug
from tunneldesk.storage.files import DamagedFileError, read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LOCK_WAIT = 5.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish that outlives the run: on which server, and what for."""

    server: str
    wish: Wish


@dataclass(frozen=True, slots=True)
class Undeleted:
    """A tunnel that its server still has and nobody wants."""

    server: str
    tunnel_id: str


@dataclass(frozen=True, slots=True)
class Entries:
    """The journal's content."""

    wanted: tuple[Wanted, ...] = ()
    undeleted: tuple[Undeleted, ...] = ()


class Journal:
    """The journal of one home. It holds no secret.

    Several processes share it: each change takes the lock, reads what is there, and writes the file anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.damaged: DamagedFileError | None = None

    def read(self) -> Entries:
        """Return what the journal holds; one that makes no sense is set aside, see `damaged`.

        Raises:
            OSError: The file is there and can't be read.
        """
        try:
            return _read(read_json(self._path))
        except DamagedFileError as damaged:
            self.damaged = damaged
            return Entries()

    def change(self, change: Callable[[Entries], Entries]) -> None:
        """Replace the content with what ``change`` makes of it.

        Raises:
            OSError: The folder can't be written to or the lock is not to be had; the content is as it was.
        """
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_WAIT):
            before = self.read()
            after = change(before)
            if after != before:
                write_json(self._path, _written(after))


def _written(entries: Entries) -> dict[str, Any]:
    return {
        "wanted": [
            {
                "server": item.server,
                "port": item.wish.port,
                "name": item.wish.slug,
                "stopAfter": item.wish.stop_after,
            }
            for item in entries.wanted
        ],
        "undeleted": [{"server": item.server, "tunnelId": item.tunnel_id} for item in entries.undeleted],
    }


def _read(stored: dict[str, Any]) -> Entries:
    return Entries(_each(stored.get("wanted"), _wanted), _each(stored.get("undeleted"), _undeleted))


def _each(items: object, read: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    found = []
    for item in items if isinstance(items, list) else []:
        try:
            found.append(read(item))
        except (KeyError, TypeError, ValueError, AttributeError, InvalidValueError):
            continue  # one entry that makes no sense costs itself, not the others
    return tuple(found)


def _wanted(item: dict[str, Any]) -> Wanted:
    stop_after = item.get("stopAfter")
    wish = Wish(
        parse_port(str(item["port"])),
        parse_slug(item.get("name") or ""),
        None if stop_after is None else float(stop_after),
    )
    return Wanted(str(item["server"]), wish)


def _undeleted(item: dict[str, Any]) -> Undeleted:
    return Undeleted(str(item["server"]), str(item["tunnelId"]))
