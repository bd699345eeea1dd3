"""The archive for every other Linux: unpack it anywhere and run it, or copy it into a prefix."""

from __future__ import annotations

import shutil
import tarfile
from typing import TYPE_CHECKING

from build_scripts.packaging import linux

if TYPE_CHECKING:
    from pathlib import Path

_README = """\
TunnelDesk {version}

Run it from where it is:     bin/tunneldeskw (tray), bin/tunneldesk (terminal)
Or install it for everyone:  sudo cp -r bin lib share /usr/local/
Or for yourself:             cp -r bin lib share ~/.local/

To remove it, delete bin/tunneldesk, bin/tunneldeskw and lib/tunneldesk there, and what share/ has of that name.
"""


def build(frozen: Path, facts: linux.Facts, work: Path, out: Path) -> Path:
    """Build the archive and return its file."""
    name = f"tunneldesk-{facts.version}-linux-{facts.architecture}"
    stage = work / "tar" / name
    shutil.rmtree(stage.parent, ignore_errors=True)
    linux.lay_out(frozen, stage, facts)
    (stage / "README").write_text(_README.format(version=facts.version), encoding="utf-8")
    archive = out / f"{name}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
        tar.add(stage, name, filter=_nobodys)
    return archive


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    if entry.islnk():
        raise ValueError(f"{entry.name} would be a hard link")
    return entry
