"""What somebody sees of it on an X11 screen with a tray: an icon that is drawn, and windows in their language."""

from __future__ import annotations

import ctypes
import os
import subprocess
from typing import TYPE_CHECKING

from build_scripts.packaging.smoke.target import SmokeError, wait

if TYPE_CHECKING:
    from build_scripts.packaging.smoke.target import Target

LINK = "tunneldesk://expose?port=8000&name=smoke"
TITLE = "Einen Port freigeben"
"""Of the window that a link opens, in German: it asks before anything is exposed."""

_FEWEST_COLOURS = 4
"""A picture that could not be read leaves a square of one colour, and its frame perhaps; edges are smoothed."""

_LARGEST_ICON = 64
_Z_PIXMAP = 2
_ALL_PLANES = 0xFFFFFFFF


def check_screen(target: Target) -> str:
    """See the icon in the tray, and the dialog that a link opens, in German."""
    with target.running("--demo", environ={"LANG": "de_DE.UTF-8", "LC_ALL": "", "LANGUAGE": "de"}) as running:

        def icon() -> int:
            target.see_that_it_runs(running)
            return next((count for area in _icons() if (count := _colours(*area)) >= _FEWEST_COLOURS), 0)

        colours = wait("an icon in the tray that is drawn", icon)
        target.run(LINK)
        wait(f"the window {TITLE!r}", lambda: _ask("search", "--onlyvisible", "--name", TITLE))
        target.quit(running)
    return f"an icon of {colours} colours; {TITLE!r}"


def _icons() -> list[tuple[int, int, int, int]]:
    """Return where our icons are: left, top, width, height."""
    found = []
    for window in _ask("search", "--onlyvisible", "--class", "tunneldesk").split():
        lines = _ask("getwindowgeometry", "--shell", window).splitlines()
        said = dict(line.split("=", 1) for line in lines if "=" in line)
        if said and int(said["WIDTH"]) <= _LARGEST_ICON:
            found.append((int(said["X"]), int(said["Y"]), int(said["WIDTH"]), int(said["HEIGHT"])))
    return found


def _ask(*words: str) -> str:
    """Let xdotool look."""
    command = ["xdotool", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout


def _colours(left: int, top: int, width: int, height: int) -> int:
    """Return how many colours the screen shows there."""
    x11 = ctypes.CDLL("libX11.so.6")
    for function in (x11.XOpenDisplay, x11.XGetImage):
        function.restype = ctypes.c_void_p
    for function in (x11.XDefaultRootWindow, x11.XGetPixel):
        function.restype = ctypes.c_ulong
    opened = x11.XOpenDisplay(os.environ["DISPLAY"].encode())
    if opened is None:
        raise SmokeError(f"there is no screen {os.environ['DISPLAY']}")
    display = ctypes.c_void_p(opened)
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    image = ctypes.c_void_p(
        x11.XGetImage(display, root, left, top, width, height, ctypes.c_ulong(_ALL_PLANES), _Z_PIXMAP)
    )
    colours = {x11.XGetPixel(image, x, y) for x in range(width) for y in range(height)}
    x11.XDestroyImage(image)
    x11.XCloseDisplay(display)
    return len(colours)
