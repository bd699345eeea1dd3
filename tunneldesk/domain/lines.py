"""The latest lines of something that talks a lot, for whoever wants to follow it."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINES_KEPT = 5_000
"""Lines that are remembered; older ones are in the log files."""


class Lines:
    """Remembers the latest lines, and tells its followers that there are new ones.

    Kept out of the state on purpose: a connector can write ten thousand lines a second, and a state that changed as
    often would draw everything anew each time.
    """

    def __init__(self, kept: int = LINES_KEPT) -> None:
        self._lines: deque[str] = deque(maxlen=kept)
        self._written = 0
        self._followers: list[Follower] = []

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def written(self) -> int:
        """How many lines there have ever been."""
        return self._written

    def append(self, line: str) -> None:
        """Take in one more line."""
        self._lines.append(line)
        self._written += 1
        for follower in self._followers:
            follower.hear()

    def follow(self, on_news: Callable[[], None]) -> Follower:
        """Return a follower that starts with what is remembered now; see there for ``on_news``."""
        follower = Follower(self, on_news)
        self._followers.append(follower)
        return follower

    def after(self, position: int) -> tuple[str, ...]:
        """Return what is remembered of the lines after the first ``position`` ones ever written."""
        first = self._written - len(self._lines)
        return tuple(islice(self._lines, max(0, position - first), None))

    def leave(self, follower: Follower) -> None:
        """Tell this follower nothing more."""
        if follower in self._followers:
            self._followers.remove(follower)


class Follower:
    """Reads lines at its own pace.

    ``on_news`` is called once when there is something to read, and not again before `read` or `note`: however fast
    the lines come, a follower that reads once a frame is called once a frame.
    """

    def __init__(self, lines: Lines, on_news: Callable[[], None]) -> None:
        self._lines = lines
        self._on_news = on_news
        self._position = 0
        self._told = False

    @property
    def waiting(self) -> int:
        """How many lines have been written since the last `read`."""
        return self._lines.written - self._position

    def hear(self) -> None:
        """There is a new line."""
        if not self._told:
            self._told = True
            self._on_news()

    def read(self) -> tuple[str, ...]:
        """Return the lines since the last time, as far as they are still remembered."""
        lines = self._lines.after(self._position)
        self._position = self._lines.written
        self._told = False
        return lines

    def note(self) -> None:
        """Read nothing yet, but be told of the next line."""
        self._told = False

    def close(self) -> None:
        """Follow no more."""
        self._lines.leave(self)
