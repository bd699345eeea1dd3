"""Child processes: listened to, awaited, and never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tunneldesk.connector import guard
from tunneldesk.connector.process import Child

if TYPE_CHECKING:
    from collections.abc import Callable

GUARD = guard.__file__


def ignore(line: str) -> None:
    """Take a line nobody looks at."""


async def run(code: str, *, guarded: bool = True) -> tuple[int, list[str], list[str]]:
    out: list[str] = []
    err: list[str] = []
    child = await Child.start(
        [sys.executable, "-S", "-c", code], on_stdout=out.append, on_stderr=err.append, guarded=guarded
    )
    async with child, asyncio.timeout(20):
        return await child.wait(), out, err


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what a process does sets no event here
            await asyncio.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("guarded", [True, False])
async def test_both_outputs_arrive_line_by_line_and_the_status_last(guarded: bool) -> None:
    code = "import sys; print('a\\r\\nb'); sys.stderr.write('c\\n\\nlast words'); sys.exit(7)"
    assert await run(code, guarded=guarded) == (7, ["a", "b"], ["c", "", "last words"])


async def test_bytes_that_are_no_text_do_no_harm() -> None:
    _, _, err = await run("import os; os.write(2, b'a\\xff\\x00b\\n')")
    assert err == ["a\ufffd\x00b"]


async def test_an_endless_line_is_cut_and_the_next_one_is_whole() -> None:
    _, _, err = await run("import sys; sys.stderr.write('x' * 10_000_000 + '\\nnext\\n')")
    assert [len(line) for line in err] == [64 * 1024, 4]


async def test_stdout_is_thrown_away_unless_somebody_listens() -> None:
    err: list[str] = []
    child = await Child.start(
        [sys.executable, "-S", "-c", "print('x' * 1_000_000); import os; os.write(2, b'done')"],
        on_stderr=err.append,
    )
    async with asyncio.timeout(20):
        await child.wait()
    assert err == ["done"]


@pytest.mark.posix("shells, groups and signals")
async def test_the_loop_stays_responsive_while_a_child_floods() -> None:
    child = await Child.start(["/bin/sh", "-c", "while :; do echo flood >&2; done"], on_stderr=ignore)
    async with child:
        longest = 0.0
        for _ in range(20):
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)
    assert longest < 0.5


@pytest.mark.posix("shells, groups and signals")
async def test_a_ctrl_c_in_our_terminal_is_not_the_childs() -> None:
    child = await Child.start(["/bin/sleep", "60"], on_stderr=ignore)
    async with child:
        assert os.getpgid(child.pid) != os.getpgid(0)


@pytest.mark.posix("shells, groups and signals")
async def test_a_stubborn_child_is_killed_after_its_grace() -> None:
    out: list[str] = []
    child = await Child.start(
        ["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"],
        on_stderr=ignore,
        on_stdout=out.append,
    )
    await until(lambda: out)
    began = time.monotonic()
    await child.stop(0.3)
    assert 0.3 <= time.monotonic() - began < 2
    assert await child.wait() == -9


@pytest.mark.posix("shells, groups and signals")
async def test_a_second_cancellation_hurries_and_is_still_awaited() -> None:
    out: list[str] = []
    child = await Child.start(
        ["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"],
        on_stderr=ignore,
        on_stdout=out.append,
    )
    await until(lambda: out)
    stopping = asyncio.create_task(child.stop(30))
    await asyncio.sleep(0.05)
    stopping.cancel()
    async with asyncio.timeout(2):
        await asyncio.wait({stopping})
    assert stopping.cancelled()
    assert child.ended.result() == -9


@pytest.mark.posix("shells, groups and signals")
async def test_stopping_twice_or_what_has_ended_is_nothing() -> None:
    child = await Child.start(["/bin/sh", "-c", ":"], on_stderr=ignore)
    await child.wait()
    await child.stop()
    child.kill()
    child.terminate()
    await child.stop()
    assert child.ended.result() == 0


@pytest.mark.posix("shells, groups and signals")
async def test_what_the_child_left_behind_goes_with_it() -> None:
    out: list[str] = []
    child = await Child.start(
        ["/bin/sh", "-c", "sleep 60 & echo $!; exit 3"], on_stderr=ignore, on_stdout=out.append
    )
    async with asyncio.timeout(5):
        assert await child.wait() == 3
    await until(lambda: gone(int(out[0])))


@pytest.mark.posix("shells, groups and signals")
async def test_a_pipe_held_open_by_a_runaway_holds_nothing_up() -> None:
    out: list[str] = []
    code = (
        "import subprocess, sys\n"
        "print(subprocess.Popen(['/bin/sleep', '60'], start_new_session=True).pid, flush=True)\n"
    )
    child = await Child.start([sys.executable, "-c", code], on_stderr=ignore, on_stdout=out.append)
    async with asyncio.timeout(5):
        assert await child.wait() == 0
    os.kill(int(out[0]), 9)


@pytest.mark.posix("a guard stands before the program")
async def test_a_program_that_is_not_there_says_so() -> None:
    err: list[str] = []
    child = await Child.start(["/no/such/program"], on_stderr=err.append)
    assert await child.wait() == 126
    assert err == ["/no/such/program can't be run: No such file or directory"]
    with pytest.raises(FileNotFoundError):
        await Child.start(["/no/such/program"], on_stderr=ignore, guarded=False)


@pytest.mark.posix("runs env")
async def test_children_get_our_environment_without_what_is_ours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TUNNELDESK_ACCESS_TOKEN", "TUNNEL_TOKEN", "TUNNELDESK_HOME", "HTTPS_PROXY", "TUNNELS"):
        monkeypatch.setenv(name, "x")
    out: list[str] = []
    child = await Child.start(
        ["/usr/bin/env"], env={"TUNNEL_METRICS": "mine"}, on_stderr=ignore, on_stdout=out.append
    )
    await child.wait()
    names = {line.partition("=")[0] for line in out if "TUNNEL" in line or "PROXY" in line}
    assert names == {"TUNNEL_METRICS", "HTTPS_PROXY", "TUNNELS"}


def ignored() -> int:
    """Return which signals this process ignores, but for those that Python ignores on its own account."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    of_python = sum(1 << number - 1 for number in (signal.SIGPIPE, signal.SIGXFSZ))
    return int(status.partition("SigIgn:")[2].split()[0], 16) & ~of_python


@pytest.mark.linux("looks into /proc")
async def test_pipes_that_break_end_a_child_as_usual() -> None:
    """Python ignores SIGPIPE, and what is ignored is inherited: the guard must undo it."""
    out: list[str] = []
    child = await Child.start(
        ["/bin/sh", "-c", "grep -E '^Sig(Ign|Blk)' /proc/self/status"], on_stderr=ignore, on_stdout=out.append
    )
    await child.wait()
    # What the suite itself was started with stays: a shell has its jobs in the background ignore two.
    assert [int(line.split()[1], 16) for line in out] == [0, ignored()]


@pytest.mark.posix("a guard stands before the program")
def test_a_program_whose_owner_is_dead_already_never_runs(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    nobody = 4194305  # above any process number Linux gives out
    status = subprocess.call([sys.executable, "-I", "-S", GUARD, str(nobody), "/usr/bin/touch", str(trace)])
    assert status == 126
    assert not trace.exists()


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys\n"
        "import tunneldesk.connector.supervisor, tunneldesk.connector.locate\n"
        "import tunneldesk.storage.credentials, tunneldesk.storage.settings\n"
        "print([name for name in ('keyring', 'ctypes', 'httpx', 'PySide6') if name in sys.modules])\n"
    )
    root = Path(__file__).resolve().parents[3]
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert said.stdout.strip() == "[]"
