"""What a check-up of this machine finds: the checks, their verdicts, and the facts behind them.

Facts only: the presentation says them, in the terminal or in a window.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.health import AddressFinding


class Check(StrEnum):
    """Everything that is looked at, in the order it is told."""

    SERVER = "server"
    CLOCK = "clock"
    ACCESS_TOKEN = "access token"  # noqa: S105 - the name of a check
    KEYRING = "keyring"
    CONNECTOR = "connector"
    EDGE = "edge"
    TRAY = "tray"
    FOLDERS = "folders"
    DISK_SPACE = "disk space"
    LEFTOVERS = "leftovers"
    LOCALHOST_NAMES = "localhost names"
    PORT = "port"  # only where one is named
    ADDRESS = "address"  # only where one is named


class Verdict(StrEnum):
    """How one check went."""

    OK = "ok"
    WARN = "warn"  # the job can be done all the same
    FAIL = "fail"  # nothing can be exposed before this is mended
    SKIPPED = "skip"  # not looked at


class Unseen(StrEnum):
    """Why a check was skipped, or has nothing to tell."""

    NO_ANSWER = "no answer"  # a server that answers is needed first
    NO_DATE = "no date"  # the server's answer does not say its time
    NO_SERVER = "no server"  # which edge it is depends on the server, and there is none
    STAND_IN = "stand-in"  # the server is on this computer, so Cloudflare's edge is not used
    NO_DISPLAY = "no display"
    NO_QT = "no qt"
    TRAY_SILENT = "tray silent"  # the program that asks for the tray ended without an answer
    TOO_SLOW = "too slow"  # the check's time was up


class TrayAnswer(IntEnum):
    """How the program ends that asks for the tray; none is a status with which something else fails."""

    AVAILABLE = 10
    MISSING = 11
    NO_DISPLAY = 12
    NO_QT = 13


@dataclass(frozen=True, slots=True)
class ServerSeen:
    """Who was asked, and by which way.

    Attributes:
        server: API base address; None when there is none.
        proxy: Host and port of the proxy in between, without any user name or password.
    """

    server: str | None
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """The server's clock minus ours, in seconds; good to a second or two."""

    skew: float


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """How many tunnels the account has in use."""

    tunnels: int


@dataclass(frozen=True, slots=True)
class ConnectorSeen:
    """The cloudflared there is.

    Attributes:
        version: As it names itself; None when there is none and the stand-in will do.
        path: Where it was found.
        newer: The version that could be installed in its place; None when that is no newer.
    """

    version: str | None = None
    path: str | None = None
    newer: str | None = None


@dataclass(frozen=True, slots=True)
class EdgeSeen:
    """Which of Cloudflare's regions took a TCP connection, and which did not, as ``host:port``."""

    reached: tuple[str, ...]
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TraySeen:
    """Whether the desktop has a tray."""

    available: bool


@dataclass(frozen=True, slots=True)
class FoldersSeen:
    """Our folders.

    Attributes:
        folders: All of them.
        unwritable: The first that can't be written to, and what the system says about it.
        set_aside: Files of ours that were damaged, under the names they were given then.
    """

    folders: tuple[Path, ...]
    unwritable: tuple[Path, str] | None = None
    set_aside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class SpaceSeen:
    """How many bytes are free where the state is kept."""

    folder: Path
    free: int


@dataclass(frozen=True, slots=True)
class LeftoversSeen:
    """What earlier runs left behind: connectors by process number, and how many tunnels on servers."""

    connectors: tuple[int, ...] = ()
    tunnels: int = 0


@dataclass(frozen=True, slots=True)
class NamesSeen:
    """Whether the system looks up names that end in ``.localhost``."""

    looked_up: bool


@dataclass(frozen=True, slots=True)
class PortSeen:
    """The user's port.

    Attributes:
        port: Which.
        addresses: The loopback addresses on which something listens.
        tls: Whether that speaks TLS, which a tunnel's connector does not expect.
    """

    port: int
    addresses: tuple[str, ...] = ()
    tls: bool = False


@dataclass(frozen=True, slots=True)
class AddressSeen:
    """A public address, as a visitor meets it.

    Attributes:
        address: Its URL.
        port: The user's port behind it; None when that is not known here.
        finding: What came of fetching it.
    """

    address: str
    port: int | None
    finding: AddressFinding


Facts: TypeAlias = (
    Unseen
    | ServerSeen
    | ClockSeen
    | AccountSeen
    | ConnectorSeen
    | EdgeSeen
    | TraySeen
    | FoldersSeen
    | SpaceSeen
    | LeftoversSeen
    | NamesSeen
    | PortSeen
    | AddressSeen
)


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    Attributes:
        check: What was looked at.
        verdict: How it went.
        facts: What was seen; None where all there is to say is that it works.
        failure: What went wrong, where it has a code.
    """

    check: Check
    verdict: Verdict
    facts: Facts | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Checkup:
    """A check-up, as far as it has got.

    Attributes:
        checks: What is looked at, in order.
        findings: What was found, in the same order, one after the other.
    """

    checks: tuple[Check, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def over(self) -> bool:
        """Whether everything has been looked at."""
        return len(self.findings) == len(self.checks)
