"""Threads that nobody waits for at the end."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class DaemonThreads(ThreadPoolExecutor):
    """Runs each call on a daemon thread of its own.

    For the loop's default executor, where names are looked up and files written: a name service or a disk that
    hangs must not hold up the end of the app, as the threads of an ordinary pool do, which Python joins. (It is a
    `ThreadPoolExecutor` because asyncio takes nothing else there.)
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start ``fn`` at once."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # from here on it is carried out, whoever stops waiting for it

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - it is the caller's, on whichever thread that is
                future.set_exception(error)

        threading.Thread(target=run, name="aside", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Return at once: there is nothing to join."""
