"""What a person in front of the app waits for, and whether the app keeps time while its connectors talk."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from build_scripts.bench.result import Goal, Result, difference, percentile, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from build_scripts.bench.bench import Bench

LINES_A_SECOND = 2000
"""Of each connector under load."""

INTERVAL = 1.0
"""Seconds between two heartbeats under load, so that there are enough of them to judge by."""

_HERE = Path(__file__).parent
_TAKES_AT_MOST = 120.0


def exposing(bench: Bench) -> list[Result]:
    """Press "Expose" again and again, and see when the address, and then that it is live, is painted."""
    bench.connector(sys.executable, str(_HERE / "stamping_connector.py"))
    bench.server()
    seen = _inside(bench, "exposing", BENCH_STAMPS=str(bench.folder / "stamps"))
    more, wobble = difference(seen["address"], seen["call"])
    return [
        Result(
            "expose",
            'added between "Expose" pressed and address painted',
            more,
            "ms",
            Goal(20),
            wobble,
            f"{median(seen['address']):.1f} ms",
            f"bare call with httpx: {median(seen['call']):.1f} ms",
        ),
        Result(
            "live",
            "connector's first registered line to live painted, p99",
            percentile(seen["live"], 99),
            "ms",
            Goal(60),
            spread(seen["live"]),
            f"p50 {median(seen['live']):.1f} ms of {len(seen['live'])}",
        ),
    ]


def loaded(bench: Bench) -> list[Result]:
    """Let five connectors talk, the window and a log open, and see how late the loop and the beats are."""
    bench.connector(sys.executable, str(_HERE / "chatty_connector.py"), str(LINES_A_SECOND))
    bench.server(heartbeat_interval=INTERVAL, lease_timeout=3 * INTERVAL)
    seen = _inside(bench, "loaded")
    late = late_beats(seen["beats"])
    return [
        *(
            Result(
                "stalls",
                f"event loop held up, {words}",
                percentile(seen["loaded"], part),
                "ms",
                Goal(limit),
                0,
                f"p50 {median(seen['loaded']):.1f} ms of {len(seen['loaded'])}",
                f"idle loop: {percentile(seen['idle'], part):.1f} ms",
            )
            for words, part, limit in (("p99.9", 99.9, 16), ("longest", 100, 50))
        ),
        Result(
            "beats",
            "heartbeats late under load, p99",
            percentile(late, 99),
            "ms",
            Goal(50),
            spread(late),
            f"p50 {median(late):.1f} ms of {len(late)}",
        ),
    ]


def late_beats(tunnels: Sequence[Sequence[float]]) -> list[float]:
    """Return how many milliseconds each beat came after its time, which a tunnel's most punctual one sets."""
    late = []
    for beats in tunnels:
        places = [at - round((at - beats[0]) / INTERVAL) * INTERVAL for at in beats]
        late += [(place - min(places)) * 1000 for place in places]
    return late


def _inside(bench: Bench, scenario: str, **environ: str) -> dict[str, Any]:
    """Run the app with a scenario at its controls; return what was seen."""
    bench.environ |= {**environ, "BENCH_PORT": str(bench.page())}
    said = bench.folder / "seen.json"
    with said.open("wb") as out:
        child = bench.start([sys.executable, "-m", "build_scripts.bench.inside", scenario], stdout=out.fileno())
    bench.say("the app is at work")
    bench.until("the app to end", lambda: child.poll() is not None, _TAKES_AT_MOST)
    if child.returncode:
        raise OSError(f"the app ended with {child.returncode}:\n{bench.programs_log()}")
    seen: dict[str, Any] = json.loads(said.read_text())
    return seen
