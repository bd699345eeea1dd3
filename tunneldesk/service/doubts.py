"""Creates whose answers were lost: there may be a tunnel that nobody knows the id of, and it is found by its marks.

Left alone it would hold the name and count towards the limit until its lease has run out.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from tunneldesk.api.client import ApiClient
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.model import RemoteTunnel, Wish

_log = logging.getLogger(__name__)

_LOST_ANSWERS = frozenset(
    {ErrorCode.SERVER_TIMED_OUT, ErrorCode.SERVER_CONNECTION_BROKEN, ErrorCode.NOT_A_TUNNEL_SERVER}
)
_CLOCKS_DIFFER_BY = timedelta(seconds=3)
"""How far the server's clock may be from where its answers' dates, given in whole seconds, put it."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    account: Account
    wish: Wish
    since: datetime
    until: datetime

    def fits(self, remote: RemoteTunnel, skew: timedelta) -> bool:
        """Whether this can be the tunnel: asked for by us, at that time, and beaten by nobody since."""
        if not remote.held or remote.port != self.wish.port or remote.created_at is None:
            return False
        if self.wish.slug is not None and remote.hostname.partition(".")[0] != self.wish.slug:
            return False
        created = remote.created_at - skew
        if not self.since - _CLOCKS_DIFFER_BY <= created <= self.until + _CLOCKS_DIFFER_BY:
            return False
        return remote.last_heartbeat_at is None or remote.last_heartbeat_at - remote.created_at < _CLOCKS_DIFFER_BY


class Doubts:
    """The creates of this app that may have gone through unheard."""

    def __init__(self, clock: Clock, known: Callable[[], Awaitable[frozenset[str]]]) -> None:
        """Begin without any.

        Args:
            clock: Time.
            known: Returns the ids of tunnels that a face of this machine has: none of them is in doubt.
        """
        self._clock = clock
        self._known = known
        self._open: list[_Doubt] = []

    def note(self, client: ApiClient, wish: Wish, failure: Failure, *, seconds: float) -> bool:
        """Note a create that ended with ``failure`` after so many seconds; return whether it is in doubt."""
        if failure.code not in _LOST_ANSWERS and (failure.status or 0) < 500:
            return False
        now = self._clock.now()
        self._open.append(_Doubt(client.account, wish, now - timedelta(seconds=seconds), now))
        return True

    async def settle(self, client: ApiClient) -> int:
        """Delete what went through unheard on this account; return how many tunnels that were.

        Raises:
            ApiError: The server can't be asked, or would not delete; the doubts remain.
        """
        doubts = [doubt for doubt in self._open if doubt.account == client.account]
        if not doubts:
            return 0
        listed = await client.list_tunnels()
        known = await self._known()
        skew = timedelta(seconds=client.clock_skew or 0.0)
        found = [
            remote
            for remote in listed
            if remote.tunnel_id not in known and any(doubt.fits(remote, skew) for doubt in doubts)
        ]
        for remote in found:
            _log.warning("Tunnel %s was created unheard and is deleted", remote.tunnel_id)
            await client.delete(remote.tunnel_id)
        self._open = [doubt for doubt in self._open if doubt not in doubts]
        return len(found)
