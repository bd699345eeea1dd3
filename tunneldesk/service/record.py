"""One tunnel's entry in the store, and the only hand that writes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tunneldesk.domain.lifecycle import advance
from tunneldesk.domain.model import TIMELINE_KEPT, Moment

if TYPE_CHECKING:
    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.lifecycle import Event, Phase
    from tunneldesk.domain.model import MomentKind, Tunnel
    from tunneldesk.domain.reasons import Because
    from tunneldesk.service.store import Store


class Record:
    """Reads and changes the tunnel of one key."""

    def __init__(self, key: str, store: Store, clock: Clock) -> None:
        self.key = key
        self._store = store
        self._clock = clock

    @property
    def tunnel(self) -> Tunnel:
        """The tunnel as it is now."""
        tunnel = self._store.state.tunnel(self.key)
        if tunnel is None:
            raise LookupError(self.key)
        return tunnel

    @property
    def phase(self) -> Phase:
        """Where the tunnel is in its life."""
        return self.tunnel.phase

    def advance(self, event: Event, failure: Failure | None = None, **changes: Any) -> None:
        """Let ``event`` happen, and what came of it with it.

        ``failure`` says why, and None that there is nothing to complain about.
        """
        self.change(standing=advance(self.tunnel.standing, event), failure=failure, **changes)

    def change(self, **changes: Any) -> None:
        """Replace fields of the tunnel."""
        self._store.update_tunnel(self.key, lambda tunnel: replace(tunnel, **changes))

    def note(self, kind: MomentKind, detail: str = "", because: Because | None = None) -> None:
        """Add to the time line."""
        moment = Moment(self._clock.now(), kind, detail, because)
        self.change(timeline=(*self.tunnel.timeline, moment)[-TIMELINE_KEPT:])
