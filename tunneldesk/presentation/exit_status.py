"""How a command ends, as a number that scripts rely on."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode

if TYPE_CHECKING:
    from tunneldesk.domain.errors import Failure


class ExitStatus(IntEnum):
    """What the exit status says."""

    AS_ASKED = 0
    UNEXPECTED = 1
    BAD_INPUT = 2
    NOT_SIGNED_IN = 3
    REFUSED = 4
    CONNECTOR = 5
    UNREACHABLE = 6


_BY_CODE: dict[ErrorCode, ExitStatus] = {
    ErrorCode.UNEXPECTED: ExitStatus.UNEXPECTED,
    ErrorCode.EMBEDDED_SERVER_FAILED: ExitStatus.UNEXPECTED,
    ErrorCode.FILE_DAMAGED: ExitStatus.UNEXPECTED,
    ErrorCode.FILE_NOT_WRITTEN: ExitStatus.UNEXPECTED,
    ErrorCode.INVALID_INPUT: ExitStatus.BAD_INPUT,
    ErrorCode.INVALID_PORT: ExitStatus.BAD_INPUT,
    ErrorCode.INVALID_SLUG: ExitStatus.BAD_INPUT,
    ErrorCode.INVALID_TUNNEL_ID: ExitStatus.BAD_INPUT,
    ErrorCode.INVALID_SERVER_ADDRESS: ExitStatus.BAD_INPUT,
    ErrorCode.INVALID_LINK: ExitStatus.BAD_INPUT,
    **dict.fromkeys(
        (
            ErrorCode.SIGNED_OUT,
            ErrorCode.MISSING_AUTH,
            ErrorCode.INVALID_TOKEN,
            ErrorCode.INVALID_REFRESH_TOKEN,
            ErrorCode.FORBIDDEN,
            ErrorCode.WORKSPACE_NOT_ALLOWED,
            ErrorCode.EMAIL_MISMATCH,
            ErrorCode.EMAIL_NOT_ALLOWED,
            ErrorCode.SLACK_OAUTH_DENIED,
            ErrorCode.SLACK_OAUTH_FAILED,
            ErrorCode.SLACK_PROFILE_FAILED,
            ErrorCode.SLACK_PROFILE_INCOMPLETE,
            ErrorCode.MISSING_OAUTH_PARAMS,
            ErrorCode.INVALID_STATE,
            ErrorCode.OAUTH_ALREADY_USED,
            ErrorCode.OAUTH_EXPIRED,
            ErrorCode.INVALID_LOGIN_CODE,
            ErrorCode.LOGIN_CODE_USED,
            ErrorCode.LOGIN_CODE_EXPIRED,
            ErrorCode.INVALID_CODE_VERIFIER,
            ErrorCode.USER_NOT_FOUND,
            ErrorCode.KEYRING_MISSING,
            ErrorCode.KEYRING_LOCKED,
            ErrorCode.KEYRING_REFUSED,
        ),
        ExitStatus.NOT_SIGNED_IN,
    ),
    **dict.fromkeys(
        (
            ErrorCode.CONNECTOR_MISSING,
            ErrorCode.CONNECTOR_TOO_OLD,
            ErrorCode.CONNECTOR_NOT_EXECUTABLE,
            ErrorCode.CONNECTOR_WRONG_ARCHITECTURE,
            ErrorCode.CONNECTOR_DOWNLOAD_FAILED,
            ErrorCode.CONNECTOR_DIGEST_MISMATCH,
            ErrorCode.CONNECTOR_NO_DOWNLOAD,
            ErrorCode.CONNECTOR_TOKEN_REFUSED,
            ErrorCode.CONNECTOR_CRASHING,
            ErrorCode.CONNECTOR_EDGE_UNREACHABLE,
        ),
        ExitStatus.CONNECTOR,
    ),
    **dict.fromkeys(
        (
            ErrorCode.NOT_A_TUNNEL_SERVER,
            ErrorCode.SERVER_NAME_UNKNOWN,
            ErrorCode.SERVER_REFUSED_CONNECTION,
            ErrorCode.SERVER_CERTIFICATE_INVALID,
            ErrorCode.SERVER_TIMED_OUT,
            ErrorCode.SERVER_CONNECTION_BROKEN,
        ),
        ExitStatus.UNREACHABLE,
    ),
}

_BY_HTTP_STATUS = {400: ExitStatus.BAD_INPUT, 401: ExitStatus.NOT_SIGNED_IN, 403: ExitStatus.NOT_SIGNED_IN}
"""For codes that this version does not know."""


def exit_status(failure: Failure) -> ExitStatus:
    """Return the exit status that tells ``failure``; whatever else a server says, it refused."""
    if failure.code is ErrorCode.UNKNOWN_CODE and failure.status is not None:
        return _BY_HTTP_STATUS.get(failure.status, ExitStatus.REFUSED)
    return _BY_CODE.get(failure.code, ExitStatus.REFUSED)
