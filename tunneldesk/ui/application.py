"""The application as the system sees it: asked to quit, and opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent


class Application(QApplication):
    """Never quits by itself: it says that it is to, and whoever runs it takes everything down first.

    Qt's own answer to `QEvent.Quit` is to close all windows and leave the event loop, under the feet of what is
    still to be done. The event comes from macOS for Quit in the Dock, for logout and for shutdown, and from
    whatever calls `quit()`. Qt tells macOS "cancel" in any case, and ends by itself (qtbase,
    qcocoaapplicationdelegate.mm, `applicationShouldTerminate:`), so that taking the event changes nothing there.
    Not tried on macOS yet.

    macOS starts no second process for an app that runs: it says so to the first, and Qt makes of it that the
    application is active, once more if it was (same file, `applicationShouldHandleReopen:`). The first activation
    is the launch's own, which Qt brings about itself (`applicationDidFinishLaunching:`).

    Signals:
        quit_wanted: The system wants us to end.
        opened_again: We were activated after the launch; by opening the app again, unless a window is there.
    """

    quit_wanted = Signal()
    opened_again = Signal()

    _was_active = False

    def event(self, event: QEvent) -> bool:
        """Take what concerns the app as a whole."""
        from PySide6.QtCore import QEvent  # its many names and those of Qt take longer than the icon

        if event.type() is QEvent.Type.Quit:
            self.quit_wanted.emit()
            return True
        if event.type() is QEvent.Type.ApplicationStateChange:
            self._state_changed()
        return super().event(event)

    def _state_changed(self) -> None:
        from PySide6.QtCore import Qt

        if self.applicationState() is not Qt.ApplicationState.ApplicationActive:
            return
        if self._was_active:
            self.opened_again.emit()
        self._was_active = True
