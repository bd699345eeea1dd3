"""What the rows of one worker share: servers of each kind, an origin, and a desktop session with a keyring."""

from __future__ import annotations

import subprocess
import threading
import time
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from tests.backend_process import Backend, running_backend

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SERVERS: Final[dict[str, dict[str, Any]]] = {
    # Leases end and are found ended within seconds.
    "short": {"heartbeat_interval": 1, "lease_timeout": 4, "reaper_interval": 1},
    # A beat may be lost, and lost again.
    "roomy": {"heartbeat_interval": 1, "lease_timeout": 30, "reaper_interval": 1},
    # Nothing is due while a row lasts.
    "calm": {"heartbeat_interval": 6, "lease_timeout": 18, "reaper_interval": 1},
    # The later generation; a lease that ran out is revived, for the reaper hardly ever comes.
    "newer": {"heartbeat_interval": 1, "lease_timeout": 4, "reaper_interval": 600, "dialect": "newer"},
}
"""The servers rows choose from. Every row has a user of its own, and rows of a worker come one after the other."""


class Origin:
    """What the user has running.

    Attributes:
        port: Where.
        page: What it answers.
    """

    def __init__(self) -> None:
        origin = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(origin.page)))
                self.end_headers()
                self.wfile.write(origin.page)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.page = b""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.port: int = self._server.server_address[1]

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Place:
    """The shared things, each made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._servers: dict[str, Backend] = {}
        self._session: dict[str, str] | None = None
        self.origin = Origin()
        self._stack.callback(self.origin.close)

    def server(self, kind: str) -> Backend:
        """Return the server of this kind."""
        if kind not in self._servers:
            self._servers[kind] = self._stack.enter_context(
                running_backend(self._folder / kind, create_rate=0, **SERVERS[kind])
            )
        return self._servers[kind]

    def desktop(self) -> Mapping[str, str]:
        """Return the environment of a desktop session whose keyring is unlocked."""
        if self._session is None:
            self._session = session(self._stack, self._folder / "session", unlocked=True)
        return self._session

    def close(self) -> None:
        """End them all."""
        self._stack.close()


def session(stack: ExitStack, folder: Path, *, unlocked: bool) -> dict[str, str]:
    """Start a session bus and gnome-keyring; return the environment in which they are found."""
    folder.mkdir(parents=True, mode=0o700)
    bus = stack.enter_context(
        _ended(["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"], {}, folder)
    )
    assert bus.stdout is not None
    return keyring(stack, folder, bus.stdout.readline().decode().strip(), unlocked=unlocked)


def keyring(stack: ExitStack, folder: Path, bus: str, *, unlocked: bool) -> dict[str, str]:
    """Start gnome-keyring on a session bus; return the environment in which both are found."""
    environ = {
        "DBUS_SESSION_BUS_ADDRESS": bus,
        "XDG_RUNTIME_DIR": str(folder),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
    }
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    daemon = stack.enter_context(_ended(command + (["--unlock"] if unlocked else []), environ, folder))
    assert daemon.stdin is not None
    daemon.stdin.write(b"password")
    daemon.stdin.close()
    _wait_for_secrets(bus)
    return environ


def _wait_for_secrets(bus: str) -> None:
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    ends = time.monotonic() + 15
    with open_dbus_connection(bus=bus) as connection:
        asking = new_method_call(daemon, "NameHasOwner", "s", ("org.freedesktop.secrets",))
        while not connection.send_and_get_reply(asking).body[0]:
            assert time.monotonic() < ends, "gnome-keyring did not come up"
            time.sleep(0.02)


class _ended:  # noqa: N801 - used as a function
    """A daemon that is ended with the block."""

    def __init__(self, argv: list[str], environ: Mapping[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            argv,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                stream.close()
