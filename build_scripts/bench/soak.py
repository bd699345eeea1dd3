"""Three minutes under load: nothing is lost, and nothing grows."""

from __future__ import annotations

import random
import signal
import sys
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psutil

from build_scripts.bench.bench import all_answer
from build_scripts.bench.result import Goal, Result

if TYPE_CHECKING:
    from build_scripts.bench.bench import Bench
    from tests.backend_process import Backend

MINUTES = 3.0
TUNNELS = 5
LINES_A_SECOND = 200
"""Of each connector."""

FAILING = 0.3
"""Part of the heartbeats and lists that the server fails. It takes ten such in a row to lose a lease."""

_RESTART_EVERY = 20.0
_TURN = 1.0
_FAULTS = (
    {"code": "INTERNAL_ERROR"},
    {"status": 502, "body": "<!doctype html><title>Bad gateway</title>"},
    {"code": "INTERNAL_ERROR", "cut": True},
    {"delaySec": 2},
    {"code": "RATE_LIMITED", "headers": {"Retry-After": "1"}},
)
_CHATTY = Path(__file__).with_name("chatty_connector.py")


def soak(bench: Bench, minutes: float = MINUTES) -> list[Result]:
    """Run the app with live tunnels while its connectors talk and die and its server fails.

    Raises:
        TimeoutError: A tunnel was not live at the end, or not at the start.
    """
    chance = random.Random(20_26)  # noqa: S311 - a plan that can be repeated, no secret
    server = bench.server(heartbeat_interval=5, lease_timeout=40, reaper_interval=1)
    bench.connector(sys.executable, str(_CHATTY), str(LINES_A_SECOND))
    names = tuple(f"soak-{number}" for number in range(TUNNELS))
    app = bench.live_app(server, names)
    before = _ids(server)
    memory: list[tuple[float, float]] = []
    restarts = 0
    begun = time.monotonic()
    while (gone_by := time.monotonic() - begun) < minutes * 60:
        if gone_by > (restarts + 1) * _RESTART_EVERY:
            restarts += 1
            chance.choice(_connectors(app)).send_signal(signal.SIGKILL)
        _break_something(server, chance)
        memory.append((gone_by, app.memory_full_info().uss / 1e6))
        bench.say(f"{gone_by:.0f} of {minutes * 60:.0f} s, {memory[-1][1]:.1f} MB, {restarts} connectors killed")
        time.sleep(_TURN)
    server.control("faults", method="DELETE")
    bench.until("every tunnel live at the end", lambda: all_answer(server, names), 40)
    lost = len(before - _ids(server))
    first, last = _early_and_late(memory)
    words = f"{TUNNELS} tunnels, {FAILING:.0%} of calls failing, {restarts} connectors killed"
    return [
        Result(
            "soak",
            "growth of memory (USS) after the first third",
            (last / first - 1) * 100,
            "%",
            Goal(2),
            _wobble(memory),
            f"{last:.1f} MB",
            f"{first:.1f} MB",
        ),
        Result("soak", "leases lost", lost, "lost", Goal(0), 0, words),
    ]


def _break_something(server: Backend, chance: random.Random) -> None:
    """Order what a call of the next turn gets; there is about one heartbeat a turn."""
    ordered = {each["route"] for each in server.call("GET", "/_control/faults").json()["faults"]}
    for route in {"heartbeat", "list"} - ordered:
        if chance.random() < FAILING:
            server.control("faults", {"route": route, **chance.choice(_FAULTS)})


def _connectors(app: psutil.Process) -> list[psutil.Process]:
    found = []
    for child in app.children():
        with suppress(psutil.NoSuchProcess):  # the one killed before, not yet buried
            if "tunneldesk.backend.connector" in child.cmdline():
                found.append(child)
    return found


def _ids(server: Backend) -> set[str]:
    return {each["id"] for each in server.call("GET", "/v1/tunnels").json()}


def _early_and_late(memory: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the medians around the end of the first third, and of the last tenth."""
    sizes = [size for _, size in memory]
    taken = len(sizes)
    return median(sizes[int(taken * 0.28) : int(taken * 0.38) + 1]), median(sizes[int(taken * 0.9) :])


def _wobble(memory: list[tuple[float, float]]) -> float:
    """Return by how many per cent memory changes from one look to the next, at the median."""
    return median(abs(after / before - 1) * 100 for (_, before), (_, after) in pairwise(memory))
