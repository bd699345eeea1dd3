"""What a Linux binary asks of the system, as binutils' `objdump` tells it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)$", re.MULTILINE)
_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)")
_MAGIC = b"\x7fELF"


@dataclass(frozen=True, slots=True)
class Binary:
    """What one file asks for.

    Attributes:
        needed: The linker's names of the libraries it is itself linked against.
        glibc: The newest version of the C library that it names.
    """

    needed: tuple[str, ...]
    glibc: tuple[int, int]


def is_elf(path: Path) -> bool:
    """Return whether the file is a program or a library."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == _MAGIC


def read(path: Path) -> Binary:
    """Ask `objdump` about one file."""
    said = subprocess.run(
        ["objdump", "-p", str(path)],  # noqa: S607 - part of binutils, which PyInstaller needs as well
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    versions = ((int(major), int(minor)) for major, minor in _GLIBC.findall(said))
    return Binary(tuple(_NEEDED.findall(said)), max(versions, default=(0, 0)))


def of_tree(files: Iterable[Path]) -> Binary:
    """Return what all these files together ask for beyond each other."""
    elves = [path for path in files if is_elf(path)]
    own = {path.name for path in elves}
    binaries = [read(path) for path in elves]
    needed = {name for binary in binaries for name in binary.needed}
    return Binary(tuple(sorted(needed - own)), max((binary.glibc for binary in binaries), default=(0, 0)))
