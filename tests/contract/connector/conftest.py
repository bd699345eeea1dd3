"""Runs supervisors with real child processes, and stops them at the end of a test."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.contract.connector.watched import TOKEN, Watched
from tunneldesk.connector.locate import Program
from tunneldesk.domain.preferences import EdgeProtocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tunneldesk.domain.secret import Secret

FAKE = Path(__file__).with_name("fake_cloudflared.py")


class Watch(Protocol):
    """Runs a supervisor for a program and stops it at the end of the test."""

    def __call__(
        self,
        program: Program,
        token: Secret = TOKEN,
        *,
        speed: float = 1.0,
        protocol: EdgeProtocol = EdgeProtocol.AUTO,
    ) -> Watched:
        """Start one."""


class Play(Protocol):
    """Runs a supervisor for a fake cloudflared that plays these runs."""

    def __call__(
        self, *runs: dict[str, Any], speed: float = 1.0, protocol: EdgeProtocol = EdgeProtocol.AUTO
    ) -> Watched:
        """Start one."""


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watch]:
    running: list[Watched] = []

    def watch(
        program: Program,
        token: Secret = TOKEN,
        *,
        speed: float = 1.0,
        protocol: EdgeProtocol = EdgeProtocol.AUTO,
    ) -> Watched:
        notes = tmp_path / "starts.jsonl"
        running.append(Watched(program, token, tmp_path / "run", speed, notes=notes, protocol=protocol))
        return running[-1]

    yield watch
    for watched in running:
        watched.supervisor.force()
        await watched.stop()


@pytest.fixture
def play(tmp_path: Path, watch: Watch) -> Play:
    def play(*runs: dict[str, Any], speed: float = 1.0, protocol: EdgeProtocol = EdgeProtocol.AUTO) -> Watched:
        script = tmp_path / "script.json"
        script.write_text(json.dumps(runs))
        return watch(Program((sys.executable, str(FAKE), str(script))), speed=speed, protocol=protocol)

    return play


@pytest.fixture
def alive() -> Callable[[int], bool]:
    """Tell whether a process is running; a zombie is not."""

    def alive(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    if not Path("/proc").is_dir():
        pytest.skip("looks into /proc")
    assert alive(os.getpid())
    return alive
