"""What cloudflared has counted (``GET /metrics`` of its metrics server)."""

from __future__ import annotations

import re

from tunneldesk.connector.readiness import ask
from tunneldesk.domain.health import Traffic

_LONGEST_ANSWER = 512 * 1024
_REQUESTS = re.compile(r"^cloudflared_tunnel_total_requests(?:\{[^}]*\})? (\S+)$", re.MULTILINE)
_ERRORS = re.compile(r"^cloudflared_tunnel_request_errors(?:\{[^}]*\})? (\S+)$", re.MULTILINE)


async def traffic(address: str) -> Traffic | None:
    """Return what the connector has carried; None when it does not say.

    Args:
        address: host:port of its metrics server, as its log announced it.
    """
    answer = await ask(address, "/metrics", _LONGEST_ANSWER)
    if answer is None:
        return None
    text = answer.decode("utf-8", "replace").replace("\r\n", "\n")
    requests, errors = _REQUESTS.search(text), _ERRORS.search(text)
    try:
        return Traffic(_count(requests), _count(errors))
    except (OverflowError, ValueError):
        return None


def _count(found: re.Match[str] | None) -> int:
    """Return a counter's value; Prometheus writes large ones as ``1.2e+06``.

    Raises:
        ValueError: There is none.
    """
    if found is None:
        raise ValueError
    return int(float(found[1]))
