"""Work beside the loop that nobody has to wait for."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tunneldesk.daemon_threads import DaemonThreads

ROOT = Path(__file__).resolve().parents[2]

HANGS = """
import asyncio, threading
from tunneldesk.daemon_threads import DaemonThreads

async def main():
    loop = asyncio.get_running_loop()
    loop.set_default_executor(DaemonThreads())
    loop.run_in_executor(None, threading.Event().wait)
    print(await asyncio.to_thread(lambda: "answered"))

asyncio.run(main())
"""


async def test_what_it_returns_or_raises_reaches_the_caller() -> None:
    loop = asyncio.get_running_loop()
    threads = DaemonThreads()
    assert await loop.run_in_executor(threads, int, "7") == 7
    with pytest.raises(ValueError, match="seven"):
        await loop.run_in_executor(threads, int, "seven")


async def test_a_hundred_calls_at_once_wait_for_none_of_each_other() -> None:
    threads, gate = DaemonThreads(), threading.Barrier(100, timeout=10)
    await asyncio.gather(*(asyncio.wrap_future(threads.submit(gate.wait)) for _ in range(100)))


async def test_a_thread_that_has_nothing_to_do_takes_the_next_call_and_ends_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tunneldesk.daemon_threads._IDLE_SECONDS", 0.2)
    threads = DaemonThreads()

    async def thread() -> threading.Thread:
        return await asyncio.wrap_future(threads.submit(threading.current_thread))

    first = await thread()
    for _ in range(5):
        await asyncio.sleep(0.01)
        assert await thread() is first
    first.join(timeout=10)
    assert not first.is_alive()
    assert await thread() is not first


async def test_no_call_is_lost_on_threads_that_are_about_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tunneldesk.daemon_threads._IDLE_SECONDS", 0.001)
    threads = DaemonThreads()
    for number in range(500):
        calls = [threads.submit(int, number) for _ in range(3)]
        assert [await asyncio.wrap_future(call) for call in calls] == [number] * 3
        await asyncio.sleep(0.001)


def test_a_call_that_hangs_for_good_does_not_hold_up_the_end() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGS], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True
    )
    assert done.stdout == "answered\n"
    assert done.stderr == ""
