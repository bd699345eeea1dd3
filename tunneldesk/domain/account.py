"""Whose tunnels: an account on a server, and one that somebody is about to sign in to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """An account on a server. There can be several, each with its own tunnels and limit.

    Attributes:
        server: API base address, as `parse_server` gives it.
        email: Whose it is; None for an access token, which does not say.
    """

    server: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class SigningIn:
    """A sign-in with the browser that is under way.

    Attributes:
        account: Who is to be signed in, and where.
        ends_at: When the server gives up waiting (monotonic seconds).
        address: What to open in the browser; None while the server is being asked for it.
    """

    account: Account
    ends_at: float
    address: str | None = None
