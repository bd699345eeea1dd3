"""The server's memory of sign-ins on their way: from the start, through the provider's answer, to the exchange.

Of the secrets only fingerprints are kept: of the state, which the app and its browser hold, of the code challenge,
and of the login code.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tunneldesk.backend import tokens
from tunneldesk.backend.database import transaction
from tunneldesk.backend.errors import ApiError

if TYPE_CHECKING:
    import sqlite3

    from tunneldesk.backend.clock import Clock

STATE_SEC: Final = 600.0
LOGIN_CODE_SEC: Final = 120.0

# So long it can be told that a state or a login code was used or came too late; then it is unknown.
_KEEP_SEC: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, as the provider says."""

    email: str
    slack_user_id: str
    slack_team_id: str


@dataclass(frozen=True, slots=True)
class Login:
    """A sign-in that waits for the provider's answer.

    Attributes:
        email: Who it was started for, lower case.
        callback_url: Where the browser is to bring the login code, or None.
    """

    email: str
    callback_url: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a sign-in has got.

    Attributes:
        status: ``expired`` once nothing more will come of it, for whatever reason.
        login_code: While it is ``authorized``.
        refusal: Error code that it ended with, if it did.
    """

    status: Literal["pending", "authorized", "expired"]
    login_code: str | None = None
    refusal: str | None = None

    def __repr__(self) -> str:
        return f"Standing(status={self.status!r}, refusal={self.refusal!r})"


class Logins:
    """Sign-ins on their way. Synchronous, on the loop's own thread, each call one transaction, as ``Store``."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        """Use an open database; ``clock`` tells when a state or a login code has expired."""
        self._db = connection
        self._clock = clock

    def begin(self, email: str, challenge: str, callback_url: str | None) -> str:
        """Start a sign-in; return its state, which is good for one answer of the provider, for ten minutes.

        Args:
            email: Who is to sign in, lower case.
            challenge: S256 challenge of the code verifier that the app keeps to itself.
            callback_url: Where the browser is to bring the login code, or None.
        """
        state = tokens.new_state()
        self._db.execute(
            "INSERT INTO logins (state_fingerprint, challenge_fingerprint, email, callback_url, created_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (tokens.fingerprint(state), tokens.fingerprint(challenge), email, callback_url, self._clock.now()),
        )
        return state

    def unanswered(self, state: str) -> Login:
        """Return the sign-in that the provider may answer under this state.

        Raises:
            ApiError: INVALID_STATE, OAUTH_ALREADY_USED or OAUTH_EXPIRED.
        """
        row = self._db.execute(
            "SELECT email, callback_url, created_at, answered_at FROM logins WHERE state_fingerprint = ?",
            (tokens.fingerprint(state),),
        ).fetchone()
        if row is None:
            raise ApiError("INVALID_STATE")
        email, callback_url, created_at, answered_at = row
        if answered_at is not None:
            raise ApiError("OAUTH_ALREADY_USED")
        if created_at + STATE_SEC <= self._clock.now():
            raise ApiError("OAUTH_EXPIRED")
        return Login(email, callback_url)

    def refuse(self, state: str, code: str) -> None:
        """End a sign-in with an error code: its state has been used."""
        with transaction(self._db):
            self.unanswered(state)
            self._db.execute(
                "UPDATE logins SET answered_at = ?, refusal = ? WHERE state_fingerprint = ?",
                (self._clock.now(), code, tokens.fingerprint(state)),
            )

    def authorize(self, state: str, person: Person) -> str:
        """Let a sign-in go on as ``person``: its state has been used; return its login code."""
        salt = tokens.new_salt()
        code = tokens.login_code(state, salt)
        with transaction(self._db):
            self.unanswered(state)
            self._db.execute(
                "UPDATE logins SET answered_at = ?, code_salt = ?, code_fingerprint = ?, email = ?,"
                " slack_user_id = ?, slack_team_id = ? WHERE state_fingerprint = ?",
                (
                    self._clock.now(),
                    salt,
                    tokens.fingerprint(code),
                    person.email,
                    person.slack_user_id,
                    person.slack_team_id,
                    tokens.fingerprint(state),
                ),
            )
        return code

    def standing(self, state: str) -> Standing:
        """Return how far the sign-in of a state has got.

        Raises:
            ApiError: INVALID_STATE.
        """
        row = self._db.execute(
            "SELECT created_at, answered_at, refusal, code_salt, exchanged_at FROM logins"
            " WHERE state_fingerprint = ?",
            (tokens.fingerprint(state),),
        ).fetchone()
        if row is None:
            raise ApiError("INVALID_STATE")
        created_at, answered_at, refusal, salt, exchanged_at = row
        now = self._clock.now()
        if answered_at is None:
            return Standing("pending" if created_at + STATE_SEC > now else "expired")
        if salt is None or exchanged_at is not None or answered_at + LOGIN_CODE_SEC <= now:
            return Standing("expired", refusal=refusal)
        return Standing("authorized", tokens.login_code(state, salt))

    def redeem(self, login_code: str, verifier: str) -> Person:
        """Use a login code up; return whom it stands for.

        A wrong verifier does not use it up: whoever stole a code can neither use it nor spoil it for its owner.

        Raises:
            ApiError: INVALID_LOGIN_CODE, LOGIN_CODE_USED, LOGIN_CODE_EXPIRED or INVALID_CODE_VERIFIER.
        """
        with transaction(self._db):
            row = self._db.execute(
                "SELECT state_fingerprint, challenge_fingerprint, answered_at, exchanged_at, email, slack_user_id,"
                " slack_team_id FROM logins WHERE code_fingerprint = ?",
                (tokens.fingerprint(login_code),),
            ).fetchone()
            if row is None:
                raise ApiError("INVALID_LOGIN_CODE")
            state_fingerprint, challenge_fingerprint, answered_at, exchanged_at, *person = row
            if exchanged_at is not None:
                raise ApiError("LOGIN_CODE_USED")
            now = self._clock.now()
            if answered_at + LOGIN_CODE_SEC <= now:
                raise ApiError("LOGIN_CODE_EXPIRED")
            if not hmac.compare_digest(tokens.fingerprint(tokens.challenge(verifier)), challenge_fingerprint):
                raise ApiError("INVALID_CODE_VERIFIER")
            self._db.execute(
                "UPDATE logins SET exchanged_at = ?, code_salt = NULL WHERE state_fingerprint = ?",
                (now, state_fingerprint),
            )
        return Person(*person)

    def forget(self, at_most: int) -> int:
        """Forget some of the sign-ins that were started long ago; return how many."""
        return self._db.execute(
            "DELETE FROM logins WHERE state_fingerprint IN"
            " (SELECT state_fingerprint FROM logins WHERE created_at < ? LIMIT ?)",
            (self._clock.now() - _KEEP_SEC, at_most),
        ).rowcount
