"""The machine's clocks go on, and together while it is awake."""

from __future__ import annotations

import time

import pytest

from tunneldesk.machine import clocks
from tunneldesk.machine.senses import this_machine


def test_a_clock_goes_on_through_sleep() -> None:
    before = clocks.through_sleep()
    time.sleep(0.01)
    assert clocks.through_sleep() - before >= 0.01


def test_while_the_machine_is_awake_both_clocks_pass_alike() -> None:
    assert clocks.awake is not None, "only Windows has none"
    through_sleep, awake = clocks.through_sleep(), clocks.awake()
    time.sleep(0.05)
    assert clocks.through_sleep() - through_sleep == pytest.approx(clocks.awake() - awake, abs=0.04)


def test_the_machine_has_all_its_senses() -> None:
    senses = this_machine()
    assert senses.awake is clocks.awake
    assert senses.way_out() is not None
    assert [watch.__name__ for watch in senses.watches] == ["watch_logind", "watch_routes"]
