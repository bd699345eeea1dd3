"""What is noticed of a real machine, by a real process, on both event loops."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.contract.machine.bus_with_logind import Bus, Logind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.machine.conftest import Watching

LIMIT = 20.0
NEVER = "3600"
"""A tick that does not come: what is noticed was said by the system."""


def can_be_another_machine() -> bool:
    """Whether the kernel lets us have a network of our own (many containers do not)."""
    command = ["unshare", "--map-root-user", "--net", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_a_process_that_was_frozen_notices_it_within_a_tick(watching: type[Watching], loop: str) -> None:
    watch = watching("--loop", loop, "--tick", "0.5")
    watch.until("look")
    watch.until("look")
    watch.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, watch.process.pid, os.WSTOPPED)
    began = time.monotonic()
    time.sleep(4.5)
    watch.process.send_signal(signal.SIGCONT)
    frozen = time.monotonic() - began
    seconds = float(watch.until("slept").split()[1])
    assert time.monotonic() - began - frozen < 5.0
    assert frozen - 0.6 <= seconds < frozen + 5.0
    assert watch.end() == ("cancelled", "")


def test_a_wake_said_by_logind_is_looked_at_at_once(watching: type[Watching], loop: str, tmp_path: Path) -> None:
    with Bus(tmp_path / "bus") as bus, Logind(bus) as logind:
        watch = watching("--loop", loop, "--tick", NEVER, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
        watch.until("look")  # the first one, to know the way out
        _until_it_looks(watch, lambda: logind.says(start=False))
        assert watch.end() == ("cancelled", "")


def test_without_a_bus_or_with_one_that_ends_all_is_quiet(
    watching: type[Watching], loop: str, tmp_path: Path
) -> None:
    bus = Bus(tmp_path / "bus")
    without = watching("--loop", loop, "--tick", "0.1", DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    for _ in range(3):
        without.until("look")
    assert without.end() == ("cancelled", "")
    with bus, Logind(bus) as logind:
        ending = watching("--loop", loop, "--tick", NEVER, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
        ending.until("look")
        _until_it_looks(ending, lambda: logind.says(start=False))
    assert ending.end() == ("cancelled", "")


@pytest.mark.skipif(not can_be_another_machine(), reason="the kernel gives us no network of our own")
@pytest.mark.slow
def test_a_network_that_comes_goes_and_is_another_is_told_when_there_is_one(
    watching: type[Watching], loop: str
) -> None:
    watch = watching("--loop", loop, "--tick", NEVER, prefix=("unshare", "--map-root-user", "--net"))
    watch.until("look")  # it has no way out, to begin with
    for address in ("192.0.2.9", "192.0.2.10"):
        _readdress(watch.process.pid, address)
        assert watch.until("network") == "network changed 0.0"
        _readdress(watch.process.pid, "0.0.0.0")  # noqa: S104 - which takes the address away
        assert [watch.line(), watch.line()] == ["look", "look"]
    assert watch.end() == ("cancelled", "")


def _readdress(pid: int, address: str) -> None:
    """Change the address in the network of another process."""
    enter = ["nsenter", "--target", str(pid), "--user", "--net", "--preserve-credentials"]
    program = [sys.executable, str(Path(__file__).with_name("readdress.py")), address]
    subprocess.run([*enter, *program], check=True, timeout=10)


def _until_it_looks(watch: Watching, prompt: Callable[[], None]) -> None:
    """Prompt it until it looks: it takes a moment to subscribe, and does not say when it has."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        prompt()
        with contextlib.suppress(queue.Empty):
            assert watch.line(within=0.1) == "look"
            return
    pytest.fail("it never looked")
