"""The AppImage, with something that passes for the runtime in front of it."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import pytest

import tunneldesk
from build_scripts.packaging import appimage, linux
from tests.packaging.said_by import said_by

if TYPE_CHECKING:
    from pathlib import Path

    from tests.packaging.conftest import Packages

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging"), pytest.mark.timeout(300)]


def test_what_follows_the_runtime_is_the_program_and_it_runs(packages: Packages, tmp_path: Path) -> None:
    start = tmp_path / "runtime"
    start.write_bytes(b"\x7fELF" + bytes(5000))
    facts = linux.Facts(tunneldesk.__version__, "2026-11-24", platform.machine())

    image = appimage.build(packages.folder, facts, start, tmp_path / "work", tmp_path)

    assert image.read_bytes()[: start.stat().st_size] == start.read_bytes()
    said_by("unsquashfs", "-offset", str(start.stat().st_size), "-dest", tmp_path / "out", image)
    assert said_by(tmp_path / "out/AppRun", "--version") == f"tunneldesk {tunneldesk.__version__}\n"
    for name in ("dev.tunneldesk.TunnelDesk.desktop", "dev.tunneldesk.TunnelDesk.png", ".DirIcon"):
        assert (tmp_path / "out" / name).exists()


def test_without_a_runtime_there_is_none() -> None:
    assert appimage.runtime({}) is None
