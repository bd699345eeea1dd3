"""Everything that can go wrong, as codes, as facts about one occurrence, and as exceptions.

The exceptions, all made at an adapter and each carrying one `Failure`::

    TunnelDeskError
    ├── InvalidValueError        a port, name or address refused before anything was sent
    ├── ApiError
    │   ├── ServerRefusedError   the server answered with an error
    │   ├── NotATunnelServerError  the answer was not of the API's form
    │   └── ServerUnreachableError  no answer came
    ├── ConnectorError
    │   ├── ConnectorUnusableError  no cloudflared that could be started
    │   ├── ConnectorDownloadError  a cloudflared that could not be fetched, or must not be run
    │   └── ConnectorGaveUpError  it was started and will not come up
    ├── CredentialsError         the keyring would not keep or give a token
    └── LocalFileError           a file of ours can't be written, or made no sense

Above the adapters nothing looks at exceptions' texts: the service puts the `Failure` into the store, and the
catalogue of the presentation says what is shown for its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tunneldesk.domain.reasons import Because

_NOTHING: Mapping[str, object] = MappingProxyType({})


class ErrorCode(StrEnum):
    """Every cause that is told apart: the API's codes under their own names, then our own."""

    # Tunnels (create-tunnel; the second line as other servers of the kind send it)
    INVALID_INPUT = "INVALID_INPUT"
    INVALID_PORT = "INVALID_PORT"
    INVALID_SLUG = "INVALID_SLUG"
    INVALID_TUNNEL_ID = "INVALID_TUNNEL_ID"
    TUNNEL_SLUG_CONFLICT = "TUNNEL_SLUG_CONFLICT"
    TUNNEL_LIMIT_EXCEEDED = "TUNNEL_LIMIT_EXCEEDED"
    TUNNEL_LIMIT_REACHED = "TUNNEL_LIMIT_REACHED"
    SLUG_EXHAUSTED = "SLUG_EXHAUSTED"
    TUNNEL_NOT_FOUND = "TUNNEL_NOT_FOUND"
    TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS = "TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS"
    TUNNEL_CLOUDFLARE_DELETION_FAILED = "TUNNEL_CLOUDFLARE_DELETION_FAILED"
    TUNNEL_DNS_DELETION_FAILED = "TUNNEL_DNS_DELETION_FAILED"
    CLOUDFLARE_ERROR = "CLOUDFLARE_ERROR"
    RATE_LIMITED = "RATE_LIMITED"
    INTERNAL_ERROR = "INTERNAL_ERROR"

    # Who is asking
    MISSING_AUTH = "MISSING_AUTH"
    INVALID_TOKEN = "INVALID_TOKEN"  # noqa: S105 - a code, not a token
    INVALID_REFRESH_TOKEN = "INVALID_REFRESH_TOKEN"  # noqa: S105 - a code, not a token
    FORBIDDEN = "FORBIDDEN"
    WORKSPACE_NOT_ALLOWED = "WORKSPACE_NOT_ALLOWED"
    EMAIL_MISMATCH = "EMAIL_MISMATCH"
    EMAIL_NOT_ALLOWED = "EMAIL_NOT_ALLOWED"

    # Sign-in
    SLACK_OAUTH_DENIED = "SLACK_OAUTH_DENIED"
    SLACK_OAUTH_FAILED = "SLACK_OAUTH_FAILED"
    SLACK_PROFILE_FAILED = "SLACK_PROFILE_FAILED"
    SLACK_PROFILE_INCOMPLETE = "SLACK_PROFILE_INCOMPLETE"
    MISSING_OAUTH_PARAMS = "MISSING_OAUTH_PARAMS"
    INVALID_STATE = "INVALID_STATE"
    OAUTH_ALREADY_USED = "OAUTH_ALREADY_USED"
    OAUTH_EXPIRED = "OAUTH_EXPIRED"
    INVALID_LOGIN_CODE = "INVALID_LOGIN_CODE"
    LOGIN_CODE_USED = "LOGIN_CODE_USED"
    LOGIN_CODE_EXPIRED = "LOGIN_CODE_EXPIRED"
    INVALID_CODE_VERIFIER = "INVALID_CODE_VERIFIER"
    USER_NOT_FOUND = "USER_NOT_FOUND"

    # Answers and silences of the server, told apart on our side
    UNKNOWN_CODE = "UNKNOWN_CODE"
    NOT_A_TUNNEL_SERVER = "NOT_A_TUNNEL_SERVER"
    SERVER_NAME_UNKNOWN = "SERVER_NAME_UNKNOWN"
    SERVER_REFUSED_CONNECTION = "SERVER_REFUSED_CONNECTION"
    SERVER_CERTIFICATE_INVALID = "SERVER_CERTIFICATE_INVALID"
    SERVER_TIMED_OUT = "SERVER_TIMED_OUT"
    SERVER_CONNECTION_BROKEN = "SERVER_CONNECTION_BROKEN"

    # This machine
    SIGNED_OUT = "SIGNED_OUT"
    INVALID_SERVER_ADDRESS = "INVALID_SERVER_ADDRESS"
    INVALID_LINK = "INVALID_LINK"
    CONNECTOR_MISSING = "CONNECTOR_MISSING"
    CONNECTOR_TOO_OLD = "CONNECTOR_TOO_OLD"
    CONNECTOR_NOT_EXECUTABLE = "CONNECTOR_NOT_EXECUTABLE"
    CONNECTOR_WRONG_ARCHITECTURE = "CONNECTOR_WRONG_ARCHITECTURE"
    CONNECTOR_DOWNLOAD_FAILED = "CONNECTOR_DOWNLOAD_FAILED"
    CONNECTOR_DIGEST_MISMATCH = "CONNECTOR_DIGEST_MISMATCH"
    CONNECTOR_NO_DOWNLOAD = "CONNECTOR_NO_DOWNLOAD"
    CONNECTOR_TOKEN_REFUSED = "CONNECTOR_TOKEN_REFUSED"  # noqa: S105 - a code, not a token
    CONNECTOR_CRASHING = "CONNECTOR_CRASHING"
    CONNECTOR_EDGE_UNREACHABLE = "CONNECTOR_EDGE_UNREACHABLE"
    LEASE_LOST_REPEATEDLY = "LEASE_LOST_REPEATEDLY"
    STOPPED_ELSEWHERE = "STOPPED_ELSEWHERE"
    SERVICE_SILENT = "SERVICE_SILENT"
    KEYRING_MISSING = "KEYRING_MISSING"
    KEYRING_LOCKED = "KEYRING_LOCKED"
    KEYRING_REFUSED = "KEYRING_REFUSED"
    FILE_DAMAGED = "FILE_DAMAGED"
    FILE_NOT_WRITTEN = "FILE_NOT_WRITTEN"
    EMBEDDED_SERVER_FAILED = "EMBEDDED_SERVER_FAILED"
    UNEXPECTED = "UNEXPECTED"


TRANSIENT_CODES = frozenset(
    {
        ErrorCode.INTERNAL_ERROR,
        ErrorCode.CLOUDFLARE_ERROR,
        ErrorCode.NOT_A_TUNNEL_SERVER,
        ErrorCode.SERVER_NAME_UNKNOWN,
        ErrorCode.SERVER_REFUSED_CONNECTION,
        ErrorCode.SERVER_TIMED_OUT,
        ErrorCode.SERVER_CONNECTION_BROKEN,
        ErrorCode.RATE_LIMITED,
    }
)
"""Causes that pass by themselves: a tunnel that was up waits for them to be over.

An answer that is not the API's counts too: a captive portal or a proxy's error page is what a laptop meets when it
wakes up somewhere else.
"""


CONNECTOR_DOWNLOAD_CODES = frozenset(
    {
        ErrorCode.CONNECTOR_DOWNLOAD_FAILED,
        ErrorCode.CONNECTOR_DIGEST_MISMATCH,
        ErrorCode.CONNECTOR_NO_DOWNLOAD,
    }
)
"""What a download of cloudflared ends with that does not end well."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One occurrence of an error: what is known about it, and nothing about how it is shown.

    Attributes:
        code: The cause.
        message: What the server, the connector or the system said, as plain text, quoted as it came; may be empty.
        because: What we found ourselves, where that tells more than the code; each becomes a sentence.
        raw_code: The code as the server spelt it, where it is not one of ours.
        status: HTTP status, where there was an answer.
        details: The error's ``details`` object, where the server sent one.
        retry_after: Seconds to wait before asking again, where the server said so.
        request_id: What to quote to whoever runs the server.
        at: When it happened (UTC).
    """

    code: ErrorCode
    message: str = ""
    because: tuple[Because, ...] = ()
    raw_code: str | None = None
    status: int | None = None
    details: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    retry_after: float | None = None
    request_id: str | None = None
    at: datetime | None = None

    @property
    def told(self) -> str:
        """All that is known beyond the code, on one line, as a log says it."""
        return "; ".join(filter(None, (*map(str, self.because), self.message)))

    @property
    def transient(self) -> bool:
        """Whether the cause may pass by itself."""
        return self.code in TRANSIENT_CODES or (self.status is not None and self.status >= 500)

    @property
    def max_active(self) -> int | None:
        """How many tunnels the account may have, where the server has said so."""
        most = self.details.get("maxActive")
        return most if isinstance(most, int) and not isinstance(most, bool) and most > 0 else None

    @property
    def names_slug(self) -> bool:
        """Whether an INVALID_INPUT is about the requested name."""
        return self._names("requestedSlug", "slug")

    @property
    def names_port(self) -> bool:
        """Whether an INVALID_INPUT is about the port (servers that validate by schema send it so)."""
        return self._names("port")

    def _names(self, *fields: str) -> bool:
        errors = self.details.get("fieldErrors")
        if isinstance(errors, Mapping) and any(errors.get(name) for name in fields):
            return True
        return self.details.get("field") in fields or any(name in self.details for name in fields)


class TunnelDeskError(Exception):
    """Base of everything TunnelDesk raises on purpose; `failure` says what happened."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.raw_code or failure.code}: {failure.told}".rstrip(": "))
        self.failure = failure


class InvalidValueError(TunnelDeskError):
    """A value was refused on this machine, before anything was sent.

    Attributes:
        value: The value as it was given.
    """

    def __init__(self, code: ErrorCode, value: str, *because: Because, message: str = "") -> None:
        """Refuse ``value``.

        Args:
            code: The cause.
            value: The value as it was given.
            because: What is wrong with it.
            message: The same in the words of whoever refused it, where that was not us.
        """
        super().__init__(Failure(code, message, because))
        self.value = value


class ApiError(TunnelDeskError):
    """A call of the tunnels API did not end well."""


class ServerRefusedError(ApiError):
    """The server answered with an error of its own."""


class NotATunnelServerError(ApiError):
    """Something answered, but not in the API's form."""


class ServerUnreachableError(ApiError):
    """No answer came: name, connection, certificate or time."""


class ConnectorError(TunnelDeskError):
    """The connector is not there or will not work."""


class ConnectorUnusableError(ConnectorError):
    """There is no cloudflared that could be started."""


class ConnectorDownloadError(ConnectorError):
    """No cloudflared could be fetched, or what came is not what was meant to come."""


class ConnectorGaveUpError(ConnectorError):
    """The connector was started, and trying on is pointless."""


class CredentialsError(TunnelDeskError):
    """The system's keyring would not keep or give a token."""


class LocalFileError(TunnelDeskError):
    """A file of ours can't be written, or made no sense."""
