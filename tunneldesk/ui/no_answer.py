"""What a launch says when the app that runs already does not answer it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox

from tunneldesk.ui.language import speak
from tunneldesk.ui.single_instance import ANSWERS_WITHIN

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def tell_of_no_answer(app: QApplication, *, quietly: bool) -> None:
    """Say it in a dialog and wait until that has been read; this launch has nothing else to do.

    Args:
        app: The application.
        quietly: Whether nobody has asked for this launch, as at login; then stderr has to do.
    """
    speak(app)
    title = QCoreApplication.translate("NoAnswer", "TunnelDesk does not answer")
    text = QCoreApplication.translate(
        "NoAnswer",
        "It runs already, but has not answered for {seconds} seconds. Try again in a moment. If that does not "
        "help, end it by your system's means and start it again; its tunnels come back.",
    ).replace("{seconds}", f"{ANSWERS_WITHIN:.0f}")
    if quietly:
        print(f"{title}. {text}", file=sys.stderr)  # noqa: T201
        return
    box = QMessageBox(QMessageBox.Icon.Warning, app.applicationName(), title)
    box.setInformativeText(text)
    box.exec()
