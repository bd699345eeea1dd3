"""`dev.py check`: everything that must hold before a change is handed in, and a table of what did."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
# The pure parts are tested to the last branch, the whole to nine tenths.
PURE = "tunneldesk/domain/*,tunneldesk/presentation/*"
TOOLS = ("ruff", "mypy", "import-linter", "pytest", "coverage", "PySide6-Essentials")


@dataclass(frozen=True, slots=True)
class Step:
    """One check: a program that ends with status 0 when all is well."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


def steps(*, fast: bool) -> list[Step]:
    """Return the checks in their order: the quick ones first, coverage after the tests it measures."""
    python = [sys.executable, "-m"]
    data = {"COVERAGE_FILE": str(ROOT / "build" / "coverage" / "data")}
    test = [sys.executable, str(Path("build_scripts", "dev.py")), "test"]
    checks = [
        Step("format", [*python, "ruff", "format", "--check", "."]),
        Step("lint", [*python, "ruff", "check", "."]),
        Step("types", [*python, "mypy"]),
        Step("import contracts", [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"]),
    ]
    if fast:
        return [*checks, Step("fast tests", [*test, "-m", "not slow"])]
    # The tests run by the very command that the README names. Coverage comes in through the environment, which
    # reaches the processes that the tests start as well.
    measured = {**data, "COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml")}
    if sys.platform == "linux" and os.geteuid() == 0:
        measured["TEST_SKIPS"] = "fail"  # an administrator's Linux has all they need, or gets it: see dev.py test
    return [
        *checks,
        Step("tests", test, measured),
        Step("coverage data", [*python, "coverage", "combine", "--quiet"], data),
        Step(
            "coverage, pure parts 100 %",
            [*python, "coverage", "report", f"--include={PURE}", "--fail-under=100"],
            data,
        ),
        Step("coverage, all 90 %", [*python, "coverage", "report", "--fail-under=90"], data),
    ]


def main() -> int:
    """Run every check, also after one has failed, and sum up."""
    parser = argparse.ArgumentParser(
        prog="dev.py check", description="Check format, lint, types, imports and tests."
    )
    parser.add_argument("--fast", action="store_true", help="leave out the slow tests and coverage")
    fast: bool = parser.parse_args().fast
    print(f"Python {sys.version.split()[0]}, " + ", ".join(f"{tool} {metadata.version(tool)}" for tool in TOOLS))
    _forget_old_coverage()
    results: list[tuple[Step, int, float]] = []
    for step in steps(fast=fast):
        print(f"\n=== {step.name} ===", flush=True)
        started = time.monotonic()
        status = subprocess.run(step.argv, env={**os.environ, **step.env}, check=False).returncode
        results.append((step, status, time.monotonic() - started))
    print(f"\n{summary([(step.name, status, seconds) for step, status, seconds in results])}", flush=True)
    return 1 if any(status for _, status, _ in results) else 0


def summary(results: Sequence[tuple[str, int, float]]) -> str:
    """Return the closing table: each check's name, outcome and time, and a last line that says it all."""
    width = max(len(name) for name, _, _ in results)
    lines = [
        f"{name:<{width}}  {'failed' if status else 'ok':<6}  {seconds:6.1f} s" for name, status, seconds in results
    ]
    failed = [name for name, status, _ in results if status]
    lines.append(f"check failed: {', '.join(failed)}" if failed else "check: all is well")
    return "\n".join(lines)


def _forget_old_coverage() -> None:
    folder = ROOT / "build" / "coverage"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("data*"):
        file.unlink()


if __name__ == "__main__":
    sys.exit(main())
