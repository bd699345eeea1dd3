"""The window: made when it is first wanted, drawn while it is on the screen, and found again where it was."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tunneldesk.presentation.status import Instant
from tunneldesk.presentation.tray import tray_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.model import AppState
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.main_window import MainWindow
    from tunneldesk.ui.window_memory import WindowMemory


class WindowPresenter(QObject):
    """Draws the state in the window, for as long as somebody may look.

    Signals:
        closing: The user closed it; whoever hears this decides what that means.
    """

    closing = Signal()

    def __init__(self, state: Callable[[], AppState], intents: Intents, clock: Clock, file: Path | None) -> None:
        """Make no window yet; its size and place are kept in ``file``."""
        super().__init__()
        self._state = state
        self._intents = intents
        self._clock = clock
        self._file = file
        self._notice: Callable[[MainWindow], None] | None = None
        """Shows the newest notice in a window that is yet to be made."""

    @cached_property
    def widget(self) -> MainWindow:
        """The window itself."""
        from tunneldesk.ui.main_window import MainWindow

        window = MainWindow(self._intents)
        window.time_passed.connect(self._render)
        window.closing.connect(self.closing)
        window.setObjectName("window")
        self._memory.restore(window)
        if self._notice is not None:
            self._notice(window)
        return window

    @property
    def shown(self) -> MainWindow | None:
        """The window, while it is on the screen."""
        return self.widget if "widget" in vars(self) and self.widget.isVisible() else None

    def show(self) -> None:
        """Show it and bring it to the front."""
        self._render()
        self.widget.raise_up()

    def show_details(self, key: str) -> None:
        """Bring this tunnel's card into view, unfolded."""
        self.widget.unfold(key)
        self.widget.show_card(key)

    def show_notice(self, title: str, text: str, clicked: Callable[[], None], *, grave: bool) -> None:
        """Show what a notification would say; a window is not made for it alone."""

        def show(window: MainWindow) -> None:
            window.show_notice(title, text, clicked, grave=grave)

        if "widget" in vars(self):
            show(self.widget)
        else:
            self._notice = show

    def take_back_notice(self) -> None:
        """Show it no more."""
        self._notice = None
        if "widget" in vars(self):
            self.widget.take_back_notice()

    def render_state(self, _state: AppState) -> None:
        """Draw what is on the screen as it is now."""
        if self.shown is not None:
            self._render()

    def close(self) -> None:
        """Take it off the screen, and remember where it was."""
        if "widget" in vars(self):
            self._memory.keep(self.widget)
            self.widget.hide()

    @cached_property
    def _memory(self) -> WindowMemory:
        from tunneldesk.ui.window_memory import WindowMemory

        return WindowMemory(self._file)

    def _render(self) -> None:
        from tunneldesk.presentation.window import window_view

        state, instant = self._state(), Instant(self._clock.monotonic(), self._clock.now())
        self.widget.render_view(window_view(state, instant, self.widget.unfolded))
        self.widget.render_menu(tray_view(state, instant))
