"""A real screen, something to expose, and the app, each in a home of its own."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tests.desktop import running_desktop
from tests.e2e.real_screen import Screen
from tests.e2e.tray_user import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.e2e.real_browser import Opener, RealBrowser

_ASKED_TOO_LATE = "qt.accessibility.atspi: Could not find accessible on path"
"""Qt says so of whoever looks at the screen and asks for a widget that is gone by then; the looking is ours."""


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """A screen with a window manager and a tray."""
    yield from _screen(tmp_path, tray=True)


@pytest.fixture
def bare_screen(tmp_path: Path) -> Iterator[Screen]:
    """A screen with a window manager."""
    yield from _screen(tmp_path, tray=False)


def _screen(folder: Path, *, tray: bool) -> Iterator[Screen]:
    kept = {name: value for name, value in os.environ.items() if name not in {"QT_QPA_PLATFORM", "QT_SCALE_FACTOR"}}
    with running_desktop(folder, environ=kept, tray=tray) as desktop:
        yield Screen(desktop.environ)


@pytest.fixture
def origin() -> Iterator[int]:
    """Serve a page on a port of this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start the tray app in a home of its own; return the starter."""
    name = "screen" if "screen" in request.fixturenames else "bare_screen"
    environ_of_screen = request.getfixturevalue(name).environ
    home = tmp_path / "home"
    home.mkdir()
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        environ = {**environ_of_screen, "HOME": str(home), "TUNNELDESK_HOME": str(home / "desk")}
        with (tmp_path / "app.log").open("ab") as log:
            argv = [sys.executable, "-m", "tunneldesk", *arguments]
            started.append(subprocess.Popen(argv, env=environ, stdout=log, stderr=log))
        return started[-1]

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
            child.wait()
    said = (tmp_path / "app.log").read_text().splitlines()
    assert [line for line in said if not line.startswith(_ASKED_TOO_LATE)] == []


@pytest.fixture
def opener(tmp_path: Path) -> Opener:
    """Have programs that open an address in the browser hand it to the test."""
    from tests.e2e.real_browser import Opener

    return Opener(tmp_path / "opener")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[RealBrowser]:
    """Run a real browser."""
    from tests.e2e.real_browser import RealBrowser

    with RealBrowser(tmp_path / "browser") as browser:
        yield browser
