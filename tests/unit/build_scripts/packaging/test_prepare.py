"""What a frozen program does before all else: it gives the system its libraries back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
PREPARE = ROOT / "build_scripts" / "packaging" / "prepare.py"
STARTS_A_CHILD = """
import asyncio, runpy, sys
runpy.run_path(sys.argv[1])
sys.argv[1:] = []
from tunneldesk.connector.process import Child

async def start():
    child = await Child.start(["/usr/bin/env"], on_stderr=print, on_stdout=print, guarded=False)
    await child.wait()

asyncio.run(start())
"""

pytestmark = pytest.mark.linux("only there does the bootloader set a library path")


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"LD_LIBRARY_PATH": "/opt/bundle", "LD_LIBRARY_PATH_ORIG": "/usr/lib/mine"}, ["/usr/lib/mine"]),
        ({"LD_LIBRARY_PATH": "/opt/bundle"}, []),
    ],
)
def test_a_frozen_build_gives_children_the_systems_libraries(given: dict[str, str], seen: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, "-c", STARTS_A_CHILD, PREPARE],
        cwd=ROOT,
        env={**given, "_PYI_ARCHIVE_FILE": "/opt/bundle/tunneldesk", "HOME": "/"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.splitlines()

    assert [line for line in said if line.startswith("LD_")] == [f"LD_LIBRARY_PATH={each}" for each in seen]
    assert [line for line in said if line.startswith("_PYI_")] == []
