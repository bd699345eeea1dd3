"""What can be done with a tunnel's address: copy, show, open, and put into a picture for a phone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from tunneldesk.domain.validation import is_loopback
from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.dialogs import bring_up

if TYPE_CHECKING:
    from tunneldesk.domain.model import AppState
    from tunneldesk.ui.address_dialog import AddressDialog
    from tunneldesk.ui.dialogs import Dialogs
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.telling import Telling
    from tunneldesk.ui.window_presenter import WindowPresenter


class AddressHost(Protocol):
    """What addresses need of the desktop face."""

    dialogs: Dialogs
    telling: Telling
    window: WindowPresenter

    @property
    def state(self) -> AppState:
        """The state as it is now."""


class Addresses:
    """Does it, and never says "copied" where the clipboard did not take it."""

    def __init__(self, host: AddressHost, intents: Intents) -> None:
        self._host = host
        self._intents = intents
        self._dialog: AddressDialog | None = None

    def copy(self, address: str) -> bool:
        """Copy it; where the clipboard won't have it, show it for copying by hand."""
        copied = copy(address)
        if not copied:
            self._show(address)
        return copied

    def copy_of(self, key: str) -> bool:
        """Copy a tunnel's; a window that is in use shows it selected by itself."""
        address = self._of(key)
        if address is None:
            return False
        window = self._host.window.shown
        return copy(address) if window is not None and window.isActiveWindow() else self.copy(address)

    def copy_and_tell(self, key: str) -> None:
        """Copy a tunnel's from where nothing shows that it was done, and tell that it was."""
        address = self._of(key)
        if address is not None and self.copy(address):
            title = QCoreApplication.translate("Addresses", "Address copied")
            clicked = partial(self._intents.show_details, key)
            self._host.telling.tell(title, address, clicked, lambda state: _address(state, key) == address)

    def tell_live(self, key: str, address: str, wants_copy: bool) -> None:
        """Tell that a tunnel is live, its address in the clipboard where the user wants that."""
        tunnel = self._host.state.tunnel(key)
        text = address
        if wants_copy and self.copy(address):
            words = QCoreApplication.translate("Addresses", "{address} is in the clipboard.")
            text = words.replace("{address}", address)
        if tunnel is not None:
            self._host.telling.tell_live(tunnel, text)

    def open(self, key: str) -> None:
        """Open a tunnel's in the browser."""
        address = self._of(key)
        if address is not None:
            QDesktopServices.openUrl(QUrl(address))

    def show_qr(self, key: str) -> None:
        """Show a tunnel's as a picture that a phone can read."""
        from tunneldesk.ui.qr_dialog import QrDialog

        address = self._of(key)
        if address is not None:
            here_only = is_loopback(urlsplit(address).hostname or "")
            self._host.dialogs.show(QrDialog(address, here_only=here_only, parent=self._host.window.shown))

    def close(self) -> None:
        """Take what is shown off the screen."""
        if self._dialog is not None:
            self._dialog.hide()

    def _of(self, key: str) -> str | None:
        return _address(self._host.state, key)

    def _show(self, address: str) -> None:
        from tunneldesk.ui.address_dialog import AddressDialog

        self._dialog = AddressDialog(address)
        bring_up(self._dialog)


def _address(state: AppState, key: str) -> str | None:
    tunnel = state.tunnel(key)
    return tunnel.address if tunnel is not None else None
