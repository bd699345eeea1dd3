"""cloudflared, and the way to the edge it dials."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from tunneldesk.connector.locate import locate
from tunneldesk.domain.checkup import Check, ConnectorSeen, EdgeSeen, Finding, Unseen, Verdict
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.validation import server_is_loopback

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EDGE = (("region1.v2.argotunnel.com", 7844), ("region2.v2.argotunnel.com", 7844))
"""Where cloudflared connects to. It looks up SRV records, which name these; TCP is what can be tried (http2)."""

_ELSEWHERE = "https://api.example.com"
"""A server that is not on this computer, for which only a real cloudflared will do."""

_EDGE_LIMIT = 5.0
_ADDRESSES_TRIED = 2
"""Addresses of each family; a region has ten, and any will do."""


async def look_at_connector(
    server: str | None, chosen: Path | None, installed: Path | None, offered: str | None
) -> Finding:
    """Which cloudflared there is, if any is needed.

    Args:
        server: API base address.
        chosen: The cloudflared that the user named.
        installed: Where the one is that we download ourselves, if it is there.
        offered: The version that could be installed.

    Raises:
        ConnectorUnusableError: One is needed, and there is none that can be used.
    """
    found = await locate(server=server or _ELSEWHERE, chosen=chosen, own=installed)
    program = found.cloudflared
    if program is not None:
        newer = offered if offered and _older(program.version, offered) else None
        return Finding(Check.CONNECTOR, Verdict.OK, ConnectorSeen(program.version, program.argv[0], newer))
    if found.fault.code is ErrorCode.CONNECTOR_MISSING:
        return Finding(Check.CONNECTOR, Verdict.OK, ConnectorSeen())
    return Finding(Check.CONNECTOR, Verdict.WARN, ConnectorSeen(), found.fault)


async def look_at_edge(
    server: str | None, edge: Sequence[tuple[str, int]] = EDGE, limit: float = _EDGE_LIMIT
) -> Finding:
    """Whether connections to Cloudflare's edge get through, where they are needed."""
    if server is None:
        return Finding(Check.EDGE, Verdict.SKIPPED, Unseen.NO_SERVER)
    if server_is_loopback(server):
        return Finding(Check.EDGE, Verdict.SKIPPED, Unseen.STAND_IN)
    answers = await asyncio.gather(*(_reaches(host, port, limit) for host, port in edge))
    named = [(f"{host}:{port}", reached) for (host, port), reached in zip(edge, answers, strict=True)]
    seen = EdgeSeen(
        tuple(name for name, reached in named if reached), tuple(name for name, reached in named if not reached)
    )
    if not seen.reached:
        return Finding(Check.EDGE, Verdict.FAIL, seen, Failure(ErrorCode.CONNECTOR_EDGE_UNREACHABLE))
    return Finding(Check.EDGE, Verdict.WARN if seen.unreached else Verdict.OK, seen)


async def _reaches(host: str, port: int, limit: float) -> bool:
    """Whether any address of ``host`` takes a TCP connection; all are tried at once, as one family may be dead."""
    attempts: set[asyncio.Task[bool]] = set()
    try:
        async with asyncio.timeout(limit):
            known = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = [
                entry[4][0]
                for family in (socket.AF_INET, socket.AF_INET6)
                for entry in [each for each in known if each[0] == family][:_ADDRESSES_TRIED]
            ]
            attempts = {asyncio.create_task(_connects(str(address), port)) for address in addresses}
            for attempt in asyncio.as_completed(attempts):
                if await attempt:
                    return True
    except (OSError, UnicodeError, TimeoutError):
        return False
    finally:
        for task in attempts:
            task.cancel()
        await asyncio.gather(*attempts, return_exceptions=True)
    return False


async def _connects(address: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    writer.transport.abort()
    return True


def _older(version: str, offered: str) -> bool:
    """Whether one version comes before another; one its user built (DEV) is nobody's to judge."""
    try:
        return _numbers(version) < _numbers(offered)
    except ValueError:
        return False


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
