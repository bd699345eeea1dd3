"""How the end of a child is noticed: by the loop, and not by a thread for each."""

from __future__ import annotations

import asyncio
import os
import sys


def notice_ends_without_threads() -> None:
    """Have the loop that runs watch children by descriptors, as asyncio does by itself from Python 3.12 on.

    Where the system can't, it stays with a thread for each, which has a stack and a heap of its own.
    """
    if sys.platform == "linux" and sys.version_info < (3, 12):
        try:
            os.close(os.pidfd_open(os.getpid()))
        except OSError:  # a kernel before 5.3, or a sandbox that does not know of it
            return
        watcher = asyncio.PidfdChildWatcher()
        watcher.attach_loop(asyncio.get_running_loop())
        asyncio.set_child_watcher(watcher)
