"""The way into the desktop face: one app per home, and its icon in the tray before anything else is imported.

Nothing of Qt is imported before `main` runs, so that the command line can be read without it; and nothing here may
import what the icon does not need: that is half of the time until it is there.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk import __version__
from tunneldesk.storage.paths import APP_ID, Paths

if TYPE_CHECKING:
    from tunneldesk.desktop_options import DesktopOptions

STYLE = ("-style", "Fusion")
"""For the application's command line: `setStyle` would answer with a `QStyle`, half a megabyte of Python."""


def main(options: DesktopOptions) -> int:
    """Run the desktop face until the user quits; return the exit status."""
    from PySide6.QtGui import QGuiApplication

    from tunneldesk.ui.imports import import_without_features

    import_without_features()

    from tunneldesk.ui.activation import given_token
    from tunneldesk.ui.application import Application
    from tunneldesk.ui.first_icon import show_first_icon
    from tunneldesk.ui.session_bus import start_no_bus
    from tunneldesk.ui.single_instance import NoAnswerError, SingleInstance

    paths = Paths.find(os.environ)
    _introduce_to_windows()
    start_no_bus()
    QGuiApplication.setDesktopFileName(APP_ID)
    app = Application([sys.argv[0], *STYLE])
    app.setApplicationName("TunnelDesk")
    app.setApplicationDisplayName("TunnelDesk")
    app.setApplicationVersion(__version__)
    app.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(paths.key, paths.instance_lock)
    icon = None if instance.is_taken() else show_first_icon()  # before `claim` loads what it takes to be certain
    try:
        if not instance.claim(replace(options, activation=given_token())):
            return 0
    except NoAnswerError:
        from tunneldesk.ui.no_answer import tell_of_no_answer

        tell_of_no_answer(app, quietly=options.background)
        return 1
    icon = icon or show_first_icon()

    from tunneldesk.app import run

    try:
        run(app, instance, icon, options, paths)
    finally:
        instance.release()  # not before everything is down: whoever starts it again waits for that
    return 0


def _introduce_to_windows() -> None:
    """Give the taskbar and notifications our own id; elsewhere the desktop file name does that."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_ID)
