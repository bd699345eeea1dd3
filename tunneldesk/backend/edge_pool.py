"""The connectors attached to one tunnel, their idle carriers, and the visitors waiting for one."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tunneldesk.backend.directory import Route
    from tunneldesk.backend.edge_limits import Limits
    from tunneldesk.backend.edge_links import Carrier, Control


class Waiting(Protocol):
    """A visitor's connection that needs a carrier."""

    def granted(self, carrier: Carrier) -> None:
        """Take this carrier."""

    def denied(self) -> None:
        """No connector is attached any more."""


class Attachment:
    """One connector process: its registered connections and its carriers.

    Attributes:
        connector_id: UUID it names itself by.
        controls: Its registered connections.
        carriers: Its carriers, idle and busy.
        draining: Whether it is shutting down and takes no new requests.
    """

    __slots__ = ("carriers", "connector_id", "controls", "draining")

    def __init__(self, connector_id: str) -> None:
        self.connector_id = connector_id
        self.controls: list[Control] = []
        self.carriers: set[Carrier] = set()
        self.draining = False

    def control(self, index: bytes) -> Control | None:
        """Return the registered connection of this number."""
        return next((control for control in self.controls if control.index == index), None)


class Pool:
    """All connectors of one tunnel.

    Attributes:
        route: The tunnel.
        buffer: What its connections receive into.
    """

    def __init__(self, route: Route, limits: Limits, buffer: memoryview) -> None:
        self.route = route
        self.buffer = buffer
        self._limits = limits
        self._attachments: dict[str, Attachment] = {}
        self._idle: list[Carrier] = []
        self._waiting: deque[Waiting] = deque()
        self._turn = 0

    @property
    def connectors(self) -> int:
        """How many connector processes are attached."""
        return len(self._attachments)

    @property
    def serving(self) -> bool:
        """Whether a connector is attached that takes requests."""
        return any(not attachment.draining for attachment in self._attachments.values())

    def attach(self, connector_id: str, control: Control) -> Attachment:
        """Add a registered connection."""
        attachment = self._attachments.setdefault(connector_id, Attachment(connector_id))
        stale = attachment.control(control.index)
        attachment.controls.append(control)
        if stale is not None:
            stale.abort()  # its end has not been noticed yet
        return attachment

    def attachment(self, connector_id: str) -> Attachment | None:
        """Return the attached connector of this id."""
        return self._attachments.get(connector_id)

    def detach(self, attachment: Attachment, control: Control) -> None:
        """Remove a registered connection; with the last one, the connector."""
        attachment.controls.remove(control)
        if attachment.controls:
            self.refill()
            return
        self.drain(attachment)
        del self._attachments[attachment.connector_id]
        if not self._attachments:
            waiting, self._waiting = self._waiting, deque()
            for visitor in waiting:
                visitor.denied()

    def drain(self, attachment: Attachment) -> None:
        """Give a connector nothing new; requests in flight finish."""
        attachment.draining = True
        mine = [carrier for carrier in self._idle if carrier.attachment is attachment]
        for carrier in mine:
            carrier.close()

    def take(self) -> Carrier | None:
        """Return an idle carrier, or None when there is none just now."""
        carrier = self._idle.pop() if self._idle else None
        if len(self._idle) < self._limits.idle_carriers:
            self.refill()
        return carrier

    def wait(self, visitor: Waiting) -> None:
        """Call ``granted`` or ``denied`` of ``visitor`` as soon as it is known."""
        self._waiting.append(visitor)
        self.refill()

    def forget(self, visitor: Waiting) -> None:
        """Stop waiting."""
        self._waiting.remove(visitor)

    def offer(self, carrier: Carrier) -> None:
        """Take in a carrier that has just been dialled, or whose exchange is over."""
        if self._waiting and not carrier.attachment.draining:
            self._waiting.popleft().granted(carrier)
        elif carrier.attachment.draining or len(self._idle) >= self._limits.idle_carriers_kept:
            carrier.close()
        else:
            self._idle.append(carrier)

    def lost(self, carrier: Carrier) -> None:
        """Forget a carrier that is closing."""
        carrier.attachment.carriers.discard(carrier)
        if carrier in self._idle:
            self._idle.remove(carrier)

    def refill(self) -> None:
        """Ask the connectors to dial what is missing."""
        if not self._waiting and len(self._idle) >= self._limits.idle_carriers:
            return
        controls = [
            control
            for attachment in self._attachments.values()
            if not attachment.draining
            for control in attachment.controls
        ]
        asked = sum(control.asked for control in controls)
        missing = len(self._waiting) + self._limits.idle_carriers - len(self._idle) - asked
        if missing <= 0 or not controls:
            return
        self._turn += 1
        controls[self._turn % len(controls)].ask(missing)

    def cut(self) -> int:
        """Cut every connection of every connector; return how many connectors that were."""
        attachments = list(self._attachments.values())
        for attachment in attachments:
            for carrier in list(attachment.carriers):
                carrier.abort()
            for control in list(attachment.controls):
                control.abort()
        return len(attachments)
