"""``tunneldesk list``: the account's tunnels on the server, as a table or as JSON Lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tunneldesk.domain.model import public_address
from tunneldesk.presentation.terminal_events import timestamp
from tunneldesk.presentation.texts import duration, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tunneldesk.domain.model import RemoteTunnel
    from tunneldesk.terminal.style import Style

_GAP = "  "
_HEADINGS = ("NAME", "PORT", "STATUS", "LEASE", "ADDRESS")


def json_lines(tunnels: Sequence[RemoteTunnel]) -> Iterator[str]:
    """Yield one JSON object for each tunnel."""
    for tunnel in tunnels:
        yield json.dumps(
            {
                "event": "tunnel",
                "id": tunnel.tunnel_id,
                "name": tunnel.slug,
                "hostname": tunnel.hostname,
                "address": public_address(tunnel.hostname),
                "port": tunnel.port,
                "status": tunnel.status.value,
                "createdAt": _time(tunnel.created_at),
                "leaseExpiresAt": _time(tunnel.lease_expires_at),
                "stoppedAt": _time(tunnel.stopped_at),
                "lastError": tunnel.last_error,
            }
        )


def table(tunnels: Sequence[RemoteTunnel], style: Style, now: datetime) -> Iterator[str]:
    """Yield the lines of a table; the address comes last, since it is the longest and the one to be copied."""
    rows = [_row(tunnel, now) for tunnel in tunnels]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *rows, strict=True)]
    yield style.dim(_aligned(_HEADINGS, widths))
    for tunnel, row in zip(tunnels, rows, strict=True):
        yield _aligned(row, widths)
        if tunnel.last_error:
            yield style.dim(f"{_GAP}{plain(tunnel.last_error)}")


def _row(tunnel: RemoteTunnel, now: datetime) -> tuple[str, ...]:
    return (
        plain(tunnel.slug or "-", 40),
        str(tunnel.port or "-"),
        tunnel.status.value,
        _lease(tunnel, now),
        public_address(tunnel.hostname),
    )


def _lease(tunnel: RemoteTunnel, now: datetime) -> str:
    if tunnel.stopped_at is not None:
        return f"ended {duration((now - tunnel.stopped_at).total_seconds())} ago"
    if tunnel.lease_expires_at is None or not tunnel.held:
        return "-"
    left = (tunnel.lease_expires_at - now).total_seconds()
    return f"{duration(left)} left" if left > 0 else "run out"


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(f"{cell:<{columns}}" for cell, columns in zip(cells, widths, strict=True)).rstrip()


def _time(at: datetime | None) -> str | None:
    return None if at is None else timestamp(at)
