"""The archive for every other Linux: unpack it anywhere and run it, or copy it into a prefix."""

from __future__ import annotations

import shutil
import tarfile
import textwrap
from typing import TYPE_CHECKING

from build_scripts.packaging import elf, linux

if TYPE_CHECKING:
    from pathlib import Path

_README = """\
TunnelDesk {version}

Run it from where it is:     bin/tunneldeskw (tray), bin/tunneldesk (terminal)
Or install it for everyone:  sudo cp -r bin lib share /usr/local/
Or for yourself:             cp -r bin lib share ~/.local/

It needs a C library (glibc) of version {glibc} or newer and, of every desktop's libraries,
{libraries}

To remove it again, there, and leave settings and logs:

{removal}
"""


def build(frozen: Path, facts: linux.Facts, work: Path, out: Path) -> Path:
    """Build the archive and return its file."""
    name = f"tunneldesk-{facts.version}-linux-{facts.architecture}"
    stage = work / "tar" / name
    shutil.rmtree(stage.parent, ignore_errors=True)
    linux.lay_out(frozen, stage, facts)
    (stage / "README").write_text(readme(stage, facts), encoding="utf-8")
    archive = out / f"{name}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
        tar.add(stage, name, filter=_nobodys)
    return archive


def readme(stage: Path, facts: linux.Facts) -> str:
    """Return what is told of the archive; what it needs of the system is read from its binaries."""
    asked = elf.of_tree(stage.rglob("*"))
    shared = sorted(
        path.relative_to(stage).as_posix() for path in (stage / "share").rglob("*") if not path.is_dir()
    )
    return _README.format(
        version=facts.version,
        glibc=".".join(map(str, asked.glibc)),
        libraries=textwrap.fill(" ".join(asked.needed), 100, break_on_hyphens=False),
        removal=" \\\n      ".join(("    rm -r bin/tunneldesk bin/tunneldeskw lib/tunneldesk", *shared)),
    )


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    if entry.islnk():
        raise ValueError(f"{entry.name} would be a hard link")
    return entry
