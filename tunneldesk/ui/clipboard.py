"""The clipboard, without claiming more than is true."""

from __future__ import annotations

from PySide6.QtGui import QClipboard, QGuiApplication


def copy(text: str) -> bool:
    """Put ``text`` into the clipboard; return whether it is there now.

    A Wayland compositor refuses the clipboard to an application without focus, silently.
    """
    clipboard = QGuiApplication.clipboard()
    clipboard.setText(text, QClipboard.Mode.Clipboard)
    return clipboard.text(QClipboard.Mode.Clipboard) == text
