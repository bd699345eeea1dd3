"""The whole story on a tray of the kind that speaks D-Bus, told by what its icon says."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.desktop import wait_for
from tests.e2e.children import connector
from tests.e2e.notifier_host import NotifierHost, SessionBus
from tests.e2e.person import WINDOW, Person
from tests.e2e.real_screen import MISSING, PAGE, Screen, answer, left_over
from tests.e2e.screen_reader import ENVIRON, ScreenReader
from tests.e2e.tray_user import Service, expose, picture, says

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]


@pytest.fixture
def bus(bare_screen: Screen, tmp_path: Path) -> Iterator[SessionBus]:
    """Give the screen a session bus, as desktops have."""
    with SessionBus(tmp_path / "bus") as made:
        bare_screen.environ["DBUS_SESSION_BUS_ADDRESS"] = made.address
        yield made


@pytest.mark.timeout(120)
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


@pytest.mark.parametrize("notifies", [False, True], ids=["nobody-notifies", "somebody-notifies"])
@pytest.mark.timeout(120)
def test_what_happens_is_told_in_the_window_where_nobody_else_tells(
    bare_screen: Screen, app: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, notifies: bool
) -> None:
    services = tmp_path / "services"
    services.mkdir()
    shutil.copy("/usr/share/dbus-1/services/org.a11y.Bus.service", services)
    live = "my-app is live"
    with (
        SessionBus(tmp_path / "bus", services) as bus,
        ScreenReader(bus.address) as eyes,
        NotifierHost(bus, notifies=notifies) as host,
        Service() as service,
    ):
        bare_screen.environ.update(ENVIRON, DBUS_SESSION_BUS_ADDRESS=bus.address)
        person = Person(bare_screen, eyes)
        child = app("--demo")
        says(host, "TunnelDesk: nothing exposed")
        address = expose(bare_screen, host, service.port, "my-app")
        says(host, "1 live: my-app")
        host.click()
        wait_for("the window", lambda: bare_screen.window("^TunnelDesk$"))
        if notifies:
            assert host.notified == [(live, f"{address} is in the clipboard.")]
            assert live not in person.sees(WINDOW, address)
        else:
            person.sees(WINDOW, live)
            picture(bare_screen, "notice")
            host.choose("Stop all")
            person.sees_no_more(WINDOW, live)
        host.choose("Quit")
        assert child.wait(timeout=20) == 0
