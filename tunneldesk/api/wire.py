"""JSON <-> domain: the shapes of the tunnels API, and nothing but shapes.

Fields that are not known are ignored. A field that is needed and is not of its type makes the whole answer none of
a tunnel server. Numbers that are of their type but absurd are brought within reason, see `read_grant`.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NoReturn

from tunneldesk.api.plain import plain
from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.model import Grant, RemoteStatus, RemoteTunnel
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.secret import Secret
from tunneldesk.domain.validation import SLUG_MAX, parse_hostname

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERVAL_DEFAULT: Final = 20.0
"""Seconds between heartbeats where the server's own number makes no sense (create-tunnel: "Always 20")."""
INTERVAL_MIN, INTERVAL_MAX = 0.2, 60.0
"""More often would flood a server; more rarely is never needed, since an early heartbeat does no harm."""
LEASE_MIN, LEASE_MAX = 0.6, 86_400.0
BEATS_PER_LEASE: Final = 3
"""Intervals a lease spans where the server does not say how long it is."""

_TOKEN = re.compile(r"[!-~]{1,16384}")  # goes into a header or an environment variable
_TUNNEL_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~-]{1,128}")  # goes into a path


_STATUSES: Final[Mapping[str, RemoteStatus]] = {status.value: status for status in RemoteStatus}


class WireError(Exception):
    """An answer is not of the API's form.

    Attributes:
        because: In which respect, without quoting it.
    """

    def __init__(self, reason: Reason, **facts: str) -> None:
        self.because = Because(reason, facts)
        super().__init__(str(self.because))


def decode(body: bytes) -> object:
    """Return the JSON value that ``body`` holds.

    Raises:
        WireError: When it holds none: not JSON, NaN or Infinity in it, nested without end.
    """
    try:
        value: object = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as exc:
        looks_like_page = body.lstrip()[:1] == b"<"
        raise WireError(Reason.ANSWER_IS_A_PAGE if looks_like_page else Reason.ANSWER_NOT_JSON) from exc
    return value


def create_body(port: int, slug: str | None) -> dict[str, object]:
    """Return the body of a create request."""
    return {"port": port} if slug is None else {"port": port, "requestedSlug": slug}


def read_grant(body: object) -> Grant:
    """Return what a create answer grants.

    An interval or lease that is no finite number is refused. A finite one is brought within reason: zero or less
    means the documented 20 s interval, or a lease of three intervals, which is also what a missing lease means;
    anything else is clamped to 0.2-60 s for the interval and 0.6 s to one day for the lease.

    Raises:
        WireError: When the answer is not of the API's form.
    """
    answer = as_object(body)
    tunnel_id = as_text(answer, "tunnelId")
    if not _TUNNEL_ID.fullmatch(tunnel_id):
        raise WireError(Reason.FIELD_NOT_AN_ID, field="tunnelId")
    interval = as_number(answer, "heartbeatIntervalSec")
    interval = min(max(interval, INTERVAL_MIN), INTERVAL_MAX) if interval > 0 else INTERVAL_DEFAULT
    lease = 0.0 if answer.get("leaseTimeoutSec") is None else as_number(answer, "leaseTimeoutSec")
    return Grant(
        tunnel_id=tunnel_id,
        hostname=_hostname(answer),
        connector_token=as_token(answer, "cloudflaredToken"),
        heartbeat_interval=interval,
        lease_timeout=min(max(lease, LEASE_MIN), LEASE_MAX) if lease > 0 else BEATS_PER_LEASE * interval,
        run_token=as_token(answer, "tunnelRunToken") if answer.get("tunnelRunToken") is not None else None,
    )


def read_done(body: object) -> Mapping[str, object]:
    """Return an answer that says ``"ok": true``.

    Raises:
        WireError: When it says anything else: a captive portal's page must not pass for a heartbeat.
    """
    answer = as_object(body)
    if answer.get("ok") is not True:
        raise WireError(Reason.ANSWER_NOT_OK)
    return answer


def read_beat(body: object) -> datetime | None:
    """Return when the lease ends according to a heartbeat's answer; None when that is not a time.

    Raises:
        WireError: When the answer is not of the API's form.
    """
    return _time(read_done(body).get("expiresAt"))


def read_tunnels(body: object) -> tuple[RemoteTunnel, ...]:
    """Return the tunnels of a list answer, in its order.

    Raises:
        WireError: When the answer is not of the API's form.
    """
    if not isinstance(body, list):
        raise WireError(Reason.ANSWER_NOT_A_LIST)
    return tuple(_remote_tunnel(as_object(item)) for item in body)


def _remote_tunnel(item: Mapping[str, object]) -> RemoteTunnel:
    tunnel_id = as_text(item, "id")
    if not _TUNNEL_ID.fullmatch(tunnel_id):
        raise WireError(Reason.FIELD_NOT_AN_ID, field="id")
    slug, status, port, lease = (item.get(name) for name in ("slug", "status", "requestedPort", "lease"))
    return RemoteTunnel(
        tunnel_id=tunnel_id,
        hostname=_hostname(item),
        slug=plain(slug, limit=SLUG_MAX) if isinstance(slug, str) and slug else None,
        status=_STATUSES.get(status, RemoteStatus.UNKNOWN) if isinstance(status, str) else RemoteStatus.UNKNOWN,
        port=port if type(port) is int and 1 <= port <= 65535 else None,
        created_at=_time(item.get("createdAt")),
        last_heartbeat_at=_time(lease.get("lastHeartbeatAt")) if isinstance(lease, dict) else None,
        lease_expires_at=_time(lease.get("expiresAt")) if isinstance(lease, dict) else None,
        stopped_at=_time(item.get("stoppedAt")),
        last_error=_last_error(item.get("lastError")),
    )


def _last_error(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("message")
    return plain(value) or None if isinstance(value, str) else None


def as_object(value: object) -> Mapping[str, object]:
    """Return a JSON object.

    Raises:
        WireError: It is none.
    """
    if not isinstance(value, dict):
        raise WireError(Reason.ANSWER_NOT_AN_OBJECT)
    return value


def as_text(answer: Mapping[str, object], name: str) -> str:
    """Return a field that has to be text.

    Raises:
        WireError: It is missing, or none.
    """
    value = answer.get(name)
    if not isinstance(value, str):
        raise WireError(Reason.FIELD_NOT_TEXT, field=name)
    return value


def as_token(answer: Mapping[str, object], name: str) -> Secret:
    """Return a field that has to be a token.

    Raises:
        WireError: It is missing, or none.
    """
    value = as_text(answer, name)
    if not _TOKEN.fullmatch(value):
        raise WireError(Reason.FIELD_NOT_A_TOKEN, field=name)
    return Secret(value)


def _hostname(answer: Mapping[str, object]) -> str:
    try:
        return parse_hostname(as_text(answer, "hostname"))
    except InvalidValueError as exc:
        raise WireError(Reason.FIELD_NOT_A_HOST, field="hostname") from exc


def as_number(answer: Mapping[str, object], name: str) -> float:
    """Return a field that has to be a finite number.

    Raises:
        WireError: It is missing, or none.
    """
    value = answer.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value in (math.inf, -math.inf):
        # JSON's 1e999 is an infinity; NaN has no JSON
        raise WireError(Reason.FIELD_NOT_A_NUMBER, field=name)
    return float(min(max(value, -LEASE_MAX), LEASE_MAX))  # cut first: float() of a huge integer overflows


def _time(value: object) -> datetime | None:
    """Return an ISO 8601 time in UTC; None for anything else, since times are only shown."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
