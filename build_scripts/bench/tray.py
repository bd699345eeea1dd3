"""The tray app on a real tray, beside the smallest tray programs there can be."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from build_scripts.bench.bench import end
from build_scripts.bench.result import Goal, Result, ratio
from build_scripts.bench.screen import TrayWatch, open_screen

if TYPE_CHECKING:
    import psutil

    from build_scripts.bench.bench import Bench

STARTS = 10
TUNNELS = 5
SETTLE = 10.0
"""Seconds until memory is looked at."""

WATCH = 60.0
"""Seconds over which the idle app is watched."""

_BARE_STARTS = 2.0

_APP = [sys.executable, "-m", "tunneldesk"]
_BARE = [sys.executable, "-m", "build_scripts.bench.bare_tray"]


def icon(bench: Bench, starts: int = STARTS) -> list[Result]:
    """Start the app and the bare program in turn, and see when each one's icon is in the tray."""
    bench.server()
    display = open_screen(bench)
    taken: dict[str, list[float]] = {"app": [], "bare": []}
    with TrayWatch(display) as watch:
        for number in range(starts + 1):  # the first fills the system's caches
            for name, argv in (("app", _APP), ("bare", _BARE)):
                bench.say(f"start {number} of {starts}: {name}")
                watch.forget()
                began = time.monotonic()
                child = bench.start(argv)
                taken[name].append((watch.icon_comes() - began) * 1000)
                end(child)
    ours, beside = taken["app"][1:], taken["bare"][1:]
    value, wobble = ratio(ours, beside)
    return [
        Result(
            "icon",
            "spawn to icon in the tray",
            value,
            "x",
            Goal(1.25),
            wobble,
            f"{median(ours):.0f} ms",
            f"smallest tray program: {median(beside):.0f} ms",
        )
    ]


def standing(bench: Bench, settle: float = SETTLE, watch: float = WATCH) -> list[Result]:
    """Look at the app's memory with nothing exposed and with five live tunnels, and at what it does in a minute.

    Memory is looked at one program after the other: side by side they would share Qt's pages, as no two programs of
    a user do.
    """
    server = bench.server()
    open_screen(bench)
    beside = _alone(bench, settle, bench.start([*_BARE, "--client"]))
    idle = _alone(bench, settle, bench.app())
    app = bench.live_app(server, [f"live-{number}" for number in range(TUNNELS)])
    _wait(bench, settle)
    live = app.memory_full_info()
    what = f"{TUNNELS} live tunnels, window hidden"
    found = [
        *_memory("memory", "nothing exposed", Goal(1.15), idle, beside),
        *_memory("memory-live", what, Goal(1.3), live, beside),
    ]
    bare = bench.start([*_BARE, "--client"])
    _wait(bench, _BARE_STARTS)
    before = _Use.of(app), _Use.of(bare)
    _wait(bench, watch)
    after = _Use.of(app), _Use.of(bare)
    (cpu, switches), (bare_cpu, bare_switches) = (
        late.since(early) for early, late in zip(before, after, strict=True)
    )
    return [
        *found,
        Result("idle", f"CPU, {what}", cpu, "%", Goal(0.3), 0, f"{cpu:.2f} % of a core", f"{bare_cpu:.2f} %"),
        Result(
            "idle",
            f"voluntary switches, {what}",
            switches,
            "/s",
            Goal(5),
            0,
            f"{switches:.1f}/s",
            f"{bare_switches:.1f}/s",
        ),
    ]


def _alone(bench: Bench, settle: float, child: psutil.Popen) -> Any:
    """Let a program settle, and end it; return what memory it had."""
    _wait(bench, settle)
    memory = child.memory_full_info()
    end(child)
    return memory


@dataclass(frozen=True, slots=True)
class _Use:
    """What a process has used up to a moment."""

    at: float
    cpu: float
    switches: int

    @classmethod
    def of(cls, process: psutil.Process) -> _Use:
        times = process.cpu_times()
        switches = 0
        for status in Path(f"/proc/{process.pid}/task").glob("*/status"):  # psutil counts the first thread only
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            switches += int(lines["voluntary_ctxt_switches"])
        return cls(time.monotonic(), times.user + times.system, switches)

    def since(self, before: _Use) -> tuple[float, float]:
        """Return per cent of a core, and switches a second."""
        seconds = self.at - before.at
        return (self.cpu - before.cpu) / seconds * 100, (self.switches - before.switches) / seconds


def _memory(measure: str, what: str, goal: Goal, ours: Any, beside: Any) -> list[Result]:
    return [
        Result(
            measure,
            f"{kind.upper()}, {what}",
            getattr(ours, kind) / getattr(beside, kind),
            "x",
            goal,
            0,
            f"{getattr(ours, kind) / 1e6:.1f} MB",
            f"tray, loop and client: {getattr(beside, kind) / 1e6:.1f} MB",
        )
        for kind in ("rss", "uss")
    ]


def _wait(bench: Bench, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        bench.say(f"{left:.0f} s left")
        time.sleep(min(left, 5.0))
