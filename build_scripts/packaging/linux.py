"""The files of the Linux packages, laid out below a prefix: program, desktop entry, icons, manual, completions."""

from __future__ import annotations

import gzip
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from build_scripts.packaging import command_line, completions, icons, manual, targets

ROOT = Path(__file__).resolve().parents[2]
DESKTOP = ROOT / "resources" / "linux"


@dataclass(frozen=True, slots=True)
class Facts:
    """What all packages of one build say.

    Attributes:
        version: The program's.
        date: Of the version, ``2026-11-23``.
        architecture: The kernel's word for it, ``x86_64``.
        homepage: The page of who publishes it, where somebody does.
    """

    version: str
    date: str
    architecture: str
    homepage: str | None = None


def lay_out(frozen: Path, prefix: Path, facts: Facts, *, zsh: str = "share/zsh/site-functions") -> None:
    """Put the frozen program and all that a desktop wants to know of it below ``prefix``.

    Args:
        frozen: The frozen program's folder; its files are linked, not copied, where the file system can.
        prefix: What will be ``/usr``; made here.
        facts: Of this build.
        zsh: Where zsh looks for completions, below the prefix.
    """
    program = prefix / "lib" / "tunneldesk"
    shutil.copytree(frozen, program, symlinks=True, copy_function=_link)
    programs = _folder(prefix, "bin")
    for name in ("tunneldesk", "tunneldeskw"):
        (programs / name).symlink_to(f"../lib/tunneldesk/{name}")

    _write(_folder(prefix, "share/applications") / f"{targets.APP_ID}.desktop", desktop_entry())
    _write(_folder(prefix, "share/metainfo") / f"{targets.APP_ID}.metainfo.xml", metainfo(facts))
    for size in icons.THEME_SIZES:
        folder = _folder(prefix, f"share/icons/hicolor/{size}x{size}/apps")
        (folder / f"{targets.APP_ID}.png").write_bytes(icons.png(size))
    _write(
        _folder(prefix, "share/icons/hicolor/scalable/apps") / f"{targets.APP_ID}.svg",
        icons.SVG.read_text(encoding="utf-8"),
    )
    line = command_line.read()
    _write(_folder(prefix, "share/bash-completion/completions") / "tunneldesk", completions.bash(line))
    _write(_folder(prefix, zsh) / "_tunneldesk", completions.zsh(line))
    _write(_folder(prefix, "share/fish/vendor_completions.d") / "tunneldesk.fish", completions.fish(line))
    pages = _folder(prefix, "share/man/man1")
    compress(pages / "tunneldesk.1.gz", manual.page(line, version=facts.version, date=facts.date))
    (pages / "tunneldeskw.1.gz").symlink_to("tunneldesk.1.gz")
    for path in prefix.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)


def desktop_entry() -> str:
    """Return the desktop entry."""
    return (DESKTOP / f"{targets.APP_ID}.desktop").read_text(encoding="utf-8")


def metainfo(facts: Facts) -> str:
    """Return the AppStream metadata of this version."""
    text = (DESKTOP / f"{targets.APP_ID}.metainfo.xml").read_text(encoding="utf-8")
    kinds = {"homepage": "", "bugtracker": "/issues"}
    urls = [
        f'\n  <url type="{kind}">{facts.homepage}{path}</url>' for kind, path in kinds.items() if facts.homepage
    ]
    filled = text.replace("@VERSION@", facts.version).replace("@DATE@", facts.date)
    return filled.replace("\n  <!-- urls -->", "".join(urls))


def compress(path: Path, text: str) -> None:
    """Write a text the way Debian wants its documents: compressed as far as it goes, without a date."""
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    path.chmod(0o644)


def _folder(prefix: Path, name: str) -> Path:
    folder = prefix / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
    return target
