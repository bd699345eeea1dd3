"""The AppImage: one file for every Linux, a small program followed by the packed folder that it mounts and runs.

That program, AppImage's "type 2 runtime", is others' and no part of this source: whoever releases says which one is
used (see `.github/workflows/release.yml`), and without one there is no AppImage.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.packaging import linux, targets

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNTIME_VARIABLE = "TUNNELDESK_APPIMAGE_RUNTIME"
"""Names the runtime's file."""

_APP_RUN = """\
#!/bin/sh
# The tray app; with words, the command of that name: TunnelDesk.AppImage expose 3000
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/usr/lib/tunneldesk/tunneldesk" "$@"
"""


def runtime(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the runtime's file where one is named."""
    named = environ.get(RUNTIME_VARIABLE)
    return Path(named) if named else None


def build(frozen: Path, facts: linux.Facts, start: Path, work: Path, out: Path) -> Path:
    """Build the AppImage and return its file.

    Args:
        frozen: The frozen program's folder.
        facts: Of this build.
        start: The runtime.
        work: Folder for what is made on the way.
        out: Folder for the AppImage.
    """
    stage = work / "appimage"
    shutil.rmtree(stage, ignore_errors=True)
    folder = stage / "AppDir"
    linux.lay_out(frozen, folder / "usr", facts)
    (folder / "AppRun").write_text(_APP_RUN, encoding="utf-8")
    (folder / "AppRun").chmod(0o755)
    (folder / f"{targets.APP_ID}.desktop").symlink_to(f"usr/share/applications/{targets.APP_ID}.desktop")
    icon = f"usr/share/icons/hicolor/256x256/apps/{targets.APP_ID}.png"
    for name in (f"{targets.APP_ID}.png", ".DirIcon"):
        (folder / name).symlink_to(icon)
    packed = stage / "packed"
    command = ["mksquashfs", str(folder), str(packed), "-all-root", "-noappend", "-quiet", "-no-progress"]
    subprocess.run([*command, "-comp", "zstd"], check=True, stdout=subprocess.DEVNULL)
    image = out / f"TunnelDesk-{facts.version}-{facts.architecture}.AppImage"
    with image.open("wb") as file:
        for part in (start, packed):
            with part.open("rb") as source:
                shutil.copyfileobj(source, file)
    image.chmod(0o755)
    return image
