"""The tray app on a real tray: Xvfb, a window manager, trayer, and a mouse and keyboard made of xdotool."""

from __future__ import annotations

import http.client
import http.server
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.desktop import Desktop, Window, running_desktop, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NEEDED = ("Xvfb", "openbox", "trayer", "xdotool", "xclip")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

PAGE = b"the page on the user's own port"


class Screen(Desktop):
    """A desktop with what a person does on it."""

    def menu(self) -> Window | None:
        """Return the open menu: the one window of ours that is neither the icon nor decorated."""
        ours = self.windows("--class", "tunneldesk")
        return next((each for each in ours if each.width > 64 and each.top < 64), None)

    def window(self, title: str) -> Window | None:
        """Return the window with this title."""
        return next(iter(self.windows("--name", title)), None)

    def click(self, window: Window, button: int) -> None:
        """Click into the middle of a window."""
        middle = str(window.left + window.width // 2), str(window.top + window.height // 2)
        self.ask("mousemove", *middle, "click", str(button))

    def clipboard(self) -> str:
        """Return what the clipboard holds."""
        try:
            done = subprocess.run(
                ["xclip", "-o", "-selection", "clipboard"],  # noqa: S607 - found on the PATH
                env=self.environ,
                capture_output=True,
                text=True,
                timeout=2,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return ""
        return done.stdout


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """A screen with a window manager and a tray."""
    with running_desktop(tmp_path) as desktop:
        yield Screen(desktop.environ)


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
def app(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start the tray app in a home of its own; return the starter."""
    home = tmp_path / "home"
    home.mkdir()
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        environ = {**screen.environ, "HOME": str(home), "TUNNELDESK_HOME": str(home / "desk")}
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


def left_over(home: Path) -> list[str]:
    """Return the command lines of processes that were started in this home and still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environ, line = (entry / "environ").read_bytes(), (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(home).encode() in environ or str(home).encode() in line:
                found.append(line.replace(b"\0", b" ").decode())
    return found


def answer(address: str) -> bytes:
    """Return the page at an address on this computer, dialling it as a browser does that knows ``*.localhost``."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": parts.netloc})
        return connection.getresponse().read()
    finally:
        connection.close()


def expose(screen: Screen, port: int, name: str) -> str:
    """Expose a port from the tray with mouse and keyboard only; return what the clipboard holds then."""
    icon = wait_for("the icon", screen.icon)
    screen.click(icon, 3)
    wait_for("the menu", screen.menu)
    screen.ask("key", "Down", "Return")
    dialog = wait_for("the dialog", lambda: screen.window("Expose a port"))
    wait_for("the dialog's focus", lambda: screen.ask("getactivewindow").strip() == dialog.number)
    screen.ask("type", str(port))
    screen.ask("key", "Tab")
    screen.ask("type", name)
    screen.ask("key", "Return")
    wait_for("the dialog to close by itself", lambda: not screen.window("Expose a port"))
    return wait_for("an address in the clipboard", screen.clipboard)


def test_a_port_is_exposed_from_the_tray_and_quit_leaves_nothing(
    screen: Screen, origin: int, app: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    child = app("--demo")
    address = expose(screen, origin, "my-app")
    assert address.startswith("http://my-app.tunnel.localhost:")
    assert answer(address) == PAGE

    icon = wait_for("the icon", screen.icon)
    screen.click(icon, 1)
    wait_for("the window", lambda: screen.window("^TunnelDesk$"))

    again = app("--demo")
    assert again.wait(timeout=20) == 0

    screen.click(icon, 3)
    wait_for("the menu", screen.menu)
    screen.ask("key", "Up", "Return")
    assert child.wait(timeout=20) == 0
    assert left_over(tmp_path / "home") == []
    with pytest.raises(OSError, match="refused"):
        answer(address)


def test_an_installer_that_asks_it_to_quit_waits_until_it_has(
    screen: Screen, origin: int, app: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    child = app("--demo")
    expose(screen, origin, "my-app")
    asking = app("--quit")
    assert asking.wait(timeout=30) == 0
    assert child.wait(timeout=5) == 0
    assert left_over(tmp_path / "home") == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_as_cleanly_as_quit(
    screen: Screen,
    origin: int,
    app: Callable[..., subprocess.Popen[bytes]],
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    child = app("--demo")
    expose(screen, origin, "my-app")
    child.send_signal(number)
    assert child.wait(timeout=20) == 0
    assert left_over(tmp_path / "home") == []
