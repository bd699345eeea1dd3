"""A screen of our own with a window manager and a tray, and what a person does on it."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

NEEDED = ("Xvfb", "openbox", "trayer", "xdotool", "xclip")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]

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
