"""The edge's ends of the connections that connectors dial in: controls and carriers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from tunneldesk.backend import link
from tunneldesk.backend.receiving import Receiver

if TYPE_CHECKING:
    import asyncio

    from tunneldesk.backend.edge_pool import Attachment, Pool
    from tunneldesk.backend.edge_public import PublicConnection

LOCATION: Final = "local01"
"""What the edge calls the place it stands in."""


class Control(Receiver):
    """One registered connection of a connector.

    Attributes:
        index: The connector's number for it, 0 to 3.
        asked: Carriers the connector was asked to dial and that have not come yet.
    """

    def __init__(self, transport: asyncio.Transport, pool: Pool, connector_id: str, index: bytes) -> None:
        super().__init__(pool.buffer)
        self.index = index
        self.asked = 0
        self._transport = transport
        self._pool = pool
        self._reader = link.FrameReader()
        self._attachment = pool.attach(connector_id, self)
        self._attached = True
        transport.write(link.welcome() + self._configuration())
        pool.refill()

    def _configuration(self) -> bytes:
        route = self._pool.route
        ingress = [
            {"hostname": route.hostname, "service": f"http://localhost:{route.origin_port}"},
            {"service": "http_status:404"},
        ]
        return link.note(
            "registered",
            connection=str(uuid.uuid4()),
            location=LOCATION,
            version=1,
            config={"ingress": ingress, "warp-routing": {"enabled": False}},
        )

    def ask(self, count: int) -> None:
        """Ask the connector for ``count`` more carriers."""
        self.asked += count
        self._transport.write(link.note("dial", count=count))

    def abort(self) -> None:
        """Cut the connection."""
        self._detach()
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read the connector's notes."""
        try:
            for _, payload, _ in self._reader.feed(data):
                self._take(link.read_note(payload))
        except link.LinkError:
            self.abort()

    def _take(self, note: dict[str, object]) -> None:
        if note.get("note") == "undialled":
            self.asked = max(0, self.asked - 1)
        elif note.get("note") == "unregister":
            self._pool.drain(self._attachment)
            self._transport.write(link.note("unregistered"))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it was lost changes nothing
        """Take the connection off its tunnel."""
        self._detach()

    def _detach(self) -> None:
        if self._attached:
            self._attached = False
            self._pool.detach(self._attachment, self)


class Carrier(Receiver):
    """A connection that carries one request and its answer at a time.

    Attributes:
        attachment: The connector that dialled it.
        visitor: Whose request it carries now.
    """

    def __init__(self, transport: asyncio.Transport, pool: Pool, attachment: Attachment, control: Control) -> None:
        super().__init__(pool.buffer)
        self.attachment = attachment
        self.visitor: PublicConnection | None = None
        self._transport = transport
        self._pool = pool
        self._reader = link.FrameReader()
        self._lost = False
        control.asked = max(0, control.asked - 1)
        attachment.carriers.add(self)
        transport.write(link.welcome())
        pool.offer(self)

    @property
    def origin_port(self) -> int:
        """The local port its requests go to."""
        return self._pool.route.origin_port

    def write(self, data: bytes | memoryview) -> None:
        """Send frames, or bytes of a body frame that is open."""
        self._transport.write(data)

    def pause_reading(self) -> None:
        """Stop taking the answer; the visitor can't keep up."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Go on taking the answer."""
        self._transport.resume_reading()

    def release(self) -> None:
        """Give the carrier back: request and answer are both whole."""
        self.visitor = None
        if not self._lost:
            self._pool.offer(self)

    def close(self) -> None:
        """End the idle carrier."""
        self._forget()
        self._transport.close()

    def break_off(self) -> None:
        """Cut the carrier in the middle of an exchange that its visitor has given up."""
        self.visitor = None
        self.abort()

    def abort(self) -> None:
        """Cut the carrier; its visitor, if any, learns of it."""
        self._forget()
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Hand the answer to the visitor."""
        if self.visitor is not None and self._reader.between_frames and self.visitor.answer_again(data):
            return
        try:
            self._take(self._reader.feed(data))
        except link.LinkError:
            self.abort()
        else:
            if self.visitor is not None:
                self.visitor.flush()

    def _take(self, frames: list[link.Frame]) -> None:
        for kind, payload, last in frames:
            if self.visitor is None:
                raise link.LinkError("an answer nobody asked for")
            if kind == link.BODY:
                self.visitor.answer_body(payload, last=last)
            elif kind == link.RESPONSE:
                self.visitor.answer_head(bytes(payload), last=last)
            elif kind == link.FAILED:
                self.visitor.answer_failed(bytes(payload))
            else:
                raise link.LinkError("a frame that belongs elsewhere")

    def pause_writing(self) -> None:
        """The origin can't keep up: hold the visitor back."""
        if self.visitor is not None:
            self.visitor.hold()

    def resume_writing(self) -> None:
        """The origin has caught up."""
        if self.visitor is not None:
            self.visitor.go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it was lost changes nothing
        """Tell the visitor, if it is still being answered."""
        self._forget()
        visitor, self.visitor = self.visitor, None
        if visitor is not None:
            visitor.carrier_lost()

    def _forget(self) -> None:
        if not self._lost:
            self._lost = True
            self._pool.lost(self)
