"""A small project to set up an environment for, which needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "sample"
version = "1"

[tool.hatch]
"""

# The least that pip takes for a build backend: an editable wheel with one path in it.
BACKEND = """
import pathlib, zipfile

TAG = "Tag: py3-none-any\\n"

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "sample-1-py3-none-any.whl"
    files = {
        "sample.pth": str(pathlib.Path.cwd()),
        "sample-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: sample\\nVersion: 1\\n",
        "sample-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\n" + TAG,
    }
    with zipfile.ZipFile(pathlib.Path(wheel_directory, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr("sample-1.dist-info/RECORD", "".join(f"{path},,\\n" for path in files))
    return name
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose locks name no package at all."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tmp_path / "backend.py").write_text(BACKEND, encoding="utf-8")
    (tmp_path / "sample.py").touch()
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text(f"# {lock}: nothing\n", encoding="utf-8")
    return tmp_path
