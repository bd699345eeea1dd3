"""A child in the foreground, ended in each way that a user ends things."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.processes import run_in_foreground

ROOT = Path(__file__).resolve().parents[3]

# Says when it can be interrupted, counts the signals of the next half second, and ends with what it counted.
COUNTING_CHILD = """
import signal, sys, time
got = []
signal.signal(signal.SIGINT, lambda *_: got.append("INT"))
signal.signal(signal.SIGTERM, lambda *_: got.append("TERM"))
print("ready", flush=True)
while not got:
    time.sleep(0.01)
time.sleep(0.5)
print(" ".join(got), flush=True)
sys.exit(7)
"""

PARENT = f"""
import os, sys
from build_scripts.processes import run_in_foreground
sys.exit(run_in_foreground([sys.executable, "-c", {COUNTING_CHILD!r}], os.environ))
"""


def test_the_childs_exit_status_is_passed_on() -> None:
    assert run_in_foreground([sys.executable, "-c", "import sys; sys.exit(5)"], os.environ) == 5


@pytest.mark.posix("Windows has no signals to die of")
def test_death_by_a_signal_is_told_as_shells_do() -> None:
    child = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]

    assert run_in_foreground(child, os.environ) == 128 + signal.SIGKILL


@pytest.mark.posix("Windows ends a child by force")
def test_a_child_whose_time_is_up_is_asked_to_end() -> None:
    child = [sys.executable, "-c", "import signal; signal.pause()"]

    assert run_in_foreground(child, os.environ, seconds=0.3) == 128 + signal.SIGTERM


@pytest.mark.posix("signals are POSIX's")
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("whom", ["the process", "its whole group, as a terminal does"])
def test_a_signal_reaches_the_child_exactly_once(signum: signal.Signals, whom: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"

        if whom == "the process":
            parent.send_signal(signum)
        else:
            os.killpg(parent.pid, signum)

        assert parent.stdout.readline() == signum.name.removeprefix("SIG") + "\n"
        assert parent.wait(10) == 7
