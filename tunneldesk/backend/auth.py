"""Who is asking: bearer tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk.backend.errors import ApiError

if TYPE_CHECKING:
    from starlette.requests import Request

    from tunneldesk.backend.accounts import Accounts

_CHALLENGE = {"WWW-Authenticate": "Bearer"}  # RFC 6750, section 3


def bearer(request: Request) -> str:
    """Return the token of a request.

    Raises:
        ApiError: MISSING_AUTH, when there is no ``Authorization: Bearer`` with something after it.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise missing_auth()
    return token


def missing_auth() -> ApiError:
    """Return the answer to a request without a token."""
    return ApiError("MISSING_AUTH", headers=_CHALLENGE)


def invalid_token() -> ApiError:
    """Return the answer to a token that is forged, expired, revoked, or of the wrong kind."""
    return ApiError("INVALID_TOKEN", headers=_CHALLENGE)


def invalid_refresh_token() -> ApiError:
    """Return the answer to a refresh token that is forged, used up, or of a session that has ended."""
    return ApiError("INVALID_REFRESH_TOKEN", headers=_CHALLENGE)


def user_of(request: Request, accounts: Accounts) -> str:
    """Return the id of the user whose access token a request carries.

    Raises:
        ApiError: MISSING_AUTH or INVALID_TOKEN.
    """
    user_id = accounts.user_of(bearer(request))
    if user_id is None:
        raise invalid_token()
    return user_id
