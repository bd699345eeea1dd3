"""The icon as it is first seen, with as little as it takes: what nothing is exposed looks like."""

from __future__ import annotations

import sys

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from tunneldesk.ui.tray_pictures import INK, SIZES, tray_picture


def show_first_icon() -> QSystemTrayIcon:
    """Put an icon into the tray, for `TrayIcon` to go on with, which also gives it the colours of the theme."""
    picture = QIcon()
    for edge, grid in SIZES:
        picture.addPixmap(tray_picture("idle", INK, INK, edge=edge, grid=grid))
    picture.setIsMask(sys.platform == "darwin")
    icon = QSystemTrayIcon(picture)
    icon.show()
    QApplication.processEvents()  # what asks for a place in the tray is sent now, not when the loop runs
    return icon
