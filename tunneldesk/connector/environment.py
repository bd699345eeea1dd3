"""How children of ours are started: the environment they get, and the commands that are our own program again."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OURS = frozenset(
    {
        "TUNNELDESK_SERVER",
        "TUNNELDESK_ACCESS_TOKEN",
        "TUNNELDESK_CLOUDFLARED",
        "TUNNELDESK_CLOUDFLARED_MIRROR",
        "TUNNELDESK_HOME",
    }
)
_CLOUDFLARED_PREFIX = "TUNNEL_"


def child_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return our environment as a child may have it, plus ``extra``.

    Left out are our own variables, one of which is a token, and every inherited ``TUNNEL_*``: cloudflared takes any
    of its flags from there. What a frozen build's bootloader had changed was put back when we started
    (`build_scripts/packaging/prepare.py`), so that what is in there now is the user's.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _OURS and not name.startswith(_CLOUDFLARED_PREFIX)
    }
    return kept | dict(extra or {})


def own_command(module: str, command: str) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return the command line, and what its environment needs, of a part of our own program.

    Args:
        module: The module to run, ``tunneldesk.backend`` for one.
        command: The command of `tunneldesk` that does the same, for a frozen build has no modules to run.
    """
    if frozen():
        return (sys.executable, command), {}
    # `-m` alone would put the current folder first: a random.py in the user's project would take ours' place.
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    return (sys.executable, "-m", module), {"PYTHONSAFEPATH": "1", "PYTHONPATH": path}


def frozen() -> bool:
    """Whether we are a PyInstaller build."""
    return bool(getattr(sys, "frozen", False))
