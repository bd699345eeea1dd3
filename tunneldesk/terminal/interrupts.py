"""Ctrl-C and the system's requests to end, as calls on the loop's thread."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Interrupts:
    """While it is entered, each such signal calls `react`, which is set by whoever is at work just now.

    Attributes:
        react: Called for every signal.
        count: How many there have been.
    """

    def __init__(self) -> None:
        self.react: Callable[[], None] = lambda: None
        self.count = 0
        self._signals = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        self._former: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        for number in self._signals:
            self._former[number] = signal.getsignal(number)
            if sys.platform == "win32":
                signal.signal(number, lambda *_: self._loop.call_soon_threadsafe(self._arrived))
            elif self._former[number] is not signal.SIG_IGN or number is not signal.SIGHUP:  # nohup stays nohup
                self._loop.add_signal_handler(number, self._arrived)
        return self

    def __exit__(self, *_: object) -> None:
        for number, former in self._former.items():
            if sys.platform != "win32":
                self._loop.remove_signal_handler(number)
            signal.signal(number, former)

    def _arrived(self) -> None:
        self.count += 1
        self.react()
