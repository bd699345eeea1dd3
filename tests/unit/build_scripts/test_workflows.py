"""The workflows: what GitHub's schema takes, what a security linter passes, and actions that nobody can swap."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TOOLS = Path(sys.executable).parent


def said(*words: str | Path) -> tuple[int, str]:
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_github_would_take_them() -> None:
    status, text = said(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)

    assert status == 0, text


@pytest.mark.slow
def test_a_security_linter_has_nothing_to_report() -> None:
    status, text = said(TOOLS / "zizmor", "--offline", "--no-progress", *WORKFLOWS)

    assert status == 0, text


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_hash_and_says_its_version(workflow: Path) -> None:
    used = re.findall(r"^\s*-?\s*uses: (.+)$", workflow.read_text(encoding="utf-8"), re.MULTILINE)

    assert used
    for each in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each


def test_what_is_released_was_used_before_on_every_system_it_is_for() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    built, used = text.split("\n  use:\n")[0], text.split("\n  use:\n")[1]

    targets = set(re.findall(r"\{ name: ([\w-]+),", built))
    assert targets == set(re.findall(r"\{ name: ([\w-]+),", used))
    assert "needs: use" in used
