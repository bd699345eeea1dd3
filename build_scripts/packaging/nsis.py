"""The installer for Windows, compiled by NSIS's `makensis`, which runs on Linux as well."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from build_scripts.packaging import icons, targets

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).resolve().parent / "windows" / "installer.nsi"
SIGN_VARIABLE = "TUNNELDESK_SIGN_COMMAND"
"""Names a command that signs the file named after it; the release workflow sets it where there is a certificate."""

_WINDOWS_PLACE = Path(r"C:\Program Files (x86)\NSIS\makensis.exe")

_VERSION_RESOURCE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers=({numbers}), prodvers=({numbers}), mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', 'The TunnelDesk developers'),
      StringStruct('FileDescription', 'TunnelDesk'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('InternalName', 'tunneldesk'),
      StringStruct('LegalCopyright', 'MIT licence'),
      StringStruct('ProductName', 'TunnelDesk'),
      StringStruct('ProductVersion', '{version}')])]),
    VarFileInfo([VarStruct('Translation', [0x0409, 1200])])
  ]
)
"""


def find_compiler() -> str | None:
    """Return where `makensis` is, if it is installed."""
    return shutil.which("makensis") or (str(_WINDOWS_PLACE) if _WINDOWS_PLACE.exists() else None)


def build(frozen: Path, version: str, work: Path, out: Path) -> Path:
    """Compile the installer and return its file.

    Args:
        frozen: The frozen program's folder.
        version: The program's.
        work: Folder for what is made on the way.
        out: Folder for the installer.

    Raises:
        FileNotFoundError: There is no `makensis`.
        subprocess.CalledProcessError: It refused; it has said why.
    """
    compiler = find_compiler()
    if compiler is None:
        raise FileNotFoundError("makensis")
    folder = work / "nsis"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "put.nsh").write_text(put(frozen), encoding="utf-8-sig")
    (folder / "take.nsh").write_text(take(frozen), encoding="utf-8-sig")
    (folder / "icon.ico").write_bytes(icons.ico())
    installer = out / f"TunnelDesk-{version}-setup.exe"
    size = sum(path.stat().st_size for path in frozen.rglob("*") if path.is_file())
    defined = {
        "APP_ID": targets.APP_ID,
        "AUTOSTART_WORDS": targets.AUTOSTART_WORDS,
        "ICON": str(folder / "icon.ico"),
        "LICENCE": str(ROOT / "LICENSE"),
        "OUT": str(installer),
        "PUT": str(folder / "put.nsh"),
        "SCHEME": targets.URL_SCHEME,
        "SIZE_KB": str(size // 1024),
        "TAKE": str(folder / "take.nsh"),
        "VERSION": version,
        "VERSION_4": ".".join(map(str, four_numbers(version))),
    }
    if sign := os.environ.get(SIGN_VARIABLE):
        defined["SIGN"] = sign
        for program in sorted(frozen.glob("tunneldesk*.exe")):
            subprocess.run(f'{sign} "{program}"', check=True)  # one text, as Windows takes command lines
    words = [f"-D{name}={value}" for name, value in defined.items()]
    # -WX: what it warns of is a mistake, most often a name that nobody has defined.
    subprocess.run([compiler, "-NOCD", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *words, str(SCRIPT)], check=True)
    return installer


def put(frozen: Path) -> str:
    """Return NSIS's instructions that put every file of the folder into `$INSTDIR`."""
    lines = []
    for folder in [frozen, *_folders(frozen)]:
        files = [path for path in sorted(folder.iterdir()) if path.is_file()]
        if files:
            lines.append(f'SetOutPath "{_inside(frozen, folder)}"')
            lines += [f'File "{path}"' for path in files]  # read as it is, unlike what is used at run time
    return "\n".join(lines) + "\n"


def take(frozen: Path) -> str:
    """Return the instructions that take exactly these files away again, and folders that are empty then.

    Never a whole folder: who installs into one of his own may have files of his own there.
    """
    files = [path for path in sorted(frozen.rglob("*")) if path.is_file()]
    lines = [f'Delete "{_inside(frozen, path)}"' for path in files]
    lines += [f'RMDir "{_inside(frozen, folder)}"' for folder in reversed(_folders(frozen))]
    return "\n".join(lines) + "\n"


def version_resource(version: str) -> str:
    """Return what Windows shows of the two programs, as PyInstaller reads it."""
    numbers = ", ".join(map(str, four_numbers(version)))
    return _VERSION_RESOURCE.format(numbers=numbers, version=version)


def four_numbers(version: str) -> tuple[int, ...]:
    """Return a version as Windows counts: ``1.2.3rc1`` is (1, 2, 3, 0)."""
    parts = []
    for part in version.split(".")[:3]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        parts.append(int(digits or 0))
    return (*parts, *[0] * (4 - len(parts)))


def _folders(frozen: Path) -> list[Path]:
    return [path for path in sorted(frozen.rglob("*")) if path.is_dir()]


def _inside(frozen: Path, path: Path) -> str:
    below = path.relative_to(frozen).as_posix()
    return "$INSTDIR" if below == "." else "$INSTDIR\\" + _quoted(below.replace("/", "\\"))


def _quoted(text: str) -> str:
    return text.replace("$", "$$")
