"""`tunneldesk --quit`: have the tray app of this home end.

An installer that wants to replace or remove the program asks so. Windows knows no gentle signal for it, and the
tunnels are to be taken down in order.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from tunneldesk.ui.single_instance import SingleInstance

if TYPE_CHECKING:
    from pathlib import Path

_LIMIT = 20.0
"""Seconds for taking every tunnel down, on a server that answers late."""


def end_running(key: str, lock: Path) -> bool:
    """Ask the tray app to quit, if one runs, and wait until it has; return whether none runs any more.

    Args:
        key: Of its home; see `Paths.key`.
        lock: The file whose lock it holds.
    """
    _app = QCoreApplication(sys.argv[:1])  # held while sockets are in use
    return SingleInstance(key, lock).end_first(_LIMIT)
