"""The life of a tunnel, walked whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.domain.lifecycle import (
    ACTIVE_PHASES,
    ATTACHED_PHASES,
    TORN_DOWN,
    TRANSITIONS,
    After,
    Event,
    ImpossibleEventError,
    Phase,
    Standing,
    advance,
)

# The table of the house plan, written down a second time in its own form: "=" is "stays where it is".
PLAN = """
STOPPED       EXPOSE CREATING, DISMISS =
CREATING      CREATED CONNECTING, ADOPT CONNECTING, REFUSED FAILED, TRANSIENT WAITING, STOP STOPPING
WAITING       RETRY CREATING, STOP STOPPED
CONNECTING    READY ONLINE, LOST =, GAVE_UP STOPPING, LEASE_LOST STOPPING, STOP STOPPING
ONLINE        READY =, LOST RECONNECTING, GAVE_UP STOPPING, LEASE_LOST STOPPING, STOP STOPPING
RECONNECTING  READY ONLINE, LOST =, GAVE_UP STOPPING, LEASE_LOST STOPPING, STOP STOPPING
STOPPING      CREATED =, ADOPT =, REFUSED =, TRANSIENT =, READY =, LOST =, GAVE_UP =, LEASE_LOST =, STOP =
FAILED        EXPOSE CREATING, DISMISS STOPPED
"""

ENTERS_WITH = {Event.STOP: After.STOPPED, Event.GAVE_UP: After.FAILED, Event.LEASE_LOST: After.RECREATE}

STANDINGS = [Standing(phase) for phase in Phase if phase is not Phase.STOPPING] + [
    Standing(Phase.STOPPING, after) for after in After
]


def planned() -> dict[tuple[Phase, Event], Phase]:
    rows = {}
    for line in PLAN.strip().splitlines():
        name, _, ways = line.partition(" ")
        for way in ways.split(","):
            event, target = way.split()
            rows[Phase[name], Event[event]] = Phase[name if target == "=" else target]
    return rows


def test_the_table_is_the_one_of_the_plan() -> None:
    assert planned() == TRANSITIONS


@pytest.mark.parametrize(("standing", "event"), [*product(STANDINGS, Event)])
def test_every_pair_leads_where_the_plan_says_or_is_impossible(standing: Standing, event: Event) -> None:
    target = planned().get((standing.phase, event))
    if standing.phase is Phase.STOPPING and event is Event.TORN_DOWN:
        assert standing.after is not None
        assert advance(standing, event) == Standing(TORN_DOWN[standing.after])
    elif target is None:
        with pytest.raises(ImpossibleEventError, match=str(event)):
            advance(standing, event)
    else:
        assert advance(standing, event).phase is target


@pytest.mark.parametrize(("phase", "event"), [*product(sorted(ATTACHED_PHASES), ENTERS_WITH)])
def test_what_ends_a_tunnel_says_what_comes_after(phase: Phase, event: Event) -> None:
    assert advance(Standing(phase), event) == Standing(Phase.STOPPING, ENTERS_WITH[event])


def test_a_create_that_is_cancelled_ends_stopped() -> None:
    assert advance(Standing(Phase.CREATING), Event.STOP) == Standing(Phase.STOPPING, After.STOPPED)


@pytest.mark.parametrize("after", After)
def test_a_later_stop_overrides_whatever_was_to_come(after: After) -> None:
    assert advance(Standing(Phase.STOPPING, after), Event.STOP).after is After.STOPPED


@pytest.mark.parametrize("after", After)
@pytest.mark.parametrize("event", [event for phase, event in TRANSITIONS if phase is Phase.STOPPING])
def test_nothing_but_a_stop_changes_what_comes_after(after: After, event: Event) -> None:
    standing = Standing(Phase.STOPPING, after)
    assert advance(standing, event) == (
        standing if event is not Event.STOP else replace(standing, after=After.STOPPED)
    )


@pytest.mark.parametrize(
    ("after", "phase"),
    [(After.STOPPED, Phase.STOPPED), (After.FAILED, Phase.FAILED), (After.RECREATE, Phase.CREATING)],
)
def test_a_tunnel_that_is_torn_down_goes_where_it_was_to_go(after: After, phase: Phase) -> None:
    assert advance(Standing(Phase.STOPPING, after), Event.TORN_DOWN) == Standing(phase)


def test_stopping_without_a_destination_can_not_be_torn_down() -> None:
    with pytest.raises(ImpossibleEventError):
        advance(Standing(Phase.STOPPING), Event.TORN_DOWN)


def test_phases_are_sorted_into_active_and_attached() -> None:
    assert frozenset(Phase) - {Phase.STOPPED, Phase.FAILED} == ACTIVE_PHASES
    assert ATTACHED_PHASES < ACTIVE_PHASES


@given(st.lists(st.sampled_from(Event), max_size=30))
def test_whatever_happens_a_destination_is_known_exactly_while_stopping(events: list[Event]) -> None:
    standing = Standing()
    for event in events:
        try:
            standing = advance(standing, event)
        except ImpossibleEventError:
            continue
        assert (standing.after is not None) == (standing.phase is Phase.STOPPING)


@pytest.mark.parametrize("standing", [item for item in STANDINGS if item.phase in ACTIVE_PHASES], ids=str)
def test_every_active_tunnel_can_be_stopped(standing: Standing) -> None:
    stopped = advance(standing, Event.STOP)
    if stopped.phase is Phase.STOPPING:
        stopped = advance(stopped, Event.TORN_DOWN)
    assert stopped == Standing(Phase.STOPPED)
