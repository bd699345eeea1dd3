"""``tunneldesk --version``: ours, and on request those of the parts."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from typing import TYPE_CHECKING

from tunneldesk import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARTS = (("Qt", "PySide6-Essentials"), ("qasync", "qasync"), ("httpx", "httpx"))


def lines(*, verbose: bool, cloudflared: str | None = None) -> Iterator[str]:
    """Yield the versions; those of the parts are read from their metadata, without importing them."""
    yield f"tunneldesk {__version__}"
    if not verbose:
        return
    yield f"Python {platform.python_version()} ({sys.platform}, {platform.machine()})"
    for label, package in _PARTS:
        yield f"{label} {_installed(package)}"
    yield f"cloudflared {cloudflared or 'not found'}"


def _installed(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
