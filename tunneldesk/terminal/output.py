"""Writing to a terminal or a pipe without ever holding up the loop.

A reader that stalls (Ctrl-S, a selection in a Windows console, a full pipe) would stop heartbeats if the loop wrote
itself, and cost the lease. So a thread writes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import select
import stat
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_LAST_WORDS = 2.0
"""Seconds a reader gets for taking what is still to be written at the end."""


class Output:
    """Writes text to a stream's file descriptor, in order, from a thread of its own.

    Args:
        stream: Standard output or error.
        gone: Called on the loop's thread when nobody reads any more; what is written from then on is dropped.
    """

    def __init__(self, stream: TextIO, gone: Callable[[], None]) -> None:
        stream.flush()
        self._fd = stream.fileno()
        self._encoding = stream.encoding
        self._gone = gone
        self._told = False
        self._loop = asyncio.get_running_loop()
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._done = asyncio.Event()
        self._watched = sys.platform != "win32" and stat.S_ISFIFO(os.fstat(self._fd).st_mode)
        if self._watched:
            # The writing end of a pipe becomes readable when its reader goes away, long before the next write.
            self._loop.add_reader(self._fd, self._hung_up)
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)
        self._thread.start()

    @property
    def behind(self) -> bool:
        """Whether the reader has yet to take what was written before."""
        return not self._waiting.empty()

    def write(self, text: str) -> None:
        """Write ``text`` soon; characters the encoding lacks become question marks."""
        self._waiting.put(text.encode(self._encoding, "replace"))

    async def close(self) -> None:
        """Write what is left, as far as somebody takes it within a moment."""
        self._unwatch()
        self._waiting.put(None)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._done.wait(), _LAST_WORDS)

    def _hung_up(self) -> None:
        self._unwatch()
        if not self._told:
            self._told = True
            self._gone()

    def _unwatch(self) -> None:
        if self._watched:
            self._watched = False
            self._loop.remove_reader(self._fd)

    def _run(self) -> None:
        try:
            while (data := self._waiting.get()) is not None:
                while data:
                    data = data[self._write(data) :]
        except OSError:
            self._tell(self._hung_up)
        self._tell(self._done.set)

    def _tell(self, callback: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile, and with it all interest
            self._loop.call_soon_threadsafe(callback)

    def _write(self, data: bytes) -> int:
        try:
            return os.write(self._fd, data)
        except BlockingIOError:  # whoever shares the terminal with us has made it non-blocking
            select.select([], [self._fd], [])
            return 0


def same_file(one: TextIO, other: TextIO) -> bool:
    """Whether two streams lead to the same terminal, pipe or file, so that one `Output` keeps their order."""
    return os.path.samestat(os.fstat(one.fileno()), os.fstat(other.fileno()))
