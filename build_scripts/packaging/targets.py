"""What every package says of itself: its name, its version, what it opens."""

from __future__ import annotations

import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

APP_ID = "dev.tunneldesk.TunnelDesk"
SUMMARY = "Put a port of this machine on a public address"
URL_SCHEME = "tunneldesk"
AUTOSTART_WORDS = " --background"
"""What the app itself adds where it is started at login (see `machine/autostart.py`)."""

REPOSITORY_VARIABLE = "GITHUB_REPOSITORY"
"""Names the repository (`owner/name`) whose release workflow builds; GitHub sets it."""

_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


def version(root: Path) -> str:
    """Return the version that the source tree names."""
    found = _VERSION.search((root / "tunneldesk" / "__init__.py").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("tunneldesk/__init__.py names no version")
    return found[1]


def maintainer(root: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Return who made the package, with an address, as Debian wants it.

    The name is `pyproject.toml`'s. So is the address, where it names one; else it is DEBEMAIL, where Debian's own
    tools look for it (dch(1)). Without either the address is one that can't be taken for any (RFC 2606).
    """
    (first, *_) = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["authors"]
    address = first.get("email") or environ.get("DEBEMAIL") or "nobody@tunneldesk.invalid"
    return f"{first['name']} <{address}>"


def homepage(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the page of the repository that publishes this build; None where nobody does."""
    repository = environ.get(REPOSITORY_VARIABLE)
    return f"https://github.com/{repository}" if repository else None


def own_modules(package: Path) -> Iterator[str]:
    """Yield the names of all our modules: many are imported late, where an analysis may not see them."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if parts[-1] != "__main__":
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def info_plist(number: str) -> dict[str, Any]:
    """Return what macOS is told of the app, beyond what PyInstaller says itself."""
    return {
        "CFBundleDisplayName": "TunnelDesk",
        "CFBundleExecutable": "tunneldeskw",
        "CFBundleIdentifier": APP_ID,
        "CFBundleName": "TunnelDesk",
        "CFBundleShortVersionString": number,
        "CFBundleVersion": number,
        "CFBundleURLTypes": [{"CFBundleURLName": APP_ID, "CFBundleURLSchemes": [URL_SCHEME]}],
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "LSMinimumSystemVersion": "13.0",
        "LSUIElement": True,  # lives in the menu bar and has no icon in the Dock
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
    }
