"""Twenty creates in a sliding minute."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.backend.limits import WINDOW_SEC, RateLimit


def test_one_too_many_is_told_how_long_to_wait() -> None:
    rate = RateLimit(20)
    for number in range(20):
        allowance = rate.count("ann", 1000.0 + number)
        assert allowance.allowed
        assert allowance.headers() == {
            "X-RateLimit-Limit": "20",
            "X-RateLimit-Remaining": str(19 - number),
            "X-RateLimit-Reset": str(60 - number),
        }
    refused = rate.count("ann", 1030.0)
    assert not refused.allowed
    # The first of the twenty newest, this one among them, was at 1001.
    assert refused.headers()["Retry-After"] == "31"
    assert refused.headers()["X-RateLimit-Remaining"] == "0"


def test_the_minute_slides() -> None:
    rate = RateLimit(2)
    assert rate.count("ann", 1000.0).allowed
    assert rate.count("ann", 1050.0).allowed
    assert rate.count("ann", 1060.0).allowed  # the first no longer counts, the second does
    assert not rate.count("ann", 1061.0).allowed


def test_each_user_has_a_minute_of_their_own() -> None:
    rate = RateLimit(1)
    assert rate.count("ann", 1000.0).allowed
    assert rate.count("bob", 1000.0).allowed
    assert not rate.count("ann", 1000.0).allowed


def test_no_limit_says_nothing() -> None:
    rate = RateLimit(0)
    assert all(rate.count("ann", 1000.0).allowed for _ in range(100))
    assert rate.count("ann", 1000.0).headers() == {}


def test_a_clock_set_back_locks_nobody_out() -> None:
    rate = RateLimit(1)
    rate.count("ann", 1000.0)
    assert rate.count("ann", 10.0).allowed


def test_quiet_users_are_forgotten() -> None:
    rate = RateLimit(20)
    for number in range(1000):
        rate.count(f"user-{number}", 1000.0)
    rate.count("ann", 1000.0 + WINDOW_SEC)
    assert len(rate._seen) == 1


@given(
    limit=st.integers(1, 5),
    gaps=st.lists(st.integers(0, 240).map(lambda eighths: eighths / 8), max_size=60),
)
def test_whoever_waits_as_told_gets_through(limit: int, gaps: list[float]) -> None:
    rate, now, times = RateLimit(limit), 1000.0, list[float]()
    for gap in gaps:
        now += gap
        allowance = rate.count("ann", now)
        assert allowance.allowed == (sum(at > now - WINDOW_SEC for at in times) < limit)
        times.append(now)
        assert 0 <= allowance.remaining < limit
        assert 1 <= allowance.reset_sec <= WINDOW_SEC
        if not allowance.allowed:
            now += allowance.reset_sec
            assert rate.count("ann", now).allowed
            times.append(now)
