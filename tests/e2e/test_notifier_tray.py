"""The whole story on a tray of the kind that speaks D-Bus, told by what its icon says."""

from __future__ import annotations

import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil
import pytest

from tests.desktop import wait_for
from tests.e2e.notifier_host import NotifierHost, SessionBus
from tests.e2e.real_screen import MISSING, PAGE, Screen, answer, left_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots" / "e2e"
GRAB = (
    "import sys; from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]); "
    "sys.exit(not app.primaryScreen().grabWindow(0).save(sys.argv[1]))"
)


class Page(http.server.BaseHTTPRequestHandler):
    """The user's own page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Service:
    """The user's own service, which can be stopped and started."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._server: http.server.ThreadingHTTPServer | None = None

    def start(self) -> None:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Page)
        threading.Thread(target=self._server.serve_forever).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@pytest.fixture
def bus(bare_screen: Screen, tmp_path: Path) -> Iterator[SessionBus]:
    """Give the screen a session bus, as desktops have."""
    with SessionBus(tmp_path / "bus") as made:
        bare_screen.environ["DBUS_SESSION_BUS_ADDRESS"] = made.address
        yield made


def picture(screen: Screen, name: str) -> None:
    """Leave a picture of the whole screen in `build/`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-c", GRAB, str(PICTURES / f"{name}.png")], env=screen.environ, check=True, timeout=20
    )


def says(host: NotifierHost, words: str, seconds: float = 30.0) -> None:
    """Wait until the icon says this."""
    said: list[str] = [""]

    def look() -> bool:
        said[0] = host.tooltip
        return words in said[0]

    try:
        wait_for(words, look, seconds)
    except AssertionError as error:
        raise AssertionError(f"{error}; it says {said[0]!r}") from None


def started_with(child: subprocess.Popen[bytes], word: str) -> psutil.Process | None:
    """Return the process that the app runs with this word on its command line."""
    with suppress(psutil.NoSuchProcess):
        for each in psutil.Process(child.pid).children(recursive=True):
            if word in each.cmdline():
                return each
    return None


def connector(child: subprocess.Popen[bytes]) -> psutil.Process:
    """Return the connector that the app runs."""
    return wait_for("the connector", lambda: started_with(child, "--metrics"))


def server(child: subprocess.Popen[bytes]) -> psutil.Process:
    """Return the embedded server that the app runs."""
    return wait_for("the embedded server", lambda: started_with(child, "--data-dir"))


def expose(screen: Screen, host: NotifierHost, port: int, name: str) -> str:
    """Expose a port from the tray's menu; return what the clipboard holds then."""
    host.choose("Expose a port")
    dialog = wait_for("the dialog", lambda: screen.window("Expose a port"))
    wait_for("the dialog's focus", lambda: screen.ask("getactivewindow").strip() == dialog.number)
    screen.ask("type", str(port))
    screen.ask("key", "Tab")
    screen.ask("type", name)
    picture(screen, "expose")
    screen.ask("key", "Return")
    wait_for("the dialog to close by itself", lambda: not screen.window("Expose a port"))
    return wait_for("an address in the clipboard", screen.clipboard)


@pytest.mark.timeout(240)
def test_the_whole_story_is_told_by_the_icon(
    bare_screen: Screen, bus: SessionBus, app: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    screen = bare_screen
    with NotifierHost(bus) as host, Service() as service:
        child = app("--demo")
        says(host, "TunnelDesk: nothing exposed")
        address = expose(screen, host, service.port, "my-app")
        assert answer(address) == PAGE
        says(host, "1 live: my-app")

        host.click()
        wait_for("the window", lambda: screen.window("^TunnelDesk$"))
        picture(screen, "live")

        service.stop()
        says(host, "my-app: Live, service not answering")
        picture(screen, "service-broken")
        service.start()
        says(host, "1 live: my-app")

        before = connector(child).pid
        connector(child).kill()
        wait_for("another connector", lambda: connector(child).pid != before)
        says(host, "1 live: my-app")
        assert answer(address) == PAGE

        server(child).send_signal(signal.SIGSTOP)
        says(host, "my-app: Live, lease not renewed", 90.0)
        picture(screen, "lease-broken")
        server(child).send_signal(signal.SIGCONT)
        says(host, "1 live: my-app", 90.0)

        host.choose("Quit")
        assert child.wait(timeout=20) == 0
        assert left_over(tmp_path / "home") == []

        assert len(host.items) == 1
        child = app("--demo")
        wait_for("another icon", lambda: len(host.items) > 1)
        says(host, "1 live: my-app")
        assert answer(address) == PAGE

        host.choose("\N{BLACK CIRCLE}  my-app", "Stop")
        says(host, "TunnelDesk: nothing exposed")
        host.choose("Expose again", f":{service.port}  my-app")
        says(host, "1 live: my-app")
        host.choose("Stop all")
        says(host, "TunnelDesk: nothing exposed")
        host.choose("Help", "About")
        wait_for("what it is about", lambda: screen.window("About TunnelDesk"))
        host.choose("Quit")
        assert child.wait(timeout=20) == 0
        assert left_over(tmp_path / "home") == []


@pytest.mark.timeout(120)
def test_a_tray_may_come_late_go_and_come_back(
    bare_screen: Screen, bus: SessionBus, app: Callable[..., subprocess.Popen[bytes]]
) -> None:
    screen = bare_screen
    child = app("--demo", "--background")
    wait_for("the app", lambda: psutil.Process(child.pid).children())
    with NotifierHost(bus) as host:
        says(host, "TunnelDesk: nothing exposed")
        assert not screen.window("^TunnelDesk$")
        with Service() as service:
            expose(screen, host, service.port, "my-app")
            says(host, "1 live: my-app")
    # Nothing is left that says what is exposed, so the window does.
    wait_for("the window", lambda: screen.window("^TunnelDesk$"))
    with NotifierHost(bus) as host:
        says(host, "my-app")
        host.choose("Quit")
        assert child.wait(timeout=20) == 0


def test_without_any_tray_the_window_opens(
    bare_screen: Screen, bus: SessionBus, app: Callable[..., subprocess.Popen[bytes]]
) -> None:
    assert bus.address
    child = app("--demo")
    window = wait_for("the window", lambda: bare_screen.window("^TunnelDesk$"))
    bare_screen.ask("windowactivate", "--sync", window.number)
    bare_screen.ask("key", "ctrl+q")
    assert child.wait(timeout=20) == 0
    assert os.environ.get("DBUS_SESSION_BUS_ADDRESS") != bus.address
