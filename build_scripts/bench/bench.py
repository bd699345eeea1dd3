"""What every measure has at hand: a folder, a paired server, the app, and a voice."""

from __future__ import annotations

import os
import shlex
import socket
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import httpx
import psutil

from build_scripts.sample_server import SampleServer
from tests.backend_process import Backend, running_backend
from tunneldesk.domain.account import Account
from tunneldesk.domain.model import Wish
from tunneldesk.storage.journal import Journal, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]

_NOT_PASSED_ON = ("TUNNELDESK_", "TUNNEL_", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "QT_")
"""Beginnings of variables that belong to the desktop it is started from."""


class Bench:
    """One measure's surroundings; all that it has started ends with the block."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stack = ExitStack()
        self.folder = Path()
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith(_NOT_PASSED_ON)},
            "PYTHONPATH": os.pathsep.join((str(Path(__file__).with_name("as_installed")), str(ROOT))),
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

    def server(self, folder: Path | None = None, **switches: Any) -> Backend:
        """Start a paired server, in a folder of its own unless told otherwise; the app is going to use it."""
        folder = folder or self.folder / "server"
        backend = self._stack.enter_context(running_backend(folder, create_rate=0, **switches))
        self.environ |= {"TUNNELDESK_SERVER": backend.api_url, "TUNNELDESK_ACCESS_TOKEN": backend.token}
        return backend

    def page(self) -> int:
        """Serve a page; return its port."""
        return self._stack.enter_context(SampleServer()).port

    def want(self, server: Backend, names: Sequence[str]) -> None:
        """Have the app find, when it starts, that these tunnels are wanted, each for a page of its own."""
        wanted = tuple(Wanted(Account(server.api_url), Wish(self.page(), name)) for name in names)
        journal = Journal(self.folder / "home" / "state" / "journal.json")
        journal.change(lambda entries: replace(entries, wanted=wanted))

    def connector(self, *words: str) -> None:
        """Have the app use this program as cloudflared."""
        path = self.folder / "cloudflared"
        path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        path.chmod(0o755)
        self.environ["TUNNELDESK_CLOUDFLARED"] = str(path)

    def start(
        self, argv: Sequence[str], *, stdout: int | None = None, pass_fds: Sequence[int] = ()
    ) -> psutil.Popen:
        """Start a program that is ended with the block, unless it has been before, as a user would end it."""
        with (self.folder / "programs.log").open("ab") as log:
            child = psutil.Popen(
                argv,
                env=self.environ,
                stdin=DEVNULL,
                stdout=log if stdout is None else stdout,
                stderr=log,
                pass_fds=pass_fds,
            )
        self._stack.callback(end, child)
        return child

    def heard(self, argv: Sequence[str]) -> tuple[psutil.Popen, TextIO]:
        """Start a program as `start` does; return it, and what it prints."""
        read, write = os.pipe()
        try:
            return self.start(argv, stdout=write), os.fdopen(read)
        finally:
            os.close(write)

    def listen(self, module: str, *words: str) -> int:
        """Start a program that prints the port it listens on as soon as it does; return the port."""
        _, said = self.heard([sys.executable, "-m", module, *words])
        with said:
            return int(said.readline())

    def free_port(self) -> int:
        """Return a port that nobody listens on just now, for a program that can't find one by itself."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            return int(listener.getsockname()[1])

    def app(self, *words: str) -> psutil.Popen:
        """Start the tray app."""
        return self.start([sys.executable, "-m", "tunneldesk", *words])

    def live_app(self, server: Backend, names: Sequence[str]) -> psutil.Popen:
        """Start the tray app with these tunnels, and wait until all of them are live."""
        self.want(server, names)
        app = self.app()
        self.until("every tunnel live", lambda: all_answer(server, names))
        return app

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
        raise TimeoutError(f"waited {seconds:.0f} s for {what}\n{self.programs_log()}")

    def programs_log(self) -> str:
        """Return the last of what the programs have said."""
        return (self.folder / "programs.log").read_text(errors="replace")[-2000:]


def end(child: psutil.Popen) -> None:
    """End a program as a user would, unless it has ended."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(15)
    except psutil.TimeoutExpired:
        child.kill()
        child.wait()


def answers(server: Backend, name: str) -> bool:
    """Return whether a tunnel carries a visitor to its page."""
    host = f"{name}.tunnel.localhost"
    try:
        return httpx.get(server.edge_url, headers={"Host": host}, trust_env=False, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def all_answer(server: Backend, names: Sequence[str]) -> bool:
    """Return whether all of these tunnels are live."""
    return all(answers(server, name) for name in names)
