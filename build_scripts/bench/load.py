"""Many requests at a time, made by wrk."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONNECTIONS = 32
_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Request:
    """One request; what is empty is left out."""

    method: str
    path: str
    host: str = ""
    token: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it.

    Attributes:
        rate: Answers a second.
        p50: Milliseconds that half of them took at most.
        p99: Milliseconds that all but one in a hundred took at most.
    """

    rate: float
    p50: float
    p99: float


def write_requests(path: Path, requests: Iterable[Request]) -> Path:
    """Write what is to be sent into a file, and return it."""
    lines = (f"{each.method}\t{each.path}\t{each.host}\t{each.token}\t{each.body}\n" for each in requests)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def load(url: str, requests: Path, seconds: float) -> Load:
    """Send the requests of a file in turn, for so many whole seconds, over 32 connections.

    Raises:
        OSError: A request failed, or was refused.
    """
    argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--timeout=10s", f"--script={_SCRIPT}"]
    done = subprocess.run(
        [*argv, url, "--", str(requests)], capture_output=True, text=True, timeout=seconds + 30, check=False
    )
    try:
        said = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise OSError(f"wrk said no result: {done.stdout}{done.stderr}") from error
    if said["failed"]:
        raise OSError(f"{said['failed']} of {said['count']} requests to {url} failed")
    return Load(said["count"] / said["seconds"], said["p50"], said["p99"])


def in_words(loads: Sequence[Load]) -> str:
    """Return the medians of several loads, as they are shown."""
    rate, p50, p99 = (median(getattr(each, what) for each in loads) for what in ("rate", "p50", "p99"))
    return f"{rate:,.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms"
