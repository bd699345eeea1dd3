"""What an app costs that shows no more than its icon."""

from __future__ import annotations

import os
import subprocess
import sys

_NOT_NEEDED = (
    "PySide6.QtSvg",
    "filelock",
    "httpcore",
    "keyring",
    "logging.handlers",
    "pickle",
    "truststore",
    "tunneldesk.backend",
    "tunneldesk.presentation.catalogue",
    "tunneldesk.presentation.window",
    "tunneldesk.ui.main_window",
    "tunneldesk.ui.problems",
)


def test_the_tray_alone_loads_nothing_that_windows_problems_and_connections_need() -> None:
    check = (
        "import sys, tunneldesk.app, tunneldesk.core, tunneldesk.ui.desktop, tunneldesk.ui.tray_icon\n"
        "print(*[name for name, module in sys.modules.items() if module is not None])"
    )
    # What measures coverage loads some of it for itself.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    ran = subprocess.run(
        [sys.executable, "-c", check], env=environ, capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(ran.stdout.split())
    assert "tunneldesk.presentation.tray" in loaded
    assert loaded.isdisjoint(_NOT_NEEDED), sorted(loaded.intersection(_NOT_NEEDED))
