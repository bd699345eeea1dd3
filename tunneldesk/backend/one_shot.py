"""Secrets that are good for one use, kept in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

from tunneldesk.backend import tokens

if TYPE_CHECKING:
    from tunneldesk.backend.clock import Clock

T = TypeVar("T")

# Whoever opens pages without ever answering one can't fill the memory: the oldest give way.
_AT_MOST: Final = 1_000


class OneShot(Generic[T]):
    """Gives out secrets and takes each of them back once, for what it was given out for."""

    def __init__(self, clock: Clock, *, lifetime: float) -> None:
        """Take a secret back for ``lifetime`` seconds."""
        self._clock = clock
        self._lifetime = lifetime
        self._kept: dict[bytes, tuple[float, T]] = {}

    def give(self, meaning: T) -> str:
        """Return a new secret that stands for ``meaning``; only its fingerprint is kept."""
        while len(self._kept) >= _AT_MOST:
            del self._kept[next(iter(self._kept))]
        secret = tokens.new_state()
        self._kept[tokens.fingerprint(secret)] = (self._clock.now() + self._lifetime, meaning)
        return secret

    def take(self, secret: str) -> T | None:
        """Return what a secret stood for, and forget it; None when it is unknown, used, or too old."""
        expires_at, meaning = self._kept.pop(tokens.fingerprint(secret), (0.0, None))
        return meaning if expires_at > self._clock.now() else None
