"""The server's memory of people and of the access tokens that stand for them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from tunneldesk.backend import tokens
from tunneldesk.backend.database import transaction

if TYPE_CHECKING:
    import sqlite3

    from tunneldesk.backend.clock import Clock

# Access tokens that need not be looked up for each of their requests.
_KNOWN_TOKENS: Final = 10_000

# Expired ones are kept a while: a clock that was set forward may be set back.
_KEEP_EXPIRED_SEC: Final = 3600.0


class Accounts:
    """Users and access tokens. Synchronous, on the loop's own thread, each call one transaction, as ``Store``."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        """Use an open database; ``clock`` tells when an access token has expired."""
        self._db = connection
        self._clock = clock
        # Valid as long as this process alone writes to the database, which its lock sees to.
        self._known_tokens: dict[bytes, tuple[str, float | None]] = {}

    def add_user(self, email: str) -> str:
        """Return the id of the user with this address, who is added if there is none yet."""
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO users (id, email, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (str(uuid.uuid4()), email, self._clock.now()),
            )
            (user_id,) = self._db.execute("SELECT id FROM users WHERE email = ?", (email,)).fetchone()
        return str(user_id)

    def mint_access_token(
        self, user_id: str, *, lifetime: float | None = None, session_id: str | None = None
    ) -> str:
        """Return a new access token of a user; only its fingerprint is kept.

        Args:
            user_id: Whose token it is.
            lifetime: Seconds until it expires, or None for never.
            session_id: The session it ends with, or None.
        """
        token = tokens.new_access_token()
        now = self._clock.now()
        self._db.execute(
            "INSERT INTO access_tokens (fingerprint, user_id, created_at, expires_at, session_id)"
            " VALUES (?, ?, ?, ?, ?)",
            (tokens.fingerprint(token), user_id, now, None if lifetime is None else now + lifetime, session_id),
        )
        return token

    def user_of(self, access_token: str) -> str | None:
        """Return the id of the user an access token stands for, or None when it is not, or no longer, valid."""
        fingerprint = tokens.fingerprint(access_token)
        known = self._known_tokens.get(fingerprint)
        if known is None:
            known = self._db.execute(
                "SELECT user_id, expires_at FROM access_tokens WHERE fingerprint = ?", (fingerprint,)
            ).fetchone()
            if known is None:
                return None
            if len(self._known_tokens) >= _KNOWN_TOKENS:
                self._known_tokens.clear()
            self._known_tokens[fingerprint] = known
        user_id, expires_at = known
        return user_id if expires_at is None or expires_at > self._clock.now() else None

    def session_of(self, access_token: str) -> str | None:
        """Return the id of the session a valid access token belongs to, or None."""
        row = self._db.execute(
            "SELECT session_id FROM access_tokens WHERE fingerprint = ?", (tokens.fingerprint(access_token),)
        ).fetchone()
        return None if row is None or self.user_of(access_token) is None else row[0]

    def revoke(self, access_token: str) -> bool:
        """Make an access token invalid; return whether it was valid."""
        return self._delete("fingerprint = ?", tokens.fingerprint(access_token)) > 0

    def revoke_session(self, session_id: str) -> int:
        """Make every access token of a session invalid; return how many there were."""
        return self._delete("session_id = ?", session_id)

    def expire(self, access_token: str) -> int:
        """Let an access token have expired just now; return 1, or 0 when there is no such token."""
        return self._expire("fingerprint = ?", tokens.fingerprint(access_token))

    def expire_session(self, session_id: str) -> int:
        """Let every access token of a session have expired just now; return how many were valid."""
        return self._expire("session_id = ?", session_id)

    def forget(self, at_most: int) -> int:
        """Forget some of the access tokens that expired a while ago; return how many."""
        return self._delete(
            "fingerprint IN (SELECT fingerprint FROM access_tokens WHERE expires_at < ? LIMIT ?)",
            self._clock.now() - _KEEP_EXPIRED_SEC,
            at_most,
        )

    def _delete(self, condition: str, *values: str | float | bytes) -> int:
        return self._changed(f"DELETE FROM access_tokens WHERE {condition}", *values)  # noqa: S608 - literals of this file

    def _expire(self, condition: str, value: str | bytes) -> int:
        now = self._clock.now()
        valid = "(expires_at IS NULL OR expires_at > ?)"
        return self._changed(
            f"UPDATE access_tokens SET expires_at = ? WHERE {condition} AND {valid}",  # noqa: S608 - literals, too
            now,
            value,
            now,
        )

    def _changed(self, statement: str, *values: str | float | bytes) -> int:
        """Change access tokens, so that none of them is known any more as it was; return how many."""
        changed = self._db.execute(f"{statement} RETURNING fingerprint", values).fetchall()
        for (fingerprint,) in changed:
            self._known_tokens.pop(fingerprint, None)
        return len(changed)
