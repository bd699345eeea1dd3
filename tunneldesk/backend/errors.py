"""Every error the API can answer with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Kind:
    """The HTTP status an error code comes with, and the message said when there is nothing better."""

    status: int
    message: str


KINDS: Final[Mapping[str, Kind]] = {
    "INVALID_INPUT": Kind(400, "The request body is invalid or misses a required field."),
    "INVALID_PORT": Kind(400, "The port must be an integer between 1 and 65535."),
    "INVALID_SLUG": Kind(400, "The slug is not allowed."),
    "INVALID_TUNNEL_ID": Kind(400, "That is neither a tunnel id nor a host name."),
    "MISSING_OAUTH_PARAMS": Kind(400, "The provider's answer misses a part."),
    "INVALID_STATE": Kind(400, "This sign-in was not started here, or was long ago."),
    "OAUTH_ALREADY_USED": Kind(400, "This sign-in has been answered already."),
    "OAUTH_EXPIRED": Kind(400, "This sign-in took too long."),
    "SLACK_OAUTH_DENIED": Kind(400, "The sign-in was denied at the provider."),
    "INVALID_LOGIN_CODE": Kind(400, "There is no such login code."),
    "LOGIN_CODE_USED": Kind(400, "This login code has been used already."),
    "LOGIN_CODE_EXPIRED": Kind(400, "This login code came too late."),
    "INVALID_CODE_VERIFIER": Kind(400, "This login code was made for somebody else."),
    "MISSING_AUTH": Kind(401, "An access token is needed: Authorization: Bearer <access_token>."),
    "INVALID_TOKEN": Kind(401, "The access token is not valid or has expired."),
    "INVALID_REFRESH_TOKEN": Kind(401, "The session has ended."),
    "FORBIDDEN": Kind(403, "This token may not do that."),
    "EMAIL_NOT_ALLOWED": Kind(403, "This e-mail address may not sign in here."),
    "EMAIL_MISMATCH": Kind(403, "The account at the provider has another e-mail address."),
    "WORKSPACE_NOT_ALLOWED": Kind(403, "The account is of a workspace that may not sign in here."),
    "NOT_FOUND": Kind(404, "There is nothing at this address."),
    "TUNNEL_NOT_FOUND": Kind(404, "There is no such tunnel."),
    "METHOD_NOT_ALLOWED": Kind(405, "This address does not take that method."),
    "TUNNEL_SLUG_CONFLICT": Kind(409, "The requested slug is in use by another tunnel."),
    "TUNNEL_LIMIT_REACHED": Kind(409, "The maximum number of active tunnels is reached."),
    "TUNNEL_LIMIT_EXCEEDED": Kind(429, "The maximum number of active tunnels is reached."),
    "RATE_LIMITED": Kind(429, "Too many requests; try again later."),
    "INTERNAL_ERROR": Kind(500, "The server failed."),
    "CLOUDFLARE_ERROR": Kind(502, "Cloudflare refused the request."),
    "SLACK_OAUTH_FAILED": Kind(502, "The provider did not confirm the sign-in."),
    "SLACK_PROFILE_FAILED": Kind(502, "The provider did not tell whose account it is."),
    "TUNNEL_CLOUDFLARE_DELETION_FAILED": Kind(502, "Cloudflare did not delete the tunnel; it will be tried again."),
    "TUNNEL_DNS_DELETION_FAILED": Kind(502, "The DNS record was not deleted; it will be tried again."),
    "SLUG_EXHAUSTED": Kind(503, "No unique random slug was found after several attempts."),
    "TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS": Kind(
        503, "The tunnel is stopping and waits for its active connections to drain."
    ),
}


class ApiError(Exception):
    """A request ends with this answer.

    Attributes:
        code: One of ``KINDS``.
        status: HTTP status.
        message: One sentence for people.
        details: Anything JSON can hold, or None to leave it out.
        headers: Extra headers of the answer.
    """

    def __init__(
        self,
        code: str,
        message: str | None = None,
        *,
        status: int | None = None,
        details: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        kind = KINDS[code]
        self.code = code
        self.status = status or kind.status
        self.message = message or kind.message
        self.details = details
        self.headers = dict(headers or {})
        super().__init__(f"{self.status} {self.code}")

    def body(self) -> dict[str, Any]:
        """Return the JSON body: ``code``, ``message`` and, where there are any, ``details``."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details is not None:
            body["details"] = self.details
        return body


def invalid_input(
    message: str, fields: Mapping[str, str] | None = None, *, code: str = "INVALID_INPUT", status: int | None = None
) -> ApiError:
    """Return an INVALID_INPUT that names each bad field, or the whole body when no field is to blame.

    Args:
        message: One sentence for people.
        fields: What is wrong with each field, by its name in the JSON.
        code: Another code of the same shape, such as INVALID_PORT.
        status: HTTP status, for the body that is too large.
    """
    details = {
        "formErrors": [] if fields else [message],
        "fieldErrors": {name: [problem] for name, problem in (fields or {}).items()},
    }
    return ApiError(code, message, status=status, details=details)
