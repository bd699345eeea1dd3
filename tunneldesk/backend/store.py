"""The server's memory of tunnels.

Everything here is synchronous and runs on the loop's own thread: a call takes microseconds, and nothing can come
between its statements. Each call is one transaction; what it returns has been written.
"""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tunneldesk.backend import tokens
from tunneldesk.backend.database import transaction
from tunneldesk.backend.directory import Route

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from tunneldesk.backend.clock import Clock
    from tunneldesk.backend.names import Names, Reference

LEASE_ENDED: Final = "LEASE_EXPIRED"

_BLOCK: Final = 128
"""Leases that the reaper looks at in one go: what the blocks of table ``looks`` are made of."""

_KNOWN_ROUTES: Final = 10_000
"""Tunnels that need not be looked up for each of their visitors' requests."""


class LimitReached(Exception):  # noqa: N818 - an answer, not a fault
    """The user has as many active tunnels as allowed.

    Attributes:
        active: How many the user has.
    """

    def __init__(self, active: int) -> None:
        self.active = active
        super().__init__(f"{active} tunnels are active")


class NoFreeSlug(Exception):  # noqa: N818 - an answer, not a fault
    """None of the slugs to choose from is free."""


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A tunnel and its lease, which is gone once the tunnel has ended. Times are seconds since the epoch."""

    id: str
    user_id: str
    slug: str
    status: str
    requested_port: int
    created_at: float
    stopped_at: float | None
    last_error: str | None
    last_heartbeat_at: float | None
    expires_at: float | None


@dataclass(frozen=True, slots=True)
class Created:
    """A new tunnel and its secrets, which are never to be had again."""

    id: str
    slug: str
    secret: str
    run_token: str

    def __repr__(self) -> str:
        return f"Created(id={self.id!r}, slug={self.slug!r})"


_TUNNEL: Final = (
    "SELECT id, user_id, slug, status, requested_port, created_at, stopped_at, last_error, last_heartbeat_at,"
    " expires_at FROM tunnels LEFT JOIN leases USING (seq)"
)


class Store:
    """Tunnels and their leases.

    Implements ``tunneldesk.backend.directory.Directory`` for the edge.

    Attributes:
        on_end: Called with the id of every tunnel that has just ended, for whatever reason.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        clock: Clock,
        names: Names,
        *,
        lease_timeout: float = 60,
        revives: bool = False,
    ) -> None:
        """Use an open database.

        Args:
            connection: From ``open_database``.
            clock: Tells when a lease has run out.
            names: The host names this server gives out.
            lease_timeout: Seconds from creation, or from the last heartbeat, to the end of a tunnel.
            revives: A lease that ran out counts as live until the reaper has come (dialect ``newer``).
        """
        self._db = connection
        self._clock = clock
        self.names = names
        self._lease_timeout = lease_timeout
        self._revives = revives
        self.on_end: Callable[[str], None] = lambda _: None
        # Every request of a visitor asks. Good until the lease known then is over: whatever ends a tunnel sooner
        # forgets them all, and no other process writes to the database.
        self._routes: dict[str, tuple[Route, float]] = {}

    # Tunnels of one user

    def create(self, user_id: str, port: int, slugs: Iterable[str], *, max_active: int) -> Created:
        """Create a tunnel under the first free slug.

        Args:
            user_id: Its owner.
            port: Port on the owner's machine.
            slugs: The slug asked for, or random ones to choose from.
            max_active: How many active tunnels the owner may have.

        Raises:
            LimitReached: The owner has that many already; stopping ones don't count.
            NoFreeSlug: Each of the slugs is held by a tunnel, be it active or stopping.
        """
        with transaction(self._db, answers=(LimitReached, NoFreeSlug)):
            # What stands in the way is looked at again when those whose time is over have been ended.
            if self._active(user_id) >= max_active:
                self._lapse("user_id = ?", user_id)
                active = self._active(user_id)
                if active >= max_active:
                    raise LimitReached(active)
            return self._insert(user_id, port, self._first_free(slugs))

    def _active(self, user_id: str) -> int:
        (count,) = self._db.execute(
            "SELECT count(*) FROM tunnels WHERE user_id = ? AND status IN ('creating', 'active', 'stopping')"
            " AND status != 'stopping'",
            (user_id,),
        ).fetchone()
        return int(count)

    def _first_free(self, slugs: Iterable[str]) -> str:
        for slug in slugs:
            if self._is_free(slug):
                return slug
            self._lapse("slug = ?", slug)
            if self._is_free(slug):
                return slug
        raise NoFreeSlug

    def _is_free(self, slug: str) -> bool:
        taken = self._db.execute(
            "SELECT 1 FROM tunnels WHERE slug = ? AND status IN ('creating', 'active', 'stopping')", (slug,)
        )
        return taken.fetchone() is None

    def _insert(self, user_id: str, port: int, slug: str) -> Created:
        created = Created(str(uuid.uuid4()), slug, tokens.new_tunnel_secret(), tokens.new_run_token())
        now = self._clock.now()
        expires_at = now + self._lease_timeout
        seq = self._db.execute(
            "INSERT INTO tunnels (id, user_id, slug, status, requested_port, secret_fingerprint,"
            " run_token_fingerprint, created_at) VALUES (?, ?, ?, 'active', ?, ?, ?, ?)",
            (
                created.id,
                user_id,
                slug,
                port,
                tokens.fingerprint(created.secret),
                tokens.fingerprint(created.run_token),
                now,
            ),
        ).lastrowid
        self._db.execute(
            "INSERT INTO leases (seq, last_heartbeat_at, expires_at) VALUES (?, ?, ?)", (seq, now, expires_at)
        )
        self._look_by(expires_at, seq)
        return created

    def resolve(self, reference: Reference) -> str | None:
        """Return the id of the tunnel that is meant; a host name means the tunnel holding its slug."""
        if reference.tunnel_id is not None:
            return reference.tunnel_id
        row = self._db.execute(
            "SELECT id FROM tunnels WHERE slug = ? AND status IN ('creating', 'active', 'stopping')",
            (reference.slug,),
        ).fetchone()
        return None if row is None else str(row[0])

    def beat(self, tunnel_id: str, user_id: str) -> float | None:
        """Renew the lease of a user's active tunnel; return its new end, or None when there is no such tunnel."""
        now = self._clock.now()
        expires_at = now + self._lease_timeout
        cursor = self._db.execute(
            "UPDATE leases SET last_heartbeat_at = ?, expires_at = ? WHERE seq ="
            " (SELECT seq FROM tunnels WHERE id = ? AND user_id = ? AND status = 'active') AND expires_at > ?",
            (now, expires_at, tunnel_id, user_id, self._cutoff()),
        )
        if cursor.rowcount:
            return expires_at
        self._lapse("id = ?", tunnel_id)
        return None

    def run_token_of(self, run_token: str) -> tuple[str, str] | None:
        """Return the ids of the tunnel a run token was made for and of its owner, or None."""
        row = self._db.execute(
            "SELECT id, user_id FROM tunnels WHERE run_token_fingerprint = ?", (tokens.fingerprint(run_token),)
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def tunnels(self, user_id: str, *, include_inactive: bool = False) -> Sequence[Tunnel]:
        """Return a user's tunnels, oldest first: those active or stopping, or all of them."""
        self._lapse("user_id = ?", user_id)
        if include_inactive:
            rows = self._db.execute(f"{_TUNNEL} WHERE user_id = ? ORDER BY seq", (user_id,))
        else:
            rows = self._db.execute(
                f"{_TUNNEL} WHERE user_id = ? AND status IN ('creating', 'active', 'stopping')"
                " AND status IN ('active', 'stopping') ORDER BY seq",
                (user_id,),
            )
        return [Tunnel(*row) for row in rows]

    def find(self, tunnel_id: str) -> Tunnel | None:
        """Return a tunnel that is active or stopping, or None."""
        self._lapse("id = ?", tunnel_id)
        row = self._db.execute(
            f"{_TUNNEL} WHERE id = ? AND status IN ('creating', 'active', 'stopping')", (tunnel_id,)
        ).fetchone()
        return None if row is None else Tunnel(*row)

    def begin_stop(self, tunnel_id: str, last_error: str | None = None) -> None:
        """Let a tunnel be stopping: it carries nothing new and holds its slug, but no longer counts."""
        self._routes.clear()
        self._db.execute(
            "UPDATE tunnels SET status = 'stopping', last_error = coalesce(?, last_error)"
            " WHERE id = ? AND status IN ('creating', 'active', 'stopping')",
            (last_error, tunnel_id),
        )

    def stop(self, tunnel_id: str) -> None:
        """End a tunnel, unless it has ended already."""
        self._routes.clear()
        cursor = self._db.execute(
            "UPDATE tunnels SET status = 'stopped', stopped_at = ?"
            " WHERE id = ? AND status IN ('creating', 'active', 'stopping')",
            (self._clock.now(), tunnel_id),
        )
        if cursor.rowcount:
            self.on_end(tunnel_id)

    def expire(self, tunnel_id: str) -> None:
        """Let the lease of a tunnel have run out just now."""
        self._routes.clear()
        now = self._clock.now()
        with transaction(self._db):
            for (seq,) in self._db.execute(
                "UPDATE leases SET expires_at = ? WHERE seq = (SELECT seq FROM tunnels WHERE id = ?) RETURNING seq",
                (now, tunnel_id),
            ).fetchall():
                self._look_by(now, seq)

    # The reaper's part

    def reap(self) -> tuple[int, int] | None:
        """Look at the leases of a block that is due, and end the tunnels of those that have run out.

        Heartbeats don't touch ``looks``. So the reaper finds leases that have been renewed since it was last here,
        and only notes when the first of them ends: about once a lease for a whole block.

        Returns:
            How many it looked at, and how many of them were ended; None when no block is due.
        """
        now = self._clock.now()
        due = self._db.execute(
            "SELECT block FROM looks WHERE look_at <= ? ORDER BY look_at LIMIT 1", (now,)
        ).fetchone()
        if due is None:
            return None
        (block,) = due
        first, last = block * _BLOCK, block * _BLOCK + _BLOCK - 1
        ended = 0
        with transaction(self._db):
            # Leases that have run out are not looked at again: those that are left then are of stopping tunnels.
            looked_at, over, look_at = self._db.execute(
                "SELECT count(*), count(*) FILTER (WHERE expires_at <= ?1),"
                " min(expires_at) FILTER (WHERE expires_at > ?1) FROM leases WHERE seq BETWEEN ?2 AND ?3",
                (now, first, last),
            ).fetchone()
            if over:
                ended = self._end(
                    "leases.seq BETWEEN ? AND ? AND expires_at <= ? AND status IN ('creating', 'active')",
                    first,
                    last,
                    now,
                )
            if look_at is None:
                self._db.execute("DELETE FROM looks WHERE block = ?", (block,))
            else:
                self._db.execute("UPDATE looks SET look_at = ? WHERE block = ?", (look_at, block))
        return looked_at, ended

    def stopping(self) -> Sequence[tuple[str, float]]:
        """Return the id of every tunnel that is stopping, and when its lease ends."""
        return self._db.execute(
            "SELECT id, expires_at FROM tunnels JOIN leases USING (seq) WHERE status = 'stopping'"
        ).fetchall()

    def forget(self, ended_before: float, at_most: int) -> int:
        """Forget some of the tunnels that ended that long ago; return how many."""
        return self._db.execute(
            "DELETE FROM tunnels WHERE seq IN (SELECT seq FROM tunnels WHERE status IN ('stopped', 'failed')"
            " AND stopped_at < ? LIMIT ?)",
            (ended_before, at_most),
        ).rowcount

    # The edge's part

    def route(self, hostname: str) -> Route | None:
        """Return the live tunnel holding ``hostname`` (lower case, no port), or None."""
        now = self._clock.now()
        known = self._routes.get(hostname)
        if known is not None and known[1] > now:
            return known[0]
        slug = self.names.slug(hostname)
        if slug is None:
            return None
        row = self._db.execute(
            "SELECT id, requested_port, expires_at FROM tunnels JOIN leases USING (seq) WHERE slug = ?"
            " AND status IN ('creating', 'active', 'stopping') AND status = 'active' AND expires_at > ?",
            (slug, now),
        ).fetchone()
        if row is None:
            return None
        if len(self._routes) >= _KNOWN_ROUTES:
            self._routes.clear()
        route = Route(str(row[0]), hostname, int(row[1]))
        self._routes[hostname] = route, float(row[2])
        return route

    def admit(self, tunnel_id: str, secret: str) -> Route | None:
        """Return the live tunnel a connector may serve with this secret, or None when it may not."""
        row = self._db.execute(
            "SELECT slug, requested_port, secret_fingerprint FROM tunnels JOIN leases USING (seq)"
            " WHERE id = ? AND status = 'active' AND expires_at > ?",
            (tunnel_id, self._clock.now()),
        ).fetchone()
        if row is None or not hmac.compare_digest(row[2], tokens.fingerprint(secret)):
            return None
        return Route(tunnel_id, f"{row[0]}.{self.names.base_domain}", int(row[1]))

    # Leases

    def _look_by(self, when: float, seq: int | None) -> None:
        """Have the reaper look at the block of a lease by then."""
        self._db.execute(
            f"INSERT INTO looks VALUES (? / {_BLOCK}, ?)"  # noqa: S608 - a number of this file
            " ON CONFLICT (block) DO UPDATE SET look_at = excluded.look_at WHERE excluded.look_at < look_at",
            (seq, when),
        )

    def _cutoff(self) -> float:
        """Return the time at or before which a lease must end for its tunnel to be gone for whoever looks."""
        return 0.0 if self._revives else self._clock.now()

    def _lapse(self, condition: str, value: str) -> None:
        """End the tunnels somebody is about to look at whose lease has run out, ahead of the reaper."""
        self._end(
            f"{condition} AND status IN ('creating', 'active', 'stopping')"
            " AND status != 'stopping' AND expires_at <= ?",
            value,
            self._cutoff(),
        )

    def _end(self, condition: str, *values: str | float) -> int:
        ended = self._db.execute(
            f"UPDATE tunnels SET status = 'stopped', stopped_at = expires_at, last_error = '{LEASE_ENDED}'"  # noqa: S608 - conditions are literals of this file
            f" FROM leases WHERE leases.seq = tunnels.seq AND {condition} RETURNING id",
            values,
        ).fetchall()
        if ended:
            self._routes.clear()
        for (tunnel_id,) in ended:
            self.on_end(str(tunnel_id))
        return len(ended)
