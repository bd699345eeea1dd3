"""Connectors that have outlived the face they belonged to, found and ended.

They should not exist: see `guard` for how a connector dies with its owner. Where that failed (a guard that could
not be set up, a program that shook it off), the next face ends them, and is careful about whom it kills: only a
process whose number, start time and command line are those written down, and only when its owner has ended.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.connector.folder import PREFIX
from tunneldesk.connector.owner import abandoned

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)

_RECORD = "process.json"
_SAME_START = 2.0
"""Seconds by which two readings of one process's start may differ: the kernel counts in ticks."""

_ENDS_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Leftover:
    """A connector whose owner has ended.

    Attributes:
        pid: Its process.
        folder: The folder it was given.
    """

    pid: int
    folder: Path


def record(folder: Path, pid: int) -> None:
    """Write down that process ``pid``, started just now, is the connector that was given ``folder``.

    Raises:
        OSError: It can't be written.
    """
    written = json.dumps({"pid": pid, "started": _since_boot()})
    (folder / _RECORD).write_text(written, encoding="utf-8")


def find(run_dir: Path) -> tuple[Leftover, ...]:
    """Return the connectors whose owners have ended; nothing is touched."""
    return tuple(leftover for owner in abandoned(run_dir) for leftover in _in(owner))


def sweep(run_dir: Path) -> int:
    """End the connectors whose owners have ended, remove their folders, and return how many there were."""
    ended = 0
    for owner in abandoned(run_dir):
        for leftover in _in(owner):
            _log.warning("Connector %d has outlived its owner and is ended", leftover.pid)
            _kill(leftover.pid)
            ended += 1
        shutil.rmtree(owner, ignore_errors=True)
    return ended


def _in(owner: Path) -> list[Leftover]:
    folders = owner.glob(f"{PREFIX}*")
    return [found for folder in folders if (found := _leftover(folder)) is not None]


def _leftover(folder: Path) -> Leftover | None:
    try:
        written = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        pid, started = int(written["pid"]), float(written["started"])
    except (OSError, ValueError, TypeError, KeyError):
        return None  # none was started in it, or the power went in mid-write: then the process is gone, too
    begun = _start_of(pid)
    if begun is None or abs(begun - started) > _SAME_START or not _is_told_of(pid, folder):
        return None
    return Leftover(pid, folder)


def _since_boot() -> float:
    """Seconds since the machine was started, which no change of the clock touches."""
    if hasattr(time, "CLOCK_BOOTTIME"):  # Linux
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    import psutil

    return time.time() - psutil.boot_time()


def _start_of(pid: int) -> float | None:
    """When a process was started, in seconds since the machine was."""
    import psutil  # late: 30 ms that most faces never need

    try:
        return psutil.Process(pid).create_time() - psutil.boot_time()
    except (psutil.Error, OverflowError, ValueError):
        return None


def _is_told_of(pid: int, folder: Path) -> bool:
    """Whether a process has something of this folder, whose name is unique, in its command line."""
    import psutil

    try:
        return any(str(folder) in argument for argument in psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


def _kill(pid: int) -> None:
    import psutil

    try:
        process = psutil.Process(pid)
        process.kill()
        process.wait(_ENDS_WITHIN)
    except psutil.NoSuchProcess:
        return
    except psutil.Error:
        _log.warning("Process %d can't be ended", pid, exc_info=True)
