"""What every measure has at hand: a folder, a paired server, the app, and a voice."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from typing import TYPE_CHECKING, Any, TypeVar

import psutil

from build_scripts.sample_server import SampleServer
from tests.backend_process import Backend, running_backend
from tunneldesk.domain.model import Wish
from tunneldesk.storage.journal import Journal, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]


class Bench:
    """One measure's surroundings; all that it has started ends with the block."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stack = ExitStack()
        self.folder = Path()
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith("TUNNELDESK_")},
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "QT_QPA_PLATFORM": "offscreen",
        }
        """What programs are started with."""

    def __enter__(self) -> Bench:
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="tunneldesk-bench-")))
        self.environ |= {"HOME": str(self.folder), "TUNNELDESK_HOME": str(self.folder / "home")}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def say(self, text: str) -> None:
        """Tell how far it has got; in a terminal, each line takes the place of the one before."""
        if sys.stderr.isatty():
            print(f"\r\x1b[K{self._name}: {text}", end="", file=sys.stderr, flush=True)
        else:
            print(f"{self._name}: {text}", file=sys.stderr, flush=True)

    def server(self, **switches: Any) -> Backend:
        """Start a paired server; the app is going to use it."""
        backend = self._stack.enter_context(running_backend(self.folder / "server", create_rate=0, **switches))
        self.environ |= {"TUNNELDESK_SERVER": backend.api_url, "TUNNELDESK_ACCESS_TOKEN": backend.token}
        return backend

    def page(self) -> int:
        """Serve a page; return its port."""
        return self._stack.enter_context(SampleServer()).port

    def want(self, server: Backend, names: Sequence[str]) -> None:
        """Have the app find, when it starts, that these tunnels are wanted, each for a page of its own."""
        wanted = tuple(Wanted(server.api_url, Wish(self.page(), name)) for name in names)
        journal = Journal(self.folder / "home" / "state" / "journal.json")
        journal.change(lambda entries: replace(entries, wanted=wanted))

    def connector(self, *words: str) -> None:
        """Have the app use this program as cloudflared."""
        path = self.folder / "cloudflared"
        path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        path.chmod(0o755)
        self.environ["TUNNELDESK_CLOUDFLARED"] = str(path)

    def start(self, argv: Sequence[str]) -> psutil.Process:
        """Start a program that is ended with the block, as a user would end it."""
        log = self._stack.enter_context((self.folder / "programs.log").open("ab"))
        child = Popen(argv, env=self.environ, stdin=DEVNULL, stdout=log, stderr=log)
        self._stack.callback(_end, child)
        return psutil.Process(child.pid)

    def app(self, *words: str) -> psutil.Process:
        """Start the tray app."""
        return self.start([sys.executable, "-m", "tunneldesk", *words])

    def until(self, what: str, look: Callable[[], T | None], seconds: float = 30.0) -> T:
        """Look until there is something.

        Raises:
            TimeoutError: There was nothing in time.
        """
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            found = look()
            if found:
                return found
            time.sleep(0.02)
        log = (self.folder / "programs.log").read_text(errors="replace")[-2000:]
        raise TimeoutError(f"waited {seconds:.0f} s for {what}\n{log}")


def _end(child: Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(15)
    except TimeoutExpired:
        child.kill()
        child.wait()
