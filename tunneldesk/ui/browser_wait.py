"""While somebody signs in with their browser: where it leads, and how much time is left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.flow import flowing
from tunneldesk.ui.parts import button, label, scale_font, set_text
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.account import SigningIn
    from tunneldesk.domain.clock import Clock

_SECOND = 1000


class BrowserWait(QWidget):
    """Shows a `SigningIn`, and opens its address in the browser, once."""

    def __init__(self, clock: Clock, cancel: Callable[[], None], browse: Callable[[str], bool]) -> None:
        """Wait for nobody yet.

        Args:
            clock: Time.
            cancel: Called when the user no longer wants it.
            browse: Opens an address in the browser; returns whether there is one.
        """
        super().__init__()
        self._browse = browse
        self._clock = clock
        self._shown: SigningIn | None = None
        self._opened: str | None = None
        self._whole = 1.0
        self._title = label(wrap=True)
        scale_font(self._title, 1.15, bold=True)
        self._words = label(wrap=True)
        self._address = QLineEdit()
        self._address.setReadOnly(True)
        self._address.setAccessibleName(self.tr("Address to open in the browser"))
        self._copy = button(self.tr("Copy address"), self._copy_address)
        self._again = button(self.tr("Open again"), self._open)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Time left"))
        self._left = label(role="muted")
        self._cancel = button(self.tr("Cancel"), cancel)
        self._ticking = QTimer(self, interval=_SECOND)
        self._ticking.timeout.connect(self._tick)
        self._lay_out()

    def _lay_out(self) -> None:
        ways = QHBoxLayout()
        ways.setSpacing(SPACE)
        ways.addWidget(self._address, 1)
        ways.addWidget(flowing(self._copy, self._again))
        time = QHBoxLayout()
        time.setSpacing(SPACE * 2)
        time.addWidget(self._bar, 1)
        time.addWidget(self._left)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE * 2)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addLayout(ways)
        column.addLayout(time)
        column.addStretch(1)
        column.addLayout(last)

    def render_sign_in(self, signing_in: SigningIn) -> None:
        """Show how it is going."""
        if signing_in == self._shown:
            return
        begun = self._shown is None or self._shown.account != signing_in.account
        self._shown = signing_in
        if begun:
            self._whole = max(1.0, signing_in.ends_at - self._clock.monotonic())
            self._cancel.setFocus()
        address, server = signing_in.address, urlsplit(signing_in.account.server).netloc
        for each in (self._address, self._copy, self._again):
            each.setEnabled(address is not None)
        if address is None:
            set_text(self._title, self.tr("Asking {server} ...").replace("{server}", server))
            set_text(self._words, self.tr("It says where to sign in, then your browser opens."))
            self._address.clear()
        elif address != self._opened:
            set_text(self._title, self.tr("Waiting for your browser"))
            self._address.setText(address)
            self._address.setCursorPosition(0)
            self._open()
        self._tick()

    def forget(self) -> None:
        """The sign-in is over."""
        self._shown = self._opened = None

    def showEvent(self, event: QShowEvent) -> None:
        """Count from now on."""
        super().showEvent(event)
        self._ticking.start()
        self._tick()

    def hideEvent(self, event: QHideEvent) -> None:
        """Count no longer where nobody looks."""
        super().hideEvent(event)
        self._ticking.stop()

    def _open(self) -> None:
        if self._shown is None or self._shown.address is None:
            return
        self._opened = self._shown.address
        who = self._shown.account
        if self._browse(self._opened):
            words = self.tr("A page of {server} has opened there. Sign in as {email}; the rest happens by itself.")
        else:
            words = self.tr(
                "No browser could be opened. Copy the address into one, on this computer or another, and sign in "
                "there as {email}."
            )
        set_text(
            self._words,
            words.replace("{server}", urlsplit(who.server).netloc).replace("{email}", who.email or ""),
        )
        set_text(self._copy, self.tr("Copy address"))

    def _copy_address(self) -> None:
        if copy(self._address.text()):
            set_text(self._copy, self.tr("Copied"))
        else:
            self._address.setFocus()
            self._address.selectAll()

    def _tick(self) -> None:
        if self._shown is None:
            return
        left = max(0.0, self._shown.ends_at - self._clock.monotonic())
        seconds = math.ceil(left)
        words = self.tr("{minutes}:{seconds} left")
        words = words.replace("{minutes}", str(seconds // 60)).replace("{seconds}", f"{seconds % 60:02}")
        set_text(self._left, words)
        self._bar.setRange(0, math.ceil(self._whole))
        self._bar.setValue(seconds)
        self._bar.setAccessibleDescription(words)


def browse(address: str) -> bool:
    """Open an address in the user's browser; return whether there is one."""
    return QDesktopServices.openUrl(QUrl(address))
