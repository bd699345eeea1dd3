"""TunnelDesk from a clone: one command sets up what is missing, then runs what was asked for.

It needs nothing but Python 3.11. On first use it makes `.venv` from the lock files; after that it costs a few
hundredths of a second. Each command is a module of this folder: to add one, write the module (with a `main()`
that reads `sys.argv`, and late imports of anything outside the standard library) and add its line to `COMMANDS`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# This file, unlike its neighbours, can be read by older Pythons, so that they get a sentence and no traceback.
if sys.version_info < (3, 11):  # noqa: UP036 - older Pythons do get here
    sys.exit(
        f"TunnelDesk needs Python 3.11 or newer, and this is Python {sys.version.split()[0]} ({sys.executable}).\n"
        "Try python3.11, python3.12 or python3.13 in place of python3."
    )

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)

from dataclasses import dataclass
from typing import Literal

from build_scripts import environment
from build_scripts.processes import become
from build_scripts.progress import SetUpError


@dataclass(frozen=True)
class Command:
    """One thing that dev.py can do: `build_scripts.<module>`, run by the Python of the environment it needs."""

    name: str
    usage: str
    summary: str
    module: str
    environment: Literal["run", "dev"]


COMMANDS = (
    Command("demo", "[--port N] [--terminal] [--for 30s]", "expose a sample page, or port N", "demo", "run"),
    Command("test", "[pytest arguments]", "run the tests", "run_tests", "dev"),
    Command("check", "[--fast]", "format, lint, types, import contracts, tests, coverage", "check", "dev"),
    Command("bench", "[MEASURE ...] [--readme]", "measure what it costs and how fast it is", "bench", "dev"),
    Command("screenshots", "[--readme]", "draw every screen into build/screenshots", "screenshots", "dev"),
    Command(
        "package",
        "[--folder-only] [--require-connector]",
        "build this system's installers into dist",
        "package",
        "dev",
    ),
    Command("translations", "", "add new texts, make what the app loads", "translations", "dev"),
    Command("lock", "[--upgrade]", "make the lock files anew from pyproject.toml", "lock", "dev"),
)


def describe() -> str:
    """Return the help text: every command with its switches."""
    usages = [f"{command.name} {command.usage}" for command in COMMANDS]
    width = max(map(len, usages))
    lines = [f"  {usage:<{width}}  {command.summary}" for usage, command in zip(usages, COMMANDS, strict=True)]
    return "\n".join(
        [
            "usage: python3 build_scripts/dev.py COMMAND ...",
            "",
            *lines,
            "",
            "The first use sets up .venv from the lock files, in about a minute; later ones start at once.",
        ]
    )


def main(arguments: list[str]) -> int:
    """Set up the environment that the command needs and become that command.

    Returns:
        2 for a command that does not exist, 1 when the set-up failed, 130 when it was interrupted. Otherwise the
        command takes this process over and its exit status is the process's own.
    """
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(describe())
        return 0 if arguments else 2
    name, *rest = arguments
    command = next((each for each in COMMANDS if each.name == name), None)
    if command is None:
        print(f'dev.py knows no command "{name}".\n\n{describe()}', file=sys.stderr)
        return 2
    os.chdir(ROOT)
    try:
        # Asking a command how it is used installs nothing.
        wants_help = rest[:1] in (["-h"], ["--help"])
        python = sys.executable if wants_help else str(environment.ensure(command.environment))
    except SetUpError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The next run takes the set-up up again.", file=sys.stderr)
        return 130
    return become([python, "-m", f"build_scripts.{command.module}", *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
