"""The Linux packages: looked over by the distributions' own tools, and used in a root with nothing else in it."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import struct
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tunneldesk
from build_scripts.packaging import deb, linux, rpm
from build_scripts.packaging.system_libraries import dependencies
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


def test_the_archive_does_its_job_from_wherever_it_is_unpacked_and_goes_without_a_trace(
    packages: Packages, root: CleanRoot, desktop: Desktop, home: Path
) -> None:
    before = root.files()
    folder = unpacked_into(root.path / "opt", packages.archive)

    do_the_main_job(root, f"/opt/{folder.name}/bin/tunneldesk", desktop, home)
    kept = [path for path in home.rglob("*") if path.is_file()]
    shutil.rmtree(folder)

    assert root.files() == before
    assert kept
    assert all(path.exists() for path in kept)


def test_the_archive_can_be_installed_for_everyone_and_removed_the_way_it_says(
    packages: Packages, root: CleanRoot, desktop: Desktop, home: Path
) -> None:
    before = root.files()
    folder = unpacked_into(root.path / "opt", packages.archive)
    readme = (folder / "README").read_text(encoding="utf-8")
    (install,) = re.findall(r"sudo (cp -r .+)", readme)
    (remove,) = re.findall(r"^    (rm -r (?:.*\\\n)+.*)", readme, re.MULTILINE)

    root.run("sh", "-c", f"cd /opt/{folder.name} && {install}")
    shutil.rmtree(folder)
    do_the_main_job(root, "/usr/local/bin/tunneldesk", desktop, home)
    entry = root.path / "usr/local/share/applications" / f"{APP}.desktop"
    said_by("desktop-file-validate", entry)
    root.run("sh", "-c", f"cd /usr/local && {remove}")

    assert {name for name in root.files() - before if not (root.path / name).is_dir()} == set()
    assert before - root.files() == set()


def test_the_archive_says_what_it_needs_of_the_system(packages: Packages, tmp_path: Path) -> None:
    readme = (unpacked_into(tmp_path, packages.archive) / "README").read_text(encoding="utf-8")
    depends = said_by("dpkg-deb", "--field", packages.deb, "Depends").strip().split(", ")

    named = re.findall(r"\S+\.so\.\d+", readme)
    (glibc,) = re.findall(r"version ([\d.]+) or newer", readme)
    assert dependencies(named, glibc=glibc) == depends


def unpacked_into(place: Path, archive: Path) -> Path:
    with tarfile.open(archive) as opened:
        opened.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)
        opened.extractall(place)  # noqa: S202 - our own archive
    (folder,) = (each for each in place.iterdir() if each.name.startswith("tunneldesk"))
    return folder


def test_the_rpm_does_its_job_with_what_it_asks_for_and_goes_without_a_trace(
    packages: Packages, root: CleanRoot, desktop: Desktop, home: Path
) -> None:
    """Debian's root has the same libraries under the same names; only who has them is written down elsewhere."""
    before = root.files()
    asked = said_by("rpm", "--query", "--nosignature", "--package", "--requires", packages.rpm)
    known = root.run("ldconfig", "--print-cache")
    lacking = [name for name in re.findall(r"^(\S+\.so[.\d]*)\(", asked, re.MULTILINE) if f"{name} " not in known]
    assert lacking == []

    with_rpm(root, "--install", packages.rpm)
    do_the_main_job(root, "tunneldesk", desktop, home)
    with_rpm(root, "--erase", "tunneldesk")

    assert {name for name in root.files() - before if not (root.path / name).is_dir()} == set()
    assert not (root.path / "usr/lib/tunneldesk").exists()
    assert before - root.files() == set()


def test_a_newer_rpm_takes_the_place_of_the_old_one_and_its_files(
    packages: Packages, root: CleanRoot, tmp_path: Path
) -> None:
    before = root.files()
    folder = tmp_path / "older" / "tunneldesk"
    shutil.copytree(packages.folder, folder, symlinks=True)
    (folder / "_internal/of-the-old-version").mkdir()
    (folder / "_internal/of-the-old-version/file").write_text("of the old version\n", encoding="utf-8")
    facts = linux.Facts("0.0.1", "2026-11-24", platform.machine())
    with_rpm(root, "--install", rpm.build(folder, facts, tmp_path / "work", tmp_path))
    assert (root.path / "usr/lib/tunneldesk/_internal/of-the-old-version/file").exists()

    with_rpm(root, "--upgrade", packages.rpm)

    assert with_rpm(root, "--query", "--queryformat", "%{VERSION}\n", "tunneldesk").split() == [
        tunneldesk.__version__
    ]
    assert not (root.path / "usr/lib/tunneldesk/_internal/of-the-old-version").exists()
    assert root.run("tunneldesk", "--version").strip() == f"tunneldesk {tunneldesk.__version__}"
    with_rpm(root, "--verify", "--nomtime", "tunneldesk")  # each file is the new package's
    with_rpm(root, "--erase", "tunneldesk")
    assert {name for name in root.files() - before if not (root.path / name).is_dir()} == set()
    assert not (root.path / "usr/lib/tunneldesk").exists()
    assert before - root.files() == set()


def with_rpm(root: CleanRoot, action: str, *words: str | Path) -> str:
    """Have this machine's rpm do something in the root, whose own packages it knows nothing of."""
    changes = {
        "--install": ("--nodeps", "--nosignature", "--noscripts"),
        "--upgrade": ("--nodeps", "--nosignature", "--noscripts"),
        "--erase": ("--nodeps", "--noscripts"),
        "--verify": ("--nodeps", "--noscripts"),
    }
    place = ("--root", root.path, "--dbpath", "/tmp/rpm")  # noqa: S108 - in the root, and removed with it
    return said_by("rpm", *place, action, *changes.get(action, ()), *words)


def test_lintian_finds_no_error(packages: Packages) -> None:
    found = said_by("lintian", "--allow-root", "--fail-on", "error", "--tag-display-limit", "0", packages.deb)
    assert not [line for line in found.splitlines() if line.startswith("E:")]


@pytest.mark.usefixtures("packaging_programs")
def test_lintian_finds_no_error_where_cloudflared_is_packed_either(tmp_path: Path) -> None:
    program = tmp_path / "frozen" / "tunneldesk"
    connector = program.parent / "_internal" / "cloudflared"
    connector.parent.mkdir(parents=True)
    shutil.copy("/bin/true", program)
    # A program that is linked statically, as cloudflared is, and has its symbols.
    (tmp_path / "program.s").write_text(".globl _start\n_start: .byte 0\n", encoding="ascii")
    said_by("as", "-o", tmp_path / "program.o", tmp_path / "program.s")
    said_by("ld", "-o", connector, tmp_path / "program.o")
    (program.parent / "tunneldeskw").symlink_to("tunneldesk")
    facts = linux.Facts(tunneldesk.__version__, "2026-11-24", platform.machine(), "https://github.com/acme/desk")

    package = deb.build(program.parent, facts, tmp_path, tmp_path)

    found = said_by("lintian", "--allow-root", "--fail-on", "error", "--tag-display-limit", "0", package)
    assert not [line for line in found.splitlines() if line.startswith("E:")]
    assert said_by("dpkg-deb", "--field", package, "Homepage") == "https://github.com/acme/desk\n"
    metainfo = tmp_path / "deb" / SHARE / "metainfo" / f"{APP}.metainfo.xml"
    assert facts.homepage is not None
    assert f">{facts.homepage}<" in metainfo.read_text(encoding="utf-8")
    said_by("appstreamcli", "validate", "--no-net", metainfo)


def test_the_desktops_own_tools_accept_how_it_presents_itself(unpacked: Path) -> None:
    said_by("desktop-file-validate", unpacked / SHARE / "applications" / f"{APP}.desktop")
    said_by("appstreamcli", "validate", "--no-net", unpacked / SHARE / "metainfo" / f"{APP}.metainfo.xml")


def test_every_size_of_the_icon_theme_has_an_icon_of_that_size(unpacked: Path) -> None:
    theme = unpacked / SHARE / "icons/hicolor"
    sizes = {}
    for icon in theme.glob(f"*/apps/{APP}.png"):
        width, height = struct.unpack(">II", icon.read_bytes()[16:24])  # the first chunk of a PNG
        sizes[icon.parents[1].name] = f"{width}x{height}"
    assert {name: name for name in sizes} == sizes
    assert {"16x16", "22x22", "24x24", "32x32", "48x48", "256x256"} <= sizes.keys()
    assert "<svg" in (theme / f"scalable/apps/{APP}.svg").read_text(encoding="utf-8")


def test_the_desktop_finds_it_for_links_of_ours(unpacked: Path, tmp_path: Path) -> None:
    applications = tmp_path / "applications"
    shutil.copytree(unpacked / SHARE / "applications", applications)
    said_by("update-desktop-database", applications)
    known = (applications / "mimeinfo.cache").read_text(encoding="utf-8")
    assert f"\nx-scheme-handler/tunneldesk={APP}.desktop;\n" in known


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
