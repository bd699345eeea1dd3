"""A desktop of our own: a screen, a window manager, a tray, and a look at what is in it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window:
    """A window on the screen, in pixels."""

    number: str
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Desktop:
    """A screen with a window manager and a tray.

    Attributes:
        environ: Environment of a program that is to appear on it.
    """

    environ: dict[str, str]

    def windows(self, *query: str) -> list[Window]:
        """Return the visible windows that match, as `xdotool search` puts it."""
        found = []
        for number in self.ask("search", "--onlyvisible", *query).split():
            said = dict(
                line.split("=", 1)
                for line in self.ask("getwindowgeometry", "--shell", number).splitlines()
                if "=" in line
            )
            if said:
                found.append(Window(number, *(int(said[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))))
        return found

    def icon(self) -> Window | None:
        """Return our icon in the tray."""
        return next((each for each in self.windows("--class", "tunneldesk") if each.width <= 64), None)

    def ask(self, *words: str) -> str:
        """Let xdotool do something and return what it says."""
        asked = subprocess.run(
            ["xdotool", *words],  # noqa: S607 - one of the tests' programs
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
        return asked.stdout


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 20.0) -> T:
    """Look until there is something, with a limit."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds:.0f} s for {what}")


def plain_environ() -> dict[str, str]:
    """Return the environment without what would show the clone to a program, or measure its coverage."""
    foreign = ("PYTHON", "COVERAGE_", "TUNNELDESK_", "TUNNEL_", "LD_LIBRARY", "QT_", "PYTEST_")
    return {key: value for key, value in os.environ.items() if not key.startswith(foreign)}


@contextlib.contextmanager
def running_desktop(
    folder: Path, *, environ: Mapping[str, str] | None = None, tray: bool = True
) -> Iterator[Desktop]:
    """Start a desktop without a session bus.

    Args:
        folder: For its programs' logs.
        environ: What its programs know besides; a plain environment unless told otherwise.
        tray: Whether it has one.
    """
    read, write = os.pipe()
    started: list[subprocess.Popen[bytes]] = []
    environ = dict(plain_environ() if environ is None else environ)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY"):
        environ.pop(name, None)

    def start(argv: list[str], *, pass_fds: tuple[int, ...] = ()) -> None:
        with (folder / f"{argv[0]}.log").open("wb") as log:
            started.append(subprocess.Popen(argv, env=environ, stdout=log, stderr=log, pass_fds=pass_fds))

    try:
        screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]
        start(screen, pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as said:
            environ["DISPLAY"] = f":{said.readline().strip()}"
        made = Desktop(environ)
        start(["openbox"])
        wait_for("the window manager", lambda: made.ask("get_num_desktops").strip())
        if tray:
            start(["trayer", "--edge", "top", "--align", "right", "--widthtype", "request", "--height", "24"])
            wait_for("the tray", lambda: made.ask("search", "--name", "^panel$").strip())
        yield made
    finally:
        for program in reversed(started):
            program.terminate()
            program.wait(10)
