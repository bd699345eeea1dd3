"""Where everything can be had, a test that is skipped is one that never runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.check import steps

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(("environ", "status"), [({"TEST_SKIPS": "fail"}, 1), ({}, 0)])
def test_a_skip_fails_where_check_says_so(tmp_path: Path, environ: dict[str, str], status: int) -> None:
    (tmp_path / "test_one.py").write_text(
        "import pytest\ndef test_one(): pytest.skip('no browser')\n", encoding="utf-8"
    )
    without = {name: value for name, value in os.environ.items() if name not in {"TEST_SKIPS", "PYTEST_ADDOPTS"}}

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "tests.conftest", "-c", os.devnull, str(tmp_path)],
        cwd=ROOT,
        env=without | environ,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert ran.returncode == status, ran.stdout + ran.stderr
    assert ("test_one.py::test_one: Skipped: no browser" in ran.stdout) is bool(status)


def test_check_says_so_to_an_administrator_of_linux_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for system, user, wanted in (("linux", 0, "fail"), ("linux", 1000, None), ("darwin", 0, None)):
        monkeypatch.setattr(sys, "platform", system)
        monkeypatch.setattr(os, "geteuid", lambda user=user: user, raising=False)
        (tests,) = (step for step in steps(fast=False) if step.name == "tests")
        assert tests.env.get("TEST_SKIPS") == wanted
