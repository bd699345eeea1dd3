"""The release is tested on three systems: the suite can be read where Linux' and POSIX' own modules are missing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop import plain_environ

ROOT = Path(__file__).resolve().parents[3]
MACOS_LACKS = ("jeepney", "secretstorage", "cryptography")
WINDOWS_LACKS = (*MACOS_LACKS, "grp", "pty", "pwd", "resource", "termios", "tty")
WINDOWS_SIGNALS = {"SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM"}
COLLECT = """
import signal, sys
import filelock, psutil  # of this system, and with the modules that it has

lacking, signals = (words.split() for words in sys.argv[1:3])
sys.modules.update(dict.fromkeys(lacking))
for name in [name for name in vars(signal) if name in signals]:
    delattr(signal, name)
import pytest
sys.exit(pytest.main(["--collect-only", "--quiet", "-p", "no:cacheprovider", *sys.argv[3:]]))
"""


def collected(lacking: tuple[str, ...], signals: set[str], *paths: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", COLLECT, " ".join(lacking), " ".join(signals), *map(str, paths)],
        cwd=ROOT,
        env={**plain_environ(), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, done.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.linux("takes from it what the others lack")
@pytest.mark.parametrize("system", ["macOS", "Windows"])
def test_every_test_can_be_collected_on_the_other_systems(system: str) -> None:
    import signal

    windows = system == "Windows"
    ours = {each.name for each in signal.Signals} - WINDOWS_SIGNALS

    status, said = collected(WINDOWS_LACKS if windows else MACOS_LACKS, ours if windows else set())

    assert status == 0, said


MARKED = """
import pytest

@pytest.mark.posix("signals")
def test_posix(): pass

@pytest.mark.linux("/proc")
def test_linux(): pass

def test_any(): pass
"""
RUN = """
import sys, pytest
from tests import conftest

conftest.SYSTEM = sys.argv[1]
sys.exit(pytest.main(["-rs", "--tb=short", "-p", "no:cacheprovider", "-p", "tests.conftest", sys.argv[2]]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("system", "skipped"),
    [
        ("linux", set()),
        ("darwin", {"needs linux: /proc"}),
        ("win32", {"needs linux: /proc", "needs posix: signals"}),
    ],
)
def test_what_a_system_cannot_have_is_skipped_with_its_reason(
    tmp_path: Path, system: str, skipped: set[str]
) -> None:
    (tmp_path / "test_marked.py").write_text(MARKED, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", RUN, system, tmp_path],
        cwd=ROOT,
        # Whoever forbids to skip means this system.
        env={**plain_environ(), "QT_QPA_PLATFORM": "offscreen", "TEST_SKIPS": "pass"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert set(re.findall(r"needs \w+: \S+", done.stdout)) == skipped
    assert f"{3 - len(skipped)} passed" in done.stdout


@pytest.mark.slow
def test_a_module_that_cannot_be_imported_is_told_and_the_summary_comes_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "test_broken.py").write_text("import no_such_module_at_all\n", encoding="utf-8")

    status, said = collected((), set(), "-p", "tests.conftest", tmp_path)

    assert status == pytest.ExitCode.INTERRUPTED, said
    assert "INTERNALERROR" not in said
    assert "AttributeError" not in said
