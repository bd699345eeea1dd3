"""What a look at the public address has found, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from tunneldesk.domain.health import AddressState
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP, fill, plain
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tunneldesk.domain.checkup import AddressSeen
    from tunneldesk.domain.health import AddressFinding
    from tunneldesk.domain.model import Tunnel

CONTEXT = "Findings"

_Entry: TypeAlias = tuple[str, str, str]

_NEW_NAME = 300.0
"""Seconds a name may be live and still be on its way through DNS."""


def still_new(tunnel: Tunnel, finding: AddressFinding) -> bool:
    """Whether a name is too new to wonder that DNS does not have it."""
    return (
        finding.state is AddressState.NAME_UNKNOWN
        and tunnel.online_since is not None
        and (finding.at - tunnel.online_since).total_seconds() < _NEW_NAME
    )


@dataclass(frozen=True, slots=True)
class Words:
    """What was found at an address.

    Attributes:
        short: In two or three words.
        seen: In a sentence.
        fix: What to do about it, in a sentence (`remedy` follows it); empty when there is nothing to do.
        remedy: The line to add to a configuration; None where none is known.
    """

    short: str
    seen: str
    fix: str
    remedy: str | None


def of_tunnel(tunnel: Tunnel, finding: AddressFinding) -> Words:
    """Return ``finding`` at a tunnel's address in words."""
    entry = _NOT_YET if still_new(tunnel, finding) else None
    return _words(finding, tunnel.hostname or "", tunnel.wish.port, entry)


def of_address(seen: AddressSeen) -> Words:
    """Return in words what was found at an address whose tunnel may be anybody's."""
    return _words(seen.finding, plain(urlsplit(seen.address).netloc), seen.port, None)


def _words(finding: AddressFinding, host: str, port: int | None, entry: _Entry | None) -> Words:
    known = finding.state is AddressState.HOST_REFUSED and finding.framework is not None
    short, seen, fix = entry or (_FRAMEWORK_REFUSED if known else _ADDRESS[finding.state])
    facts = {
        "host": host,
        "service": translate("Findings", "your service") if port is None else f"localhost:{port}",
        "status": str(finding.status or ""),
        "framework": plain(finding.framework or ""),
        "file": plain(finding.where or ""),
    }

    def said(text: str) -> str:
        return fill(translate(CONTEXT, text), facts) if text else ""

    return Words(said(short), said(seen), said(fix), None if finding.remedy is None else plain(finding.remedy))


_NOT_YET: _Entry = (
    QT_TRANSLATE_NOOP("Findings", "Not in DNS yet"),
    QT_TRANSLATE_NOOP("Findings", "The address is on its way: DNS does not know {host} yet."),
    QT_TRANSLATE_NOOP("Findings", "Give it a minute, then check again."),
)

_FRAMEWORK_REFUSED: _Entry = (
    QT_TRANSLATE_NOOP("Findings", "Name refused"),
    QT_TRANSLATE_NOOP(
        "Findings",
        "The address works, but {framework} on {service} turns visitors away until {host} is allowed.",
    ),
    QT_TRANSLATE_NOOP("Findings", "Add this line to {file} and restart it:"),
)

_ADDRESS: Mapping[AddressState, _Entry] = {
    AddressState.OK: (
        QT_TRANSLATE_NOOP("Findings", "Reached"),
        QT_TRANSLATE_NOOP("Findings", "The address works: {service} answers as {host}."),
        "",
    ),
    AddressState.NAME_UNKNOWN: (
        QT_TRANSLATE_NOOP("Findings", "Not in DNS"),
        QT_TRANSLATE_NOOP("Findings", "The address can't be found: DNS does not know {host}."),
        QT_TRANSLATE_NOOP("Findings", "A new name takes a minute. For an old one, restart the tunnel."),
    ),
    AddressState.UNREACHABLE: (
        QT_TRANSLATE_NOOP("Findings", "Not reachable"),
        QT_TRANSLATE_NOOP(
            "Findings",
            "The address can't be reached from this computer: {host} took no connection, or broke it off.",
        ),
        QT_TRANSLATE_NOOP("Findings", "Perhaps the network is away, or a firewall is in between."),
    ),
    AddressState.TIMED_OUT: (
        QT_TRANSLATE_NOOP("Findings", "Timed out"),
        QT_TRANSLATE_NOOP("Findings", "The address gave no answer in time. A visitor of {host} waits, too."),
        QT_TRANSLATE_NOOP("Findings", "Check whether {service} itself answers, and how fast."),
    ),
    AddressState.CERTIFICATE_INVALID: (
        QT_TRANSLATE_NOOP("Findings", "Certificate refused"),
        QT_TRANSLATE_NOOP(
            "Findings", "The address has no certificate that holds for {host}, so browsers warn of it."
        ),
        QT_TRANSLATE_NOOP(
            "Findings",
            "A name that is new may still get its own; a company's network may put another in between.",
        ),
    ),
    AddressState.NO_TUNNEL: (
        QT_TRANSLATE_NOOP("Findings", "Unknown to Cloudflare"),
        QT_TRANSLATE_NOOP("Findings", "The address leads nowhere: Cloudflare knows no tunnel under {host}."),
        QT_TRANSLATE_NOOP("Findings", "Restart the tunnel, which makes it anew."),
    ),
    AddressState.NOT_CONNECTED: (
        QT_TRANSLATE_NOOP("Findings", "Not connected"),
        QT_TRANSLATE_NOOP(
            "Findings", "The address works up to Cloudflare, which has no connection to the connector of {host}."
        ),
        QT_TRANSLATE_NOOP("Findings", "If that lasts, restart the tunnel."),
    ),
    AddressState.SERVICE_UNREACHABLE: (
        QT_TRANSLATE_NOOP("Findings", "No answer behind it"),
        QT_TRANSLATE_NOOP(
            "Findings", "The address works up to the connector, which gets no proper answer from {service}."
        ),
        QT_TRANSLATE_NOOP("Findings", "Start your service. One that speaks HTTPS only does not work here."),
    ),
    AddressState.SERVICE_TIMED_OUT: (
        QT_TRANSLATE_NOOP("Findings", "Service too slow"),
        QT_TRANSLATE_NOOP(
            "Findings", "The address works, but {service} took the request and did not answer in time."
        ),
        QT_TRANSLATE_NOOP("Findings", "Check what it is busy with."),
    ),
    AddressState.EDGE_REFUSED: (
        QT_TRANSLATE_NOOP("Findings", "Cloudflare refused"),
        QT_TRANSLATE_NOOP(
            "Findings",
            "The address {host} is answered by Cloudflare itself, which lets nobody through (HTTP {status}).",
        ),
        QT_TRANSLATE_NOOP("Findings", "Ask whoever runs the server."),
    ),
    AddressState.HOST_REFUSED: (
        QT_TRANSLATE_NOOP("Findings", "Name refused"),
        QT_TRANSLATE_NOOP(
            "Findings", "The address works, but {service} turns away whoever comes by the name {host}."
        ),
        QT_TRANSLATE_NOOP("Findings", "Allow that name in its settings."),
    ),
}
