"""A text file that is written to for ever and never grows beyond its limit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class RollingFile:
    """Lines in two files, the newer one and the one before it; together they stay within a limit.

    Not for two writers at once. Everything blocks, so it is to be called off the loop.
    """

    def __init__(self, path: Path, limit: int) -> None:
        """Describe the file; nothing is opened yet.

        Args:
            path: The newer file; the older one has ``.1`` after its name.
            limit: Most bytes of both.
        """
        self.path = path
        self._half = limit // 2

    @property
    def older(self) -> Path:
        """The file before the newer one."""
        return self.path.with_name(f"{self.path.name}.1")

    def write(self, lines: Iterable[str]) -> None:
        """Append lines, for this user's eyes only.

        Raises:
            OSError: They can't be written.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        waiting = [f"{line}\n".encode("utf-8", "replace")[: self._half] for line in lines]
        while waiting:
            with open(self.path, "ab", opener=_for_us_only) as file:
                room = self._half - file.tell()
                fitting = _fitting(waiting, room)
                file.write(b"".join(waiting[:fitting]))
            del waiting[:fitting]
            if waiting:
                self.path.replace(self.older)


def _fitting(lines: list[bytes], room: int) -> int:
    """Return how many of the lines fit into ``room`` bytes."""
    for position, line in enumerate(lines):
        room -= len(line)
        if room < 0:
            return position
    return len(lines)


def _for_us_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
