"""A program that watches this machine, run for real."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
LIMIT = 20.0


class Watching:
    """The program, and the lines it prints."""

    def __init__(self, *arguments: str, prefix: tuple[str, ...] = (), **environ: str) -> None:
        program = [sys.executable, "-W", "error", str(Path(__file__).with_name("watching.py")), *arguments]
        self.process = subprocess.Popen(
            [*prefix, *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())

    def line(self, within: float = LIMIT) -> str:
        """Return the next line.

        Raises:
            queue.Empty: There was none in time.
        """
        return self._lines.get(timeout=within)

    def until(self, start: str) -> str:
        """Return the next line that starts like this."""
        while not (line := self.line()).startswith(start):
            pass
        return line

    def end(self) -> tuple[str, str]:
        """Ask it to end; return its last line and what it complained about."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(LIMIT) == 0
        self._reader.join(LIMIT)
        assert self.process.stderr is not None
        return list(self._lines.queue)[-1], self.process.stderr.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


@pytest.fixture(params=["asyncio", "qt"])
def loop(request: pytest.FixtureRequest) -> str:
    """Both event loops: the terminal's and the desktop's."""
    name: str = request.param
    return name


@pytest.fixture
def watching() -> Iterator[type[Watching]]:
    """Return the class, whose programs are all ended after the test."""
    started: list[Watching] = []

    class Kept(Watching):
        def __init__(self, *arguments: str, prefix: tuple[str, ...] = (), **environ: str) -> None:
            super().__init__(*arguments, prefix=prefix, **environ)
            started.append(self)

    yield Kept
    for program in started:
        program.close()
