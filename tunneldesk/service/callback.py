"""The address on this machine to which an older server sends the browser when somebody has signed in.

One answer is taken, and only one that names the sign-in it belongs to: any page can have a browser come here.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs, urlsplit

from tunneldesk.domain.errors import ErrorCode, Failure, ServerRefusedError
from tunneldesk.domain.secret import Secret
from tunneldesk.domain.sign_in import Landing

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_PATH = "/signed-in"
_HEAD_MAX = 16 * 1024
_HEAD_WITHIN = 10.0


class Callback:
    """Listens on a free port of 127.0.0.1 for as long as the block lasts.

    Args:
        page: Returns the HTML that the browser is shown.
    """

    def __init__(self, page: Callable[[Landing], str]) -> None:
        self._page = page
        self._server: asyncio.Server | None = None
        self._answers: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._taken = False
        self._told = asyncio.Event()
        self._state: Secret | None = None
        self.url = ""
        """Where to send the browser."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._visited, "127.0.0.1", 0, limit=_HEAD_MAX)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}{_PATH}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()

    async def code(self, state: Secret) -> Secret:
        """Wait for the browser; return the login code that it brings.

        Raises:
            ServerRefusedError: It brings a refusal.
        """
        self._state = state
        answer = await self._answers.get()
        if "code" in answer:
            return Secret(answer["code"])
        try:
            code = ErrorCode(answer.get("error", ""))
        except ValueError:
            code = ErrorCode.SLACK_OAUTH_FAILED
        raise ServerRefusedError(Failure(code))

    async def told(self) -> None:
        """Wait until a browser that has come shows its page."""
        await self._told.wait()

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_WITHIN):
                head = await reader.readuntil(b"\r\n\r\n")
            status, landing = self._answered(head.split(b"\r\n", 1)[0].decode("latin-1"))
            page = self._page(landing).encode()
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n"
                "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n".encode()
                + page
            )
            await writer.drain()
            if self._taken:
                self._told.set()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    def _answered(self, request: str) -> tuple[str, Landing]:
        """Take the answer out of a request line; return the status, and what the browser is told."""
        method, _, rest = request.partition(" ")
        try:
            parts = urlsplit(rest.partition(" ")[0])
            fields = {name: values[0] for name, values in parse_qs(parts.query, max_num_fields=20).items()}
        except ValueError:
            return "400 Bad Request", Landing.NOTHING
        if method != "GET" or parts.path != _PATH:
            return "404 Not Found", Landing.NOTHING
        if self._taken or self._state is None or not _same(fields.get("state", ""), self._state):
            return "400 Bad Request", Landing.OUTDATED
        self._taken = True
        self._answers.put_nowait(fields)
        return "200 OK", Landing.SIGNED_IN if "code" in fields else Landing.REFUSED


def _same(given: str, state: Secret) -> bool:
    return hmac.compare_digest(given.encode(), state.reveal().encode())
