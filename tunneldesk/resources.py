"""Finds the files that ship beside the code: icons, the theme, the API description."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

_FOLDERS = (
    _PACKAGE / "_resources",  # the wheel and the frozen application
    _PACKAGE.parent / "resources",  # a checkout
)


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder.

    Args:
        name: Path below ``resources/``, with forward slashes.

    Raises:
        FileNotFoundError: Nothing of that name was shipped.
    """
    for folder in _FOLDERS:
        path = folder / name
        if path.exists():
            return path
    raise FileNotFoundError(f"TunnelDesk was installed without its file {name!r}")
