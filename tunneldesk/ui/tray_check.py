"""A program that asks whether the desktop has a tray, and answers with its exit status.

For the doctor, which runs without Qt: and Qt ends a process that can't have a display. The exit status is all that
a windowed build can answer with everywhere.
"""

from __future__ import annotations

import os
import sys

from tunneldesk.domain.checkup import TrayAnswer

_WITHOUT_SCREEN = {"offscreen", "minimal", "minimalegl", "vnc"}


def main() -> int:
    """Return the answer as an exit status."""
    if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        return TrayAnswer.NO_DISPLAY
    try:
        from PySide6.QtWidgets import QApplication, QSystemTrayIcon
    except ModuleNotFoundError:
        return TrayAnswer.NO_QT
    from tunneldesk.ui.session_bus import start_no_bus

    start_no_bus()
    app = QApplication(["tunneldesk"])
    if app.platformName() in _WITHOUT_SCREEN:
        return TrayAnswer.NO_DISPLAY
    return TrayAnswer.AVAILABLE if QSystemTrayIcon.isSystemTrayAvailable() else TrayAnswer.MISSING


if __name__ == "__main__":
    sys.exit(main())
