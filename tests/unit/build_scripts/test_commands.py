"""dev.py as a whole, and the small decisions of `test` and `check`."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts import check, run_tests

ROOT = Path(__file__).resolve().parents[3]
DEV = ROOT / "build_scripts" / "dev.py"


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, DEV, *arguments], cwd="/", capture_output=True, text=True, timeout=60, check=False
    )


def test_the_help_names_every_command() -> None:
    answer = dev("--help")

    assert answer.returncode == 0
    assert all(f"  {name} [" in answer.stdout for name in ("demo", "test", "check", "package", "lock"))


@pytest.mark.parametrize("command", ["demo", "test", "check", "package", "lock"])
def test_each_command_explains_itself_without_any_set_up(command: str) -> None:
    answer = dev(command, "--help")

    assert answer.returncode == 0
    assert f"dev.py {command}" in answer.stdout
    assert answer.stderr == ""


def test_an_unknown_command_is_refused_with_the_list_of_known_ones() -> None:
    answer = dev("tets")

    assert answer.returncode == 2
    assert 'knows no command "tets"' in answer.stderr
    assert "  test [" in answer.stderr


def test_an_old_python_can_read_far_enough_to_refuse_politely() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("given", [["-x"], ["-n0"], ["-n", "3"], ["--pdb"], ["-sv"], ["--collect-only"]])
def test_who_looks_at_one_test_at_a_time_gets_one_process(given: list[str]) -> None:
    assert run_tests.pytest_arguments(given) == given


@pytest.mark.parametrize("given", [[], ["tests/unit"], ["-k", "slug"], ["-m", "not slow"], ["--color=yes"]])
def test_otherwise_tests_run_side_by_side(given: list[str]) -> None:
    arguments = run_tests.pytest_arguments(given)

    assert arguments[:1] == ["-n"]
    assert arguments[-len(given) :] == given if given else arguments[-1] == "loadgroup"


def test_check_runs_the_command_of_the_readme_once_and_measures_it() -> None:
    command = [sys.executable, str(Path("build_scripts", "dev.py")), "test"]

    tests = [step for step in check.steps(fast=False) if list(step.argv[:3]) == command]

    assert [step.argv for step in tests] == [command]
    assert "COVERAGE_PROCESS_START" in tests[0].env


def test_the_fast_half_leaves_out_slow_tests_and_coverage() -> None:
    fast = check.steps(fast=True)

    assert list(fast[-1].argv[-2:]) == ["-m", "not slow"]
    assert not any("COVERAGE_PROCESS_START" in step.env for step in fast)
    assert [step.name for step in fast[:-1]] == [step.name for step in check.steps(fast=False)[: len(fast) - 1]]


def test_the_table_names_what_failed() -> None:
    table = check.summary([("format", 0, 0.1), ("types", 1, 12.34)])

    assert table.splitlines() == [
        "format  ok         0.1 s",
        "types   failed    12.3 s",
        "check failed: types",
    ]


def test_the_table_of_a_good_run_says_so() -> None:
    assert check.summary([("format", 0, 0.1)]).endswith("check: all is well")
