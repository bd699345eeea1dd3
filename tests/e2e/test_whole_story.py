"""The whole story, from the first start on, on a tray of either kind: what is clicked, and what is read."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.desktop import wait_for
from tests.e2e.children import connector, server, started_with
from tests.e2e.notifier_host import NotifierHost, SessionBus
from tests.e2e.person import SIGN_IN, WINDOW, Person
from tests.e2e.real_screen import MISSING, PAGE, Screen, answer, left_over
from tests.e2e.screen_reader import ENVIRON, ScreenReader
from tests.e2e.tray_user import Service, fill_in, picture, says

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    import psutil

    StartApp = Callable[..., subprocess.Popen[bytes]]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]


class Tray(Protocol):
    """What a person does with an icon."""

    name: str

    def expose(self) -> None:
        """Choose "Expose a port..." in its menu."""

    def click(self) -> None:
        """Click on it."""

    def says(self, words: str, seconds: float = 30.0) -> None:
        """Wait until it says this, where an icon can say anything to a test."""

    def quit(self) -> None:
        """Choose "Quit" in its menu."""


class DockedIcon:
    """An icon of the older kind: a window in the panel, and a menu that is a window too."""

    name = "xembed"

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def expose(self) -> None:
        self._choose("Down")

    def click(self) -> None:
        self._screen.click(wait_for("the icon", self._screen.icon), 1)

    def says(self, words: str, seconds: float = 30.0) -> None:
        """It shows pictures; its words are for whoever hovers."""

    def quit(self) -> None:
        self._choose("Up")

    def _choose(self, way: str) -> None:
        """Open the menu, and take its first entry or its last."""
        self._screen.click(wait_for("the icon", self._screen.icon), 3)
        wait_for("the menu", self._screen.menu)
        self._screen.ask("key", way, "Return")


class NotifierIcon:
    """An icon of the newer kind: an item on the session bus."""

    name = "notifier"

    def __init__(self, host: NotifierHost) -> None:
        self._host = host

    def expose(self) -> None:
        self._host.choose("Expose a port")

    def click(self) -> None:
        self._host.click()

    def says(self, words: str, seconds: float = 30.0) -> None:
        says(self._host, words, seconds)

    def quit(self) -> None:
        self._host.choose("Quit")


@pytest.fixture
def bus() -> Iterator[SessionBus]:
    with TemporaryDirectory(prefix="td-") as folder, SessionBus(Path(folder, "bus")) as bus:
        yield bus


def test_on_a_tray_of_windows(screen: Screen, bus: SessionBus, app: StartApp, tmp_path: Path) -> None:
    with eyes(screen, bus) as reader:
        tell(Person(screen, reader), DockedIcon(screen), app, tmp_path / "home")


def test_on_a_tray_of_items(bare_screen: Screen, bus: SessionBus, app: StartApp, tmp_path: Path) -> None:
    with eyes(bare_screen, bus) as reader, NotifierHost(bus) as host:
        tell(Person(bare_screen, reader), NotifierIcon(host), app, tmp_path / "home")


def eyes(screen: Screen, bus: SessionBus) -> ScreenReader:
    """Have the apps on this screen read out."""
    screen.environ.update(ENVIRON, DBUS_SESSION_BUS_ADDRESS=bus.address)
    return ScreenReader(bus.address)


def tell(person: Person, tray: Tray, app: StartApp, home: Path) -> None:
    """Live through it."""
    screen = person.screen

    def photograph(moment: str) -> None:
        picture(screen, f"{tray.name}-{moment}")

    with ExitStack() as stack:
        service = stack.enter_context(Service())
        child = app()
        person.sees(SIGN_IN, "Just trying?")
        photograph("first-run")
        person.press(SIGN_IN, "Try it on this computer")
        person.gone(SIGN_IN)
        tray.says("TunnelDesk: nothing exposed")

        tray.expose()
        address = fill_in(screen, service.port, "my-app")
        assert answer(address) == PAGE
        tray.says("1 live: my-app")
        tray.click()
        assert "Answers" in person.sees(WINDOW, address)
        photograph("live")

        service.stop()
        person.sees(WINDOW, f"Nothing answers on localhost:{service.port}.")
        tray.says("my-app: Live, service not answering")
        photograph("service-broken")
        service.start()
        person.sees_no_more(WINDOW, "Nothing answers")

        lost = "The connector lost its connection"
        person.sees_after(lambda: kill(started_with(child, "--metrics")), WINDOW, lost)
        photograph("connector-broken")
        person.sees_no_more(WINDOW, lost)
        assert connector(child).is_running()
        assert answer(address) == PAGE

        server(child).send_signal(signal.SIGSTOP)
        person.sees(WINDOW, "The lease is not renewed", 100.0)
        tray.says("my-app: Live, lease not renewed")
        photograph("lease-broken")
        server(child).send_signal(signal.SIGCONT)
        wait_for("the lease to be renewed", lambda: "The lease is not renewed" not in person.reads(WINDOW), 60.0)
        assert answer(address) == PAGE

        window = wait_for("the window", lambda: screen.window(f"^{WINDOW}$"))
        screen.ask("windowactivate", "--sync", window.number, "key", "alt+F4")
        wait_for("the window to hide", lambda: not screen.window(f"^{WINDOW}$"))
        again = app()
        assert again.wait(timeout=20) == 0
        wait_for("the window to be raised", lambda: screen.window(f"^{WINDOW}$"))

        tray.quit()
        assert child.wait(timeout=20) == 0
        assert left_over(home) == []
        with pytest.raises(OSError, match="refused"):
            answer(address)

        child = app()
        wait_for("it to be exposed again", lambda: answers(address))
        tray.click()
        person.press(WINDOW, "Stop: my-app")
        person.sees(WINDOW, "Nothing is exposed.")
        tray.says("TunnelDesk: nothing exposed")
        photograph("stopped")
        tray.quit()
        assert child.wait(timeout=20) == 0
        assert left_over(home) == []


def kill(process: psutil.Process | None) -> None:
    """Kill it, if it is there just now."""
    if process is not None:
        process.kill()


def answers(address: str) -> bool:
    """Whether the user's page is there."""
    try:
        return answer(address) == PAGE
    except OSError:
        return False
