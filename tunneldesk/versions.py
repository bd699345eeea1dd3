"""Of what this TunnelDesk is made, read from metadata without importing any of it."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from typing import TYPE_CHECKING

from tunneldesk import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = (("Qt", "PySide6-Essentials"), ("qasync", "qasync"), ("httpx", "httpx"))


def versions() -> Iterator[tuple[str, str]]:
    """Yield name and version of TunnelDesk, Python with its system, and the parts."""
    yield "tunneldesk", __version__
    yield "Python", f"{platform.python_version()} ({sys.platform}, {platform.machine()})"
    for name, package in PARTS:
        yield name, _installed(package)


def _installed(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
