"""What the terminal says of a tunnel, as events for programs and as words for people."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.health import AddressFinding, AddressState, Beat, BeatOutcome, Health, Lease, Vitals
from tunneldesk.domain.lifecycle import After, Phase, Standing
from tunneldesk.domain.model import Moment, MomentKind, Tunnel, Wish
from tunneldesk.presentation.advice import Invocation, advice
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.exit_status import ExitStatus, exit_status
from tunneldesk.presentation.problem import Subject
from tunneldesk.presentation.status import Instant
from tunneldesk.presentation.terminal import live_view, news
from tunneldesk.presentation.terminal_events import events, problem_event

NOW = datetime(2026, 11, 23, 20, 49, 4, 123456, tzinfo=UTC)
INSTANT = Instant(monotonic=108.0, now=NOW)
AT = "2026-11-23T20:49:04.123Z"
WISH = Wish(3000, "my-app")
BARE = Tunnel("k", WISH)
INVOCATION = Invocation("expose", ("3000",), slug="my-app", options=(("--for", "1h"),))


def in_phase(phase: Phase, after: After | None = None, **changes: object) -> Tunnel:
    return replace(BARE, standing=Standing(phase, after), **changes)  # type: ignore[arg-type]


ONLINE = in_phase(
    Phase.ONLINE,
    tunnel_id="t-1",
    hostname="my-app.tunnel.localhost:8788",
    lease=Lease(60, 100.0),
    vitals=Vitals(service=Health.OK, connector=Health.OK, lease=Health.OK),
)


def words(before: Tunnel | None, tunnel: Tunnel) -> list[str]:
    return [item.text for item in news(before, tunnel, INSTANT)]


def test_a_phase_event_has_nulls_for_what_is_not_known_yet() -> None:
    assert list(events(None, in_phase(Phase.CREATING), INSTANT)) == [
        {
            "event": "phase",
            "at": AT,
            "phase": "creating",
            "port": 3000,
            "tunnelId": None,
            "hostname": None,
            "address": None,
        }
    ]


def test_the_online_event_holds_id_host_name_and_address() -> None:
    (event,) = events(replace(ONLINE, standing=Standing(Phase.CONNECTING)), ONLINE, INSTANT)
    assert event["tunnelId"] == "t-1"
    assert event["hostname"] == "my-app.tunnel.localhost:8788"
    assert event["address"] == "http://my-app.tunnel.localhost:8788"


def test_a_tunnel_that_has_not_begun_is_no_event() -> None:
    assert list(events(None, BARE, INSTANT)) == []


def test_health_is_an_event_when_it_changes() -> None:
    worse = replace(ONLINE, vitals=replace(ONLINE.vitals, service=Health.DOWN))
    assert list(events(ONLINE, worse, INSTANT)) == [
        {"event": "health", "at": AT, "service": "down", "connector": "ok", "lease": "ok", "address": "unknown"}
    ]
    assert list(events(worse, worse, INSTANT)) == []


def test_a_beat_that_is_missed_and_then_gets_through_has_two_events() -> None:
    first = Beat(NOW, BeatOutcome.OK, 0.00312)
    second = NOW + timedelta(seconds=20)
    missed = replace(ONLINE, beats=(first, Beat(second, BeatOutcome.MISSED)))
    late = replace(ONLINE, beats=(first, Beat(second, BeatOutcome.LATE, 0.25)), lease=None)
    beaten = replace(ONLINE, beats=(first,))
    assert list(events(ONLINE, beaten, INSTANT)) == [
        {"event": "heartbeat", "at": AT, "ok": True, "rttMs": 3.1, "leaseLeftSec": 52.0}
    ]
    assert [(e["ok"], e["rttMs"]) for e in events(beaten, missed, INSTANT)] == [(False, None)]
    assert [(e["ok"], e["rttMs"], e["leaseLeftSec"]) for e in events(missed, late, INSTANT)] == [
        (True, 250.0, None)
    ]


def test_a_problem_event_says_what_to_type() -> None:
    failure = Failure(ErrorCode.TUNNEL_SLUG_CONFLICT, status=409)
    event = problem_event(problem(failure, Subject(3000, "my-app")), failure, INVOCATION, NOW)
    assert event["event"] == "problem"
    assert event["at"] == AT
    assert event["code"] == "TUNNEL_SLUG_CONFLICT"
    assert event["title"] == '"my-app" is taken'
    assert event["actions"][0] == {
        "kind": "use-name",
        "label": 'Try "my-app-2"',
        "command": "tunneldesk expose 3000 --name my-app-2 --for 1h",
    }
    assert json.loads(json.dumps(event)) == event


def test_an_unknown_code_keeps_the_servers_spelling_in_events() -> None:
    failure = Failure(ErrorCode.UNKNOWN_CODE, raw_code="MELTDOWN", status=400)
    assert problem_event(problem(failure, Subject()), failure, INVOCATION, NOW)["code"] == "MELTDOWN"


@pytest.mark.parametrize("code", ErrorCode)
def test_every_way_on_is_a_command_or_printed_with_the_problem(code: ErrorCode) -> None:
    shown = problem(Failure(code, status=400), Subject(3000, "my-app", "https://api.example.com", 5))
    for way in advice(shown, INVOCATION):
        assert way.command
        assert "None" not in way.command
    unprinted = {"cancel", "copy-details", "show-log"}
    assert shown.quiet or advice(shown, INVOCATION) or {action.kind for action in shown.actions} <= unprinted


def test_advice_repeats_the_call_with_one_thing_changed() -> None:
    called = Invocation("expose", ("3000",), "my app", "https://api.example.com", (("--json",),))

    def commands(code: ErrorCode) -> list[str]:
        return [way.command for way in advice(problem(Failure(code, status=400), Subject(3000, "taken")), called)]

    common = "--server https://api.example.com --json"
    assert commands(ErrorCode.TUNNEL_SLUG_CONFLICT) == [
        f"tunneldesk expose 3000 --name taken-2 {common}",
        f"tunneldesk expose 3000 {common}",
        f"tunneldesk expose 3000 --name my-app {common}",
    ]
    assert commands(ErrorCode.INTERNAL_ERROR) == [f"tunneldesk expose 3000 --name 'my app' {common}"]
    assert commands(ErrorCode.INVALID_PORT) == [f"tunneldesk expose PORT --name 'my app' {common}"]
    assert commands(ErrorCode.TUNNEL_LIMIT_REACHED) == [
        "tunneldesk list --server https://api.example.com, then tunneldesk stop NAME --server https://api.example.com"
    ]
    assert commands(ErrorCode.INVALID_TOKEN) == [
        "tunneldesk sign-in --email YOU@EXAMPLE.COM --server https://api.example.com (or --token-stdin, or set "
        "TUNNELDESK_ACCESS_TOKEN)"
    ]
    assert commands(ErrorCode.CONNECTOR_MISSING)[1].endswith("--connector FILE")
    assert commands(ErrorCode.INVALID_INPUT) == ["tunneldesk expose --help"]


def test_advice_leaves_a_gap_where_only_the_user_knows() -> None:
    nameless = Invocation("expose", ("3000",), server_known=False)
    exhausted = advice(problem(Failure(ErrorCode.SLUG_EXHAUSTED, status=503), Subject(3000)), nameless)
    assert exhausted[1].command == "tunneldesk expose 3000 --name NAME --server URL"
    signed_out = advice(problem(Failure(ErrorCode.SIGNED_OUT), Subject(3000)), nameless)
    assert [way.command for way in signed_out] == [
        "tunneldesk sign-in --email YOU@EXAMPLE.COM --server URL "
        "(or --token-stdin, or set TUNNELDESK_ACCESS_TOKEN)",
        "tunneldesk expose 3000 --demo",
    ]
    wrong = Invocation("expose", ("3000",), options=(("--connector", "/nope"), ("--json",)))
    missing = advice(problem(Failure(ErrorCode.CONNECTOR_MISSING), Subject(3000)), wrong)
    assert missing[1].command == "tunneldesk expose 3000 --json --connector FILE"


def test_a_rate_limit_says_when_to_type_it_again() -> None:
    shown = problem(Failure(ErrorCode.RATE_LIMITED, status=429, retry_after=12), Subject(3000))
    (way,) = advice(shown, INVOCATION)
    assert way.label == "Try again in 12 s"


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (Failure(ErrorCode.UNEXPECTED), 1),
        (Failure(ErrorCode.INVALID_PORT), 2),
        (Failure(ErrorCode.INVALID_SLUG, status=400), 2),
        (Failure(ErrorCode.SIGNED_OUT), 3),
        (Failure(ErrorCode.INVALID_TOKEN, status=401), 3),
        (Failure(ErrorCode.FORBIDDEN, status=403), 3),
        (Failure(ErrorCode.TUNNEL_SLUG_CONFLICT, status=409), 4),
        (Failure(ErrorCode.TUNNEL_LIMIT_EXCEEDED, status=429), 4),
        (Failure(ErrorCode.RATE_LIMITED, status=429), 4),
        (Failure(ErrorCode.SLUG_EXHAUSTED, status=503), 4),
        (Failure(ErrorCode.INTERNAL_ERROR, status=500), 4),
        (Failure(ErrorCode.CLOUDFLARE_ERROR, status=502), 4),
        (Failure(ErrorCode.STOPPED_ELSEWHERE), 4),
        (Failure(ErrorCode.CONNECTOR_MISSING), 5),
        (Failure(ErrorCode.CONNECTOR_CRASHING), 5),
        (Failure(ErrorCode.SERVER_REFUSED_CONNECTION), 6),
        (Failure(ErrorCode.NOT_A_TUNNEL_SERVER, status=200), 6),
        (Failure(ErrorCode.UNKNOWN_CODE, status=403), 3),
        (Failure(ErrorCode.UNKNOWN_CODE, status=418), 4),
        (Failure(ErrorCode.UNKNOWN_CODE), 4),
    ],
)
def test_the_exit_status_tells_who_has_to_act(failure: Failure, status: int) -> None:
    assert exit_status(failure) == ExitStatus(status)


def test_the_way_up_and_down_is_told_in_lines() -> None:
    creating = in_phase(Phase.CREATING)
    connecting = replace(ONLINE, standing=Standing(Phase.CONNECTING))
    stopping = replace(ONLINE, standing=Standing(Phase.STOPPING, After.STOPPED))
    stopped = replace(ONLINE, standing=Standing(Phase.STOPPED), lease=None)
    assert words(None, BARE) == []
    assert words(BARE, creating) == ["Creating my-app for localhost:3000"]
    assert words(None, replace(creating, wish=Wish(8000))) == ["Creating a tunnel for localhost:8000"]
    assert words(creating, connecting) == ["Connecting my-app"]
    (live,) = news(connecting, ONLINE, INSTANT)
    assert live.text == "Live: visitors of the address reach localhost:3000"
    assert live.address == "http://my-app.tunnel.localhost:8788"
    assert words(ONLINE, stopping) == ["Stopping my-app"]
    assert words(stopping, stopped) == ["Stopped; port 3000 is no longer exposed"]
    assert words(stopping, replace(stopped, standing=Standing(Phase.FAILED))) == []


def test_losing_and_regaining_is_told_in_lines() -> None:
    been_up = replace(ONLINE, timeline=(Moment(NOW, MomentKind.CONNECTED),))
    reconnecting = replace(been_up, standing=Standing(Phase.RECONNECTING))
    recreating = replace(been_up, standing=Standing(Phase.STOPPING, After.RECREATE), lease=None)
    creating = replace(been_up, standing=Standing(Phase.CREATING), lease=None)
    waiting = replace(creating, standing=Standing(Phase.WAITING), failure=Failure(ErrorCode.SERVER_TIMED_OUT))
    assert words(been_up, reconnecting) == [
        "The connector lost its connection and makes a new one; address still reserved (52 s)"
    ]
    assert words(been_up, replace(reconnecting, lease=None)) == [
        "The connector lost its connection and makes a new one; address still reserved"
    ]
    assert words(reconnecting, been_up) == ["Live again: visitors of the address reach localhost:3000"]
    assert words(been_up, recreating) == [
        "The server no longer has the tunnel; it is created again under the same name"
    ]
    assert words(recreating, creating) == ["Creating my-app again for localhost:3000"]
    assert words(creating, waiting) == [
        "Waiting (server not reachable); port 3000 is exposed as soon as that is over"
    ]
    assert words(creating, replace(waiting, failure=None)) == [
        "Waiting; port 3000 is exposed as soon as that is over"
    ]


def test_a_service_that_falls_silent_is_told_once_and_when_it_is_back() -> None:
    silent = replace(ONLINE, vitals=replace(ONLINE.vitals, service=Health.DOWN))
    assert words(ONLINE, silent) == [
        "Nothing answers on localhost:3000; visitors see an error page until it is started"
    ]
    assert words(silent, silent) == []
    assert words(silent, ONLINE) == ["localhost:3000 answers"]


def test_heartbeats_that_do_not_get_through_are_told_with_the_time_left() -> None:
    failure = Failure(ErrorCode.SERVER_TIMED_OUT)
    poor = replace(ONLINE, vitals=replace(ONLINE.vitals, lease=Health.DEGRADED), failure=failure)
    assert words(ONLINE, poor) == [
        "Heartbeats don't get through (server not reachable); the server keeps the tunnel for another 52 s"
    ]
    assert words(ONLINE, replace(poor, failure=None, lease=None)) == [
        "Heartbeats don't get through; the server keeps the tunnel for another 0 s"
    ]
    assert words(poor, poor) == []
    assert words(poor, ONLINE) == ["Heartbeats get through again"]
    assert words(poor, replace(ONLINE, vitals=replace(ONLINE.vitals, lease=Health.UNKNOWN))) == []


def test_what_a_look_at_the_address_has_found_is_told_with_the_line_that_mends_it() -> None:
    refused = AddressFinding(
        NOW, AddressState.HOST_REFUSED, 403, "Vite", 'server: { allowedHosts: ["my-app"] }', "vite.config.js"
    )
    found = replace(ONLINE, finding=refused)
    assert words(ONLINE, found) == [
        "The address works, but Vite on localhost:3000 turns visitors away until my-app.tunnel.localhost:8788 is "
        "allowed. Add this line to vite.config.js and restart it:",
        '    server: { allowedHosts: ["my-app"] }',
    ]
    assert words(found, found) == []
    well = replace(ONLINE, finding=AddressFinding(NOW, AddressState.OK, 200))
    assert words(found, well) == ["The address answers as a visitor sees it (HTTP 200)"]
    assert words(well, replace(ONLINE, finding=AddressFinding(NOW, AddressState.TIMED_OUT))) == [
        "The address gave no answer in time. A visitor of my-app.tunnel.localhost:8788 waits, too. "
        "Check whether localhost:3000 itself answers, and how fast."
    ]
    assert words(well, ONLINE) == []


def test_the_live_view_shows_hops_beats_and_time() -> None:
    tunnel = replace(
        ONLINE,
        online_since=NOW - timedelta(seconds=72),
        stops_at=NOW + timedelta(minutes=5),
        beats=(Beat(NOW, BeatOutcome.OK, 0.0034), Beat(NOW, BeatOutcome.MISSED)),
    )
    view = live_view(tunnel, INSTANT)
    assert view.status.words == "Live"
    assert view.facts == ("-> localhost:3000", "for 1 min 12 s", "stops in 5 min")
    assert view.hops == (
        ("Your service", Health.OK),
        ("Connector", Health.OK),
        ("Lease", Health.OK),
        ("Address", Health.UNKNOWN),
    )
    assert view.round_trip == "3 ms"
    assert view.lease == "lease 52 s left"


def test_the_live_view_says_when_it_tries_again_and_claims_nothing_it_does_not_know() -> None:
    view = live_view(in_phase(Phase.WAITING, retry_at=NOW + timedelta(seconds=4)), INSTANT)
    assert view.facts == ("-> localhost:3000", "next attempt in 4 s")
    assert (view.round_trip, view.lease, view.beats) == (None, None, ())
    quick = replace(ONLINE, beats=(Beat(NOW, BeatOutcome.OK, 0.0004),))
    assert live_view(quick, INSTANT).round_trip == "under 1 ms"
