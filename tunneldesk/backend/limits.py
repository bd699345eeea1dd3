"""The rate limit: so many requests per user in a sliding minute."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

WINDOW_SEC: Final = 60.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the limit says about one request.

    Attributes:
        allowed: The request may go on.
        limit: Requests per window.
        remaining: Requests left now.
        reset_sec: Seconds until at least one more is allowed, or until the window moves on.
    """

    allowed: bool
    limit: int
    remaining: int
    reset_sec: int

    def headers(self) -> dict[str, str]:
        """Return the headers that tell the client; ``Retry-After`` only where it has to wait."""
        if self.limit == 0:
            return {}
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset_sec),
        }
        if not self.allowed:
            headers["Retry-After"] = str(self.reset_sec)
        return headers


class RateLimit:
    """Counts requests per user, in memory.

    Every request counts, refused ones too (CONTRACT: "whatever its answer"). Only the newest ``limit`` times are
    kept for a user, as no older one can matter, and users who have been quiet for a whole window are forgotten.
    """

    def __init__(self, limit: int) -> None:
        """Allow ``limit`` requests a minute; 0 means any number."""
        self.limit = limit
        self._seen: dict[str, deque[float]] = {}
        self._swept = 0.0

    def count(self, user_id: str, now: float) -> Allowance:
        """Count one request of ``user_id`` and return what the limit says about it."""
        if self.limit == 0:
            return Allowance(allowed=True, limit=0, remaining=0, reset_sec=0)
        self._forget_quiet_users(now)
        seen = self._seen.setdefault(user_id, deque(maxlen=self.limit))
        if seen and seen[-1] > now:
            seen.clear()  # the clock was set back; these times would hold the user up for as long
        while seen and now - seen[0] >= WINDOW_SEC:
            seen.popleft()
        allowed = len(seen) < self.limit
        seen.append(now)
        return Allowance(
            allowed=allowed,
            limit=self.limit,
            remaining=self.limit - len(seen),
            reset_sec=max(1, math.ceil(WINDOW_SEC - (now - seen[0]))),
        )

    def _forget_quiet_users(self, now: float) -> None:
        if 0 <= now - self._swept < WINDOW_SEC:
            return
        self._swept = now
        self._seen = {user: seen for user, seen in self._seen.items() if seen[-1] > now - WINDOW_SEC}
