"""The icon in the tray."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from tunneldesk.presentation.status import Mark
from tunneldesk.ui.icons import MONOCHROME, ON_DARK, ON_LIGHT, WORKING_FRAMES, Tint, tray_icon

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from tunneldesk.presentation.tray import TrayView
    from tunneldesk.ui.theme import Look

_FRAME_MS = 250
_LOOK_FOR_TRAY_MS = 2000


class TrayIcon(QObject):
    """Shows a `TrayView` as icon and tooltip, and turns clicks into what the platform expects of them.

    Signals:
        window_wanted: A click that shows the window.
        copy_wanted: A middle click, which copies the newest address.
        appeared: There is a tray now where there was none before.
    """

    window_wanted = Signal()
    copy_wanted = Signal()
    appeared = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[Mark, Tint, int, int] | None = None
        self._mark, self._count, self._frame = Mark.IDLE, 0, 0
        self._on_message: Callable[[], None] | None = None
        self._icon = QSystemTrayIcon(self)
        self._icon.setToolTip("TunnelDesk")
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self._message_clicked)
        self._moving = QTimer(self, interval=_FRAME_MS)
        self._moving.timeout.connect(self._move)
        self._looking = QTimer(self, interval=_LOOK_FOR_TRAY_MS)
        self._looking.timeout.connect(self._look_for_tray)
        look.changed.connect(self._draw)
        self._draw()
        self._icon.show()
        if not self.available:
            self._looking.start()

    @property
    def available(self) -> bool:
        """Whether this desktop has a tray now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def set_menu(self, menu: QMenu) -> None:
        """Show this menu where the platform expects one."""
        self._icon.setContextMenu(menu)

    def render_view(self, view: TrayView) -> None:
        """Show this; it moves only while something is being worked on."""
        self._mark, self._count = view.mark, view.count
        if self._mark is not Mark.WORKING:
            self._moving.stop()
            self._frame = 0
        elif not self._moving.isActive():
            self._moving.start()
        if self._icon.toolTip() != view.tooltip:
            self._icon.setToolTip(view.tooltip)
        self._draw()

    def notify(self, title: str, text: str, clicked: Callable[[], None], *, grave: bool = False) -> None:
        """Have the desktop show a notification; ``clicked`` is called when the user clicks it."""
        self._on_message = clicked
        kind = QSystemTrayIcon.MessageIcon.Warning if grave else QSystemTrayIcon.MessageIcon.Information
        self._icon.showMessage(title, text, kind)

    def hide(self) -> None:
        """Take the icon out of the tray."""
        self._moving.stop()
        self._looking.stop()
        self._icon.hide()

    def _move(self) -> None:
        self._frame = (self._frame + 1) % WORKING_FRAMES
        self._draw()

    def _draw(self) -> None:
        shown = (self._mark, self._tint(), self._count, self._frame)
        if shown != self._shown:
            self._shown = shown
            self._icon.setIcon(tray_icon(self._mark, self._tint(), count=self._count, frame=self._frame))

    def _tint(self) -> Tint:
        if sys.platform == "darwin":
            return MONOCHROME
        return ON_DARK if self._look.dark else ON_LIGHT

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.MiddleClick:
            self.copy_wanted.emit()
        elif reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.window_wanted.emit()

    def _message_clicked(self) -> None:
        if self._on_message:
            self._on_message()

    def _look_for_tray(self) -> None:
        """At login the tray may come later than we do: an icon shown too early is shown again."""
        if self.available:
            self._looking.stop()
            self._icon.hide()
            self._icon.show()
            self.appeared.emit()
