"""`dev.py test`: pytest with everything around it that the tests drive."""

from __future__ import annotations

import os
import sys

from build_scripts.processes import become
from build_scripts.progress import SetUpError
from build_scripts.system_packages import ensure_for_tests

# With one of these the user wants to look at one test at a time, or has chosen the number of workers.
_SHORT = ("-n", "-x", "-s")
_LONG = {"--capture", "--co", "--collect-only", "--dist", "--exitfirst", "--numprocesses", "--pdb", "--trace"}


def pytest_arguments(given: list[str]) -> list[str]:
    """Return pytest's arguments: those given, and workers side by side unless they speak against it."""
    if any(argument.startswith(_SHORT) or argument.partition("=")[0] in _LONG for argument in given):
        return given
    # loadgroup: tests that must not run beside each other are put in one group with `pytest.mark.xdist_group`.
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadgroup", *given]


def main() -> int:
    """Run pytest in place of this process."""
    arguments = sys.argv[1:]
    if arguments[:1] in (["-h"], ["--help"]):
        print(
            "usage: python3 build_scripts/dev.py test [pytest arguments]\n\n"
            "Runs the tests side by side on up to four cores. All arguments go to pytest:\n"
            '-k NAME picks by name, -m "not slow" leaves out the slow ones, -n 0, -x, -s or --pdb use one process.'
        )
        return 0
    try:
        ensure_for_tests()
    except SetUpError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    # Widgets are tested without a screen; the tests of the real tray start a virtual one for their children.
    env = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    return become([sys.executable, "-m", "pytest", *pytest_arguments(arguments)], env)


if __name__ == "__main__":
    sys.exit(main())
