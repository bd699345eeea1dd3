"""The folder a running connector has to itself."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "connector-"


@contextmanager
def own_folder(run_dir: Path) -> Iterator[Path]:
    """Make a folder for this user only, named after our process, and remove it at the end.

    What owners that were killed could not remove any more is removed on the way.

    Raises:
        OSError: It can't be made.
    """
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in run_dir.glob(f"{_PREFIX}*"):
        if not _owner_lives(other.name):
            shutil.rmtree(other, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=run_dir))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner_lives(name: str) -> bool:
    owner = name.removeprefix(_PREFIX).partition("-")[0]
    if sys.platform == "win32" or not owner.isdecimal():
        return True  # there, asking with signal 0 would be a signal
    try:
        os.kill(int(owner), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
