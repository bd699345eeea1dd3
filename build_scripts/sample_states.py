"""States as they occur, for screenshots and for the tests of what is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tunneldesk.domain.account import Account, SigningIn
from tunneldesk.domain.checkup import (
    AccountSeen,
    Check,
    Checkup,
    ClockSeen,
    EdgeSeen,
    Finding,
    FoldersSeen,
    LeftoversSeen,
    NamesSeen,
    ServerSeen,
    SpaceSeen,
    TraySeen,
    Verdict,
)
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.health import AddressFinding, AddressState, Beat, BeatOutcome, Health, Lease, Traffic, Vitals
from tunneldesk.domain.lifecycle import After, Phase, Standing
from tunneldesk.domain.lines import Lines
from tunneldesk.domain.listening import Listener
from tunneldesk.domain.model import (
    AppState,
    Moment,
    MomentKind,
    RemoteStatus,
    RemoteTunnel,
    Session,
    SessionStatus,
    Tunnel,
    Update,
    Wish,
)

NOW = datetime(2026, 11, 23, 18, 38, 1, tzinfo=UTC)
"""The moment all samples are seen at."""

MONOTONIC = 5000.0
"""The same moment on the other clock."""

SIGNED_IN = Session("https://api.example.com", SessionStatus.SIGNED_IN, stored=True)
ANN = Account("https://api.example.com", "ann@example.com")
BOB = Account("https://tunnels.example.net", "bob@example.net")
TOKEN = Account("https://api.example.com")
AS_ANN = replace(SIGNED_IN, email=ANN.email)
WAITING_FOR_BROWSER = SigningIn(
    ANN, MONOTONIC + 581.0, "https://api.example.com/v1/auth/slack/authorize?state=Zk3pQx0mX2vT8s1dYb7c"
)
DEMO = Session("http://127.0.0.1:8787", SessionStatus.SIGNED_IN, demo=True)

NOTICES = """\
TunnelDesk contains the following works of others.

httpx                     0.28.1          BSD-3-Clause
PySide6-Essentials        6.11.3          LGPL-3.0-only
qasync                    0.28.0          BSD-2-Clause
"""


class SampleClock:
    """A clock that stands at the samples' moment."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        """Seconds on the samples' clock."""
        return MONOTONIC + self.passed

    def now(self) -> datetime:
        """The samples' time of day."""
        return NOW + timedelta(seconds=self.passed)

    async def sleep(self, seconds: float) -> None:
        """Let that much pass at once."""
        self.passed += seconds


def beats(pattern: str) -> tuple[Beat, ...]:
    """Return heartbeats written down as one letter each: ``.`` answered, ``l`` late, ``x`` missed."""
    made = []
    for position, letter in enumerate(pattern):
        at = NOW - timedelta(seconds=20 * (len(pattern) - position))
        round_trip = (0.004, 0.012, 0.03, 0.009, 0.06, 0.018, 0.2)[position % 7]
        if letter == "x":
            made.append(Beat(at, BeatOutcome.MISSED))
        elif letter == "l":
            made.append(Beat(at, BeatOutcome.LATE, round_trip * 20))
        else:
            made.append(Beat(at, BeatOutcome.OK, round_trip))
    return tuple(made)


def live(slug: str, port: int, *, domain: str = "example.com", left: float = 52.0) -> Tunnel:
    """Return a tunnel that is up and well."""
    return Tunnel(
        key=f"key-{slug}",
        wish=Wish(port, slug),
        standing=Standing(Phase.ONLINE),
        tunnel_id=f"id-{slug}",
        hostname=f"{slug}.{domain}",
        lease=Lease(60.0, MONOTONIC + left - 60.0, NOW + timedelta(seconds=left)),
        vitals=Vitals(Health.OK, Health.OK, Health.OK, Health.UNKNOWN),
        beats=beats("." * 18 + "l" + "." * 11),
        online_since=NOW - timedelta(minutes=12, seconds=20),
        location="FRA",
    )


def reconnecting(slug: str, port: int) -> Tunnel:
    """Return a tunnel whose connector has lost the edge, the lease running."""
    return replace(
        live(slug, port, left=41.0),
        standing=Standing(Phase.RECONNECTING),
        vitals=Vitals(Health.OK, Health.DOWN, Health.OK, Health.UNKNOWN),
        online_since=None,
        beats=beats("." * 14 + "xl.x"),
        timeline=(
            Moment(NOW - timedelta(minutes=12), MomentKind.CONNECTED, "FRA"),
            Moment(NOW - timedelta(seconds=14), MomentKind.CONNECTION_LOST),
            Moment(NOW - timedelta(seconds=3), MomentKind.CONNECTION_LOST),
        ),
    )


def stopping_by_itself(slug: str, port: int) -> Tunnel:
    """Return one that is to be live for half an hour."""
    tunnel = live(slug, port)
    wish = replace(tunnel.wish, stop_after=1800.0)
    return replace(tunnel, wish=wish, stops_at=NOW + timedelta(seconds=1050))


def silent(slug: str, port: int) -> Tunnel:
    """Return a tunnel that is up, with nothing behind it."""
    return replace(live(slug, port), vitals=Vitals(Health.DOWN, Health.OK, Health.OK))


def unrenewed(slug: str, port: int) -> Tunnel:
    """Return a tunnel whose server has not been reached for a while."""
    return replace(
        live(slug, port, left=17.0),
        vitals=Vitals(Health.OK, Health.OK, Health.DEGRADED),
        beats=beats("." * 20 + "xx"),
        failure=OFFLINE,
    )


def looked_at(tunnel: Tunnel, state: AddressState, **found: Any) -> Tunnel:
    """Return the tunnel after a look at its address, three minutes ago."""
    finding = AddressFinding(NOW - timedelta(minutes=3), state, **found)
    return replace(tunnel, finding=finding, vitals=replace(tunnel.vitals, address=finding.health))


def refused(slug: str, port: int) -> Tunnel:
    """Return a tunnel whose development server turns visitors away."""
    return looked_at(
        live(slug, port),
        AddressState.HOST_REFUSED,
        status=403,
        framework="Vite",
        remedy=f'server: {{ allowedHosts: ["{slug}.example.com"] }}',
        where="vite.config.js",
    )


def connecting(slug: str, port: int) -> Tunnel:
    """Return a tunnel whose connector is starting."""
    return replace(
        live(slug, port),
        standing=Standing(Phase.CONNECTING),
        vitals=Vitals(Health.OK),
        online_since=None,
        beats=(),
    )


def creating(slug: str | None, port: int) -> Tunnel:
    """Return a tunnel the server is being asked for."""
    return Tunnel(f"key-{slug or port}", Wish(port, slug), standing=Standing(Phase.CREATING))


def stopping(slug: str, port: int) -> Tunnel:
    """Return a tunnel that is being taken down for good."""
    return replace(live(slug, port), standing=Standing(Phase.STOPPING, After.STOPPED), wanted=False)


def failed(slug: str | None, port: int, failure: Failure) -> Tunnel:
    """Return a tunnel that came to nothing."""
    return replace(creating(slug, port), standing=Standing(Phase.FAILED), failure=failure)


def waiting(slug: str, port: int, failure: Failure, *, seconds: float = 8.0) -> Tunnel:
    """Return a tunnel that is tried again in a while."""
    return replace(
        creating(slug, port),
        standing=Standing(Phase.WAITING),
        failure=failure,
        retry_at=NOW + timedelta(seconds=seconds),
    )


TAKEN = Failure(
    ErrorCode.TUNNEL_SLUG_CONFLICT,
    "The requested slug is already in use by another active tunnel.",
    status=409,
    request_id="req-7f3a",
    at=NOW,
)
OFFLINE = Failure(ErrorCode.SERVER_NAME_UNKNOWN, at=NOW)
LIMIT = Failure(ErrorCode.TUNNEL_LIMIT_EXCEEDED, status=429, details={"activeCount": 5, "maxActive": 5}, at=NOW)
RATE = Failure(ErrorCode.RATE_LIMITED, status=429, retry_after=38.0, at=NOW)

ELSEWHERE = RemoteTunnel("id-staging", "staging.example.com", "staging", RemoteStatus.ACTIVE, 8080, NOW)


def signed_in(*tunnels: Tunnel, remote: tuple[RemoteTunnel, ...] = ()) -> AppState:
    """Return the state of an account with these tunnels, oldest first."""
    return AppState(session=SIGNED_IN, tunnels=tunnels, remote=remote)


def in_demo(*tunnels: Tunnel) -> AppState:
    """Return the state of the embedded server with these tunnels."""
    return AppState(session=DEMO, tunnels=tunnels, remote=())


def eventful(slug: str, port: int) -> Tunnel:
    """Return a tunnel that is up and well after some adventures."""
    happened = (
        (7400, MomentKind.CREATED, f"{slug}.example.com"),
        (7398, MomentKind.CONNECTED, "FRA"),
        (3620, MomentKind.SLEPT, "1260"),
        (3619, MomentKind.CONNECTION_LOST, "timeout: no recent network activity"),
        (3610, MomentKind.HEARTBEAT_MISSED, ErrorCode.SERVER_NAME_UNKNOWN.value),
        (3601, MomentKind.LEASE_LOST, ""),
        (3600, MomentKind.RECREATED, f"{slug}.example.com"),
        (3597, MomentKind.CONNECTED, "FRA"),
    )
    return replace(
        live(slug, port),
        timeline=tuple(Moment(NOW - timedelta(seconds=ago), kind, detail) for ago, kind, detail in happened),
        traffic=Traffic(12_483, 17),
    )


def connector_lines() -> Lines:
    """Return what a connector has said."""
    lines = Lines()
    for line in (
        "INF Starting tunnel tunnelID=11111111-2222-4333-8444-555555555555",
        "INF Initial protocol quic",
        "INF Registered tunnel connection connIndex=0 location=fra08 protocol=quic",
        "INF Registered tunnel connection connIndex=1 location=fra13 protocol=quic",
        'WRN Serve tunnel error error="timeout: no recent network activity" connIndex=1',
        "INF Retrying connection in up to 1s connIndex=1",
        "INF Registered tunnel connection connIndex=1 location=fra13 protocol=quic",
    ):
        lines.append(f"2026-11-23T18:38:01Z {line}")
    return lines


LISTENERS = (
    Listener(3000, "node", "Vite"),
    Listener(5432, "postgres"),
    Listener(5433),
    Listener(8000, "python", "Django"),
    Listener(8080, "java"),
)

VERSIONS = (
    ("tunneldesk", "1.0.0"),
    ("Python", "3.13.2 (linux, x86_64)"),
    ("Qt", "6.11.3"),
    ("qasync", "0.28.0"),
    ("httpx", "0.28.1"),
)


def checkup(*, over: bool) -> Checkup:
    """Return a check-up of a machine that is mostly well, or the first half of it."""
    checks = tuple(check for check in Check if check not in {Check.PORT, Check.ADDRESS})
    findings = (
        Finding(Check.SERVER, Verdict.OK, ServerSeen("https://api.example.com")),
        Finding(Check.CLOCK, Verdict.OK, ClockSeen(0.4)),
        Finding(Check.ACCESS_TOKEN, Verdict.OK, AccountSeen(2)),
        Finding(Check.KEYRING, Verdict.WARN, failure=Failure(ErrorCode.KEYRING_LOCKED, at=NOW)),
        Finding(Check.CONNECTOR, Verdict.FAIL, failure=Failure(ErrorCode.CONNECTOR_MISSING, at=NOW)),
        Finding(Check.EDGE, Verdict.OK, EdgeSeen(("region1.example.com:7844",))),
        Finding(Check.TRAY, Verdict.OK, TraySeen(available=True)),
        Finding(Check.FOLDERS, Verdict.OK, FoldersSeen((Path("/home/me/.config/tunneldesk"),))),
        Finding(Check.DISK_SPACE, Verdict.OK, SpaceSeen(Path("/home/me"), 48_000_000_000)),
        Finding(Check.LEFTOVERS, Verdict.OK, LeftoversSeen()),
        Finding(Check.LOCALHOST_NAMES, Verdict.WARN, NamesSeen(looked_up=False)),
    )
    return Checkup(checks, findings if over else findings[:5])


NEWER = Update(
    "1.4.0",
    "https://github.com/acme/tunneldesk/releases/tag/v1.4.0",
    "Added\n- Each tunnel has a QR code.\n\nFixed\n- A name with a hyphen at its end is refused as it is typed.",
)

STATES: dict[str, AppState] = {
    "empty": signed_in(),
    "accounts": AppState(
        session=AS_ANN,
        accounts=(ANN, BOB, TOKEN),
        tunnels=(replace(live("my-app", 3000), account=ANN), replace(live("api", 8000), account=BOB)),
        remote=(),
    ),
    "here-only": replace(in_demo(), accounts=(ANN,)),
    "session-ended": AppState(
        session=replace(AS_ANN, status=SessionStatus.ENDED),
        accounts=(ANN,),
        tunnels=(replace(live("my-app", 3000), account=ANN),),
    ),
    "signed-out": AppState(session=Session("https://api.example.com", SessionStatus.SIGNED_OUT)),
    "offline": replace(signed_in(), failure=OFFLINE),
    "opening": AppState(session=Session(status=SessionStatus.OPENING)),
    "connecting": signed_in(connecting("my-app", 3000)),
    "one-live": in_demo(live("my-app", 3000, domain="tunnel.localhost:8788")),
    "stops-by-itself": signed_in(stopping_by_itself("my-app", 3000)),
    "two-live": signed_in(live("api", 8000), live("my-app", 3000)),
    "mixed": signed_in(
        failed("shop", 4000, TAKEN),
        waiting("docs", 5173, OFFLINE),
        reconnecting("api", 8000),
        silent("my-app", 3000),
        connecting("preview", 8080),
        remote=(ELSEWHERE,),
    ),
    "all-well": signed_in(looked_at(live("my-app", 3000), AddressState.OK, status=200)),
    "eventful": signed_in(live("api", 8000), eventful("my-app", 3000)),
    "update": replace(signed_in(live("my-app", 3000)), update=NEWER),
    "service-silent": signed_in(silent("my-app", 3000)),
    "host-refused": signed_in(refused("my-app", 5173)),
    "name-refused": signed_in(looked_at(live("my-app", 3000), AddressState.HOST_REFUSED, status=403)),
    "address-not-found": signed_in(looked_at(live("my-app", 3000), AddressState.NAME_UNKNOWN)),
    "address-broken": signed_in(looked_at(live("my-app", 3000), AddressState.CERTIFICATE_INVALID)),
    "looking": signed_in(replace(live("my-app", 3000), looking=True)),
    "lease-not-renewed": signed_in(unrenewed("my-app", 3000)),
    "reconnecting": signed_in(reconnecting("my-app", 3000)),
    "failed": signed_in(failed("my-app", 3000, TAKEN)),
    "waiting": signed_in(waiting("my-app", 3000, OFFLINE)),
    "stopping": signed_in(stopping("my-app", 3000)),
    "quitting": replace(signed_in(stopping("my-app", 3000)), quitting=True, quit_by=MONOTONIC + 3.0),
    "elsewhere": signed_in(live("my-app", 3000), remote=(ELSEWHERE,)),
}
"""Whole states by name."""
