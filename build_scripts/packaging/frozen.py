"""The frozen program: PyInstaller's one folder, and what is done to it before it is packed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.packaging import connector, elf, icons, icu, macos_image, nsis, targets
from build_scripts.progress import run_step

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SPEC = HERE / "tunneldesk.spec"


@dataclass(frozen=True, slots=True)
class Share:
    """What one part of the program takes.

    Attributes:
        part: In a reader's words.
        size: Bytes.
    """

    part: str
    size: int


def build(work: Path, *, require_connector: bool = False) -> Path:
    """Freeze the program and return its folder.

    Args:
        work: Folder for what is made on the way, and for the result.
        require_connector: Whether to fail where cloudflared can't be had, instead of going on without it.

    Raises:
        SetUpError: PyInstaller failed; its last words have been shown. Or there is no cloudflared to be packed.
    """
    made = work / "frozen"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    command += [f"--distpath={made}", f"--workpath={work / 'pyinstaller'}", str(SPEC)]
    work.mkdir(parents=True, exist_ok=True)
    told = what_the_spec_is_told(work, require_connector=require_connector)
    told["PYTHONHASHSEED"] = "1"
    if macos_image.IDENTITY_VARIABLE in os.environ:  # a signature that fails is else a mere warning to PyInstaller
        told["PYINSTALLER_STRICT_BUNDLE_CODESIGN_ERROR"] = "1"
    run_step("Freezing the program", command, env={**os.environ, **told})
    folder = made / "tunneldesk"
    if sys.platform == "linux":
        finish_on_linux(folder)
    return folder


def what_the_spec_is_told(
    work: Path, system: str = sys.platform, *, require_connector: bool = False
) -> dict[str, str]:
    """Return the environment for `tunneldesk.spec`: where what is no part of the source lies."""
    resources = work / "resources"
    shutil.rmtree(resources, ignore_errors=True)
    resources.mkdir(parents=True)
    if repository := os.environ.get(targets.REPOSITORY_VARIABLE):  # where updates are looked for
        (resources / "release.json").write_text(json.dumps({"repository": repository}) + "\n", encoding="utf-8")
    told = {"TUNNELDESK_BUILD_RESOURCES": str(resources)}
    if program := connector.fetch(work / "cloudflared", required=require_connector):
        told[connector.PROGRAM_VARIABLE] = str(program)
    if system == "win32":
        (work / "version.txt").write_text(nsis.version_resource(targets.version(ROOT)), encoding="utf-8")
        told["TUNNELDESK_BUILD_VERSION_RESOURCE"] = str(work / "version.txt")
    if picture := {"win32": icons.ico, "darwin": icons.icns}.get(system):
        path = work / f"icon.{picture.__name__}"
        path.write_bytes(picture())
        told["TUNNELDESK_BUILD_ICON"] = str(path)
    return told


def finish_on_linux(folder: Path) -> None:
    """Take the debugging symbols out of the libraries and most of the data out of ICU."""
    for path in sorted(folder.rglob("*")):
        if ".so" in path.name and elf.is_elf(path):
            subprocess.run(["strip", "--strip-unneeded", path], check=True)  # noqa: S607 - binutils, see `elf`
            path.chmod(0o644)
    for library in folder.rglob("libicudata.so.*"):
        if not library.is_symlink():
            icu.shrink(library)
    (folder / "tunneldeskw").symlink_to("tunneldesk")
    for compiled in folder.rglob("__pycache__"):
        shutil.rmtree(compiled)


_PARTS = (
    ("Qt's libraries and plugins", ("_internal/PySide6/Qt/",)),
    ("Qt's bindings for Python", ("_internal/PySide6/", "_internal/shiboken6/")),
    ("cloudflared", ("_internal/cloudflared",)),
    ("our resources", ("_internal/tunneldesk/",)),
    ("our code and Python's, compiled", ("tunneldesk", "_internal/base_library.zip")),
    ("Python itself", ("_internal/python3", "_internal/libpython3")),
    ("cryptography, for the keyring", ("_internal/cryptography", "_internal/_cffi_backend")),
)
_REST = "other libraries"


def shares(folder: Path) -> list[Share]:
    """Return what takes the space, the largest first."""
    sizes: dict[str, int] = {}
    for path, size in sizes_of(folder):
        part = next((part for part, starts in _PARTS if path.startswith(starts)), _REST)
        sizes[part] = sizes.get(part, 0) + size
    return sorted((Share(part, size) for part, size in sizes.items()), key=lambda share: -share.size)


def sizes_of(folder: Path) -> Iterable[tuple[str, int]]:
    """Yield each file's path below the folder and its size; links take none."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path.stat().st_size


def report(folder: Path, *, largest: int = 20) -> str:
    """Return a table of the parts and of the largest files, in megabytes of a million bytes."""
    parts = shares(folder)
    files = sorted(sizes_of(folder), key=lambda each: -each[1])[:largest]
    lines = [f"{share.size / 1e6:7.1f} MB  {share.part}" for share in parts]
    lines.append(f"{sum(share.size for share in parts) / 1e6:7.1f} MB  in all; the largest files:")
    return "\n".join([*lines, *(f"{size / 1e6:7.1f} MB  {path}" for path, size in files)])
