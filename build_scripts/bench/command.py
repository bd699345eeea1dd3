"""`tunneldesk expose`, from its spawn to the address, beside the least that could get one."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from build_scripts.bench.bench import end
from build_scripts.bench.result import Goal, Result, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psutil

    from build_scripts.bench.bench import Bench

RUNS = 10

# Without the tools of the developers that httpx would import; no install has them.
_BARE = """
import json, os, sys
sys.modules |= {"rich": None, "pygments": None}
import httpx
url, token = os.environ["TUNNELDESK_SERVER"], os.environ["TUNNELDESK_ACCESS_TOKEN"]
with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as client:
    made = client.post(f"{url}/v1/tunnels", json={"port": int(sys.argv[1])}).json()
    print(json.dumps({"address": made["hostname"]}), flush=True)
    client.delete(f"{url}/v1/tunnels/{made['tunnelId']}")
"""


def command(bench: Bench, runs: int = RUNS) -> list[Result]:
    """Run both in turn, and see when each one has said the address."""
    bench.server()
    port = str(bench.page())
    programs = {
        "tunneldesk": [sys.executable, "-m", "tunneldesk", "expose", port, "--json"],
        "bare": [sys.executable, "-c", _BARE, port],
    }
    taken: dict[str, list[float]] = {name: [] for name in programs}
    with_qt = 0
    for number in range(runs + 1):  # the first fills the system's caches
        for name, argv in programs.items():
            bench.say(f"run {number} of {runs}: {name}")
            seconds, child = _address_after(bench, argv)
            taken[name].append(seconds * 1000)
            if name == "tunneldesk":
                with_qt += _has_loaded(child, "PySide6")
                end(child)
            else:
                child.wait(10)  # it deletes its tunnel
    ours, beside = taken["tunneldesk"][1:], taken["bare"][1:]
    value, wobble = ratio(ours, beside)
    words = f"import httpx, one call: {median(beside):.0f} ms"
    return [
        Result("command", "spawn to address", value, "x", Goal(2), wobble, f"{median(ours):.0f} ms", words),
        Result("command", "runs that loaded PySide6", with_qt, "runs", Goal(0), 0, f"{with_qt} of {runs + 1}"),
    ]


def _address_after(bench: Bench, argv: Sequence[str]) -> tuple[float, psutil.Popen]:
    """Start a program; return the seconds until it said an address in a line of JSON, and the program.

    Raises:
        OSError: It has ended without one.
    """
    began = time.monotonic()
    child, said = bench.heard(argv)
    lines = []
    with said:
        for line in said:
            lines.append(line)
            if json.loads(line).get("address"):
                return time.monotonic() - began, child
    raise OSError(f"no address came: {''.join(lines)}{bench.programs_log()}")


def _has_loaded(child: psutil.Popen, library: str) -> bool:
    return library in Path(f"/proc/{child.pid}/maps").read_text()
