"""A screen of our own with a window manager and a tray, and what a person does on it."""

from __future__ import annotations

import http.client
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tests.desktop import Desktop, Window

NEEDED = ("Xvfb", "openbox", "trayer", "xdotool", "xclip")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]

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
