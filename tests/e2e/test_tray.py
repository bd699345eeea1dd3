"""The tray app on a real tray: Xvfb, a window manager, trayer, and a mouse and keyboard made of xdotool."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.desktop import wait_for
from tests.e2e.real_screen import MISSING, PAGE, Screen, answer, left_over
from tests.e2e.tray_user import fill_in

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]


def expose(screen: Screen, port: int, name: str) -> str:
    """Expose a port from the tray with mouse and keyboard only; return what the clipboard holds then."""
    icon = wait_for("the icon", screen.icon)
    screen.click(icon, 3)
    wait_for("the menu", screen.menu)
    screen.ask("key", "Down", "Return")
    return fill_in(screen, port, name)


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


def test_whoever_quits_and_starts_it_again_at_once_has_it_running(
    screen: Screen, origin: int, app: Callable[..., subprocess.Popen[bytes]]
) -> None:
    child = app("--demo")
    expose(screen, origin, "my-app")
    (server,) = [each for each in psutil.Process(child.pid).children() if "tunneldesk.backend" in each.cmdline()]
    server.suspend()  # taking the tunnel down takes its time now
    child.send_signal(signal.SIGTERM)
    again = app("--demo")
    assert child.wait(timeout=20) == 0
    wait_for("the new icon", screen.icon)
    assert again.poll() is None
    asking = app("--quit")
    assert asking.wait(timeout=30) == 0
    assert again.wait(timeout=5) == 0


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
