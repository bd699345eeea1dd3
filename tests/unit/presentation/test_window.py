"""What window and expose dialog say for each state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from build_scripts import sample_states as samples
from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.health import BeatOutcome, Lease
from tunneldesk.domain.lifecycle import Phase, Standing
from tunneldesk.domain.model import AppState, RemoteStatus, Session, SessionStatus, Tunnel, Wish
from tunneldesk.presentation.expose import (
    STEPS,
    ExposeView,
    address_preview,
    expose_view,
    listener_rows,
    remembered_name,
)
from tunneldesk.presentation.problem import ActionKind
from tunneldesk.presentation.status import Instant, Mark
from tunneldesk.presentation.tray import End
from tunneldesk.presentation.window import card_view, problem_of, room, window_view

NOW = Instant(samples.MONOTONIC, samples.NOW)
KEY = "key-my-app"


def test_the_header_says_where_and_how_many() -> None:
    view = window_view(samples.STATES["elsewhere"], NOW)
    assert (view.used, view.limit, view.quota) == (2, 5, "2 of 5")
    assert (view.place, view.account, view.sign_in) == ("api.example.com", "Signed in", False)
    assert [(row.name, row.words) for row in view.elsewhere] == [
        ("staging.example.com", "\N{RIGHTWARDS ARROW} :8080  active")
    ]
    assert view.can_expose


@pytest.mark.parametrize(
    ("state", "place", "account"),
    [
        (samples.in_demo(), "This computer only", "No account needed"),
        (AppState(session=Session(status=SessionStatus.OPENING, demo=True)), "This computer only", "Starting ..."),
        (AppState(), "No server chosen yet", "Not signed in"),
        (samples.STATES["session-ended"], "api.example.com", "Session ended"),
    ],
)
def test_place_and_account_are_told_in_words(state: AppState, place: str, account: str) -> None:
    view = window_view(state, NOW)
    assert (view.place, view.account) == (place, account)


def test_a_card_says_all_that_matters_without_a_click() -> None:
    tunnel = samples.live("my-app", 3000)
    view = card_view(tunnel, samples.signed_in(tunnel), NOW)
    assert (view.address, view.target) == ("https://my-app.example.com", "localhost:3000")
    assert (view.status.words, view.uptime, view.trouble) == ("Live", "Up 12 min", None)
    since = (samples.NOW - timedelta(minutes=12, seconds=20)).astimezone()
    assert view.uptime_exact == f"Up since {since:%Y-%m-%d %H:%M:%S}"
    assert view.lease is not None
    assert view.lease.words == "Lease: 52 s left"
    assert view.lease.exact.endswith(", says the server")
    assert not view.lease.low
    assert (view.reachable, view.end_label, view.restart_label) == (True, "Stop", "Restart")


def test_the_lease_is_low_in_its_last_third_and_says_when_it_has_run_out() -> None:
    tunnel = samples.live("my-app", 3000)
    state = samples.signed_in(tunnel)
    low = card_view(tunnel, state, Instant(samples.MONOTONIC + 40, samples.NOW)).lease
    assert low is not None
    assert low.low
    over = replace(tunnel, lease=Lease(60.0, samples.MONOTONIC - 61))
    gone = card_view(over, state, NOW).lease
    assert gone is not None
    assert (gone.words, gone.fraction, gone.exact) == ("Lease: run out", 0.0, "")


def test_the_strip_has_a_tick_per_heartbeat() -> None:
    tunnel = replace(samples.live("my-app", 3000), beats=samples.beats(".lx"))
    ticks = card_view(tunnel, samples.signed_in(tunnel), NOW).ticks
    assert [tick.outcome for tick in ticks] == [BeatOutcome.OK, BeatOutcome.LATE, BeatOutcome.MISSED]
    assert 0 < ticks[0].height < ticks[1].height < ticks[2].height == 1.0
    assert [tick.words.partition(": ")[2] for tick in ticks] == ["4 ms", "late, 240 ms", "missed"]


def test_a_new_tunnel_counts_its_first_minute_in_seconds() -> None:
    tunnel = replace(samples.live("my-app", 3000), online_since=samples.NOW)
    later = Instant(samples.MONOTONIC + 7, samples.NOW.replace(second=8))
    assert card_view(tunnel, samples.signed_in(tunnel), later).uptime == "Up 7 s"


def test_a_tunnel_that_stops_by_itself_says_when() -> None:
    tunnel = samples.stopping_by_itself("my-app", 3000)
    state = samples.signed_in(tunnel)
    view = card_view(tunnel, state, NOW)
    assert view.stops == "Stops in 18 min"  # 17:30 are left, and no less than that is said
    assert view.stops_exact == f"At {(samples.NOW + timedelta(seconds=1050)).astimezone():%H:%M:%S}"
    soon = Instant(samples.MONOTONIC, samples.NOW + timedelta(seconds=1009))
    assert card_view(tunnel, state, soon).stops == "Stops in 41 s"
    assert card_view(replace(tunnel, standing=Standing(Phase.STOPPED)), state, NOW).stops == ""
    assert card_view(samples.live("my-app", 3000), state, NOW).stops == ""
    waiting = replace(samples.creating("my-app", 3000), stops_at=tunnel.stops_at)
    assert window_view(samples.signed_in(waiting), NOW).counts


def test_a_waiting_tunnel_says_when_it_is_tried_again() -> None:
    view = window_view(samples.STATES["waiting"], NOW)
    waiting = view.cards[0]
    assert waiting.uptime == "Next attempt in 8 s"
    due = (samples.NOW + timedelta(seconds=8)).astimezone()
    assert waiting.uptime_exact == f"Next attempt at {due:%Y-%m-%d %H:%M:%S}"
    assert waiting.trouble is not None
    assert (waiting.trouble.mark, waiting.trouble.words) == (Mark.ATTENTION, "Can't reach api.example.com")
    assert view.counts


def test_a_failed_tunnel_offers_the_likely_way_on() -> None:
    view = window_view(samples.STATES["failed"], NOW)
    trouble = view.cards[0].trouble
    assert trouble is not None
    assert trouble.action is not None
    assert (trouble.mark, trouble.has_more, trouble.action.kind) == (Mark.PROBLEM, True, ActionKind.USE_NAME)
    assert (view.cards[0].end, view.cards[0].reachable, view.counts) == (End.REMOVE, False, False)


def test_a_failing_heartbeat_of_a_live_tunnel_is_attention_and_no_problem() -> None:
    tunnel = replace(samples.live("my-app", 3000), failure=samples.OFFLINE)
    trouble = card_view(tunnel, samples.signed_in(tunnel), NOW).trouble
    assert trouble is not None
    assert trouble.mark is Mark.ATTENTION


def test_a_silent_service_is_told_by_its_hop_and_is_no_failure() -> None:
    state = samples.STATES["mixed"]
    tunnel = state.tunnel(KEY)
    assert tunnel is not None
    card = card_view(tunnel, state, NOW)
    assert card.trouble is None
    assert card.hops[0].sentence.startswith("Nothing answers on localhost:3000")


def test_a_lease_that_is_not_renewed_is_told_once_and_nothing_offers_to_give_it_up() -> None:
    tunnel = samples.unrenewed("my-app", 3000)
    card = card_view(tunnel, samples.signed_in(tunnel), NOW)
    assert card.trouble is None
    assert "server not reachable" in card.hops[2].sentence


def test_a_tunnel_that_has_ended_has_no_hops() -> None:
    assert window_view(samples.STATES["failed"], NOW).cards[0].hops == ()


def test_what_concerns_the_app_stands_above_the_cards() -> None:
    state = replace(samples.signed_in(), failure=samples.OFFLINE)
    trouble = window_view(state, NOW).trouble
    assert trouble is not None
    assert trouble.mark is Mark.PROBLEM
    assert problem_of(samples.signed_in(), None) is None


def test_while_quitting_nothing_new_is_begun() -> None:
    view = window_view(samples.STATES["quitting"], NOW)
    assert (view.quitting, view.can_expose, view.cards[0].can_restart) == (True, False, False)


def test_making_room_lists_only_tunnels_of_the_account_that_has_no_room() -> None:
    anns, bobs = (
        replace(samples.live(name, 8000), account=who) for name, who in (("ann", samples.ANN), ("bob", samples.BOB))
    )
    nobodys = samples.live("nobody", 9000)  # asked for before anybody was signed in, so the session's
    refused = replace(samples.failed("my-app", 3000, samples.LIMIT), account=samples.ANN)
    state = replace(samples.STATES["accounts"], tunnels=(anns, bobs, nobodys, refused), remote=(samples.ELSEWHERE,))
    elsewhere = samples.ELSEWHERE.tunnel_id
    assert [row.tunnel_id for row in room(state, KEY)] == ["id-nobody", "id-ann", elsewhere]
    of_bob = replace(state, tunnels=(anns, bobs, nobodys, replace(refused, account=samples.BOB)))
    assert [row.tunnel_id for row in room(of_bob, KEY)] == ["id-bob"]
    assert [row.tunnel_id for row in room(of_bob, None)] == ["id-nobody", "id-ann", elsewhere]


def test_making_room_lists_every_tunnel_the_server_holds_but_the_refused_one() -> None:
    state = samples.signed_in(
        samples.live("api", 8000),
        samples.stopping("old", 4000),
        samples.failed("my-app", 3000, samples.LIMIT),
        remote=(
            samples.ELSEWHERE,
            replace(samples.ELSEWHERE, tunnel_id="x", port=None, status=RemoteStatus.STOPPING),
        ),
    )
    assert [(row.tunnel_id, row.stopping) for row in room(state, KEY)] == [
        ("id-old", True),
        ("id-api", False),
        ("id-staging", False),
        ("x", True),
    ]
    nameless = replace(samples.live("api", 8000), hostname=None, wish=Wish(8000))
    assert room(samples.signed_in(nameless), None)[0].name == "port 8000"


@pytest.mark.parametrize(
    ("tunnel", "view"),
    [
        (samples.creating("my-app", 3000), ExposeView(busy=True, stage="Reserving name ...", step=1)),
        (samples.connecting("my-app", 3000), ExposeView(busy=True, stage="Starting connector ...", step=2)),
        (samples.reconnecting("my-app", 3000), ExposeView(busy=True, stage="Reconnecting", step=3)),
        (
            samples.live("my-app", 3000),
            ExposeView(stage="Live", step=STEPS, live_address="https://my-app.example.com"),
        ),
        (samples.failed("my-app", 3000, samples.TAKEN), ExposeView(refused=True)),
        (
            replace(samples.creating("my-app", 3000), standing=Standing(Phase.STOPPED)),
            ExposeView(busy=True, stage="Reserving name ...", step=1),
        ),
    ],
)
def test_the_dialog_follows_the_tunnel(tunnel: Tunnel, view: ExposeView) -> None:
    assert expose_view(samples.signed_in(tunnel), KEY) == view


def test_a_dialog_that_was_not_sent_is_at_the_beginning() -> None:
    assert expose_view(samples.signed_in(), None) == ExposeView()
    assert expose_view(samples.signed_in(), "gone") == ExposeView()


def test_the_address_is_foretold_as_far_as_it_can_be() -> None:
    assert address_preview(samples.STATES["one-live"], "new") == "new.tunnel.localhost:8788"
    assert address_preview(samples.signed_in(remote=(samples.ELSEWHERE,)), None) == "(random).example.com"
    assert address_preview(samples.signed_in(), "new") == "new.<domain of the server>"


def test_the_address_is_foretold_from_the_same_servers_names_only() -> None:
    elsewhere = replace(samples.live("api", 8000, domain="example.net"), account=samples.BOB)
    state = replace(samples.signed_in(elsewhere), session=samples.AS_ANN)
    assert address_preview(state, "new") == "new.<domain of the server>"
    of_a_colleague = replace(samples.live("docs", 5173), account=samples.TOKEN)
    assert address_preview(replace(state, tunnels=(of_a_colleague, elsewhere)), "new") == "new.example.com"


def test_on_this_computer_the_first_address_is_foretold_too() -> None:
    elsewhere = replace(samples.live("api", 8000, domain="example.net"), account=samples.BOB)
    here = replace(samples.DEMO, domain="tunnel.localhost:8788")
    assert address_preview(AppState(session=here), "new") == "new.tunnel.localhost:8788"
    assert address_preview(AppState(session=here, tunnels=(elsewhere,)), "new") == "new.tunnel.localhost:8788"


def test_a_port_remembers_its_name() -> None:
    state = replace(samples.signed_in(), recent=(Wish(3000), Wish(3000, "my-app"), Wish(4000, "shop")))
    assert [remembered_name(state, port) for port in (3000, 4000, 5000)] == ["my-app", "shop", ""]


def test_a_problem_without_a_way_on_shows_no_button() -> None:
    gone = replace(samples.TAKEN, code=ErrorCode.TUNNEL_NOT_FOUND)
    tunnel = samples.failed("my-app", 3000, gone)
    trouble = card_view(tunnel, samples.signed_in(tunnel), NOW).trouble
    assert trouble is not None
    assert trouble.action is None


def test_what_listens_is_offered_with_the_likely_choices_first() -> None:
    state = replace(samples.signed_in(samples.live("my-app", 8000)), listeners=samples.LISTENERS)
    rows = listener_rows(state)
    assert rows is not None
    assert [row.words for row in rows] == [
        "3000  node (Vite)",
        "8000  python (Django) - exposed as my-app",
        "5432  postgres",
        "8080  java",
        "5433  another user's program",
    ]
    assert listener_rows(samples.signed_in()) is None


def test_a_name_that_is_known_to_be_taken_is_not_proposed() -> None:
    elsewhere = replace(samples.ELSEWHERE, slug="my-app-2", hostname="my-app-2.example.com")
    refused = samples.failed("my-app", 4000, samples.TAKEN)
    state = samples.signed_in(samples.live("my-app-3", 3000), refused, remote=(elsewhere,))
    shown = problem_of(state, refused)
    assert shown is not None
    assert (shown.actions[0].label, shown.actions[0].value) == ('Try "my-app-4"', "my-app-4")
