"""What is, or is to be, exposed: the user's port, and a public address."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tunneldesk.domain.checkup import AddressSeen, Check, Finding, PortSeen, Verdict
from tunneldesk.domain.health import AddressState
from tunneldesk.service.probe import listeners
from tunneldesk.storage.journal import Journal
from tunneldesk.visitor.address import look

if TYPE_CHECKING:
    from pathlib import Path

_HANDSHAKE_LIMIT = 2.0


async def look_at_port(port: int) -> Finding:
    """Whether something listens on the user's port, and whether it speaks plain HTTP as far as can be told."""
    addresses = await listeners(port)
    tls = bool(addresses) and await _speaks_tls(addresses[0], port)
    verdict = Verdict.OK if addresses and not tls else Verdict.WARN
    return Finding(Check.PORT, verdict, PortSeen(port, addresses, tls))


async def look_at_address(address: str, port: int | None, journal: Path) -> Finding:
    """Whether a visitor of ``address`` gets to the user's service.

    Args:
        address: The public address.
        port: Where the service is; None to look it up.
        journal: The file that tells it of every tunnel that a face of this machine serves.
    """
    if port is None:
        port = await asyncio.to_thread(_port_behind, address, journal)
    found = await look(address, port, lambda: datetime.now(UTC))
    verdict = Verdict.OK if found.state is AddressState.OK else Verdict.FAIL
    return Finding(Check.ADDRESS, verdict, AddressSeen(address, port, found))


def _port_behind(address: str, journal: Path) -> int | None:
    host = urlsplit(address).netloc
    return next((held.port for held in Journal(journal).read().held if held.hostname == host), None)


async def _speaks_tls(address: str, port: int) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # a development certificate is as good a sign as any; nothing is sent
    try:
        async with asyncio.timeout(_HANDSHAKE_LIMIT):
            _, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname="localhost")
    except ssl.SSLError as error:
        return "ALERT" in (error.reason or "")  # it speaks TLS, though not with us
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True
