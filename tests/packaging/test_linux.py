"""The Linux packages: looked over by the distributions' own tools, and used in a root with nothing else in it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tunneldesk
from tests.packaging.said_by import said_by

if TYPE_CHECKING:
    from tests.desktop import Desktop
    from tests.packaging.clean_root import CleanRoot
    from tests.packaging.conftest import Packages

ROOT = Path(__file__).resolve().parents[2]
SMOKE = "build_scripts.packaging.smoke"
SHARE = "usr/share"
APP = "dev.tunneldesk.TunnelDesk"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging"), pytest.mark.timeout(600)]


def do_the_main_job(root: CleanRoot, program: str, desktop: Desktop, home: Path) -> None:
    command = [sys.executable, "-m", SMOKE, "--tray", "--home", str(home), "--version", tunneldesk.__version__]
    smoke = subprocess.run(
        [*command, "--", str(root.enter), program],
        cwd=ROOT,
        env={**desktop.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    print(smoke.stdout)  # noqa: T201 - how long each step took, for whoever reads the log
    assert smoke.returncode == 0, smoke.stdout + smoke.stderr
    assert root.processes() == []


def test_the_deb_does_its_job_with_nothing_but_what_it_declares_and_goes_without_a_trace(
    packages: Packages, root: CleanRoot, desktop: Desktop, home: Path
) -> None:
    before = root.files()
    package = root.put(packages.deb)
    root.run("dpkg", "--install", package)
    assert root.run("tunneldesk", "--version").strip() == f"tunneldesk {tunneldesk.__version__}"
    do_the_main_job(root, "tunneldesk", desktop, home)
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert kept
    (root.path / package[1:]).unlink()
    root.run("dpkg", "--purge", "tunneldesk")
    assert root.files() - before == set()
    assert before - root.files() == set()
    assert all(path.exists() for path in kept)  # what is the user's stays


def test_a_newer_deb_takes_the_place_of_the_old_one_and_its_files(
    packages: Packages, root: CleanRoot, tmp_path: Path
) -> None:
    root.run("dpkg", "--install", root.put(packages.deb))
    newer = tmp_path / "newer"
    said_by("dpkg-deb", "--raw-extract", packages.deb, newer)
    control = newer / "DEBIAN" / "control"
    control.write_text(control.read_text().replace(f"Version: {tunneldesk.__version__}-1", "Version: 99.0.0-1"))
    (newer / "usr/share/doc/tunneldesk/changelog.gz").unlink()
    said_by("dpkg-deb", "--build", "--root-owner-group", "-Znone", newer, tmp_path / "newer.deb")
    root.run("dpkg", "--install", root.put(tmp_path / "newer.deb"))
    assert root.run("dpkg-query", "--show", "--showformat", "${Version}", "tunneldesk") == "99.0.0-1"
    assert not (root.path / "usr/share/doc/tunneldesk/changelog.gz").exists()
    root.run("tunneldesk", "--version")
    root.run("dpkg", "--remove", "tunneldesk")
    root.run("dpkg", "--purge", "tunneldesk")
    assert not (root.path / "usr/lib/tunneldesk").exists()


def test_the_archive_does_its_job_from_wherever_it_is_unpacked(
    packages: Packages, root: CleanRoot, desktop: Desktop, home: Path
) -> None:
    opt = root.path / "opt"
    with tarfile.open(packages.archive) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)
        archive.extractall(opt)  # noqa: S202 - our own archive
    (folder,) = opt.iterdir()
    do_the_main_job(root, f"/opt/{folder.name}/bin/tunneldesk", desktop, home)
    shutil.rmtree(folder)


def test_lintian_finds_no_error(packages: Packages) -> None:
    found = said_by("lintian", "--allow-root", "--fail-on", "error", "--tag-display-limit", "0", packages.deb)
    assert not [line for line in found.splitlines() if line.startswith("E:")]


def test_the_desktops_own_tools_accept_how_it_presents_itself(unpacked: Path) -> None:
    said_by("desktop-file-validate", unpacked / SHARE / "applications" / f"{APP}.desktop")
    said_by("appstreamcli", "validate", "--no-net", unpacked / SHARE / "metainfo" / f"{APP}.metainfo.xml")


def test_it_opens_links_of_ours(unpacked: Path) -> None:
    entry = (unpacked / SHARE / "applications" / f"{APP}.desktop").read_text(encoding="utf-8")
    assert "\nMimeType=x-scheme-handler/tunneldesk;\n" in entry
    assert "\nExec=tunneldeskw %u\n" in entry
    assert (unpacked / "usr/bin/tunneldeskw").is_symlink()


def test_the_manual_page_reads_well(unpacked: Path) -> None:
    page = unpacked / SHARE / "man" / "man1" / "tunneldesk.1.gz"
    said_by("mandoc", "-T", "lint", "-W", "warning,stop", page)
    shown = re.sub(r".\x08", "", said_by("mandoc", "-T", "utf8", page))  # it prints bold letters twice
    assert "expose" in shown
    assert "install-cloudflared" in shown


@pytest.mark.parametrize(
    ("shell", "file"),
    [
        ("bash", "bash-completion/completions/tunneldesk"),
        ("zsh", "zsh/vendor-completions/_tunneldesk"),
        ("fish", "fish/vendor_completions.d/tunneldesk.fish"),
    ],
)
def test_completions_are_read_by_their_shell(unpacked: Path, shell: str, file: str) -> None:
    script = unpacked / SHARE / file
    said_by(shell, "-n", script)
    assert "install-cloudflared" in script.read_text(encoding="utf-8")


def test_the_rpm_holds_the_same_files_as_the_deb(packages: Packages, unpacked: Path) -> None:
    listed = said_by("rpm", "--query", "--package", "--list", "--nosignature", packages.rpm).split()
    deb = {
        f"/{path.relative_to(unpacked)}" for path in unpacked.rglob("*") if not path.is_dir() or path.is_symlink()
    }
    debian = ("/usr/share/lintian/", "/usr/share/doc/", "/usr/share/zsh/", "/usr/share/licenses/")
    ours = {path for path in deb if not path.startswith(debian)}
    assert ours
    assert ours - set(listed) == set()
    needed = said_by("rpm", "--query", "--package", "--requires", "--nosignature", packages.rpm)
    assert "libc.so.6" in needed or "glibc" in needed


def test_every_package_has_its_digest(packages: Packages) -> None:
    told = dict(line.split("  ")[::-1] for line in packages.checksums.read_text(encoding="ascii").splitlines())
    for package in (packages.deb, packages.rpm, packages.archive, packages.bill):
        assert told[package.name] == hashlib.sha256(package.read_bytes()).hexdigest()


def test_the_bill_of_materials_names_what_is_inside(packages: Packages) -> None:
    bill = json.loads(packages.bill.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    names = {each["name"] for each in bill["components"]}
    assert {"Qt", "Python", "httpx", "keyring", "qasync"} <= names
    assert len({each["bom-ref"] for each in bill["components"]}) == len(bill["components"])
