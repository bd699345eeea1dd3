"""The folder a running connector has to itself."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "connector-"
"""How the names of these folders begin."""


@contextmanager
def own_folder(run_dir: Path) -> Iterator[Path]:
    """Make a folder for this user only, and remove it at the end.

    Raises:
        OSError: It can't be made.
    """
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=run_dir))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
