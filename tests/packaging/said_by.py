"""Runs a program that has to succeed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def said_by(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a command and return what it printed; fail with all that it said when it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
