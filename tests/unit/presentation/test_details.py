"""What an unfolded card tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from build_scripts import sample_states as samples
from tunneldesk.domain.model import Moment, MomentKind
from tunneldesk.presentation.details import details_view
from tunneldesk.presentation.status import Instant, Mark
from tunneldesk.presentation.window import window_view

NOW = Instant(samples.MONOTONIC, samples.NOW)
TUNNEL = samples.eventful("my-app", 3000)


def test_what_happened_is_told_newest_first_with_its_cause() -> None:
    told = [(moment.mark, moment.words) for moment in details_view(TUNNEL, NOW).moments]
    assert told == [
        (Mark.LIVE, "Connected: FRA"),
        (Mark.IDLE, "Reserved again under the same name: my-app.example.com"),
        (Mark.ATTENTION, "Lease lost"),
        (Mark.ATTENTION, "Heartbeat missed: server not reachable"),
        (Mark.ATTENTION, "Connection lost: timeout: no recent network activity"),
        (Mark.ATTENTION, "This computer slept: 21 min"),
        (Mark.LIVE, "Connected: FRA"),
        (Mark.IDLE, "Name reserved: my-app.example.com"),
    ]


@pytest.mark.parametrize("kind", MomentKind)
def test_every_kind_of_moment_has_words(kind: MomentKind) -> None:
    tunnel = replace(TUNNEL, timeline=(Moment(samples.NOW, kind),))
    assert details_view(tunnel, NOW).moments[0].words


@pytest.mark.parametrize(
    ("seconds", "ago"), [(0.4, "just now"), (41, "41 s ago"), (310, "5 min ago"), (7260, "2 h 1 min ago")]
)
def test_times_are_relative_first_and_exact_for_whoever_hovers(seconds: float, ago: str) -> None:
    at = samples.NOW - timedelta(seconds=seconds)
    moment = details_view(replace(TUNNEL, timeline=(Moment(at, MomentKind.CONNECTED),)), NOW).moments[0]
    assert (moment.ago, moment.exact) == (ago, f"{at.astimezone():%Y-%m-%d %H:%M:%S}")


def test_requests_are_counted_or_said_not_to_be() -> None:
    assert details_view(TUNNEL, NOW).traffic == "Requests: 12,483, not answered by your service: 17"
    assert details_view(samples.live("my-app", 3000), NOW).traffic == "Requests: not counted yet"


def test_only_unfolded_cards_have_details() -> None:
    view = window_view(samples.STATES["eventful"], NOW, {"key-my-app"})
    assert [(card.key, card.details is not None) for card in view.cards] == [
        ("key-my-app", True),
        ("key-api", False),
    ]
