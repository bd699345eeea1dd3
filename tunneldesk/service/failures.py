"""What goes wrong that concerns no tunnel in particular, and what would do it again."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.service.store import Store

Work = Callable[[], Coroutine[object, object, None]]
"""Makes the coroutine that does it, as often as it is wanted."""


class Failures:
    """Shows the newest failure, and keeps with it what failed: whoever tries again has that done, nothing else."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._shown: Failure | None = None
        self._again: Work | None = None

    def show(self, failure: Failure, *, again: Work | None = None) -> None:
        """Put a failure into the state.

        Args:
            failure: What went wrong.
            again: Does once more what failed; None where there is nothing that could be done again.
        """
        self._shown = failure = replace(failure, at=failure.at or self._clock.now())
        self._again = again
        self._store.update(lambda state: replace(state, failure=failure))

    def dismiss(self) -> Work | None:
        """Take the failure that is shown out of the state; return what would do again what failed."""
        again = self._again if self._store.state.failure == self._shown else None
        self._shown = self._again = None
        self._store.update(lambda state: replace(state, failure=None))
        return again
