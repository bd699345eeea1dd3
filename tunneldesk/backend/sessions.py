"""The server's memory of sessions: families of refresh tokens, each token replaced by its first use.

A refresh token is in one of four states:

- **current**: its use makes it the previous one, and its successor the current one;
- **previous, honoured**: replaced less than ``grace`` seconds ago, and its successor is unused. Its use gives *the
  same* successor again, with a fresh access token. So it does no harm when an answer is lost on its way, when the
  app or this server dies before the answer is kept, or when fifty callers refresh at once: that is one rotation;
- **used up**: replaced longer ago, or its successor has been used. Its use means that it was copied, and nobody can
  tell by whom: the session ends, with all its tokens;
- **unknown**: never given out, or of a session that has ended.

What is kept of a token is its fingerprint. A successor is made of the token itself and a salt; the salt is deleted
as soon as the successor is used, and from then on nobody can make the one of the other.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tunneldesk.backend import tokens
from tunneldesk.backend.database import transaction
from tunneldesk.backend.logins import Person

if TYPE_CHECKING:
    import sqlite3

    from tunneldesk.backend.accounts import Accounts
    from tunneldesk.backend.clock import Clock

# A session nobody has refreshed for so long has ended.
IDLE_SEC: Final = 90 * 24 * 3600.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a client gets: two tokens, never to be had again, and whom they stand for."""

    access_token: str
    refresh_token: str
    person: Person

    def __repr__(self) -> str:
        return f"Grant(person={self.person!r})"


class Sessions:
    """Sessions and their refresh tokens. Synchronous, on the loop's own thread, as ``Store``.

    Nothing can come between the statements of a call, and each call is one transaction, written before it returns.

    Attributes:
        lifetime: Seconds an access token of a session lives.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        clock: Clock,
        accounts: Accounts,
        *,
        lifetime: float = 900,
        grace: float = 30,
    ) -> None:
        """Use an open database.

        Args:
            connection: From ``open_database``.
            clock: Tells when a token has expired.
            accounts: Keeps the users and the access tokens.
            lifetime: Seconds an access token of a session lives.
            grace: Seconds a refresh token is honoured after it was replaced; 0 is not at all.
        """
        self._db = connection
        self._clock = clock
        self._accounts = accounts
        self.lifetime = lifetime
        self._grace = grace

    def begin(self, person: Person) -> Grant:
        """Begin a session of ``person``, who is added to the users if new."""
        session_id, refresh_token, now = str(uuid.uuid4()), tokens.new_refresh_token(), self._clock.now()
        with transaction(self._db):
            user_id = self._accounts.add_user(person.email)
            self._db.execute(
                "INSERT INTO sessions (id, user_id, slack_user_id, slack_team_id, created_at, renewed_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (session_id, user_id, person.slack_user_id, person.slack_team_id, now, now),
            )
            self._insert(session_id, refresh_token)
            return self._grant(session_id, user_id, refresh_token, person)

    def refresh(self, refresh_token: str) -> Grant | None:
        """Replace a refresh token, as the head of this module says; return None when the client must sign in."""
        fingerprint, now = tokens.fingerprint(refresh_token), self._clock.now()
        with transaction(self._db):
            row = self._db.execute(
                "SELECT session_id, r.created_at, replaced_at, salt, user_id, lower(email), slack_user_id,"
                " slack_team_id"
                " FROM refresh_tokens r JOIN sessions s ON s.id = session_id JOIN users u ON u.id = user_id"
                " WHERE fingerprint = ?",
                (fingerprint,),
            ).fetchone()
            if row is None:
                return None
            session_id, created_at, replaced_at, salt, user_id, *person = row
            if replaced_at is None:
                if created_at + IDLE_SEC <= now:
                    self._end(session_id)
                    return None
                salt = tokens.new_salt()
                self._replace(session_id, fingerprint, salt)
                self._insert(session_id, tokens.next_refresh_token(refresh_token, salt))
            elif salt is None or replaced_at + self._grace <= now:
                self._end(session_id)
                _log.warning("a refresh token was used again: session %s has ended", session_id)
                return None
            successor = tokens.next_refresh_token(refresh_token, salt)
            return self._grant(session_id, user_id, successor, Person(*person))

    def _replace(self, session_id: str, fingerprint: bytes, salt: bytes) -> None:
        now = self._clock.now()
        # This one has now been used, so that its predecessor is honoured no longer.
        self._db.execute(
            "UPDATE refresh_tokens SET salt = NULL WHERE session_id = ? AND salt IS NOT NULL", (session_id,)
        )
        self._db.execute(
            "UPDATE refresh_tokens SET replaced_at = ?, salt = ? WHERE fingerprint = ?", (now, salt, fingerprint)
        )
        self._db.execute("UPDATE sessions SET renewed_at = ? WHERE id = ?", (now, session_id))
        self._db.execute(
            "DELETE FROM refresh_tokens WHERE session_id = ? AND created_at < ?", (session_id, now - IDLE_SEC)
        )

    def _insert(self, session_id: str, refresh_token: str) -> None:
        self._db.execute(
            "INSERT INTO refresh_tokens (fingerprint, session_id, created_at) VALUES (?, ?, ?)",
            (tokens.fingerprint(refresh_token), session_id, self._clock.now()),
        )

    def _grant(self, session_id: str, user_id: str, refresh_token: str, person: Person) -> Grant:
        access_token = self._accounts.mint_access_token(user_id, lifetime=self.lifetime, session_id=session_id)
        return Grant(access_token, refresh_token, person)

    def of_refresh_token(self, refresh_token: str) -> str | None:
        """Return the id of the session any refresh token belongs to, used up or not, or None."""
        row = self._db.execute(
            "SELECT session_id FROM refresh_tokens WHERE fingerprint = ?", (tokens.fingerprint(refresh_token),)
        ).fetchone()
        return None if row is None else str(row[0])

    def of_user(self, email: str | None = None) -> list[str]:
        """Return the ids of the sessions of the user with this address, or of everybody."""
        rows = self._db.execute(
            "SELECT s.id FROM sessions s JOIN users u ON u.id = user_id WHERE ?1 IS NULL OR email = ?1", (email,)
        )
        return [str(session_id) for (session_id,) in rows.fetchall()]

    def end(self, session_id: str) -> None:
        """End a session: none of its refresh tokens and access tokens is good any more."""
        with transaction(self._db):
            self._end(session_id)

    def _end(self, session_id: str) -> None:
        self._accounts.revoke_session(session_id)
        self._db.execute("DELETE FROM sessions WHERE id = ?", (session_id,))

    def forget(self, at_most: int) -> int:
        """End some of the sessions that nobody has refreshed for long; return how many."""
        with transaction(self._db):
            idle = self._db.execute(
                "SELECT id FROM sessions WHERE renewed_at < ? LIMIT ?", (self._clock.now() - IDLE_SEC, at_most)
            ).fetchall()
            for (session_id,) in idle:
                self._end(session_id)
        return len(idle)
