"""cloudflared's own word on how many connections it has (``GET /ready`` of its metrics server)."""

from __future__ import annotations

import asyncio
import json

_TIME_LIMIT = 2.0
_LONGEST_ANSWER = 16 * 1024


async def ready_connections(address: str) -> int | None:
    """Return the number of ready connections; None when the metrics server does not answer as it should.

    The answer can be stale: about 5 s after a resume on QUIC, 20 s in a black hole on http2.

    Args:
        address: host:port, as the log announced it.
    """
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(_TIME_LIMIT):
            answer = await _get(host.strip("[]"), int(port), "/ready")
    except (OSError, TimeoutError, ValueError):
        return None
    _, _, body = answer.partition(b"\r\n\r\n")
    try:
        count = json.loads(body)["readyConnections"]
    except (ValueError, KeyError, TypeError):
        return None
    return count if isinstance(count, int) else None


async def _get(host: str, port: int, path: str) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
        await writer.drain()
        return await _read_all(reader)
    finally:
        writer.close()


async def _read_all(reader: asyncio.StreamReader) -> bytes:
    answer = b""
    while len(answer) < _LONGEST_ANSWER and (chunk := await reader.read(_LONGEST_ANSWER)):
        answer += chunk
    return answer
