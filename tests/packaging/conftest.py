"""The packages, built once by the command that the README names, and a desktop to try them on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from build_scripts.progress import SetUpError
from build_scripts.system_packages import ensure_for_package_tests
from tests.desktop import plain_environ, running_desktop
from tests.packaging.clean_root import USER, CleanRoot
from tests.packaging.said_by import said_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desktop import Desktop

ROOT = Path(__file__).resolve().parents[2]
BUILT = "PACKAGES_BUILT"


@dataclass(frozen=True, slots=True)
class Packages:
    """What `dev.py package` has made.

    Attributes:
        folder: The frozen program's folder.
        deb: The package for Debian.
        rpm: The package for Fedora.
        archive: The archive for every other Linux.
        bill: The bill of materials.
        checksums: Of all of them.
        said: What the command has printed.
    """

    folder: Path
    deb: Path
    rpm: Path
    archive: Path
    bill: Path
    checksums: Path
    said: str


@pytest.fixture(scope="session")
def packaging_programs() -> None:
    """The programs that build packages and look them over, installed where that is possible."""
    if sys.platform != "linux" or shutil.which("dpkg-deb") is None:
        pytest.skip("these packages are built on Debian")
    try:
        ensure_for_package_tests()
    except SetUpError as lacking:
        if "CI" in os.environ:
            raise
        pytest.skip(str(lacking))


@pytest.fixture(scope="session")
def packages(packaging_programs: None, tmp_path_factory: pytest.TempPathFactory) -> Packages:  # noqa: ARG001
    """All packages of this system, built here unless `PACKAGES_BUILT` names a folder that has them already."""
    built = os.environ.get(BUILT)
    folder = Path(built) if built else tmp_path_factory.mktemp("packages")
    out, work = folder / "dist", folder / "work"
    if not built:
        command = [sys.executable, "-m", "build_scripts.package", f"--out={out}", f"--work={work}"]
        said = subprocess.run(
            command, cwd=ROOT, env=plain_environ(), stdout=subprocess.PIPE, text=True, timeout=540, check=True
        ).stdout
        (folder / "said").write_text(said, encoding="utf-8")
        print(said)  # noqa: T201 - sizes, for whoever reads the log

    def one(pattern: str) -> Path:
        (found,) = out.glob(pattern)
        return found

    return Packages(
        folder=work / "frozen" / "tunneldesk",
        deb=one("*.deb"),
        rpm=one("*.rpm"),
        archive=one("*.tar.gz"),
        bill=one("*.cdx.json"),
        checksums=one("SHA256SUMS"),
        said=(folder / "said").read_text(encoding="utf-8"),
    )


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """A screen with a window manager and a tray; this desktop has no session bus."""
    with running_desktop(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def unpacked(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The deb's files."""
    folder = tmp_path_factory.mktemp("deb")
    said_by("dpkg-deb", "--extract", packages.deb, folder)
    return folder


@pytest.fixture(scope="session")
def root(packages: Packages) -> Iterator[CleanRoot]:
    """A clean Debian with what the deb depends on, and not the deb itself."""
    if os.geteuid() != 0:
        pytest.skip("only an administrator can make another root")
    folder = Path(tempfile.mkdtemp(prefix="tunneldesk-root-"))
    folder.chmod(0o755)
    made = CleanRoot(folder / "root")
    try:
        made.make()
        made.run("apt-get", "update")
        needed = said_by("dpkg-deb", "--field", packages.deb, "Depends").strip()
        made.run("apt-get", "satisfy", "--yes", "--no-install-recommends", needed)
        yield made
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the user without rights may write."""
    with tempfile.TemporaryDirectory(prefix="tunneldesk-home-") as folder:
        os.chown(folder, USER, USER)
        yield Path(folder)
