"""Somebody at a whole desktop: screen, tray, keyring, a browser to be sent to, and eyes to read it all with."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.desktop import wait_for
from tests.e2e.faults.place import keyring
from tests.e2e.notifier_host import NotifierHost, SessionBus
from tests.e2e.person import SIGN_IN, WINDOW, Person
from tests.e2e.screen_reader import ENVIRON, ScreenReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.real_browser import Opener
    from tests.e2e.real_screen import Screen


class Sitting(Person):
    """Has a tray, a keyring and a browser besides.

    Attributes:
        tray: The tray.
        bus: The session bus, on which there is a keyring.
        opener: What is opened in the browser.
    """

    def __init__(self, screen: Screen, tray: NotifierHost, bus: str, opener: Opener, eyes: ScreenReader) -> None:
        super().__init__(screen, eyes)
        self.tray = tray
        self.bus = bus
        self.opener = opener

    def show_window(self) -> None:
        """Bring the window up by a click on the icon."""
        self.tray.click()
        wait_for("the window", lambda: self.screen.window(f"^{WINDOW}$"))

    def ask_to_sign_in(self, server: str, email: str) -> str:
        """Type server and e-mail address into the dialog that is there; return what the browser is sent to."""
        wait_for("the server's field", lambda: self.part(SIGN_IN, "text", "Server address").focused)
        self.screen.ask("type", server)
        self.screen.ask("key", "Return")
        wait_for("the e-mail's field", lambda: self.part(SIGN_IN, "text", "E-mail address").focused)
        self.screen.ask("type", email)
        self.screen.ask("key", "Return")
        said = self.sees(SIGN_IN, "Waiting for your browser")
        assert email in said
        address = self.opener.address()
        assert self.part(SIGN_IN, "text", "Address to open in the browser").text == address
        return address


@contextmanager
def sitting(screen: Screen, opener: Opener) -> Iterator[Sitting]:
    """Give a screen a session bus with all that belongs to a desktop; apps on the screen find it from then on."""
    with ExitStack() as stack:
        # Sockets may have no name as long as those of tests' folders.
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="td-")))
        bus = stack.enter_context(SessionBus(folder / "bus"))
        found = keyring(stack, folder, bus.address, unlocked=True)
        screen.environ.update(opener.beside({**screen.environ, **found, **ENVIRON}))
        tray = stack.enter_context(NotifierHost(bus))
        eyes = stack.enter_context(ScreenReader(bus.address))
        yield Sitting(screen, tray, bus.address, opener, eyes)
