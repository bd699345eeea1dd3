"""What is told of tunnels that are live."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tunneldesk.domain.model import Moment, MomentKind, Tunnel, Wish
from tunneldesk.presentation.announcement import announcement, why_awake

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def tunnel(*kinds: MomentKind) -> Tunnel:
    return Tunnel("key", Wish(3000, "my-app"), timeline=tuple(Moment(NOW, kind) for kind in kinds))


@pytest.mark.parametrize("kinds", [(), (MomentKind.CREATED, MomentKind.CONNECTED)])
def test_the_first_time_the_address_is_what_matters(kinds: tuple[MomentKind, ...]) -> None:
    assert announcement(tunnel(*kinds), "https://a.example.com") == ("my-app is live", "https://a.example.com")


def test_one_that_was_made_anew_says_so() -> None:
    made = tunnel(MomentKind.CREATED, MomentKind.LEASE_LOST, MomentKind.RECREATED, MomentKind.CONNECTED)
    title, text = announcement(made, "https://a.example.com")
    assert title == "my-app is live again"
    assert "under the same address" in text


def test_one_that_was_taken_up_says_so() -> None:
    title, text = announcement(tunnel(MomentKind.ADOPTED, MomentKind.CONNECTED), "https://a.example.com")
    assert title == "my-app is live again"
    assert "taken up" in text


def test_whoever_asks_what_keeps_the_computer_awake_is_told_that_it_was_wanted() -> None:
    assert why_awake() == "A tunnel is up that is to stay up."
