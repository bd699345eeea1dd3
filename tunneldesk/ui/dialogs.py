"""Dialogs that live for as long as they are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from shiboken6 import isValid

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog


def bring_up(dialog: QDialog) -> None:
    """Show it and bring it to the front."""
    dialog.open()
    dialog.raise_()
    dialog.activateWindow()


class Dialogs:
    """Holds each while it is open: nobody else does."""

    def __init__(self) -> None:
        self._shown: list[QDialog] = []

    def show(self, dialog: QDialog) -> None:
        """Show it and bring it to the front; once closed it is gone."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shown = [each for each in self._shown if isValid(each)]
        self._shown.append(dialog)
        bring_up(dialog)

    @property
    def open(self) -> list[QDialog]:
        """Those that are open, the newest last."""
        return [each for each in self._shown if isValid(each) and each.isVisible()]

    def close(self) -> None:
        """Take all off the screen."""
        for dialog in self.open:
            dialog.hide()
