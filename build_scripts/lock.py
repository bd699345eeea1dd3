"""`dev.py lock`: make the lock files anew, with the hash of every file and the address of none."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# One lock serves every system and every Python from 3.11 on; a package without a wheel for it is not taken.
COMPILE = [
    *("uv", "pip", "compile", "pyproject.toml"),
    *("--universal", "--python-version=3.11", "--generate-hashes", "--only-binary=:all:"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--quiet"),
]


def main() -> int:
    """Compile both locks, the larger one held to the versions of the smaller."""
    parser = argparse.ArgumentParser(
        prog="dev.py lock", description="Make the lock files anew from pyproject.toml."
    )
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions, not the ones now locked")
    extra = ["--upgrade"] if parser.parse_args().upgrade else []
    for target in (
        ["--group=build", "--output-file=requirements.lock"],
        ["--group=dev", "--constraints=requirements.lock", "--output-file=requirements-dev.lock"],
    ):
        subprocess.run([sys.executable, "-m", *COMPILE, *target, *extra], cwd=ROOT, check=True)
    print(
        "requirements.lock and requirements-dev.lock are up to date; the next dev.py command installs what changed."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
