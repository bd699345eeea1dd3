"""The end of a child is noticed without a thread that waits for it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from tunneldesk.child_watch import notice_ends_without_threads

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or sys.version_info >= (3, 12), reason="asyncio does so by itself, or can't"
)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = asyncio.get_child_watcher()
    yield
    asyncio.set_child_watcher(before)


async def run_children() -> tuple[list[int], int]:
    notice_ends_without_threads()
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", f"import sys; sys.stdin.read(); sys.exit({code})", stdin=asyncio.subprocess.PIPE
        )
        for code in range(3)
    ]
    waiting = [thread for thread in threading.enumerate() if "waitpid" in thread.name]
    for child in children:
        assert child.stdin is not None
        child.stdin.close()
    return [await child.wait() for child in children], len(waiting)


def test_children_cost_no_threads_and_their_exit_statuses_are_right() -> None:
    assert asyncio.run(run_children()) == ([0, 1, 2], 0)


def test_where_the_system_has_no_such_descriptors_all_goes_on_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pid: int) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "pidfd_open", refuse)
    asyncio.set_child_watcher(asyncio.ThreadedChildWatcher())
    assert asyncio.run(run_children()) == ([0, 1, 2], 3)
