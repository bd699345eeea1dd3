"""The session bus, and how Qt is kept from starting one."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def start_no_bus() -> None:
    """Where there is no session bus, keep Qt from launching one, which would outlive us."""
    if sys.platform == "linux" and "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        runtime_dir = os.environ.get("XDG_RUNTIME_DIR")
        if runtime_dir is None or not Path(runtime_dir, "bus").exists():
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
