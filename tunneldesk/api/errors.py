"""Every way a call can end badly, turned into a domain error: here, once, and with the cause kept by the caller."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Final

import httpx

from tunneldesk.api.plain import plain, plain_details
from tunneldesk.api.wire import WireError, decode
from tunneldesk.domain.errors import (
    ApiError,
    ErrorCode,
    Failure,
    NotATunnelServerError,
    ServerRefusedError,
    ServerUnreachableError,
)
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.network import causes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tunneldesk.domain.secret import Secret

API_CODES: Final = frozenset(takewhile(lambda code: code is not ErrorCode.UNKNOWN_CODE, ErrorCode))
"""The codes a server may speak; our own come after them and are not taken from anybody else."""

LIMIT_CODES: Final = frozenset({ErrorCode.TUNNEL_LIMIT_EXCEEDED, ErrorCode.TUNNEL_LIMIT_REACHED})

RETRY_AFTER_MAX: Final = 3600.0
"""Seconds of waiting a server can ask of us at most."""

_WITHOUT_CODE: Final = {401: ErrorCode.INVALID_TOKEN, 403: ErrorCode.FORBIDDEN}
_NO_SUCH_ROUTE: Final = frozenset({404, 405, 501})
_RAW_CODE_MAX = 80
_REQUEST_ID_MAX = 128
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)


def refusal(response: httpx.Response, secrets: Iterable[Secret]) -> ApiError:
    """Return the error that an answer other than 2xx means.

    Args:
        response: The answer, read to its end.
        secrets: What must not show up in the failure, even if the server says it.
    """
    secrets = tuple(secrets)
    status = response.status_code
    if response.is_redirect:
        # Never followed: what answers there is not the server the user named, and the token is not for it.
        target = plain(response.headers.get("Location", ""), secrets, limit=200)
        because = (
            Because(Reason.ANSWER_LEADS_TO, {"target": target}) if target else Because(Reason.ANSWER_LEADS_AWAY)
        )
        return not_a_tunnel_server(response, because, secrets)
    try:
        body = decode(response.content) if response.content else {}
    except WireError as exc:
        if status == httpx.codes.TOO_MANY_REQUESTS:  # whoever says it, server or proxy, means it
            body = {}
        else:
            return not_a_tunnel_server(response, exc.because, secrets)
    if not isinstance(body, dict) or status < 400:
        return not_a_tunnel_server(response, Because(Reason.ANSWER_OF_OTHERS), secrets)

    said = body.get("code")
    raw_code = plain(said, secrets, limit=_RAW_CODE_MAX) if isinstance(said, str) and said else None
    code = _code(response, raw_code)
    if code is ErrorCode.NOT_A_TUNNEL_SERVER:
        return not_a_tunnel_server(response, Because(Reason.NO_TUNNELS_API), secrets)
    return ServerRefusedError(
        Failure(
            code,
            message=plain(_message(body), secrets),
            raw_code=raw_code if raw_code != code else None,
            status=status,
            details=plain_details(body.get("details"), secrets),
            retry_after=_retry_after(response.headers),
            request_id=_request_id(response, secrets),
            at=datetime.now(UTC),
        )
    )


def not_a_tunnel_server(
    response: httpx.Response, because: Because, secrets: Iterable[Secret] = ()
) -> NotATunnelServerError:
    """Return the error for an answer that is not of the API's form, ``because`` of what."""
    return NotATunnelServerError(
        Failure(
            ErrorCode.NOT_A_TUNNEL_SERVER,
            because=(because,),
            status=response.status_code,
            request_id=_request_id(response, secrets),
            at=datetime.now(UTC),
        )
    )


def timed_out(limit: float) -> ServerUnreachableError:
    """Return the error for a call that took longer than ``limit`` seconds."""
    return _unreachable(ErrorCode.SERVER_TIMED_OUT, Because(Reason.NO_WHOLE_ANSWER, {"seconds": f"{limit:g}"}))


def unreachable(exc: Exception) -> ApiError:
    """Return the error that an exception of the network layer means."""
    chain = tuple(causes(exc))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _unreachable(ErrorCode.SERVER_CERTIFICATE_INVALID, cause.verify_message or str(cause))
        if isinstance(cause, socket.gaierror | UnicodeError):
            return _unreachable(ErrorCode.SERVER_NAME_UNKNOWN, _system_message(cause))
    for cause in chain:
        if isinstance(cause, ConnectionRefusedError):
            return _unreachable(ErrorCode.SERVER_REFUSED_CONNECTION, _system_message(cause))
    if any(isinstance(cause, TimeoutError | httpx.TimeoutException) for cause in chain):
        return _unreachable(ErrorCode.SERVER_TIMED_OUT, Because(Reason.TIMED_OUT))
    if isinstance(exc, httpx.RemoteProtocolError) and not _cut_off(exc):
        because = Because(Reason.ANSWER_NOT_HTTP, {"system": plain(str(exc), limit=200)})
        return NotATunnelServerError(
            Failure(ErrorCode.NOT_A_TUNNEL_SERVER, because=(because,), at=datetime.now(UTC))
        )
    system = next((cause for cause in chain if isinstance(cause, OSError) and cause.errno), exc)
    said = _system_message(system)
    return _unreachable(ErrorCode.SERVER_CONNECTION_BROKEN, said or Because(Reason.BROKEN_OFF))


def _code(response: httpx.Response, raw_code: str | None) -> ErrorCode:
    status = response.status_code
    if raw_code in LIMIT_CODES:
        return ErrorCode(raw_code)
    if status == httpx.codes.TOO_MANY_REQUESTS or _over_rate_in_disguise(response):
        return ErrorCode.RATE_LIMITED
    if raw_code in API_CODES:
        return ErrorCode(raw_code)
    if status in _NO_SUCH_ROUTE:
        return ErrorCode.NOT_A_TUNNEL_SERVER
    if status >= 500:
        return ErrorCode.INTERNAL_ERROR
    return _WITHOUT_CODE.get(status, ErrorCode.UNKNOWN_CODE)


def _over_rate_in_disguise(response: httpx.Response) -> bool:
    """Whether a 500 is some servers' way to say "too many requests"."""
    return (
        response.status_code == httpx.codes.INTERNAL_SERVER_ERROR
        and "Retry-After" in response.headers
        and response.headers.get("X-RateLimit-Remaining", "").strip() == "0"
    )


def _message(body: Mapping[str, object]) -> str:
    message = body.get("message")
    if isinstance(message, list):  # frameworks that check a body by its schema send one per field
        return "; ".join(part for part in message if isinstance(part, str))
    return message if isinstance(message, str) else ""


def _retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds to wait, which come as a number or as a date (RFC 9110, 10.2.3)."""
    value = headers.get("Retry-After", "").strip()
    seconds = float(value) if _SECONDS.fullmatch(value) else _seconds_until(value, headers.get("Date", ""))
    return None if seconds is None else min(max(seconds, 0.0), RETRY_AFTER_MAX)


def _seconds_until(date: str, server_now: str) -> float | None:
    end, now = _http_date(date), _http_date(server_now)
    return None if end is None else (end - (now or datetime.now(UTC))).total_seconds()


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


def _request_id(response: httpx.Response, secrets: Iterable[Secret]) -> str | None:
    said = response.headers.get("X-Request-Id") or response.headers.get("CF-Ray") or ""
    return plain(said, secrets, limit=_REQUEST_ID_MAX) or None


def _unreachable(code: ErrorCode, why: Because | str) -> ServerUnreachableError:
    """Return the error for no answer: with what we found, or with what the system says."""
    now = datetime.now(UTC)
    if isinstance(why, str):
        return ServerUnreachableError(Failure(code, why, at=now))
    return ServerUnreachableError(Failure(code, because=(why,), at=now))


def _cut_off(exc: httpx.RemoteProtocolError) -> bool:
    """Whether the other side hung up, as opposed to speaking something else than HTTP."""
    return "disconnected" in str(exc) or "closed connection" in str(exc)


def _system_message(cause: BaseException) -> str:
    text = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    if isinstance(cause, OSError) and isinstance(cause.errno, int) and cause.errno in errno.errorcode:
        text = f"{text} ({errno.errorcode[cause.errno]})"
    return plain(text)
