"""Signing in with a browser: what a server says on the way, and what it gives in the end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class SignInStart:
    """A sign-in that has begun.

    Attributes:
        authorize_url: What to open in the browser.
        state: Names the sign-in; whoever has it can ask how it is going.
    """

    authorize_url: str
    state: Secret


class Landing(StrEnum):
    """What there is to tell a browser that has come back to us."""

    SIGNED_IN = "signed in"
    REFUSED = "refused"
    OUTDATED = "outdated"
    NOTHING = "nothing"


class SignInStage(StrEnum):
    """How far a sign-in is."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class SignInStatus:
    """How a sign-in is going.

    Attributes:
        stage: How far it is.
        login_code: What is exchanged for tokens, once it is AUTHORIZED.
        failure: Why it is EXPIRED, where the server says so.
    """

    stage: SignInStage
    login_code: Secret | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What a sign-in, or a renewal, gives.

    Attributes:
        access_token: Good for `expires_in`.
        refresh_token: Good for one renewal, which brings another.
        expires_in: Seconds from when the server answered.
        email: Whose account it is; None where the server does not say.
    """

    access_token: Secret
    refresh_token: Secret
    expires_in: float
    email: str | None = None
