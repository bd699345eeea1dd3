"""The lock files: everything pinned, everything hashed, nobody's address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def requirements(name: str) -> list[str]:
    """Return the lock's requirements, each joined to one line."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock: str) -> None:
    for line in requirements(lock):
        assert re.match(r"[a-z0-9-]+==[0-9][\w.+]*(?= )", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), line


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_stands_in_a_lock(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_the_developers_lock_holds_all_of_the_smaller_one() -> None:
    def pins(lock: str) -> set[str]:
        return {line.split()[0] for line in requirements(lock)}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_an_install_without_build_isolation_finds_its_build_tools_locked() -> None:
    names = {line.partition("==")[0] for line in requirements("requirements.lock")}

    assert {"hatchling", "editables"} <= names
