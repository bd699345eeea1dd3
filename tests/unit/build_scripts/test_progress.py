"""The steps of the set-up: what is told of them, and how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from build_scripts.progress import SetUpError, run_step

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[3]

# A step whose program waits for a child of its own. The grandchild writes its number into a file.
GRANDCHILD = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'w'), flush=True); time.sleep(60)"
CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {GRANDCHILD!r}, sys.argv[1]])"
STEP = f"""
import os, sys
from build_scripts.progress import run_step
run_step("Waiting", [sys.executable, "-c", {CHILD!r}, sys.argv[1]], env=os.environ)
"""


def eventually(look: Callable[[], T]) -> T:
    """Look again and again for something true, for ten seconds at most."""
    deadline = time.monotonic() + 10
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def is_running(pid: int) -> bool:
    """Return whether the process is there and not merely waiting to be collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


def test_a_step_that_went_well_is_one_line_and_its_time(capfd: pytest.CaptureFixture[str]) -> None:
    run_step("Doing it", [sys.executable, "-c", "print('chatter')"], env=os.environ)

    shown = capfd.readouterr()
    assert shown.out == ""
    assert "Doing it: done in " in shown.err
    assert "chatter" not in shown.err


def test_a_step_that_failed_shows_what_its_program_said(capfd: pytest.CaptureFixture[str]) -> None:
    failing = [sys.executable, "-c", "import sys; print('the reason', file=sys.stderr); sys.exit(3)"]

    with pytest.raises(SetUpError, match="ended with status 3") as caught:
        run_step("Doing it", failing, env=os.environ)

    assert "the reason" in capfd.readouterr().err
    assert caught.value.output == "the reason"


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(SetUpError, match="no-such-program can't be started"):
        run_step("Doing it", ["no-such-program"], env=os.environ)


@pytest.mark.posix("signals are POSIX's")
def test_an_interrupted_step_leaves_nothing_running(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    with subprocess.Popen([sys.executable, "-c", STEP, note], cwd=ROOT, stderr=subprocess.DEVNULL) as step:
        grandchild = int(eventually(lambda: note.exists() and note.read_text(encoding="utf-8").strip()))
        step.send_signal(signal.SIGINT)
        step.wait(10)

    eventually(lambda: not is_running(grandchild))
