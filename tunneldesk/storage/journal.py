"""What the user wants and what is still to be deleted, kept across runs and processes."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from filelock import FileLock

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.model import Wish
from tunneldesk.domain.validation import parse_hostname, parse_port, parse_slug
from tunneldesk.storage.files import DamagedFileError, read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tunneldesk.domain.errors import Failure

_LOCK_WAIT = 5.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish that outlives the run: on which server, and what for."""

    server: str
    wish: Wish


@dataclass(frozen=True, slots=True)
class Held:
    """A tunnel that its server has, written down from its creation until the server has confirmed its end.

    Attributes:
        server: Which server.
        tunnel_id: The server's id for it.
        hostname: Its public host name, possibly with a port.
        port: The port it leads to.
        heartbeat_interval: Seconds between heartbeats, as the server asked.
        lease_timeout: Seconds a heartbeat lasts.
        owner: Name of the face that serves it, see `connector.owner`; None when nobody does.
    """

    server: str
    tunnel_id: str
    hostname: str
    port: int
    heartbeat_interval: float
    lease_timeout: float
    owner: str | None = None

    def serves(self, wish: Wish) -> bool:
        """Whether it is what this wish asks for, under the name it asks for."""
        return wish.port == self.port and wish.slug == self.hostname.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Entries:
    """The journal's content."""

    wanted: tuple[Wanted, ...] = ()
    held: tuple[Held, ...] = ()


class Journal:
    """The journal of one home. It holds no secret.

    Several processes share it: each change takes the lock, reads what is there, and writes the file anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._untouchable = False
        self.trouble: Failure | None = None
        """What was wrong with the file when it was last read."""

    def read(self) -> Entries:
        """Return what the journal holds; one that makes no sense is set aside, see `trouble`."""
        try:
            return _read(read_json(self._path))
        except DamagedFileError as damaged:
            self.trouble = damaged.failure
            self._untouchable = damaged.kept_as is None
            return Entries()

    def change(self, change: Callable[[Entries], Entries]) -> None:
        """Replace the content with what ``change`` makes of it.

        Raises:
            OSError: The folder can't be written to or the lock is not to be had; the content is as it was.
        """
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_WAIT):
            self._untouchable = False
            before = self.read()
            if self._untouchable:
                raise PermissionError(errno.EACCES, "it can't be read, and is left as it is", str(self._path))
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
                "keepAwake": item.wish.keep_awake,
            }
            for item in entries.wanted
        ],
        "held": [
            {
                "server": item.server,
                "tunnelId": item.tunnel_id,
                "hostname": item.hostname,
                "port": item.port,
                "heartbeatInterval": item.heartbeat_interval,
                "leaseTimeout": item.lease_timeout,
                "owner": item.owner,
            }
            for item in entries.held
        ],
    }


def _read(stored: dict[str, Any]) -> Entries:
    return Entries(_each(stored.get("wanted"), _wanted), _each(stored.get("held"), _held))


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
        keep_awake=item.get("keepAwake") is True,
    )
    return Wanted(str(item["server"]), wish)


def _held(item: dict[str, Any]) -> Held:
    owner = item.get("owner")
    return Held(
        str(item["server"]),
        str(item["tunnelId"]),
        parse_hostname(str(item["hostname"])),
        parse_port(str(item["port"])),
        _seconds(item["heartbeatInterval"]),
        _seconds(item["leaseTimeout"]),
        None if owner is None else str(owner),
    )


def _seconds(value: object) -> float:
    seconds = float(str(value))
    if not 0 < seconds < float("inf"):
        raise ValueError(value)
    return seconds
