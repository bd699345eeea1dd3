"""Coming to the front on behalf of another process: where the desktop gives that right to whoever was clicked.

- Wayland: a launcher gives the program a token in ``XDG_ACTIVATION_TOKEN`` (the xdg-activation protocol), good for
  one window coming to the front. Qt takes it from the environment, once, when a window asks to be activated
  (``QWaylandXdgSurface::requestActivate``); so a token that another launch hands over is put there. KDE's Dolphin
  and Okular hand theirs over in the same way.
- Windows: only the program that the user has turned to may raise a window, and may say that others may, too
  (Microsoft: "AllowSetForegroundWindow function").

Tried on neither yet.
"""

from __future__ import annotations

import os
import sys

_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105 - the name of one, which is no secret
_GOOD_FOR_MS = 2000
_ANYBODY = -1  # ASFW_ANY


def given_token() -> str | None:
    """Return the token that this launch was given."""
    return os.environ.get(_TOKEN) or None


def use_token(token: str) -> None:
    """Have the next window that comes to the front use this token; if none does soon, it is forgotten.

    It is put where Qt looks for it, and not where children of ours are given theirs.
    """
    from PySide6.QtCore import QTimer  # a first launch does without

    if token.isascii() and token.isprintable():
        os.putenv(_TOKEN, token)
        QTimer.singleShot(_GOOD_FOR_MS, lambda: os.unsetenv(_TOKEN))


def let_others_come_forward() -> None:
    """Give on the right to raise a window, for this launch is about to end."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(_ANYBODY)
