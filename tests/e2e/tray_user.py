"""A user whose tray speaks D-Bus: what they have running, what they see, and how they expose it."""

from __future__ import annotations

import http.server
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.desktop import wait_for
from tests.e2e.real_screen import PAGE

if TYPE_CHECKING:
    from tests.e2e.notifier_host import NotifierHost
    from tests.e2e.real_screen import Screen

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


def expose(screen: Screen, host: NotifierHost, port: int, name: str) -> str:
    """Expose a port from the tray's menu; return what the clipboard holds then."""
    host.choose("Expose a port")
    return fill_in(screen, port, name)


def fill_in(screen: Screen, port: int, name: str) -> str:
    """Fill the expose dialog in with the keyboard; return what the clipboard holds when it has closed itself."""
    dialog = wait_for("the dialog", lambda: screen.window("Expose a port"))
    wait_for("the dialog's focus", lambda: screen.ask("getactivewindow").strip() == dialog.number)
    screen.ask("type", str(port))
    screen.ask("key", "Tab")
    screen.ask("type", name)
    picture(screen, "expose")
    screen.ask("key", "Return")
    wait_for("the dialog to close by itself", lambda: not screen.window("Expose a port"))
    return wait_for("an address in the clipboard", screen.clipboard)
