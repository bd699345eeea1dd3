"""The paired server as a child process, for tests that talk to it over real HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_WITHIN_SEC = 20
STOP_WITHIN_SEC = 10
STOPPED = 1 if sys.platform == "win32" else 0
"""Exit status of what was asked to stop; on Windows to be asked is to be ended."""


class Backend:
    """A running server.

    Attributes:
        api_url: Base address of the API.
        edge_url: Base address of the edge.
        token: Access token of the first user; it also opens ``/_control/``.
        process: The child process.
        data_dir: Its data folder.
        log: The file its stderr goes to.
    """

    def __init__(self, process: subprocess.Popen[str], ready: dict[str, Any], data_dir: Path, log: Path) -> None:
        self.process = process
        self.api_url: str = ready["apiUrl"]
        self.edge_url: str = ready["edgeUrl"]
        self.token: str = ready["accessToken"]
        self.data_dir = data_dir
        self.log = log

    def __repr__(self) -> str:
        return f"Backend({self.api_url}, pid={self.process.pid})"

    def call(
        self, method: str, path: str, body: object = None, *, token: str | None = None, **options: Any
    ) -> httpx.Response:
        """Send one request and return its answer.

        Args:
            method: HTTP method.
            path: Path below the base address.
            body: Sent as JSON, unless it is None.
            token: Access token, the first user's unless told; an empty one sends none.
            **options: Passed on to ``httpx.request``.
        """
        bearer = self.token if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        headers |= options.pop("headers", {})
        if body is not None:
            options["json"] = body
        options.setdefault("timeout", 30)
        return httpx.request(method, f"{self.api_url}{path}", headers=headers, trust_env=False, **options)

    def control(self, path: str, json: object = None, *, method: str = "POST") -> dict[str, Any]:
        """Throw a fault switch, such as ``control("clock", {"jumpSec": 61})``, and return the answer."""
        answer = self.call(method, f"/_control/{path}", {} if json is None and method == "POST" else json)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def user(self) -> str:
        """Return the access token of a new user."""
        token: str = self.control("users")["accessToken"]
        return token

    def stop(self) -> int:
        """Ask the server to stop, and return its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(STOP_WITHIN_SEC)

    def kill(self) -> None:
        """End the server without a warning."""
        self.process.kill()
        self.process.wait(STOP_WITHIN_SEC)


def command_line(**switches: object) -> list[str]:
    """Return the command that starts a server; ``lease_timeout=3`` stands for ``--lease-timeout 3``."""
    switches = {"port": 0, "edge_port": 0, "control": True} | switches
    command = [sys.executable, "-m", "tunneldesk.backend"]
    for name, value in switches.items():
        switch = f"--{name.replace('_', '-')}"
        if value is True:
            command.append(switch)
        elif value is not False:
            command += [switch, str(value)]
    return command


@contextmanager
def running_backend(folder: Path, *, data_dir: Path | None = None, **switches: object) -> Iterator[Backend]:
    """Run a server until the end of the block; it must then stop cleanly, unless it has ended before.

    Args:
        folder: For its log, and for its data unless told otherwise.
        data_dir: Another folder for its data.
        **switches: Its switches; both ports are free ones and ``--control`` is given unless told otherwise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "backend.log"
    data_dir = data_dir or folder / "data"
    with log.open("a") as stderr:
        process = subprocess.Popen(
            command_line(data_dir=data_dir, **switches),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    with process:
        try:
            backend = Backend(process, _ready(process, log), data_dir, log)
            yield backend
            if process.poll() is None:
                assert backend.stop() == STOPPED, log.read_text()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(STOP_WITHIN_SEC)


def _ready(process: subprocess.Popen[str], log: Path) -> dict[str, Any]:
    assert process.stdout is not None
    too_late = threading.Timer(START_WITHIN_SEC, process.kill)
    too_late.start()
    try:
        line = process.stdout.readline()
    finally:
        too_late.cancel()
        too_late.join()
    assert line, f"the server did not start:\n{log.read_text()}"
    ready: dict[str, Any] = json.loads(line)
    return ready
