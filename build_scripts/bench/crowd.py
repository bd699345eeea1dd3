"""A paired server with very many tunnels, beside one with few."""

from __future__ import annotations

import random
import time
from statistics import median
from typing import TYPE_CHECKING

import psutil

from build_scripts.bench.filling import EACH, Filled, beats, filled
from build_scripts.bench.load import Load, in_words, load, write_requests
from build_scripts.bench.result import Goal, Result, ratio, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from build_scripts.bench.bench import Bench

MANY = 100_000
FEW = 100
ROUNDS = 3
SECONDS = 2
MOST = Goal(1.5)

_PASSES = 200
"""Of the reaper over the few tunnels; over the many, one is enough."""

_LOOKS = 1000
"""Passes of the reaper that find nothing to do."""


def crowd(bench: Bench, many: int = MANY) -> list[Result]:
    """Load both servers in turn, after the reaper has been through each one's tunnels."""
    urls, requests, reaping, looking, processes = {}, {}, {}, {}, {}
    for count in (FEW, many):
        bench.say(f"making {count:,} tunnels")
        folder = bench.folder / f"server-{count}"
        with filled(folder / "data", count // EACH, tunnels=count) as made:
            bench.say(f"reaping {count:,} tunnels")
            reaping[count] = _reap(made, passes=_PASSES if count == FEW else 1)
            looking[count] = [_microseconds(made) for _ in range(_LOOKS)]
            sent = beats(made.owned)
        random.Random(count).shuffle(sent)  # noqa: S311 - no secret
        requests[count] = write_requests(bench.folder / f"{count}.requests", sent)
        paired = bench.server(folder=folder, lease_timeout=made.lease)
        urls[count], processes[count] = paired.api_url, psutil.Process(paired.process.pid)
    taken: dict[int, list[Load]] = {FEW: [], many: []}
    for number in range(ROUNDS):
        for count, url in urls.items():
            bench.say(f"round {number + 1} of {ROUNDS}: heartbeats to {count:,} tunnels")
            taken[count].append(load(url, requests[count], SECONDS))
    memory = {count: process.memory_info().rss / 1e6 for count, process in processes.items()}
    results = []
    for what in ("p50", "p99"):
        values = {count: [getattr(each, what) for each in loads] for count, loads in taken.items()}
        results.append(_line(f"heartbeat, {what}", *ratio(values[many], values[FEW]), taken, many))
    ours, beside = (reaping[count] for count in (many, FEW))
    results.append(
        Result(
            "crowd",
            "reaper, a tunnel, when all are due at once",
            median(ours) / median(beside),
            "x",
            MOST,
            spread([each / median(beside) for each in ours]),
            f"{median(ours):.1f} µs; a pass {median(ours) * many / 1e6:.1f} s",
            f"{median(beside):.1f} µs",
        )
    )
    value, wobble = ratio(looking[many], looking[FEW])
    results.append(
        Result(
            "crowd",
            "reaper, a pass with nothing due",
            value,
            "x",
            MOST,
            wobble,
            f"{median(looking[many]):.0f} µs",
            f"{median(looking[FEW]):.0f} µs",
        )
    )
    results.append(
        Result(
            "crowd",
            "memory (RSS)",
            memory[many] / memory[FEW],
            "x",
            MOST,
            0,
            f"{memory[many]:.0f} MB",
            f"{memory[FEW]:.0f} MB",
        )
    )
    return results


def _line(what: str, value: float, wobble: float, taken: dict[int, list[Load]], many: int) -> Result:
    return Result("crowd", what, value, "x", MOST, wobble, in_words(taken[many]), in_words(taken[FEW]))


def _reap(made: Filled, passes: int) -> Sequence[float]:
    """Let the reaper pass through tunnels that were all beaten; return microseconds a tunnel, batch by batch."""
    store, clock = made.store, made.clock
    taken = []
    clock.jump(made.lease * 0.15)
    for _ in range(passes):
        # All are beaten when a tenth of the lease is left; the reaper comes when it would have been over.
        clock.jump(made.lease * 0.75)
        for user, ids in made.users.items():
            for tunnel in ids:
                store.beat(tunnel, user)
        clock.jump(made.lease * 0.15)
        while True:
            started = time.perf_counter()
            looked = store.reap()
            if looked is None:
                break
            taken.append((time.perf_counter() - started) * 1e6 / looked[0])
    return taken


def _microseconds(made: Filled) -> float:
    """Return what a pass takes in which no tunnel is due."""
    started = time.perf_counter()
    looked = made.store.reap()
    taken = (time.perf_counter() - started) * 1e6
    if looked is not None:
        raise OSError(f"{looked[0]} tunnels were due after the reaper had been through all")
    return taken
