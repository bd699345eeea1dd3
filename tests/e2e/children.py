"""The processes that a running app has started."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from tests.desktop import wait_for

if TYPE_CHECKING:
    import subprocess


def started_with(child: subprocess.Popen[bytes], word: str) -> psutil.Process | None:
    """Return the process that the app runs with this word on its command line."""
    with suppress(psutil.NoSuchProcess):
        for each in psutil.Process(child.pid).children(recursive=True):
            if word in each.cmdline():
                return each
    return None


def connector(child: subprocess.Popen[bytes]) -> psutil.Process:
    """Return the connector that the app runs."""
    return wait_for("the connector", lambda: started_with(child, "--metrics"))


def server(child: subprocess.Popen[bytes]) -> psutil.Process:
    """Return the embedded server that the app runs."""
    return wait_for("the embedded server", lambda: started_with(child, "--data-dir"))
