"""What a look at the public address has found, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk.domain.health import AddressState
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP, fill
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tunneldesk.domain.health import AddressFinding
    from tunneldesk.domain.model import Tunnel

CONTEXT = "Findings"

_NEW_NAME = 300.0
"""Seconds a name may be live and still be on its way through DNS."""


def still_new(tunnel: Tunnel, finding: AddressFinding) -> bool:
    """Whether a name is too new to wonder that DNS does not have it."""
    return (
        finding.state is AddressState.NAME_UNKNOWN
        and tunnel.online_since is not None
        and (finding.at - tunnel.online_since).total_seconds() < _NEW_NAME
    )


def finding_texts(tunnel: Tunnel, finding: AddressFinding) -> tuple[str, str]:
    """Return what ``finding`` says, in two or three words and in a sentence; for any state but OK."""
    words, sentence = _ADDRESS[finding.state]
    if still_new(tunnel, finding):
        words, sentence = _NOT_YET
    elif finding.state is AddressState.HOST_REFUSED and finding.framework is not None:
        sentence = _FRAMEWORK_REFUSED
    facts = {
        "host": tunnel.hostname or "",
        "port": str(tunnel.wish.port),
        "status": str(finding.status or ""),
        "framework": finding.framework or "",
        "file": finding.where or "",
    }
    return translate(CONTEXT, words), fill(translate(CONTEXT, sentence), facts)


_ = QT_TRANSLATE_NOOP

_NOT_YET = (
    _("Findings", "Not in DNS yet"),
    _("Findings", "The address is on its way: DNS does not know {host} yet. Give it a minute, then check again."),
)

_FRAMEWORK_REFUSED = _(
    "Findings",
    "The address works, but {framework} on localhost:{port} turns visitors away until {host} is allowed. Add this "
    "line to {file} and restart it:",
)

_ADDRESS: Mapping[AddressState, tuple[str, str]] = {
    AddressState.NAME_UNKNOWN: (
        _("Findings", "Not in DNS"),
        _("Findings", "The address can't be found: DNS does not know {host}."),
    ),
    AddressState.UNREACHABLE: (
        _("Findings", "Not reachable"),
        _(
            "Findings",
            "The address can't be reached from this computer: {host} took no connection, or broke it off. "
            "Perhaps the network is away, or a firewall is in between.",
        ),
    ),
    AddressState.TIMED_OUT: (
        _("Findings", "Timed out"),
        _("Findings", "The address gave no answer in time. A visitor of {host} waits, too."),
    ),
    AddressState.CERTIFICATE_INVALID: (
        _("Findings", "Certificate refused"),
        _(
            "Findings",
            "The address has no certificate that holds for {host}, so browsers warn of it. A name that is new may "
            "still get its own; a company's network may put another in between.",
        ),
    ),
    AddressState.NO_TUNNEL: (
        _("Findings", "Unknown to the edge"),
        _("Findings", "The address leads nowhere: the edge knows no tunnel under {host}. Restart makes it anew."),
    ),
    AddressState.NOT_CONNECTED: (
        _("Findings", "Not connected"),
        _("Findings", "The address works up to the edge, which has no connection to the connector of {host}."),
    ),
    AddressState.SERVICE_UNREACHABLE: (
        _("Findings", "No answer behind it"),
        _(
            "Findings",
            "The address works up to the connector, which gets no proper answer from localhost:{port}. A service "
            "that speaks HTTPS only does not work here.",
        ),
    ),
    AddressState.SERVICE_TIMED_OUT: (
        _("Findings", "Service too slow"),
        _("Findings", "The address works, but localhost:{port} took the request and did not answer in time."),
    ),
    AddressState.EDGE_REFUSED: (
        _("Findings", "Edge refused"),
        _("Findings", "The address is answered by the edge itself, which lets nobody through (HTTP {status})."),
    ),
    AddressState.HOST_REFUSED: (
        _("Findings", "Name refused"),
        _(
            "Findings",
            "The address works, but what runs on localhost:{port} turns away whoever comes by the name {host}. "
            "Allow that name in its settings.",
        ),
    ),
}
