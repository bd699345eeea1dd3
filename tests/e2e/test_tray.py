"""The tray app on a real tray: Xvfb, a window manager, trayer, and a mouse and keyboard made of xdotool."""

from __future__ import annotations

import http.client
import http.server
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

NEEDED = ("Xvfb", "openbox", "trayer", "xdotool", "xclip")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

PAGE = b"the page on the user's own port"


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 20.0) -> T:
    """Look until there is something, with a limit."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds:.0f} s for {what}")


@dataclass(frozen=True)
class Window:
    """A window on the screen."""

    number: str
    left: int
    top: int
    width: int
    height: int


class Screen:
    """A screen of our own, with what a person uses on it."""

    def __init__(self, display: str) -> None:
        self.environ = {**os.environ, "DISPLAY": display}
        # This desktop has no session bus.
        for name in ("DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "QT_SCALE_FACTOR"):
            self.environ.pop(name, None)

    def do(self, *words: str) -> str:
        """Let xdotool do something; return what it says."""
        done = subprocess.run(
            ["xdotool", *words],  # noqa: S607 - found on the PATH, as `NEEDED` says
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
        return done.stdout

    def windows(self, *query: str) -> list[Window]:
        """Return the visible windows that match."""
        found = []
        for number in self.do("search", "--onlyvisible", *query).split():
            said = dict(
                line.split("=", 1)
                for line in self.do("getwindowgeometry", "--shell", number).splitlines()
                if "=" in line
            )
            if said:
                found.append(Window(number, *(int(said[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))))
        return found

    def icon(self) -> Window | None:
        """Return our icon in the tray."""
        return next((each for each in self.windows("--class", "tunneldesk") if each.width <= 64), None)

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
        self.do("mousemove", *middle, "click", str(button))

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
    """Start a screen with a window manager and a tray."""
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
        start(
            ["trayer", "--edge", "top", "--align", "right", "--widthtype", "request", "--height", "24"],
            made.environ,
        )
        wait_for("the tray", lambda: made.do("search", "--name", "^panel$").strip())
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
    screen.do("key", "Down", "Return")
    dialog = wait_for("the dialog", lambda: screen.window("Expose a port"))
    wait_for("the dialog's focus", lambda: screen.do("getactivewindow").strip() == dialog.number)
    screen.do("type", str(port))
    screen.do("key", "Tab")
    screen.do("type", name)
    screen.do("key", "Return")
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
    screen.do("key", "Up", "Return")
    assert child.wait(timeout=20) == 0
    assert left_over(tmp_path / "home") == []
    with pytest.raises(OSError, match="refused"):
        answer(address)


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
