"""A screen with a tray on it, and eyes that see an icon come into the tray."""

from __future__ import annotations

import ctypes
import os
import select
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from build_scripts.bench.bench import Bench

_SUBSTRUCTURE_NOTIFY = 1 << 19
_REPARENT_NOTIFY = 21
_EVENT_BYTES = 192


def open_screen(bench: Bench) -> str:
    """Start Xvfb and trayer, and have programs shown there; return the display's name."""
    read, write = os.pipe()
    try:
        argv = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]
        bench.start(argv, pass_fds=(write,))
    finally:
        os.close(write)
    # The number and the end of its line come one by one; to leave in between is fatal to the server.
    with os.fdopen(read) as said:
        display = f":{said.readline().strip()}"
    bench.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    bench.start(["trayer", "--edge", "top", "--align", "right", "--widthtype", "request", "--height", "24"])
    with TrayWatch(display) as watch:
        bench.until("the tray", lambda: watch.selection("_NET_SYSTEM_TRAY_S0"))
    return display


class TrayWatch:
    """Sees windows being taken off the screen's root: into the tray, as there is no window manager here."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XInternAtom.restype = self._x.XGetSelectionOwner.restype = ctypes.c_ulong
        opened = self._x.XOpenDisplay(display.encode())
        if opened is None:
            raise OSError(f"there is no screen {display}")
        self._display = ctypes.c_void_p(opened)

    def __enter__(self) -> Self:
        root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        self._x.XSelectInput(self._display, root, ctypes.c_long(_SUBSTRUCTURE_NOTIFY))
        self._x.XSync(self._display, 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._x.XCloseDisplay(self._display)

    def selection(self, name: str) -> int:
        """Return the window that owns a selection, 0 when none does."""
        atom = ctypes.c_ulong(self._x.XInternAtom(self._display, name.encode(), 0))
        return int(self._x.XGetSelectionOwner(self._display, atom))

    def forget(self) -> None:
        """Forget what was seen so far."""
        self._x.XSync(self._display, 1)

    def icon_comes(self, seconds: float = 20.0) -> float:
        """Wait for an icon to be embedded; return the monotonic time at which it was.

        Raises:
            TimeoutError: None was.
        """
        event = ctypes.create_string_buffer(_EVENT_BYTES)
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            if not self._x.XPending(self._display):
                select.select([self._x.XConnectionNumber(self._display)], [], [], left)
                continue
            self._x.XNextEvent(self._display, event)
            if int.from_bytes(event.raw[:4], "little") == _REPARENT_NOTIFY:
                return time.monotonic()
        raise TimeoutError(f"no icon came into the tray in {seconds:.0f} s")
