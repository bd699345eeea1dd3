"""The paired server under 32 connections, beside the least that its own stack can do."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import psutil

from build_scripts.bench.filling import EACH, beats, filled
from build_scripts.bench.load import Load, Request, in_words, load, write_requests
from build_scripts.bench.result import Goal, Result, ratio, spread

if TYPE_CHECKING:
    from build_scripts.bench.bench import Bench

ROUNDS = 3
SECONDS = 2
LATE = Goal(20)
"""Milliseconds, at p99."""

LEAST = {"heartbeat": Goal(0.35, at_least=True), "create": Goal(0.1, at_least=True)}
"""Of the bare route's rate."""

RELEASED = {"heartbeat": "671/s, p99 86 ms", "create": "239/s", "list": "762/s"}
"""What a released server of this kind did, as one process and its database on two cores."""

_TUNNELS = 100
_USERS = 10_000
"""More than can use up their tunnels in the time."""


def server(bench: Bench) -> list[Result]:
    """Load one server with heartbeats, creates and lists, each in turn with the bare route."""
    with filled(bench.folder / "server" / "data", _USERS, tunnels=_TUNNELS) as made:
        owned = made.owned
    paired = bench.server(lease_timeout=made.lease)
    port = bench.listen("build_scripts.bench.bare_server", "asgi")
    idle = psutil.Process(paired.process.pid).memory_info().rss / 1e6
    requests = {
        "heartbeat": beats(owned),
        "list": [Request("GET", "/v1/tunnels", token=token) for token, ids in owned.items() if ids],
        "create": [
            Request("POST", "/v1/tunnels", token=token, body='{"port":3000}')
            for token, ids in owned.items()
            if not ids
            for _ in range(EACH)
        ],
    }
    beaten = write_requests(bench.folder / "heartbeat", requests["heartbeat"])
    taken: dict[str, list[Load]] = {kind: [] for kind in (*requests, "bare")}
    share = len(requests["create"]) // ROUNDS  # what was created can't be created again
    for number in range(ROUNDS):
        for kind, all_of_them in requests.items():
            bench.say(f"round {number + 1} of {ROUNDS}: {kind}")
            part = all_of_them[number * share :][:share] if kind == "create" else all_of_them
            taken[kind].append(load(paired.api_url, write_requests(bench.folder / kind, part), SECONDS))
        taken["bare"].append(load(f"http://127.0.0.1:{port}", beaten, SECONDS))
    busy = psutil.Process(paired.process.pid).memory_info().rss / 1e6
    memory = f"{idle:.0f} MB idle, {busy:.0f} MB busy"
    bare_words = f"bare route: {in_words(taken['bare'])}"
    bare = [each.rate for each in taken["bare"]]
    results = []
    for kind in requests:
        ours = f"{in_words(taken[kind])}; {memory}"
        beside = f"{bare_words}; a released server: {RELEASED[kind]}, 93-99 MiB idle"
        rate, rate_spread = ratio([each.rate for each in taken[kind]], bare)
        if kind in LEAST:
            results.append(Result(kind, f"{kind}s a second", rate, "x", LEAST[kind], rate_spread, ours, beside))
        late = [each.p99 for each in taken[kind]]
        results.append(Result(kind, f"{kind}, p99", median(late), "ms", LATE, spread(late), ours, beside))
    return results
