"""JSON <-> domain for signing in; the same rules as in `wire`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tunneldesk.api.plain import plain
from tunneldesk.api.wire import WireError, as_number, as_object, as_text, as_token
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.reasons import Reason
from tunneldesk.domain.sign_in import Granted, SignInStage, SignInStart, SignInStatus
from tunneldesk.domain.validation import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPIRES_MIN, EXPIRES_MAX = 5.0, 30 * 86_400.0
"""Seconds an access token is taken to last at least and at most, whatever the server says."""

_EMAIL_MAX: Final = 254
_URL_MAX: Final = 8000
_STAGES: Final[Mapping[str, SignInStage]] = {stage.value: stage for stage in SignInStage}


def start_body(email: str, challenge: str, callback_url: str | None) -> dict[str, object]:
    """Return the body that begins a sign-in."""
    body: dict[str, object] = {"email": email, "codeChallenge": challenge}
    return body if callback_url is None else {**body, "cliCallbackUrl": callback_url}


def read_start(body: object) -> SignInStart:
    """Return the sign-in that was begun.

    Raises:
        WireError: The answer is not of the API's form, or would open something else than a web page.
    """
    answer = as_object(body)
    url = as_text(answer, "authorizeUrl")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as exc:
        raise WireError(Reason.FIELD_NOT_A_PAGE, field="authorizeUrl") from exc
    web = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not (web and host and url.isprintable() and " " not in url and len(url) <= _URL_MAX):
        raise WireError(Reason.FIELD_NOT_A_PAGE, field="authorizeUrl")
    return SignInStart(url, as_token(answer, "state"))


def read_status(body: object) -> SignInStatus:
    """Return how a sign-in is going.

    Raises:
        WireError: The answer is not of the API's form.
    """
    answer = as_object(body)
    stage = _STAGES.get(as_text(answer, "status"))
    if stage is None:
        raise WireError(Reason.FIELD_UNKNOWN, field="status")
    code = as_token(answer, "loginCode") if stage is SignInStage.AUTHORIZED else None
    return SignInStatus(stage, code, _failure(answer.get("error")))


def read_granted(body: object) -> Granted:
    """Return what a sign-in or a renewal gives.

    Raises:
        WireError: The answer is not of the API's form.
    """
    answer = as_object(body)
    profile = answer.get("profile")
    email = profile.get("email") if isinstance(profile, dict) else None
    lasts = min(max(as_number(answer, "expiresInSec"), EXPIRES_MIN), EXPIRES_MAX)
    return Granted(
        as_token(answer, "accessToken"),
        as_token(answer, "refreshToken"),
        lasts,
        plain(email, limit=_EMAIL_MAX) or None if isinstance(email, str) else None,
    )


def _failure(error: object) -> Failure | None:
    if not isinstance(error, dict):
        return None
    code, message = error.get("code"), error.get("message")
    try:
        known = ErrorCode(code) if isinstance(code, str) else ErrorCode.UNKNOWN_CODE
    except ValueError:
        known = ErrorCode.UNKNOWN_CODE
    return Failure(known, plain(message) if isinstance(message, str) else "")
