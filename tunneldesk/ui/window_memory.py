"""Remembers where the window was and how large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget


class WindowMemory:
    """Keeps a window's size and place in a file; a Wayland compositor gives and takes sizes only.

    Nothing in that file matters: one that can't be read or written costs the user a drag of the mouse.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def restore(self, window: QWidget) -> None:
        """Put the window where it was; on a screen that is gone, Qt moves it to one there is."""
        kept = None if self._file is None else self._settings().value(window.objectName())
        if isinstance(kept, QByteArray):
            window.restoreGeometry(kept)

    def keep(self, window: QWidget) -> None:
        """Remember where the window is."""
        if self._file is not None:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._settings().setValue(window.objectName(), window.saveGeometry())

    def _settings(self) -> QSettings:
        return QSettings(str(self._file), QSettings.Format.IniFormat)
