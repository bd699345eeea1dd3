"""Threads that nobody waits for at the end."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

_IDLE_SECONDS = 5.0
"""How long a thread waits for another call: to start one takes a millisecond, for which the caller has to wait."""


class DaemonThreads(ThreadPoolExecutor):
    """Runs each call at once, on a daemon thread that has nothing else to do.

    For the loop's default executor, where names are looked up and files written: a name service or a disk that
    hangs must not hold up the end of the app, as the threads of an ordinary pool do, which Python joins; nor may
    calls wait for each other there. (It is a `ThreadPoolExecutor` because asyncio takes nothing else there.)
    """

    def __init__(self) -> None:
        super().__init__()
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        """Threads that wait for a call, but for those whose call is on its way."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start ``fn`` at once."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # from here on it is carried out, whoever stops waiting for it

        def call() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - it is the caller's, on whichever thread that is
                future.set_exception(error)

        if self._idle.acquire(blocking=False):
            self._calls.put(call)
        else:
            threading.Thread(target=self._work, args=(call,), name="aside", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Return at once: there is nothing to join."""

    def _work(self, call: Callable[[], None]) -> None:
        while True:
            call()
            del call  # with all that it holds
            self._idle.release()
            try:
                call = self._calls.get(timeout=_IDLE_SECONDS)
            except Empty:
                if self._idle.acquire(blocking=False):
                    return
                call = self._calls.get()  # somebody has just counted on this thread
