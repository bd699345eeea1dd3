"""What the user is told of without having asked, and what they are spared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from build_scripts import sample_states as samples
from tunneldesk.domain.lifecycle import After, Phase, Standing
from tunneldesk.domain.model import Moment, MomentKind
from tunneldesk.domain.preferences import Notice, Preferences
from tunneldesk.presentation.notices import Note, Notices
from tunneldesk.presentation.status import Instant

if TYPE_CHECKING:
    from tunneldesk.domain.model import Tunnel

LIVE = samples.live("my-app", 3000)
AWAY = samples.reconnecting("my-app", 3000)


class Listener:
    """Feeds one tunnel after the other, and remembers what was told."""

    def __init__(self, *kinds: Notice) -> None:
        self.notices = Notices()
        self.preferences = Preferences(notices=frozenset(kinds or Notice))
        self.passed = 0.0
        self.told: tuple[Note, ...] = ()

    def hear(self, *tunnels: Tunnel, after: float = 0.0) -> list[tuple[Notice, str]]:
        self.passed += after
        state = replace(samples.signed_in(*tunnels), preferences=self.preferences)
        instant = Instant(samples.MONOTONIC + self.passed, samples.NOW + timedelta(seconds=self.passed))
        self.told = self.notices.hear(state, instant)
        return [(note.kind, note.title) for note in self.told]

    @property
    def due(self) -> float | None:
        return self.notices.due(samples.MONOTONIC + self.passed)


def test_a_tunnel_that_comes_to_life_is_told_and_one_that_is_there_is_not() -> None:
    heard = Listener()
    assert heard.hear(LIVE) == []
    heard = Listener()
    assert heard.hear(samples.connecting("my-app", 3000)) == []
    assert heard.hear(LIVE) == [(Notice.LIVE, "my-app is live")]
    assert heard.hear(LIVE) == []


def test_what_repairs_itself_within_ten_seconds_is_nobodys_concern() -> None:
    heard = Listener()
    heard.hear(LIVE)
    assert heard.hear(AWAY, after=1) == []
    assert heard.due == 10.0
    assert heard.hear(AWAY, after=9) == []
    assert heard.due == 1.0
    assert heard.hear(LIVE) == []
    assert heard.due is None


def test_what_lasts_longer_is_told_once_and_so_is_its_end() -> None:
    heard = Listener()
    heard.hear(LIVE)
    heard.hear(AWAY, after=1)
    assert heard.hear(AWAY, after=10) == [(Notice.LOST, "my-app has lost its connection")]
    assert heard.due is None
    assert heard.hear(AWAY, after=10) == []
    assert heard.hear(LIVE) == [(Notice.RESTORED, "my-app is connected again")]


def test_what_drops_as_the_lid_closes_has_ten_seconds_from_waking_on() -> None:
    heard = Listener()
    heard.hear(LIVE)
    heard.hear(AWAY, after=1)
    assert heard.hear(AWAY, after=3600) == [], "the first look after waking, before the sleep was noticed"
    assert heard.due == 10.0
    woken = replace(AWAY, timeline=(Moment(samples.NOW + timedelta(seconds=3601), MomentKind.SLEPT),))
    assert heard.hear(woken, after=3) == []
    assert heard.hear(LIVE, after=3) == []
    assert heard.due is None


def test_what_is_away_ten_seconds_after_waking_is_told() -> None:
    heard = Listener()
    heard.hear(LIVE)
    heard.hear(AWAY, after=1)
    heard.hear(AWAY, after=3600)
    assert heard.hear(AWAY, after=10) == [(Notice.LOST, "my-app has lost its connection")]


def test_a_short_sleep_counts_as_little() -> None:
    heard = Listener()
    heard.hear(LIVE)
    heard.hear(AWAY, after=1)
    woken = replace(AWAY, timeline=(Moment(samples.NOW + timedelta(seconds=9), MomentKind.SLEPT),))
    assert heard.hear(woken, after=8) == []
    assert heard.hear(woken, after=2) == [], "it has had two seconds"
    assert heard.due == 8.0
    assert heard.hear(woken, after=8) == [(Notice.LOST, "my-app has lost its connection")]


def test_one_that_was_made_anew_is_told_however_quickly_it_was_back() -> None:
    heard = Listener()
    heard.hear(LIVE)
    gone = replace(LIVE, standing=Standing(Phase.STOPPING, After.RECREATE))
    assert heard.hear(gone, after=1) == []
    assert heard.hear(samples.connecting("my-app", 3000), after=1) == []
    happened = (MomentKind.LEASE_LOST, MomentKind.RECREATED, MomentKind.CONNECTED)
    back = replace(LIVE, timeline=tuple(Moment(samples.NOW, kind) for kind in happened))
    assert heard.hear(back, after=1) == [(Notice.RESTORED, "my-app is live again")]


def test_before_the_time_line_says_connected_it_counts_as_made_anew_too() -> None:
    heard = Listener()
    heard.hear(LIVE)
    heard.hear(AWAY, after=1)
    back = replace(LIVE, timeline=(Moment(samples.NOW, MomentKind.RECREATED),))
    assert heard.hear(back) == [(Notice.RESTORED, "my-app is live again")]


def test_whoever_stops_a_tunnel_needs_no_telling() -> None:
    heard = Listener()
    heard.hear(LIVE)
    assert heard.hear(samples.stopping("my-app", 3000)) == []
    assert heard.due is None
    assert heard.hear() == []


def test_a_tunnel_that_is_stopped_because_its_time_is_up_is_told() -> None:
    heard = Listener()
    wish = replace(LIVE.wish, stop_after=3600)
    live = replace(LIVE, wish=wish, stops_at=samples.NOW + timedelta(seconds=60))
    heard.hear(live)
    ending = replace(live, wanted=False, standing=Standing(Phase.STOPPING, After.STOPPED))
    assert heard.hear(ending, after=60) == [(Notice.STOPPED, "my-app was stopped")]
    assert heard.hear(ending, after=1) == []


def test_a_failure_is_a_problem_of_its_own() -> None:
    heard = Listener()
    heard.hear(LIVE)
    heard.hear(AWAY, after=1)
    assert heard.hear(samples.failed("my-app", 3000, samples.TAKEN), after=30) == []
    assert heard.due is None


def test_what_the_user_does_not_want_to_hear_is_not_said() -> None:
    heard = Listener(Notice.LIVE)
    heard.hear(LIVE)
    heard.hear(AWAY)
    assert heard.hear(AWAY, after=11) == []
    assert heard.hear(LIVE) == []


def test_one_without_an_address_yet_is_not_announced() -> None:
    heard = Listener()
    heard.hear(samples.connecting("my-app", 3000))
    assert heard.hear(replace(LIVE, hostname=None)) == []


def holds(note: Note, *tunnels: Tunnel) -> bool:
    return note.holds(samples.signed_in(*tunnels))


def test_what_is_told_holds_until_the_tunnel_is_otherwise_or_gone() -> None:
    heard = Listener()
    heard.hear(samples.connecting("my-app", 3000))
    heard.hear(LIVE)
    (live,) = heard.told
    heard.hear(AWAY, after=1)
    heard.hear(AWAY, after=10)
    (lost,) = heard.told
    heard.hear(LIVE)
    (restored,) = heard.told
    stopping = samples.stopping("my-app", 3000)
    for note in (live, restored):
        assert holds(note, LIVE)
        assert not any(holds(note, *each) for each in ((AWAY,), (stopping,), (), (samples.live("api", 8000),)))
    assert holds(lost, AWAY)
    assert not any(holds(lost, *each) for each in ((LIVE,), (stopping,), ()))


def test_that_its_time_was_up_holds_until_it_is_exposed_again() -> None:
    heard = Listener()
    wish = replace(LIVE.wish, stop_after=60)
    heard.hear(replace(LIVE, wish=wish, stops_at=samples.NOW))
    stopping = replace(samples.stopping("my-app", 3000), wish=wish, stops_at=samples.NOW)
    heard.hear(stopping)
    (stopped,) = heard.told
    assert holds(stopped, stopping)
    assert holds(stopped)
    assert not holds(stopped, samples.connecting("my-app", 3000))
    assert not holds(stopped, LIVE)
