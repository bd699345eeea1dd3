"""What the user wants and what is still to be deleted, kept across runs and processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.model import Wish
from tunneldesk.domain.validation import parse_hostname, parse_port, parse_slug
from tunneldesk.storage.accounts import read_account, written_account
from tunneldesk.storage.shared_file import SharedFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tunneldesk.domain.account import Account

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish that outlives the run.

    Attributes:
        account: Whose it is.
        wish: What for.
        stops_at: When it is to be stopped by itself (UTC), once that is known; None for never, or not yet.
    """

    account: Account
    wish: Wish
    stops_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A tunnel that its server has, written down from its creation until the server has confirmed its end.

    Attributes:
        account: Whose it is.
        tunnel_id: The server's id for it.
        hostname: Its public host name, possibly with a port.
        port: The port it leads to.
        heartbeat_interval: Seconds between heartbeats, as the server asked.
        lease_timeout: Seconds a heartbeat lasts.
        owner: Name of the face that serves it, see `connector.owner`; None when nobody does.
    """

    account: Account
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


class Journal(SharedFile[Entries]):
    """The journal of one home."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _read, _written)


def _written(entries: Entries) -> dict[str, Any]:
    return {
        "wanted": [
            {
                **written_account(item.account),
                "port": item.wish.port,
                "name": item.wish.slug,
                "stopAfter": item.wish.stop_after,
                "stopsAt": item.stops_at and item.stops_at.isoformat(),
                "keepAwake": item.wish.keep_awake,
            }
            for item in entries.wanted
        ],
        "held": [
            {
                **written_account(item.account),
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
    stops_at = item.get("stopsAt")
    return Wanted(read_account(item), wish, None if stops_at is None else _moment(stops_at))


def _held(item: dict[str, Any]) -> Held:
    owner = item.get("owner")
    return Held(
        read_account(item),
        str(item["tunnelId"]),
        parse_hostname(str(item["hostname"])),
        parse_port(str(item["port"])),
        _seconds(item["heartbeatInterval"]),
        _seconds(item["leaseTimeout"]),
        None if owner is None else str(owner),
    )


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)  # nobody knows whose clock that was
    return moment


def _seconds(value: object) -> float:
    seconds = float(str(value))
    if not 0 < seconds < float("inf"):
        raise ValueError(value)
    return seconds
