"""What icon, tooltip and menu say for each state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from build_scripts import sample_states as samples
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.health import Health, Vitals
from tunneldesk.domain.lifecycle import After, Phase, Standing
from tunneldesk.domain.model import AppState, Tunnel, Wish
from tunneldesk.presentation.status import (
    Instant,
    Mark,
    beginning,
    gravest,
    name_of,
    reason,
    stage_of,
    status_of,
)
from tunneldesk.presentation.translation import install_translator, translate
from tunneldesk.presentation.tray import End, end_label, tray_view
from tunneldesk.presentation.window import window_view

NOW = Instant(samples.MONOTONIC, samples.NOW)
FRESH = Tunnel("key", Wish(3000))


@pytest.mark.parametrize(
    ("state", "mark", "tooltip"),
    [
        (samples.signed_in(), Mark.IDLE, "TunnelDesk: nothing exposed"),
        (samples.STATES["connecting"], Mark.WORKING, "Connecting my-app ..."),
        (samples.STATES["stopping"], Mark.WORKING, "Stopping my-app ..."),
        (samples.STATES["one-live"], Mark.LIVE, "1 live: my-app"),
        (samples.STATES["two-live"], Mark.LIVE, "2 live: my-app, api"),
        (
            samples.STATES["reconnecting"],
            Mark.ATTENTION,
            "my-app: reconnecting, address still reserved (41 s)",
        ),
        (samples.STATES["waiting"], Mark.ATTENTION, "my-app: Waiting: server not reachable"),
        (samples.STATES["failed"], Mark.PROBLEM, "my-app stopped: name taken"),
        (
            replace(samples.signed_in(), failure=Failure(ErrorCode.KEYRING_LOCKED)),
            Mark.PROBLEM,
            "TunnelDesk: sign-in not stored",
        ),
        (samples.signed_in(replace(FRESH, wanted=False)), Mark.IDLE, "TunnelDesk: nothing exposed"),
        (
            samples.signed_in(replace(FRESH, wanted=False, standing=Standing(Phase.FAILED))),
            Mark.PROBLEM,
            "port 3000 stopped",
        ),
        (
            samples.signed_in(replace(samples.reconnecting("my-app", 3000), lease=None)),
            Mark.ATTENTION,
            "my-app: Reconnecting",
        ),
    ],
)
def test_icon_and_tooltip_tell_the_gravest_thing_there_is(state: AppState, mark: Mark, tooltip: str) -> None:
    view = tray_view(state, NOW)
    assert (view.mark, view.tooltip) == (mark, tooltip)


def test_the_badge_counts_what_is_live() -> None:
    assert tray_view(samples.STATES["two-live"], NOW).count == 2
    assert tray_view(samples.STATES["mixed"], NOW).count == 1


def test_the_first_line_counts_the_tunnels_in_use() -> None:
    view = tray_view(samples.STATES["elsewhere"], NOW)
    assert (view.status, view.sign_in, view.can_stop) == ("2 of 5 tunnels in use", False, True)


def test_each_account_is_counted_against_its_own_limit() -> None:
    state = replace(samples.STATES["accounts"], limits={samples.ANN: 3})
    assert (tray_view(state, NOW).status, window_view(state, NOW).quota) == ("1 of 3 tunnels in use", "1 of 3")
    other = replace(state, session=replace(state.session, server=samples.BOB.server, email=samples.BOB.email))
    assert (tray_view(other, NOW).status, window_view(other, NOW).limit) == ("1 of 5 tunnels in use", 5)


def test_the_first_line_asks_for_a_sign_in_or_says_what_is_going_on() -> None:
    assert tray_view(samples.STATES["signed-out"], NOW).sign_in
    assert tray_view(samples.STATES["session-ended"], NOW).sign_in
    assert tray_view(samples.STATES["opening"], NOW).status == "Starting ..."
    quitting = tray_view(samples.STATES["quitting"], NOW)
    assert quitting.status == "Stopping everything, 3 s at most ..."
    assert quitting.tooltip == quitting.status, "the countdown is seen without a window, too"
    late = replace(NOW, monotonic=NOW.monotonic + 60)
    assert tray_view(samples.STATES["quitting"], late).status == "Stopping everything ..."
    for_ever = replace(samples.STATES["quitting"], quit_by=None)
    assert tray_view(for_ever, NOW).status == "Stopping everything ..."
    assert not quitting.can_expose
    assert not quitting.can_stop


def test_submenus_stand_newest_first_and_offer_what_is_possible() -> None:
    by_name = {entry.key: entry for entry in tray_view(samples.STATES["mixed"], NOW).tunnels}
    assert list(by_name) == ["key-preview", "key-my-app", "key-api", "key-docs", "key-shop"]
    failed, live = by_name["key-shop"], by_name["key-my-app"]
    assert (failed.address, failed.restart_label, failed.end) == (None, "Try again", End.REMOVE)
    assert (live.address, live.restart_label, live.end) == ("https://my-app.example.com", "Restart", End.STOP)
    stopping = tray_view(samples.STATES["stopping"], NOW).tunnels[0]
    assert (stopping.end, stopping.can_change) == (End.FORCE, False)
    assert [end_label(end) for end in End] == ["Stop", "Stop at once", "Remove"]


def test_a_middle_click_copies_the_newest_address_there_is() -> None:
    assert tray_view(samples.STATES["two-live"], NOW).newest == "key-my-app"
    assert tray_view(samples.STATES["failed"], NOW).newest is None


@pytest.mark.parametrize(
    ("tunnel", "mark", "words"),
    [
        (FRESH, Mark.WORKING, "Reserving name ..."),
        (samples.creating(None, 3000), Mark.WORKING, "Reserving name ..."),
        (samples.connecting("a", 3000), Mark.WORKING, "Starting connector ..."),
        (
            replace(samples.connecting("a", 3000), vitals=Vitals(connector=Health.DOWN)),
            Mark.WORKING,
            "Connecting ...",
        ),
        (samples.live("a", 3000), Mark.LIVE, "Live"),
        (
            replace(samples.live("a", 3000), vitals=Vitals(Health.DOWN, Health.OK, Health.OK)),
            Mark.ATTENTION,
            "Live, service not answering",
        ),
        (
            replace(samples.live("a", 3000), vitals=Vitals(Health.OK, Health.OK, Health.DEGRADED)),
            Mark.ATTENTION,
            "Live, lease not renewed",
        ),
        (samples.reconnecting("a", 3000), Mark.ATTENTION, "Reconnecting"),
        (samples.waiting("a", 3000, samples.RATE), Mark.ATTENTION, "Waiting: too many requests"),
        (samples.failed("a", 3000, samples.LIMIT), Mark.PROBLEM, "Stopped: all tunnels in use"),
        (samples.stopping("a", 3000), Mark.WORKING, "Stopping ..."),
        (
            replace(samples.live("a", 3000), standing=Standing(Phase.STOPPING, After.RECREATE)),
            Mark.WORKING,
            "Reserving it again ...",
        ),
        (
            replace(FRESH, wanted=False, failure=Failure(ErrorCode.STOPPED_ELSEWHERE)),
            Mark.IDLE,
            "Stopped: stopped elsewhere",
        ),
    ],
)
def test_each_standing_has_its_mark_and_words(tunnel: Tunnel, mark: Mark, words: str) -> None:
    status = status_of(tunnel)
    assert (status.mark, status.words, stage_of(tunnel)) == (mark, words, words)


def test_a_tunnel_without_a_name_goes_by_its_port() -> None:
    assert name_of(FRESH) == "port 3000"
    assert name_of(samples.live("my-app", 3000)) == "my-app"
    assert beginning(FRESH)


def test_every_cause_has_a_short_reason() -> None:
    assert all(reason(code) for code in ErrorCode)
    assert gravest([]) is Mark.IDLE


def test_the_words_can_be_translated() -> None:
    install_translator(lambda context, text: f"[{context}] {text}")
    try:
        assert tray_view(samples.signed_in(), NOW).tooltip == "[Tray] TunnelDesk: nothing exposed"
    finally:
        install_translator(None)
    assert translate("Tray", "Stop") == "Stop"


def test_what_was_exposed_lately_can_be_exposed_again_unless_it_is_exposed() -> None:
    recent = (Wish(3000, "my-app"), Wish(5173), Wish(4000, "shop"))
    failed = samples.failed("shop", 4000, samples.TAKEN)
    state = replace(samples.signed_in(samples.live("my-app", 3000), failed), recent=recent)
    again = tray_view(state, NOW).again
    assert [(entry.label, entry.wish) for entry in again] == [
        (":5173  random name", Wish(5173)),
        (":4000  shop", Wish(4000, "shop")),
    ]
