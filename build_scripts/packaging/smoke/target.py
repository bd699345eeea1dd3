"""The TunnelDesk that is tried, and what is left of it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

T = TypeVar("T")

WINDOWS: bool = sys.platform == "win32"
LINUX: bool = sys.platform == "linux"
NOT_PASSED_ON = ("TUNNEL", "PYTHON", "COVERAGE_", "QT_", "LD_LIBRARY_PATH")
"""Beginnings of variables that are of whoever runs the smoke test, and none of a user's."""


class SmokeError(Exception):
    """Something is not as it should be."""


class Target:
    """The TunnelDesk under test, with a home of its own.

    Attributes:
        home: The folder for its data.
        environ: What it knows of the system.
        frozen_in: The folder of the frozen program; None where it is none.
    """

    def __init__(self, command: Sequence[str], home: Path) -> None:
        self._command = list(command)
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
        self.environ = {**kept, "TUNNELDESK_HOME": str(home)}
        beside = Path(shutil.which(command[0]) or command[0]).resolve().parent
        self.frozen_in = beside if (beside / "_internal").exists() else None

    def argv(self, *words: str) -> list[str]:
        """Return what starts it with these words."""
        return [*self._command, *words]

    def run(
        self,
        *words: str,
        statuses: Sequence[int] = (0,),
        environ: Mapping[str, str] | None = None,
        given: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end and return what came of it.

        Args:
            *words: The command.
            statuses: With which of these it may end.
            environ: What it knows besides.
            given: What it can read.
        """
        done = subprocess.run(
            self.argv(*words),
            env={**self.environ, **(environ or {})},
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode not in statuses:
            raise SmokeError(f"{' '.join(words)}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    @contextlib.contextmanager
    def running(self, *words: str, environ: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
        """Run a command until the block ends; whoever still runs then is killed."""
        options: dict[str, Any] = {}
        if sys.platform == "win32":
            options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
        with self._errors.open("w", encoding="utf-8") as errors:
            started = subprocess.Popen(
                self.argv(*words),
                env={**self.environ, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                **options,
            )
            try:
                yield started
            finally:
                if started.poll() is None:
                    started.kill()
                started.wait()
                if started.stdout is not None:
                    started.stdout.close()

    @contextlib.contextmanager
    def server(self) -> Iterator[tuple[str, str]]:
        """Run its own server; the block gets the address of the API and an access token."""
        words = ("backend", "--port", "0", "--edge-port", "0", "--data-dir", str(self.home / "server"))
        with self.running(*words) as running:
            line = running.stdout.readline() if running.stdout else ""
            if not line:
                raise SmokeError(f"the server did not start\n{self.said_on_stderr()}")
            ready = json.loads(line)
            yield ready["apiUrl"], ready["accessToken"]
            self.end(running)

    def end(self, running: subprocess.Popen[str]) -> None:
        """Ask it to end as the system does, and see that it ends well."""
        # Windows has no gentle signal for a program without a console; there the installer closes its window.
        running.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM) if WINDOWS else signal.SIGTERM)
        status = running.wait(30)
        if status != 0 and not WINDOWS:
            raise SmokeError(f"it ended with status {status}\n{self.said_on_stderr()}")

    def quit(self, running: subprocess.Popen[str]) -> None:
        """Ask the tray app to quit, as an installer does, and see that it ends well."""
        self.run("--quit")
        status = running.wait(30)
        if status != 0:
            raise SmokeError(f"it ended with status {status}\n{self.said_on_stderr()}")

    def see_that_it_runs(self, running: subprocess.Popen[str]) -> None:
        """Fail with what it said, should it have ended."""
        if running.poll() is not None:
            raise SmokeError(f"it ended with status {running.returncode}\n{self.said_on_stderr()}")

    def said_on_stderr(self) -> str:
        """Return what the last long command has complained about."""
        return self._errors.read_text(encoding="utf-8")

    @property
    def _errors(self) -> Path:
        return self.home / "stderr.txt"


def wait(what: str, look: Callable[[], T | None], seconds: float = 30.0) -> T:
    """Look until there is something, with a limit."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise SmokeError(f"waited {seconds:.0f} s for {what}")


def check_nothing_left() -> str:
    """See that every process has ended."""
    return wait("the end of every process", lambda: None if processes_left() else "no process")


def processes_left() -> list[str]:
    """Return what still runs of all that was started."""
    if LINUX:
        # We are the reaper of every orphan among our descendants, so what is left is a child of ours.
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
        return [_describe(int(child)) for child in children if not _is_zombie(int(child))]
    listing = ["tasklist", "/fo", "csv", "/nh"] if WINDOWS else ["ps", "-axo", "comm"]
    said = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    return [line for line in said.splitlines() if "tunneldesk" in line.lower()]


def _is_zombie(process: int) -> bool:
    """Reap it if it has ended; return whether it had."""
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(process, os.WNOHANG)[0] == process
    return True


def _describe(process: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return str(process)
