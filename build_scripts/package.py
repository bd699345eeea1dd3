"""`dev.py package`: this system's installers, in dist/."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.packaging import components, frozen, sbom, targets
from build_scripts.progress import SetUpError, say
from build_scripts.system_packages import ensure_for_packages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
WORK = ROOT / "build" / "package"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the installers and say what they weigh."""
    parser = argparse.ArgumentParser(
        prog="dev.py package", description="Build this system's installers into dist/."
    )
    parser.add_argument("--out", type=Path, default=DIST, help="folder for the installers (default: dist)")
    parser.add_argument("--work", type=Path, default=WORK, help="folder for what is made on the way")
    parser.add_argument("--folder-only", action="store_true", help="stop at the frozen folder, build no installer")
    parser.add_argument(
        "--require-connector",
        action="store_true",
        help="fail where cloudflared can't be fetched, instead of going on without it",
    )
    options = parser.parse_args(arguments)
    out, work = options.out.absolute(), options.work.absolute()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    work.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(_date_of_the_source()))
    try:
        ensure_for_packages()
        folder = frozen.build(work, require_connector=options.require_connector)
    except SetUpError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    _describe(work, out)
    if not options.folder_only:
        build_installers(folder, work, out)
    _write_checksums(out)
    print(frozen.report(folder))
    for path in sorted(out.iterdir()):
        print(f"{path.stat().st_size / 1e6:7.1f} MB  {path}")
    return 0


def build_installers(folder: Path, work: Path, out: Path) -> None:
    """Pack the frozen folder for this system."""
    version = targets.version(ROOT)
    if sys.platform == "linux":
        from build_scripts.packaging import appimage, deb, linux, rpm, tarball

        facts = linux.Facts(version, f"{_now():%Y-%m-%d}", platform.machine(), targets.homepage())
        _timed("tar.gz", lambda: tarball.build(folder, facts, work, out))
        if shutil.which("dpkg-deb"):
            _timed("deb", lambda: deb.build(folder, facts, work, out))
        if rpm.is_possible():
            _timed("rpm", lambda: rpm.build(folder, facts, work, out))
        else:
            say("  rpm: left out, rpmbuild is not installed (apt-get install rpm)")
        if start := appimage.runtime():
            _timed("AppImage", lambda: appimage.build(folder, facts, start, work, out))
    elif sys.platform == "win32":
        from build_scripts.packaging import nsis

        _timed("installer", lambda: nsis.build(folder, version, work, out))
    elif sys.platform == "darwin":
        from build_scripts.packaging import macos_image

        app = folder.with_name("TunnelDesk.app")
        _timed("disk image", lambda: macos_image.build(app, version, platform.machine(), work, out))


def _describe(work: Path, out: Path) -> None:
    """Put the bill of materials beside the installers."""
    collected = components.read_collected(work / "pyinstaller" / "tunneldesk" / "COLLECT-00.toc")
    found = components.all_components(collected)
    version, system = targets.version(ROOT), f"{sys.platform}-{platform.machine().lower()}"
    bill = sbom.document(found, version=version, platform=system, at=_now().isoformat().replace("+00:00", "Z"))
    name = f"tunneldesk-{version}-{system}.cdx.json"
    (out / name).write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")


def _write_checksums(out: Path) -> None:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(out.iterdir())
        if path.is_file()
    ]
    (out / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def _timed(name: str, build: Callable[[], Path]) -> None:
    started = time.monotonic()
    build()
    say(f"  {name}: done in {time.monotonic() - started:.1f} s")


def _now() -> datetime:
    return datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)


def _date_of_the_source() -> int:
    """Return the time of the last commit, so that the same source gives the same package; else the time now."""
    try:
        said = subprocess.run(
            ["git", "log", "-1", "--format=%ct"],  # noqa: S607 - wherever the developer has it
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return int(said)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return int(time.time())


if __name__ == "__main__":
    sys.exit(main())
