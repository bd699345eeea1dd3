"""Every task has an owner that sees its failure."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode, Failure, ServerRefusedError
from tunneldesk.service.failures import Failures
from tunneldesk.service.store import Store
from tunneldesk.service.tasks import Tasks

if TYPE_CHECKING:
    import pytest

    from tests.unit.service.conftest import VirtualClock


async def test_a_failure_of_a_known_kind_is_put_into_the_state(clock: VirtualClock) -> None:
    store = Store()
    failure = Failure(ErrorCode.FORBIDDEN)

    async def fail() -> None:
        raise ServerRefusedError(failure)

    await Tasks(Failures(store, clock)).start(fail(), "fail")
    assert store.state.failure == replace(failure, at=clock.now())


async def test_a_fault_in_the_program_is_logged_and_ends_nothing_else(
    clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store()
    tasks = Tasks(Failures(store, clock))

    async def fail() -> None:
        raise ZeroDivisionError

    other = tasks.start(asyncio.sleep(60), "other")
    with caplog.at_level(logging.ERROR):
        await tasks.start(fail(), "divide")
    assert store.state.failure is not None
    assert store.state.failure.code is ErrorCode.UNEXPECTED
    assert store.state.failure.message == "ZeroDivisionError"
    assert "divide" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert not other.done()
    await tasks.cancel()
    assert other.cancelled()
