"""When the environment counts as ready, and what brings it there: on a small project, with the real pip."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from build_scripts import environment
from build_scripts.progress import SetUpError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOBODY = 65534


def made(project: Path, size: environment.Size) -> tuple[Path, Path]:
    """Return an environment that says of itself that it is ready, and its Python."""
    venv = project / ".venv"
    python = environment.python_in(venv)
    python.parent.mkdir(parents=True)
    python.touch()
    (venv / "set-up.json").write_text(json.dumps(environment.wanted_stamp(size, project)), encoding="utf-8")
    return venv, python


def ready(project: Path, size: environment.Size) -> bool:
    venv = project / ".venv"
    return environment.is_ready(venv, environment.python_in(venv), environment.wanted_stamp(size, project))


def test_what_was_set_up_for_these_very_files_is_ready(project: Path) -> None:
    made(project, "run")

    assert ready(project, "run")
    assert not ready(project, "dev")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("requirements.lock", "new==1\n"),
        ("pyproject.toml", '[build-system]\n[project]\nname = "other"\n[tool.hatch]\n'),
    ],
)
def test_a_changed_lock_or_recipe_asks_for_a_new_set_up(project: Path, file: str, text: str) -> None:
    made(project, "run")
    (project / file).write_text(text, encoding="utf-8")

    assert not ready(project, "run")


def test_a_change_of_tool_settings_asks_for_nothing(project: Path) -> None:
    made(project, "run")
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("[tool.ruff]\nline-length = 90\n")

    assert ready(project, "run")


@pytest.mark.parametrize("damage", ["set-up.unfinished", "garbled stamp", "no python", "moved"])
def test_a_broken_environment_is_not_ready(project: Path, damage: str) -> None:
    venv, python = made(project, "run")
    match damage:
        case "set-up.unfinished":
            (venv / damage).touch()
        case "garbled stamp":
            (venv / "set-up.json").write_text('{"run": ', encoding="utf-8")
        case "no python":
            python.unlink()
        case _:
            moved = project.with_name("elsewhere")
            project = project.rename(moved)

    assert not ready(project, "run")


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("WARNING: Retrying (Retry(total=4)) after NewConnectionError", "check the network"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "The disk is full."),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "differs from the one"),
        ("ERROR: No matching distribution found for x==1", "does not have what the lock file names"),
        ("ERROR: something new", "pip's words are above."),
    ],
)
def test_a_failure_of_pip_is_explained_in_a_sentence(
    project: Path, monkeypatch: pytest.MonkeyPatch, output: str, advice: str
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise SetUpError("pip ended with status 1", output)

    venv, python = made(project, "run")
    (venv / "set-up.json").unlink()
    monkeypatch.setattr(environment, "run_step", fail)
    monkeypatch.setattr(environment, "_has_pip", lambda _python: True)

    with pytest.raises(SetUpError, match=advice):
        environment.ensure("run", project)

    assert python.exists()
    assert not (venv / "set-up.unfinished").exists()


@pytest.mark.posix("Windows has other permissions")
def test_a_folder_that_can_not_be_written_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An ordinary user may not even see root's Python, which then seems to lack its parts.
    monkeypatch.setattr("build_scripts.system_packages.has_apt", lambda: False)
    # Not below pytest's own folder, which nobody but its maker may even enter.
    with tempfile.TemporaryDirectory() as folder:
        unwritable = Path(folder)
        shutil.copytree(project, unwritable, dirs_exist_ok=True)
        unwritable.chmod(0o555)
        with as_an_ordinary_user(), pytest.raises(SetUpError, match="Permission denied"):
            environment.ensure("run", unwritable)


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Do without root's right to write anywhere, where we are root."""
    before = os.geteuid()
    os.seteuid(before or _NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.slow
def test_an_environment_is_made_once_and_a_broken_off_one_is_made_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # The test measures pip's work on nothing at all; a user's own index would only be asked for it.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)

    python = environment.ensure("dev", project)
    assert "Installing TunnelDesk itself: done in" in capfd.readouterr().err
    subprocess.run([python, "-c", "import sample"], check=True, cwd="/")

    environment.ensure("dev", project)
    environment.ensure("run", project)
    assert capfd.readouterr().err == ""

    (project / ".venv" / "set-up.unfinished").touch()
    (project / ".venv" / "half-installed").touch()
    environment.ensure("run", project)
    assert not (project / ".venv" / "half-installed").exists()
    assert ready(project, "run")
