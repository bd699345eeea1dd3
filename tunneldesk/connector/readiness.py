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
    answer = await ask(address, "/ready", _LONGEST_ANSWER)
    if answer is None:
        return None
    _, _, body = answer.partition(b"\r\n\r\n")
    try:
        count = json.loads(body)["readyConnections"]
    except (ValueError, KeyError, TypeError):
        return None
    return count if isinstance(count, int) else None


async def ask(address: str, path: str, longest: int) -> bytes | None:
    """Return what the metrics server answers, head and all; None when it does not.

    Args:
        address: host:port.
        path: What is asked for.
        longest: Bytes after which no more is read.
    """
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(_TIME_LIMIT):
            reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
            try:
                writer.write(f"GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n".encode())
                await writer.drain()
                return await _read_all(reader, longest)
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return None


async def _read_all(reader: asyncio.StreamReader, longest: int) -> bytes:
    answer = b""
    while len(answer) < longest and (chunk := await reader.read(longest)):
        answer += chunk
    return answer
