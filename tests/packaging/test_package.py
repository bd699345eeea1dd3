"""The package as a stranger gets it: built from a clean copy of the clone and installed somewhere else, offline."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import tunneldesk
from build_scripts.environment import python_in

ROOT = Path(__file__).resolve().parents[2]

# One worker builds once for all of them.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]


NOT_IN_GIT = (".git", ".*_cache", ".coverage*", ".hypothesis", ".venv", "__pycache__", "build", "dist")


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with the built wheel in it, and a way to run its programs."""

    venv: Path
    elsewhere: Path

    def run(self, program: str, *arguments: str) -> str:
        """Run one of its programs from another folder and return what it printed."""
        return subprocess.run(
            [python_in(self.venv).with_name(program), *arguments],
            cwd=self.elsewhere,
            env=clean_environ(),
            stdout=subprocess.PIPE,
            text=True,
            timeout=60,
            check=True,
        ).stdout


def clean_environ() -> dict[str, str]:
    """Return the environment without anything that would show the clone to the installed package."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "COVERAGE_", "TUNNELDESK_"))
    }


def build(source: Path, target: str, folder: Path) -> Path:
    """Build a wheel or an sdist with the locked build tools, without a network."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)],
        cwd=source,
        env=clean_environ(),
        timeout=120,
        check=True,
    )
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="session")
def clean_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what git would have: no environment, no caches, nothing built."""
    copy = tmp_path_factory.mktemp("clone") / "tunneldesk"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_IN_GIT))
    return copy


@pytest.fixture(scope="session")
def wheel(clean_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from the clean copy."""
    return build(clean_copy, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def sdist(clean_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution built from the clean copy."""
    return build(clean_copy, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment of its own, which borrows only the dependencies of the one that runs this."""
    folder = tmp_path_factory.mktemp("installed")
    venv = folder / "venv"
    python = python_in(venv)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=60)
    options = ["--no-index", "--no-deps", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", *options, wheel],
        env=clean_environ(),
        check=True,
        timeout=120,
    )
    # A folder named in a .pth file is searched, but its own .pth files, the clone's among them, are not read.
    site_packages = Path(sysconfig.get_path("purelib", vars={"base": str(venv)}))
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return Installed(venv, elsewhere)


def test_the_command_is_there_and_knows_its_version(installed: Installed) -> None:
    assert tunneldesk.__version__ in installed.run("tunneldesk", "--version")


def test_the_installed_package_is_used_and_not_the_clone(installed: Installed) -> None:
    where = installed.run("python", "-c", "import tunneldesk; print(tunneldesk.__file__)")

    assert not Path(where).is_relative_to(ROOT)


def test_resources_are_found_in_the_package(installed: Installed) -> None:
    shown = installed.run("python", "-c", "from tunneldesk.resources import resource; print(resource('icons'))")

    assert Path(shown.strip()).parts[-3:] == ("tunneldesk", "_resources", "icons")


def test_every_resource_but_the_screenshots_is_in_the_wheel(wheel: Path, clean_copy: Path) -> None:
    resources = clean_copy / "resources"
    wanted = {
        path.relative_to(resources).as_posix()
        for path in resources.rglob("*")
        if path.is_file() and path.relative_to(resources).parts[0] != "screenshots"
    }

    prefix = "tunneldesk/_resources/"
    with zipfile.ZipFile(wheel) as archive:
        found = {name.removeprefix(prefix) for name in archive.namelist() if name.startswith(prefix)}

    assert wanted
    assert found == wanted


def test_only_the_package_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}

    assert tops == {"tunneldesk", f"tunneldesk-{tunneldesk.__version__}.dist-info"}


def test_the_source_distribution_builds_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        # Debian 12's Python 3.11.2 has no filters yet; later ones want one named.
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)
        archive.extractall(tmp_path / "source")  # noqa: S202 - our own archive
    (source,) = (tmp_path / "source").iterdir()

    again = build(source, "wheel", tmp_path / "wheel")

    with zipfile.ZipFile(again) as one, zipfile.ZipFile(wheel) as other:
        assert sorted(one.namelist()) == sorted(other.namelist())
