"""What is said of each hop, and of which one it is said when something is broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from build_scripts import sample_states as samples
from tunneldesk.domain.health import AddressState, Health, Hop, Vitals
from tunneldesk.domain.lifecycle import After, Phase, Standing
from tunneldesk.domain.model import Moment, MomentKind
from tunneldesk.presentation.hops import HopAction, HopActionKind, HopView, hops_view
from tunneldesk.presentation.status import Instant, Mark

if TYPE_CHECKING:
    from tunneldesk.domain.model import Tunnel

NOW = Instant(samples.MONOTONIC, samples.NOW)
LIVE = samples.live("my-app", 3000)
CHECK = HopAction(HopActionKind.CHECK, "Check")
TRY_NOW = HopAction(HopActionKind.TRY_NOW, "Try now")
CHECK_AGAIN = HopAction(HopActionKind.CHECK, "Check again")


def hop(tunnel: Tunnel, which: Hop, instant: Instant = NOW) -> HopView:
    views = hops_view(tunnel, instant)
    assert [view.hop for view in views] == list(Hop)
    return views[list(Hop).index(which)]


def shown(view: HopView) -> tuple[Mark, str]:
    return view.mark, view.words


def away(*seconds: float, tunnel: Tunnel = LIVE) -> Tunnel:
    """The tunnel with its connection lost, and with attempts that failed, so many seconds ago."""
    lost = [Moment(samples.NOW - timedelta(seconds=each), MomentKind.CONNECTION_LOST) for each in seconds]
    up = Moment(samples.NOW - timedelta(minutes=12), MomentKind.CONNECTED)
    vitals = replace(tunnel.vitals, connector=Health.DOWN)
    missed = Moment(samples.NOW, MomentKind.HEARTBEAT_MISSED)
    return replace(tunnel, standing=Standing(Phase.RECONNECTING), vitals=vitals, timeline=(up, *lost, missed))


def test_all_well_is_four_marks_and_not_a_word_more() -> None:
    views = hops_view(samples.looked_at(LIVE, AddressState.OK, status=200), NOW)
    assert [(view.label, view.mark, view.words) for view in views] == [
        ("Your service", Mark.LIVE, "Answers"),
        ("Connector", Mark.LIVE, "Connected"),
        ("Lease", Mark.LIVE, "Renewed"),
        ("Address", Mark.LIVE, "Reached 3 min ago"),
    ]
    assert [view.sentence for view in views] == [""] * 4
    assert views[1].exact == "Connected at FRA"
    assert views[3].exact.startswith("Checked at ")
    assert views[3].exact.endswith(": HTTP 200")
    assert views[3].action == CHECK_AGAIN


def test_a_service_that_is_away_is_named_with_its_port() -> None:
    view = hop(samples.silent("my-app", 3000), Hop.SERVICE)
    assert shown(view) == (Mark.PROBLEM, "No answer")
    assert view.sentence.startswith("Nothing answers on localhost:3000. ")
    assert view.action == HopAction(HopActionKind.CHANGE_PORT, "Change port...")


@pytest.mark.parametrize(
    ("health", "mark", "words"),
    [
        (Health.DEGRADED, Mark.WORKING, "No answer just now"),
        (Health.UNKNOWN, Mark.IDLE, "Not looked at"),
    ],
)
def test_a_service_that_has_only_just_gone_is_no_alarm(health: Health, mark: Mark, words: str) -> None:
    view = hop(replace(LIVE, vitals=Vitals(health)), Hop.SERVICE)
    assert shown(view) == (mark, words)
    assert (view.sentence, view.action) == ("", None)


def test_a_connection_that_is_away_for_a_moment_is_no_alarm() -> None:
    for tunnel in (away(2), away(), replace(away(), timeline=())):
        view = hop(tunnel, Hop.CONNECTOR)
        assert shown(view) == (Mark.WORKING, "Reconnecting ...")
        assert view.sentence == ""


def test_a_connection_that_stays_away_is_told_however_often_it_was_tried_meanwhile() -> None:
    view = hop(away(9, 4, 1), Hop.CONNECTOR)
    assert shown(view) == (Mark.ATTENTION, "Reconnecting ...")
    assert view.sentence.startswith("The connector lost its connection to Cloudflare")
    assert (view.action, view.other) == (TRY_NOW, HopAction(HopActionKind.SHOW_LOG, "Show log"))


def test_the_connector_is_followed_from_its_start_to_its_end() -> None:
    starting = samples.connecting("my-app", 3000)
    assert shown(hop(starting, Hop.CONNECTOR)) == (Mark.WORKING, "Starting ...")
    started = replace(starting, vitals=Vitals(Health.OK, Health.DOWN))
    assert shown(hop(started, Hop.CONNECTOR)) == (Mark.WORKING, "Connecting ...")
    assert shown(hop(samples.creating("my-app", 3000), Hop.CONNECTOR)) == (Mark.IDLE, "Not started")
    assert shown(hop(samples.stopping("my-app", 3000), Hop.CONNECTOR)) == (Mark.WORKING, "Stopping ...")
    assert hop(replace(LIVE, location=None), Hop.CONNECTOR).exact == ""


def test_one_missed_heartbeat_is_no_alarm() -> None:
    missed = replace(LIVE, beats=samples.beats("....x"))
    assert shown(hop(missed, Hop.LEASE)) == (Mark.LIVE, "Renewed")


def test_heartbeats_that_stay_away_are_told_with_the_reason_and_the_time_left() -> None:
    view = hop(samples.unrenewed("my-app", 3000), Hop.LEASE)
    assert shown(view) == (Mark.ATTENTION, "Not renewed")
    assert view.sentence == (
        "The lease is not renewed: heartbeats don't get through (server not reachable). "
        "The server keeps the tunnel for another 17 s."
    )
    assert view.action == TRY_NOW
    assert "get through. " in hop(replace(samples.unrenewed("a", 1), failure=None), Hop.LEASE).sentence


def test_a_lease_that_has_run_out_is_told_by_our_own_clock() -> None:
    later = Instant(samples.MONOTONIC + 18, samples.NOW)
    for view in (
        hop(samples.unrenewed("my-app", 3000), Hop.LEASE, later),
        hop(replace(LIVE, vitals=Vitals(lease=Health.DOWN)), Hop.LEASE),
    ):
        assert shown(view) == (Mark.PROBLEM, "Run out")
        assert view.sentence.startswith("The lease has run out, since no heartbeat got through")
        assert view.action == TRY_NOW


def test_without_a_lease_it_is_said_what_is_done_about_it() -> None:
    assert shown(hop(samples.creating("my-app", 3000), Hop.LEASE)) == (Mark.WORKING, "Reserving name ...")
    waiting = hop(samples.waiting("my-app", 3000, samples.OFFLINE), Hop.LEASE)
    assert (shown(waiting), waiting.sentence) == ((Mark.ATTENTION, "Waiting"), "")
    stopping = replace(LIVE, standing=Standing(Phase.STOPPING, After.STOPPED), lease=None)
    assert shown(hop(stopping, Hop.LEASE)) == (Mark.IDLE, "Ended")
    lost = hop(replace(stopping, standing=Standing(Phase.STOPPING, After.RECREATE)), Hop.LEASE)
    assert shown(lost) == (Mark.ATTENTION, "Lost")
    assert lost.sentence == "The server no longer has the tunnel. It is created again under the same name."


def test_the_address_is_looked_at_when_asked_and_says_so_meanwhile() -> None:
    fresh = hop(LIVE, Hop.ADDRESS)
    assert (shown(fresh), fresh.action) == ((Mark.IDLE, "Not checked"), CHECK)
    looking = hop(replace(LIVE, looking=True), Hop.ADDRESS)
    assert shown(looking) == (Mark.WORKING, "Checking ...")
    assert looking.action == HopAction(HopActionKind.CHECK, "Checking ...", busy=True)
    again = replace(samples.looked_at(LIVE, AddressState.TIMED_OUT), looking=True)
    assert shown(hop(again, Hop.ADDRESS)) == (Mark.WORKING, "Checking ...")


@pytest.mark.parametrize(
    "tunnel",
    [samples.creating("my-app", 3000), samples.stopping("my-app", 3000), replace(LIVE, hostname=None)],
    ids=["creating", "stopping", "no name yet"],
)
def test_where_there_is_nothing_to_look_at_no_look_is_offered(tunnel: Tunnel) -> None:
    assert hop(tunnel, Hop.ADDRESS).action is None


def test_a_look_of_a_moment_ago_is_said_to_be_that() -> None:
    tunnel = samples.looked_at(LIVE, AddressState.OK, status=200)
    soon = Instant(NOW.monotonic, samples.NOW - timedelta(minutes=2, seconds=50))
    assert hop(tunnel, Hop.ADDRESS, soon).words == "Reached just now"


def test_a_development_server_that_refuses_the_name_comes_with_the_line_that_mends_it() -> None:
    view = hop(samples.refused("my-app", 5173), Hop.ADDRESS)
    assert shown(view) == (Mark.PROBLEM, "Name refused")
    assert view.sentence == (
        "The address works, but Vite on localhost:5173 turns visitors away until my-app.example.com is allowed. "
        "Add this line to vite.config.js and restart it:"
    )
    assert view.remedy == 'server: { allowedHosts: ["my-app.example.com"] }'
    assert view.action == CHECK_AGAIN


@pytest.mark.parametrize(
    ("state", "words", "part"),
    [
        (AddressState.NAME_UNKNOWN, "Not in DNS", "DNS does not know my-app.example.com."),
        (AddressState.UNREACHABLE, "Not reachable", "can't be reached from this computer"),
        (AddressState.TIMED_OUT, "Timed out", "no answer in time"),
        (
            AddressState.CERTIFICATE_INVALID,
            "Certificate refused",
            "no certificate that holds for my-app.example.com",
        ),
        (AddressState.NO_TUNNEL, "Unknown to Cloudflare", "knows no tunnel under my-app.example.com"),
        (AddressState.NOT_CONNECTED, "Not connected", "no connection to the connector"),
        (AddressState.SERVICE_UNREACHABLE, "No answer behind it", "no proper answer from localhost:3000"),
        (AddressState.SERVICE_TIMED_OUT, "Service too slow", "localhost:3000 took the request"),
        (AddressState.EDGE_REFUSED, "Cloudflare refused", "(HTTP 403)"),
        (AddressState.HOST_REFUSED, "Name refused", "turns away whoever comes by the name my-app.example.com"),
    ],
)
def test_whatever_is_found_is_said_in_words_and_in_a_sentence(state: AddressState, words: str, part: str) -> None:
    view = hop(samples.looked_at(LIVE, state, status=403), Hop.ADDRESS)
    assert shown(view) == (Mark.PROBLEM, words)
    assert part in view.sentence
    assert view.sentence.startswith("The address ")
    assert (view.remedy, view.action) == (None, CHECK_AGAIN)


def test_a_new_name_that_dns_does_not_have_yet_is_no_alarm() -> None:
    new = replace(LIVE, online_since=samples.NOW - timedelta(minutes=4))
    view = hop(samples.looked_at(new, AddressState.NAME_UNKNOWN), Hop.ADDRESS)
    assert shown(view) == (Mark.ATTENTION, "Not in DNS yet")
    assert "DNS does not know my-app.example.com yet" in view.sentence
    assert ":" in view.exact
    assert "HTTP" not in view.exact


@pytest.mark.parametrize(
    ("tunnel", "state"),
    [
        (samples.silent("my-app", 3000), AddressState.SERVICE_UNREACHABLE),
        (samples.reconnecting("my-app", 3000), AddressState.NOT_CONNECTED),
    ],
    ids=["service", "connector"],
)
def test_what_an_earlier_hop_tells_is_not_told_twice(tunnel: Tunnel, state: AddressState) -> None:
    views = hops_view(samples.looked_at(tunnel, state, status=502), NOW)
    assert views[3].mark is Mark.PROBLEM
    assert len([view for view in views if view.sentence]) == 1
    assert views[3].sentence == ""
