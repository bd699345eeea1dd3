"""Leases, heartbeats and the health of each hop."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.domain.health import Beat, BeatOutcome, Health, Hop, Lease, Vitals, lease_health

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SECONDS = st.floats(min_value=0, max_value=1e9)


def beats(marks: str) -> list[Beat]:
    outcome = {"o": BeatOutcome.OK, "l": BeatOutcome.LATE, "m": BeatOutcome.MISSED}
    return [Beat(AT, outcome[mark]) for mark in marks]


def test_a_lease_counts_down_from_its_last_renewal() -> None:
    lease = Lease(timeout=60, renewed_at=1000)
    assert lease.left(1000) == 60
    assert lease.left(1041.5) == 18.5
    assert lease.left(1060) == 0


def test_a_lease_long_over_has_no_time_left_rather_than_less_than_none() -> None:
    assert Lease(timeout=60, renewed_at=1000).left(5000) == 0


@given(timeout=SECONDS, renewed_at=SECONDS, first=SECONDS, second=SECONDS)
def test_time_only_takes_from_a_lease(timeout: float, renewed_at: float, first: float, second: float) -> None:
    lease = Lease(timeout, renewed_at)
    earlier, later = sorted((first, second))
    assert lease.left(earlier) >= lease.left(later) >= 0


@pytest.mark.parametrize(
    ("marks", "health"),
    [
        ("", Health.OK),
        ("ooo", Health.OK),
        ("ool", Health.OK),
        ("oom", Health.OK),  # one missed beat is a tick on the strip and no alarm
        ("omm", Health.DEGRADED),
        ("mm", Health.DEGRADED),
        ("mmo", Health.OK),
        ("mml", Health.OK),
        ("mom", Health.OK),
    ],
)
def test_a_lease_is_degraded_from_the_second_missed_beat_on(marks: str, health: Health) -> None:
    assert lease_health(beats(marks), seconds_left=10) is health


@pytest.mark.parametrize("marks", ["", "ooo", "mm"])
@pytest.mark.parametrize("left", [0, -1])
def test_a_lease_without_time_left_is_down(marks: str, left: float) -> None:
    assert lease_health(beats(marks), seconds_left=left) is Health.DOWN


def test_vitals_are_unknown_at_first_and_found_by_hop() -> None:
    assert [Vitals()[hop] for hop in Hop] == [Health.UNKNOWN] * 4
    vitals = Vitals(Health.OK, Health.DEGRADED, Health.DOWN, Health.UNKNOWN)
    assert [vitals[hop] for hop in Hop] == [Health.OK, Health.DEGRADED, Health.DOWN, Health.UNKNOWN]
