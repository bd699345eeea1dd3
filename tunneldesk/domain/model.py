"""What there is: tunnels, sessions, and the one state that holds them all.

Everything here is frozen. A change is a new value, made with `dataclasses.replace` and put into the store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from tunneldesk.domain.account import Account
from tunneldesk.domain.health import AddressFinding, Beat, Lease, Traffic, Vitals
from tunneldesk.domain.lifecycle import ACTIVE_PHASES, Phase, Standing
from tunneldesk.domain.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from tunneldesk.domain.account import SigningIn
    from tunneldesk.domain.checkup import Checkup
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.listening import Listener
    from tunneldesk.domain.reasons import Because
    from tunneldesk.domain.secret import Secret

DEFAULT_MAX_TUNNELS = 5
"""Active tunnels a user may have, until a server says otherwise (create-tunnel)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        port: Port of this machine, 1-65535.
        slug: Requested name; None lets the server choose.
        stop_after: Seconds after which the tunnel is stopped by itself; None for never.
        keep_awake: Whether the computer is kept from sleeping while the tunnel is up.
    """

    port: int
    slug: str | None = None
    stop_after: float | None = None
    keep_awake: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """What the server gave for a wish; the tokens are given only once, in the create answer.

    Attributes:
        tunnel_id: UUID.
        hostname: Public host name, possibly with a port.
        connector_token: For cloudflared.
        heartbeat_interval: Seconds between heartbeats, as the server asked.
        lease_timeout: Seconds a heartbeat lasts.
        run_token: For heartbeats, where the server gave one.
    """

    tunnel_id: str
    hostname: str
    connector_token: Secret
    heartbeat_interval: float
    lease_timeout: float
    run_token: Secret | None = None

    @property
    def beat_every(self) -> float:
        """Seconds between our heartbeats: as asked, but at most a third of the lease."""
        return min(self.heartbeat_interval, self.lease_timeout / 3)


class MomentKind(StrEnum):
    """What a time line tells."""

    CREATED = "created"
    CONNECTED = "connected"
    CONNECTION_LOST = "connection lost"
    HEARTBEAT_MISSED = "heartbeat missed"
    LEASE_LOST = "lease lost"
    RECREATED = "recreated"
    ADOPTED = "taken up again"
    SLEPT = "sleep noticed"
    NETWORK_CHANGED = "network changed"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a tunnel's time line.

    Attributes:
        at: When (UTC).
        kind: What happened.
        detail: A code, a number, or what somebody else said of it; may be empty.
        because: What we found ourselves.
    """

    at: datetime
    kind: MomentKind
    detail: str = ""
    because: Because | None = None


MAX_RECENT = 8
"""How many port and name pairs are offered for exposing again."""

TIMELINE_KEPT = 200
"""How many moments a time line remembers."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One tunnel of this app: the wish, what became of it, and how it is doing.

    Attributes:
        key: Our own name for it, stable across re-creation.
        wish: What the user asked for.
        wanted: Whether the user still wants it; never inferred from the phase.
        account: Whose it is; None before anybody was signed in.
        standing: Where it is in its life.
        tunnel_id: The server's id, while the server has it.
        hostname: Public host name, kept after the end so that a person can still read it.
        lease: The server's promise; None before there is one.
        vitals: Health per hop.
        beats: The last heartbeats, oldest first.
        failure: Why it failed or is away; None when all is well.
        online_since: When the address last began to answer (UTC).
        stops_at: When it will be stopped by itself (UTC).
        location: Where the connector is connected, as the edge names it.
        retry_at: When the next attempt is due while waiting (UTC).
        finding: The last look at the public address, made when asked for; None before one, and once it is
            another address.
        looking: Whether such a look is being taken just now.
        traffic: What the connector has counted, at the last look; None before one.
        timeline: What happened, oldest first.
    """

    key: str
    wish: Wish
    wanted: bool = True
    account: Account | None = None
    standing: Standing = Standing()
    tunnel_id: str | None = None
    hostname: str | None = None
    lease: Lease | None = None
    vitals: Vitals = Vitals()
    beats: tuple[Beat, ...] = ()
    failure: Failure | None = None
    online_since: datetime | None = None
    stops_at: datetime | None = None
    location: str | None = None
    retry_at: datetime | None = None
    finding: AddressFinding | None = None
    looking: bool = False
    traffic: Traffic | None = None
    timeline: tuple[Moment, ...] = ()

    @property
    def phase(self) -> Phase:
        """Where it is in its life."""
        return self.standing.phase

    @property
    def active(self) -> bool:
        """Whether anything of it runs, waits or is about to."""
        return self.phase in ACTIVE_PHASES

    @property
    def slug(self) -> str | None:
        """Its name: the first label of the host name once there is one, else the one asked for."""
        return self.hostname.partition(".")[0] if self.hostname else self.wish.slug

    @property
    def again(self) -> Wish:
        """The wish to start over with: the same, under the name it had, chosen by the user or not."""
        return replace(self.wish, slug=self.slug)

    @property
    def address(self) -> str | None:
        """The public address: https, but http on localhost, where no certificate can be had."""
        return public_address(self.hostname) if self.hostname else None


def public_address(hostname: str) -> str:
    """Return the URL under which ``hostname`` (possibly with a port) is reached."""
    host = hostname.partition(":")[0]
    scheme = "http" if host == "localhost" or host.endswith(".localhost") else "https"
    return f"{scheme}://{hostname}"


class RemoteStatus(StrEnum):
    """A tunnel's status as the server lists it."""

    CREATING = "creating"
    ACTIVE = "active"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RemoteTunnel:
    """A tunnel as the server lists it, ours or one that runs elsewhere."""

    tunnel_id: str
    hostname: str
    slug: str | None
    status: RemoteStatus
    port: int | None
    created_at: datetime | None = None
    last_heartbeat_at: datetime | None = None
    lease_expires_at: datetime | None = None
    stopped_at: datetime | None = None
    last_error: str | None = None

    @property
    def stopped_on_purpose(self) -> bool:
        """Whether somebody stopped it, or is about to; one that a reaper ended carries an error.

        A server may wait for connections to drain, and answers heartbeats meanwhile as if it had no such tunnel.
        What it could not do yet is an error of another kind.
        """
        return self.status is RemoteStatus.STOPPING or (self.status is RemoteStatus.STOPPED and not self.last_error)

    @property
    def held(self) -> bool:
        """Whether it holds its name."""
        return self.status in {RemoteStatus.CREATING, RemoteStatus.ACTIVE, RemoteStatus.STOPPING}


class SessionStatus(StrEnum):
    """Whether the server will know who is asking."""

    OPENING = "opening"  # just started: the server is being started or the token fetched
    SIGNED_OUT = "signed out"
    SIGNED_IN = "signed in"
    ENDED = "ended"  # the server no longer takes our token


@dataclass(frozen=True, slots=True)
class Session:
    """Which server is talked to, and as whom.

    Attributes:
        server: API base address, without a trailing slash; None before the first run's choice.
        status: Whether there is a token, and whether it still holds.
        demo: Whether the server is the embedded one on this computer.
        domain: What host names there end in, where that is known before there is one.
        stored: Whether the token outlives this run (in the keyring).
        email: Whose account it is; None where nobody has said.
        confirmed_at: When a sign-in last succeeded in this run (UTC); one more is a change even when all else is
            as it was.
    """

    server: str | None = None
    status: SessionStatus = SessionStatus.SIGNED_OUT
    demo: bool = False
    domain: str | None = None
    stored: bool = False
    email: str | None = None
    confirmed_at: datetime | None = None

    @property
    def account(self) -> Account | None:
        """The account; None before the first run's choice."""
        return None if self.server is None else Account(self.server, self.email)


@dataclass(frozen=True, slots=True)
class Update:
    """A release of TunnelDesk.

    Attributes:
        version: Such as `1.2.3`.
        page: Where it is told of and can be had.
        notes: What is new, as plain text.
    """

    version: str
    page: str
    notes: str = ""

    def newer_than(self, version: str) -> bool:
        """Whether it is newer than ``version``; one that is no release (`1.2.3.dev1`) is as old as its numbers."""
        return _numbers(self.version) > _numbers(version)


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found.group().split("."))) if found else ()


@dataclass(frozen=True, slots=True)
class Download:
    """A cloudflared on its way to this machine.

    Attributes:
        version: Which one.
        received: Bytes so far.
        total: Bytes in all; None while the server has not said.
    """

    version: str
    received: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Cloudflared:
    """What is known of cloudflared on this machine.

    Attributes:
        path: The one that was found at the last look; None before that, and where there is none.
        version: As that one names itself.
        offered: The version that can be downloaded for this machine; None where none can.
    """

    path: Path | None = None
    version: str | None = None
    offered: str | None = None


@dataclass(frozen=True, slots=True)
class AppState:
    """Everything there is to show. The store holds one, and replaces it whole.

    Attributes:
        session: The account that new tunnels are for.
        accounts: All accounts known here, that of the session among them, in the order in which they came; the
            embedded server's is none of them.
        newcomer: Whether nobody has used this home yet, neither on a server nor on this computer only.
        signing_in: A sign-in with the browser that is under way; None when none is.
        tunnels: Tunnels of this app, oldest first.
        remote: The session's tunnels, as its server listed them at the last look; None before the first.
        max_tunnels: How many an account may have at once whose server has not said how many.
        limits: How many it is, where a server has said so.
        failure: What concerns no tunnel in particular (sign-in, keyring, embedded server).
        recent: Port and name pairs exposed lately, newest first.
        preferences: What the user has chosen.
        cloudflared: What is known of it on this machine.
        download: The connector that is being downloaded; None when none is.
        listeners: What else listens on this machine, at the last look; None before the first.
        checkup: The doctor's last or running check-up; None before the first.
        update: A newer TunnelDesk; None while none is known.
        quitting: Whether the app is on its way out.
        quit_by: When it will be out at the latest (monotonic seconds); None while it is to stay.
    """

    session: Session = Session()
    accounts: tuple[Account, ...] = ()
    newcomer: bool = False
    signing_in: SigningIn | None = None
    tunnels: tuple[Tunnel, ...] = ()
    remote: tuple[RemoteTunnel, ...] | None = None
    max_tunnels: int = DEFAULT_MAX_TUNNELS
    limits: Mapping[Account, int] = field(default_factory=dict)
    failure: Failure | None = None
    recent: tuple[Wish, ...] = ()
    preferences: Preferences = Preferences()
    cloudflared: Cloudflared = Cloudflared()
    download: Download | None = None
    listeners: tuple[Listener, ...] | None = None
    checkup: Checkup | None = None
    update: Update | None = None
    quitting: bool = False
    quit_by: float | None = None

    def tunnel(self, key: str) -> Tunnel | None:
        """Return the tunnel with this key, or None."""
        return next((tunnel for tunnel in self.tunnels if tunnel.key == key), None)

    def limit_of(self, account: Account | None) -> int:
        """Return how many tunnels an account may have at once, as far as we know."""
        return self.max_tunnels if account is None else self.limits.get(account, self.max_tunnels)

    def account_of(self, tunnel: Tunnel) -> Account | None:
        """Return whose a tunnel is: the session's, where nobody was signed in when it was asked for."""
        return tunnel.account or self.session.account

    def without_remote(self, tunnel_id: str) -> AppState:
        """Return this without a tunnel that the server has let go of since it was asked for its list."""
        if self.remote is None:
            return self
        return replace(self, remote=tuple(remote for remote in self.remote if remote.tunnel_id != tunnel_id))

    @property
    def elsewhere(self) -> tuple[RemoteTunnel, ...]:
        """The account's tunnels that hold a name and are not run by this app."""
        own = {tunnel.tunnel_id for tunnel in self.tunnels}
        return tuple(remote for remote in self.remote or () if remote.held and remote.tunnel_id not in own)

    @property
    def in_use(self) -> int:
        """How many tunnels count towards the account's limit, as far as we know."""
        ours = sum(
            tunnel.tunnel_id is not None and self.account_of(tunnel) == self.session.account
            for tunnel in self.tunnels
        )
        return ours + len(self.elsewhere)
