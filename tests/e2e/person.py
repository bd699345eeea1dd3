"""Somebody who reads the screen as a screen reader does, and clicks on what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.desktop import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.real_screen import Screen
    from tests.e2e.screen_reader import Part, ScreenReader

SIGN_IN = "Sign in"
WINDOW = "TunnelDesk"


class Person:
    """Looks at a screen, and uses what is on it with the mouse.

    Attributes:
        screen: The screen.
    """

    def __init__(self, screen: Screen, eyes: ScreenReader) -> None:
        self.screen = screen
        self._eyes = eyes

    def reads(self, window: str) -> str:
        """Return what stands in a window now."""
        return self._eyes.read(window)

    def sees_after(self, doing: Callable[[], None], window: str, words: str, seconds: float = 20.0) -> None:
        """Do something until these words stand in a window, which may be for a moment only."""

        def look() -> bool:
            doing()
            return words in self.reads(window)

        wait_for(words, look, seconds)

    def sees(self, window: str, words: str, seconds: float = 20.0) -> str:
        """Wait until these words stand in a window; return all that stands there."""
        said = [""]

        def look() -> bool:
            said[0] = self._eyes.read(window)
            return words in said[0]

        try:
            wait_for(words, look, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; {window!r} says {said[0]!r}") from None
        return said[0]

    def sees_no_more(self, window: str, words: str) -> None:
        """Wait until these words no longer stand in a window."""
        wait_for(f"{words!r} to go", lambda: words not in self._eyes.read(window))

    def part(self, window: str, role: str, name: str, *, enabled: bool = True) -> Part:
        """Wait for a part of a window that can be used."""

        def look() -> Part | None:
            found = self._eyes.part(window, role, name)
            return found if found and (found.enabled or not enabled) else None

        return wait_for(f"the {role} {name!r}", look)

    def press(self, window: str, name: str) -> None:
        """Click on a button."""
        where = self.part(window, "push button", name).middle
        self.screen.ask("mousemove", *map(str, where), "click", "1")

    def gone(self, window: str) -> None:
        """Wait until a window is off the screen."""
        wait_for(f"{window!r} to be closed", lambda: not self.screen.window(f"^{window}"))
