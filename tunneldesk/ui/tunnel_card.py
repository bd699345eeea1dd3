"""One tunnel in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tunneldesk.ui.flow import flowing
from tunneldesk.ui.heartbeat_strip import HeartbeatStrip
from tunneldesk.ui.hops_row import HopsRow
from tunneldesk.ui.intents import Field
from tunneldesk.ui.lease_gauge import LeaseGauge
from tunneldesk.ui.marks import StatusChip
from tunneldesk.ui.parts import button, label, restyle, scale_font, set_text
from tunneldesk.ui.theme import SPACE
from tunneldesk.ui.trouble_row import TroubleRow

if TYPE_CHECKING:
    from tunneldesk.presentation.window import CardView
    from tunneldesk.ui.card_details import CardDetails
    from tunneldesk.ui.intents import Intents

_COPIED_SHOWN_MS = 1500


class TunnelCard(QFrame):
    """Shows a `CardView`: address and state first, then hops and heartbeats, then what can be done.

    Signals:
        unfold_wanted: The tunnel's key, and whether its details are to be shown.
    """

    unfold_wanted = Signal(str, bool)

    def __init__(self, intents: Intents, parent: QWidget | None = None) -> None:
        """Make a card that shows no tunnel yet; it shows the same one from its first view on."""
        super().__init__(parent)
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._key = ""
        self._intents = intents
        self._view: CardView | None = None
        self._address = label(selectable=True, wrap=False)
        scale_font(self._address, 1.25, bold=True)
        self._address.setMinimumWidth(SPACE * 10)  # a long one is cut off, and whole in its tool tip
        self._chip = StatusChip()
        self._target = label(role="muted", selectable=True)
        self._uptime = label(role="muted")
        self._stops = label(role="muted")
        self._strip = HeartbeatStrip()
        self._gauge = LeaseGauge(self._strip.sizeHint().width())
        self._lease = label(role="muted")
        self._trouble = TroubleRow(intents)
        self._hops = HopsRow(intents)
        self._copy = button(self.tr("Copy"), self._copy_address)
        self._open = button(self.tr("Open"), lambda: intents.open_address(self._key))
        self._change = button(self.tr("Change..."), lambda: intents.change(self._key, Field.PORT))
        self._restart = button("", lambda: intents.restart(self._key))
        self._qr = button(self.tr("QR code"), lambda: intents.show_qr(self._key))
        self._unfold = button(
            self.tr("Details"), lambda: self.unfold_wanted.emit(self._key, not self._details_shown), flat=True
        )
        self._details: CardDetails | None = None
        self._end = button("", lambda: intents.end(self._key))
        self._copied = QTimer(self, singleShot=True, interval=_COPIED_SHOWN_MS)
        self._copied.timeout.connect(lambda: self._copy.setText(self.tr("Copy")))
        self._lay_out()

    def _lay_out(self) -> None:
        picture = QWidget()
        beats = QVBoxLayout(picture)
        beats.setContentsMargins(0, 0, 0, 0)
        beats.setSpacing(SPACE // 2)
        beats.addWidget(self._strip)
        beats.addWidget(self._gauge)
        self._beats = flowing(picture, self._lease, gap=SPACE * 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 3 // 2)
        column.setSpacing(SPACE)
        # The chip goes below an address that needs the whole line.
        column.addWidget(flowing(self._address, self._chip, last_apart=True))
        facts = (self._target, self._uptime, self._stops, self._unfold)
        column.addWidget(flowing(*facts, last_apart=True, gap=SPACE * 2))
        column.addWidget(self._trouble)
        column.addWidget(self._hops)
        column.addWidget(self._beats)
        column.addWidget(
            flowing(
                *(self._copy, self._open, self._qr, self._change, self._restart, self._end),
                last_apart=True,
            )
        )
        self._column = column

    def render_card(self, view: CardView) -> None:
        """Show this tunnel as it is now; only what changed is touched."""
        if view == self._view:
            return
        self._view, self._key = view, view.key
        set_text(self._address, view.address or view.name)
        # Beside its words, not in their place: the address is what whoever listens wants to hear.
        self._address.setAccessibleDescription(self.tr("Address") if view.address else self.tr("Name"))
        self._address.setToolTip(view.address or "")
        self._address.setEnabled(view.reachable or view.address is None)
        self._chip.render_status(view.status)
        set_text(self._target, f"\N{RIGHTWARDS ARROW} {view.target}")
        set_text(self._uptime, view.uptime)
        self._uptime.setToolTip(view.uptime_exact)
        self._uptime.setVisible(bool(view.uptime))
        set_text(self._stops, view.stops)
        self._stops.setVisible(bool(view.stops))
        self._stops.setToolTip(view.stops_exact)
        self._stops.setAccessibleDescription(view.stops_exact)
        self._strip.render_ticks(view.ticks)
        self._beats.setVisible(view.lease is not None)
        if view.lease:
            self._gauge.render_lease(view.lease.fraction, low=view.lease.low)
            set_text(self._lease, view.lease.words)
            self._lease.setToolTip(view.lease.exact)
            restyle(self._lease, "role", "warning" if view.lease.low else "muted")
        self._trouble.render_trouble(view.trouble, view.key, view.name)
        self._hops.render_hops(view.hops, view.key, view.name)
        for each in (self._copy, self._open, self._qr):
            each.setVisible(view.reachable)
        self._restart.setVisible(view.can_restart)
        self._change.setVisible(view.can_restart)
        set_text(self._restart, view.restart_label)
        set_text(self._end, view.end_label)
        self._render_details(view)
        self._name(view)

    def focus_address(self) -> None:
        """Put the focus on the card's first button."""
        (self._copy if self._copy.isVisibleTo(self) else self._end).setFocus(Qt.FocusReason.OtherFocusReason)

    def select_address(self) -> None:
        """Select the address, for a user who has to copy it by hand."""
        self._address.setFocus(Qt.FocusReason.OtherFocusReason)
        self._address.setSelection(0, len(self._address.text()))

    def _name(self, view: CardView) -> None:
        """Tell apart, for whoever listens, buttons that look alike on every card."""
        self.setAccessibleName(f"{view.name}: {view.status.words}")
        for each in (self._copy, self._open, self._qr, self._change, self._restart, self._unfold, self._end):
            each.setAccessibleName(f"{each.text()}: {view.name}")

    @property
    def _details_shown(self) -> bool:
        return self._details is not None and self._details.isVisibleTo(self)

    def _render_details(self, view: CardView) -> None:
        if view.details is not None and self._details is None:
            from tunneldesk.ui.card_details import CardDetails  # only where somebody unfolds a card

            self._details = CardDetails(self._key, view.name, self._intents)
            self._column.addWidget(self._details)
        if self._details is not None:
            self._details.setVisible(view.details is not None)
            if view.details is not None:
                self._details.render_details(view.details)
        set_text(self._unfold, self.tr("Hide details") if view.details is not None else self.tr("Details"))

    def _copy_address(self) -> None:
        if self._intents.copy_address(self._key):
            self._copy.setText(self.tr("Copied"))
            self._copied.start()
        else:
            self.select_address()
