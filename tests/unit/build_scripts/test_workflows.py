"""The workflows: what GitHub's schema takes, what a security linter passes, and actions that nobody can swap."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.packaging import targets

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


def test_what_macos_is_asked_of_the_app_is_what_we_told_it() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    version = '"${GITHUB_REF_NAME#v}"'

    asked = dict(re.findall(r"^ +is (\w+) (\S+)$", text, re.MULTILINE))

    told = targets.info_plist(version)
    assert {"CFBundleExecutable", "CFBundleIdentifier", "CFBundleShortVersionString", "LSUIElement"} == asked.keys()
    assert asked == {key: {True: "true"}.get(told[key], told[key]) for key in asked}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_what_is_fetched_from_chocolatey_has_a_version(workflow: Path) -> None:
    installs = re.findall(r"choco install (.+)", workflow.read_text(encoding="utf-8"))

    assert [words for words in installs if "--version=" not in words] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_whatever_they_run_of_ours_is_there(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    scripts = [ROOT / name for name in re.findall(r"(?:python3?|bash) ([\w./]+)", text)]
    modules = [ROOT.joinpath(*name.split(".")) for name in re.findall(r"python3? -m ([\w.]+)", text)]

    assert scripts
    assert [path for path in scripts if not path.is_file()] == []
    assert [
        path for path in modules if not ((path / "__main__.py").is_file() or path.with_suffix(".py").is_file())
    ] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_as_root_our_own_python_is_found(workflow: Path) -> None:
    """Sudo looks for a command on a path of its own; what `env` starts is found on the one it is given."""
    commands = re.findall(r"^[^#\n]*sudo (?!apt-get|chown)(.+)", workflow.read_text(encoding="utf-8"), re.MULTILINE)

    assert commands
    assert [command for command in commands if not command.startswith('env "PATH=$PATH"')] == []
