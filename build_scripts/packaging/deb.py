"""The package for Debian, Ubuntu and their kin."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.packaging import elf, linux, system_libraries, targets

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURES: Mapping[str, str] = {"x86_64": "amd64", "aarch64": "arm64"}
_DOCUMENTS = "usr/share/doc/tunneldesk"

_COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: TunnelDesk
Upstream-Contact: {maintainer}
Comment:
 What others have made and this package contains, and under which licence, is
 written in /usr/lib/tunneldesk/_internal/tunneldesk/_resources/notices.txt.

Files: *
Copyright: 2026 The TunnelDesk developers
License: Expat
{licence}
"""

_OVERRIDES = """\
# The program brings the Python and the Qt it was tested with; see notices.txt for what that is.
tunneldesk: embedded-library *
# They find each other by paths relative to themselves.
tunneldesk: custom-library-search-path *
tunneldesk: hardening-no-fortify-functions *
tunneldesk: hardening-no-pie *
tunneldesk: shared-library-lacks-prerequisites *
tunneldesk: library-not-linked-against-libc *
# cloudflared is the file that its makers released, byte by byte, and Go links statically.
tunneldesk: statically-linked-binary [usr/lib/tunneldesk/_internal/cloudflared]
tunneldesk: unstripped-binary-or-object [usr/lib/tunneldesk/_internal/cloudflared]
# The windowed program has the manual page of the other.
tunneldesk: no-manual-page *
"""

_DESCRIPTION = """\
 Pick a port and a name; TunnelDesk gets a public address for it, runs the
 connector (cloudflared) and keeps the lease alive. A tray icon tells how each
 tunnel is doing and which part is at fault when something is; the terminal
 does the same job for scripts.
"""


def build(frozen: Path, facts: linux.Facts, work: Path, out: Path) -> Path:
    """Build the package and return its file.

    Args:
        frozen: The frozen program's folder.
        facts: Of this build.
        work: Folder for what is made on the way.
        out: Folder for the package.
    """
    stage = work / "deb"
    shutil.rmtree(stage, ignore_errors=True)
    linux.lay_out(frozen, stage / "usr", facts, zsh="share/zsh/vendor-completions")
    documents = stage / _DOCUMENTS
    documents.mkdir(parents=True)
    (documents / "copyright").write_text(copyright_file(), encoding="utf-8")
    linux.compress(documents / "changelog.gz", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    linux.compress(documents / "changelog.Debian.gz", _debian_changelog(facts))
    overrides = stage / "usr/share/lintian/overrides"
    overrides.mkdir(parents=True)
    (overrides / "tunneldesk").write_text(_OVERRIDES, encoding="utf-8")
    control = stage / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(control_file(stage, facts), encoding="utf-8")
    (control / "md5sums").write_text(_checksums(stage), encoding="utf-8")
    _set_modes(stage)
    architecture = ARCHITECTURES[facts.architecture]
    package = out / f"tunneldesk_{facts.version}-1_{architecture}.deb"
    command = ["dpkg-deb", "--build", "--root-owner-group", "-Zxz", str(stage), str(package)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return package


def control_file(stage: Path, facts: linux.Facts) -> str:
    """Return what the package says of itself; what it depends on is read from its binaries."""
    files = [path for path in stage.rglob("*") if path.is_file() and not path.is_symlink()]
    asked = elf.of_tree(files)
    depends = system_libraries.dependencies(asked.needed, glibc=".".join(map(str, asked.glibc)))
    size = sum(path.stat().st_size for path in files) // 1024
    homepage = f"Homepage: {facts.homepage}\n" if facts.homepage else ""
    return f"""Package: tunneldesk
Version: {facts.version}-1
Architecture: {ARCHITECTURES[facts.architecture]}
Maintainer: {targets.maintainer(ROOT)}
Installed-Size: {size}
Depends: {", ".join(depends)}
Recommends: ca-certificates, gnome-keyring | kwalletmanager | keepassxc, xdg-utils
Section: net
Priority: optional
{homepage}Description: {targets.SUMMARY[:1].lower() + targets.SUMMARY[1:]}
{_DESCRIPTION}"""


def copyright_file() -> str:
    """Return Debian's copyright file, with our own licence in it."""
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").partition("\n\n")[2].partition("\n\n")[2]
    lines = [f" {line}" if line else " ." for line in licence.strip().splitlines()]
    return _COPYRIGHT.format(maintainer=targets.maintainer(ROOT), licence="\n".join(lines))


def _debian_changelog(facts: linux.Facts) -> str:
    from datetime import UTC, datetime

    at = datetime.fromisoformat(facts.date).replace(tzinfo=UTC)
    return f"""tunneldesk ({facts.version}-1) unstable; urgency=medium

  * Release {facts.version}; see changelog.gz.

 -- {targets.maintainer(ROOT)}  {at:%a, %d %b %Y %H:%M:%S +0000}
"""


def _checksums(stage: Path) -> str:
    import hashlib

    lines = []
    for path in sorted(stage.rglob("*")):
        name = path.relative_to(stage).as_posix()
        if path.is_file() and not path.is_symlink() and not name.startswith("DEBIAN/"):
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            lines.append(f"{digest}  {name}\n")
    return "".join(lines)


def _set_modes(stage: Path) -> None:
    """Give every file the mode Debian wants, whatever the umask here was."""
    for path in stage.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or (elf.is_elf(path) and os.access(path, os.X_OK))
            path.chmod(0o755 if runs else 0o644)
