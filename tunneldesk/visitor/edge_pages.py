"""Tells the pages that an edge answers with by itself from those of the user's service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tunneldesk.domain.health import AddressState

if TYPE_CHECKING:
    from tunneldesk.visitor.answer import Answer

_PAIRED: Final = {
    "unknown-name": AddressState.NO_TUNNEL,
    "no-connector": AddressState.NOT_CONNECTED,
    "connector-lost": AddressState.NOT_CONNECTED,
    "origin-refused": AddressState.SERVICE_UNREACHABLE,
    "origin-failed": AddressState.SERVICE_UNREACHABLE,
    "origin-timeout": AddressState.SERVICE_TIMED_OUT,
}
"""What the paired server's edge writes into ``X-TunnelDesk-Error`` of a page of its own."""

_CLOUDFLARE: Final = {
    # developers.cloudflare.com, "Cloudflare 1xxx errors"; sent with status 530.
    1016: AddressState.NO_TUNNEL,  # Origin DNS error: the record leads to a tunnel that was deleted
    1033: AddressState.NOT_CONNECTED,  # Cloudflare (once Argo) Tunnel error: no healthy cloudflared
    # developers.cloudflare.com, "Cloudflare 5xx errors". cloudflared reports that it could not "reach the origin
    # service" (proxy/proxy.go), and the edge makes a 502 of it.
    502: AddressState.SERVICE_UNREACHABLE,
    504: AddressState.SERVICE_TIMED_OUT,
    520: AddressState.SERVICE_UNREACHABLE,
    521: AddressState.SERVICE_UNREACHABLE,
    522: AddressState.SERVICE_TIMED_OUT,
    523: AddressState.SERVICE_UNREACHABLE,
    524: AddressState.SERVICE_TIMED_OUT,
    525: AddressState.SERVICE_UNREACHABLE,
    526: AddressState.SERVICE_UNREACHABLE,
}
"""What the codes of Cloudflare's own pages mean behind a tunnel."""

_CODE: Final = re.compile(
    r"\Aerror code: (?P<plain>\d{3,4})\s*\Z"  # to whoever does not look like a browser
    r'|class="cf-error-code">\s*(?P<old>\d{3,4})'
    r"|Error</span>\s*<span[^>]*>\s*(?P<page>\d{3,4})"
    r"|\| (?P<title>5\d\d): [^<]{1,60}</title>"
)
"""How Cloudflare's pages name their code, as plain text and as HTML of several years."""

_TUNNEL_ERROR: Final = re.compile(r"Cloudflare Tunnel error|Argo Tunnel error")
_BLOCKED: Final = re.compile(r'id="cf-error-details"|<title>[^<]*\| Cloudflare</title>')


def edge_state(answer: Answer) -> AddressState | None:
    """Return what a page of the edge itself says; None when the answer is the user's own service's."""
    fault = answer.header("x-tunneldesk-error")
    if fault:
        return _PAIRED.get(fault, AddressState.EDGE_REFUSED)
    # Both headers are on whatever passes Cloudflare, the user's own pages as well.
    if answer.status < 400 or answer.header("server") != "cloudflare" or not answer.header("cf-ray"):
        return None
    if answer.header("cf-mitigated"):  # a challenge, which a browser passes and we do not
        return None
    return _of_cloudflare(answer)


def _of_cloudflare(answer: Answer) -> AddressState | None:
    named = _CODE.search(answer.text)
    code = int(next(filter(None, named.groups()))) if named else None
    if code is None and _TUNNEL_ERROR.search(answer.text):
        code = 1033
    if answer.status == 530:  # Cloudflare's own, always: the reason is a code of four digits
        return AddressState.NOT_CONNECTED if code is None else _CLOUDFLARE.get(code, AddressState.EDGE_REFUSED)
    if 520 <= answer.status <= 526:  # likewise
        return _CLOUDFLARE[answer.status]
    if code is not None and code == answer.status:
        return _CLOUDFLARE.get(code, AddressState.EDGE_REFUSED)
    # 502 and 504 of a service pass unchanged; only a page of Cloudflare's making is the edge's.
    return AddressState.EDGE_REFUSED if code is not None or _BLOCKED.search(answer.text) else None
