"""What would do again what failed is kept with the failure, and goes with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.service.failures import Failures
from tunneldesk.service.store import Store

if TYPE_CHECKING:
    from tests.unit.service.conftest import VirtualClock

OFFLINE, DENIED = Failure(ErrorCode.SERVER_TIMED_OUT), Failure(ErrorCode.FORBIDDEN)


async def first() -> None:
    """Stand for what failed first."""


async def second() -> None:
    """Stand for what failed later."""


def test_the_newest_failure_is_shown_and_its_work_is_what_is_done_again(clock: VirtualClock) -> None:
    store = Store()
    failures = Failures(store, clock)
    failures.show(OFFLINE, again=first)
    failures.show(DENIED, again=second)
    seen = [store.state.failure]
    assert failures.dismiss() is second
    seen.append(store.state.failure)
    assert seen == [replace(DENIED, at=clock.now()), None]
    assert failures.dismiss() is None


def test_a_failure_that_nothing_can_do_again_does_not_do_the_one_before(clock: VirtualClock) -> None:
    failures = Failures(Store(), clock)
    failures.show(OFFLINE, again=first)
    failures.show(DENIED)
    assert failures.dismiss() is None


def test_what_a_sign_in_has_put_away_is_not_done_again(clock: VirtualClock) -> None:
    store = Store()
    failures = Failures(store, clock)
    failures.show(OFFLINE, again=first)
    store.update(lambda state: replace(state, failure=None))
    assert failures.dismiss() is None
