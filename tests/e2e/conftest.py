"""A real screen, something to expose, and the app, each in a home of its own."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.e2e.real_screen import PAGE, Screen, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def screen(bare_screen: Screen, tmp_path: Path) -> Iterator[Screen]:
    """Start a screen with a window manager and a tray."""
    argv = ["trayer", "--edge", "top", "--align", "right", "--widthtype", "request", "--height", "24"]
    with (tmp_path / "trayer.log").open("wb") as log:
        child = subprocess.Popen(argv, env=bare_screen.environ, stdout=log, stderr=log)
    wait_for("the tray", lambda: bare_screen.do("search", "--name", "^panel$").strip())
    yield bare_screen
    child.terminate()
    child.wait(timeout=10)


@pytest.fixture
def bare_screen(tmp_path: Path) -> Iterator[Screen]:
    """Start a screen with a window manager."""
    read, write = os.pipe()
    started: list[subprocess.Popen[bytes]] = []

    def start(argv: list[str], environ: dict[str, str], *, pass_fds: tuple[int, ...] = ()) -> None:
        with (tmp_path / f"{argv[0]}.log").open("wb") as log:
            started.append(subprocess.Popen(argv, env=environ, stdout=log, stderr=log, pass_fds=pass_fds))

    try:
        argv = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]
        start(argv, dict(os.environ), pass_fds=(write,))
        os.close(write)
        # The number and the end of its line come one by one; to leave in between is fatal to the server.
        with os.fdopen(read) as said:
            made = Screen(f":{said.readline().strip()}")
        start(["openbox"], made.environ)
        wait_for("the window manager", lambda: made.do("get_num_desktops").strip())
        yield made
    finally:
        for child in reversed(started):
            child.terminate()
            child.wait(timeout=10)


@pytest.fixture
def origin() -> Iterator[int]:
    """Serve a page on a port of this machine."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def app(bare_screen: Screen, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start the tray app in a home of its own; return the starter."""
    home = tmp_path / "home"
    home.mkdir()
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        environ = {**bare_screen.environ, "HOME": str(home), "TUNNELDESK_HOME": str(home / "desk")}
        with (tmp_path / "app.log").open("ab") as log:
            argv = [sys.executable, "-m", "tunneldesk", *arguments]
            started.append(subprocess.Popen(argv, env=environ, stdout=log, stderr=log))
        return started[-1]

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
            child.wait()
    assert (tmp_path / "app.log").read_text() == ""
