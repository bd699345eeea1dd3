"""What an app costs that shows no more than its icon."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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

_STARTED = """
import linecache, sys, types

def run(*_):
    import httpx
    print(*linecache.cache)

sys.modules["tunneldesk.app"] = types.SimpleNamespace(run=run)
from tunneldesk import launch
from tunneldesk.desktop_options import DesktopOptions
launch.main(DesktopOptions())
"""


def _what_says(program: str, **environ: str) -> str:
    # What measures coverage loads some of it for itself.
    without = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=without | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ran.stdout


def test_the_tray_alone_loads_nothing_that_windows_problems_and_connections_need() -> None:
    check = (
        "import sys, tunneldesk.app, tunneldesk.core, tunneldesk.ui.desktop, tunneldesk.ui.tray_icon\n"
        "print(*[name for name, module in sys.modules.items() if module is not None])"
    )
    loaded = set(_what_says(check).split())
    assert "tunneldesk.presentation.tray" in loaded
    assert loaded.isdisjoint(_NOT_NEEDED), sorted(loaded.intersection(_NOT_NEEDED))


def test_the_source_of_what_is_imported_is_not_read_and_kept(tmp_path: Path) -> None:
    home = {"TUNNELDESK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    assert _what_says(_STARTED, **home).split() == []
