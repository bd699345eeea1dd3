"""One registered connection of the connector to the edge."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tunneldesk.backend import link
from tunneldesk.backend.http1 import MessageError, head_end, parse_response
from tunneldesk.backend.receiving import Receiver

if TYPE_CHECKING:
    from tunneldesk.backend.connector_run import Connector


class RefusedError(Exception):
    """The edge refuses the registration; its text says why."""


class Control(Receiver):
    """Registers on connecting, then takes the edge's notes.

    Attributes:
        registered: Gives the edge's first note, or raises RefusedError or ConnectionError.
        lost: Done when the connection is gone.
        unregistered: Done when the edge has agreed to give us nothing more, or is gone.
    """

    def __init__(self, connector: Connector, index: int) -> None:
        super().__init__(connector.buffer)
        loop = asyncio.get_running_loop()
        self.registered: asyncio.Future[dict[str, Any]] = loop.create_future()
        self.lost: asyncio.Future[None] = loop.create_future()
        self.unregistered: asyncio.Future[None] = loop.create_future()
        self._connector = connector
        self._index = index
        self._transport: asyncio.Transport
        self._greeting = b""
        self._welcomed = False
        self._reader = link.FrameReader()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Register."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker: a TCP client's
        self._transport = transport
        transport.write(self._connector.hello(self._index, link.ROLE_CONTROL))

    def data_received(self, data: bytes) -> None:
        """Read the edge's consent or refusal, then its notes."""
        if not self._welcomed:
            self._greeting += data
            try:
                end = head_end(self._greeting)
                if end < 0 or parse_response(self._greeting[:end]).status != 101:
                    return  # a refusal is read to its end
            except MessageError:
                self.abort()
                return
            self._welcomed = True
            data = self._greeting[end:]
        if not data:
            return
        try:
            for _, payload, _ in self._reader.feed(data):
                self._take(link.read_note(payload))
        except link.LinkError:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        if not self.registered.done():
            end = self._greeting.find(b"\r\n\r\n")
            if end >= 0 and not self._welcomed:
                reason = self._greeting[end + 4 :].decode("utf-8", "replace")
                self.registered.set_exception(RefusedError(reason))
            else:
                lost = ConnectionError(str(exc) if exc else "EOF")
                self.registered.set_exception(lost)
            self.registered.exception()  # it may be that nobody waits any more
        for future in (self.lost, self.unregistered):
            if not future.done():
                future.set_result(None)

    def unregister(self) -> None:
        """Ask the edge for nothing more."""
        self._transport.write(link.note("unregister"))

    def undialled(self) -> None:
        """Tell the edge that a carrier it asked for will not come."""
        self._transport.write(link.note("undialled"))

    def abort(self) -> None:
        """Cut the connection."""
        self._transport.abort()

    def _take(self, note: dict[str, Any]) -> None:
        kind = note.get("note")
        if kind == "registered" and not self.registered.done():
            self._connector.configure(note)
            self.registered.set_result(note)
        elif kind == "dial" and isinstance(note.get("count"), int):
            self._connector.dial(self, self._index, note["count"])
        elif kind == "unregistered" and not self.unregistered.done():
            self.unregistered.set_result(None)
