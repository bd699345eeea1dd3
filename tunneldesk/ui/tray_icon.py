"""The icon in the tray."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QSystemTrayIcon

from tunneldesk.domain.preferences import TrayStyle
from tunneldesk.presentation.status import Mark
from tunneldesk.ui.icons import (
    MONOCHROME,
    ON_DARK,
    ON_LIGHT,
    PLAIN_ON_DARK,
    PLAIN_ON_LIGHT,
    WORKING_FRAMES,
    Tint,
    tray_icon,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from tunneldesk.presentation.tray import TrayView
    from tunneldesk.ui.theme import Look
    from tunneldesk.ui.tray_watch import TrayWatch

_FRAME_MS = 250
_ON_SCREEN_MS = 15_000
"""For how long a notification may be on the screen; Qt tells that one was clicked, and not which."""


class TrayIcon(QObject):
    """Shows a `TrayView` as icon and tooltip, and turns clicks into what the platform expects of them.

    Signals:
        window_wanted: A click that shows the window.
        copy_wanted: A middle click, which copies the newest address.
        appeared: There is a tray now where there was none before.
        vanished: The tray is gone, and the icon with it.
    """

    window_wanted = Signal()
    copy_wanted = Signal()
    appeared = Signal()
    vanished = Signal()

    def __init__(self, look: Look, first: QSystemTrayIcon | None = None) -> None:
        """Show an icon, or go on with the one that is shown already."""
        super().__init__()
        self._look = look
        self._shown: tuple[Mark, Tint, int, int] | None = None
        self._mark, self._count, self._frame = Mark.IDLE, 0, 0
        self._on_message: Callable[[], None] | None = None
        self._several = False
        self._on_screen = QTimer(self, singleShot=True, interval=_ON_SCREEN_MS)
        self._style = TrayStyle.SYSTEM
        self._menu: QMenu | None = None
        self._early: tuple[QSystemTrayIcon.ActivationReason, QPoint] | None = None
        self._tooltip = "TunnelDesk"
        self._watch: TrayWatch | None = None
        self._icon = self._made(first)
        self._moving = QTimer(self, interval=_FRAME_MS)
        self._moving.timeout.connect(self._move)
        look.changed.connect(self._draw)
        self._draw()
        self._icon.show()

    def watch(self) -> None:
        """Follow the tray from now on: it may be gone, and come again."""
        from tunneldesk.ui.tray_watch import TrayWatch  # when the icon has been drawn

        self._watch = TrayWatch(self)
        self._watch.appeared.connect(self._tray_appeared)
        self._watch.vanished.connect(self._tray_vanished)
        if self.available != self._was_available:
            self._tray_appeared()

    @property
    def available(self) -> bool:
        """Whether this desktop has a tray now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def set_menu(self, menu: QMenu) -> None:
        """Show this menu where the platform expects one."""
        self._menu = menu
        self._icon.setContextMenu(menu)
        if self._early is not None:
            QTimer.singleShot(0, self, self._make_up_for)

    def render_view(self, view: TrayView) -> None:
        """Show this; it moves only while something is being worked on."""
        self._mark, self._count = view.mark, view.count
        if self._mark is not Mark.WORKING:
            self._moving.stop()
            self._frame = 0
        elif not self._moving.isActive():
            self._moving.start()
        if self._tooltip != view.tooltip:
            self._tooltip = view.tooltip
            self._icon.setToolTip(view.tooltip)
        self._draw()

    @property
    def tells(self) -> bool:
        """Whether the system shows notifications of ours."""
        if not (self.available and QSystemTrayIcon.supportsMessages()):
            return False
        if sys.platform != "linux":
            return True
        from tunneldesk.ui.notification_service import notifications_are_shown  # when the icon has been drawn

        return notifications_are_shown()

    def notify(self, title: str, text: str, clicked: Callable[[], None], *, grave: bool = False) -> None:
        """Have the desktop show a notification; ``clicked`` is called when the user clicks it.

        While there may be several on the screen a click shows the window: better all tunnels than the wrong one.
        """
        self._on_message = clicked
        self._several = self._on_screen.isActive()
        self._on_screen.start()
        kind = QSystemTrayIcon.MessageIcon.Warning if grave else QSystemTrayIcon.MessageIcon.Information
        self._icon.showMessage(title, text, kind)

    def hide(self) -> None:
        """Take the icon out of the tray."""
        self._moving.stop()
        if self._watch is not None:
            self._watch.stop()
        self._icon.hide()

    def _move(self) -> None:
        self._frame = (self._frame + 1) % WORKING_FRAMES
        self._draw()

    def _draw(self) -> None:
        shown = (self._mark, self._tint(), self._count, self._frame)
        if shown != self._shown:
            self._shown = shown
            self._icon.setIcon(tray_icon(self._mark, self._tint(), count=self._count, frame=self._frame))

    def choose_style(self, style: TrayStyle) -> None:
        """Colour the icon this way from now on."""
        if style is not self._style:
            self._style = style
            self._draw()

    def _tint(self) -> Tint:
        if sys.platform == "darwin":
            return MONOCHROME
        dark = self._style is TrayStyle.DARK or (self._style is not TrayStyle.LIGHT and self._look.dark)
        if self._style is TrayStyle.PLAIN:
            return PLAIN_ON_DARK if dark else PLAIN_ON_LIGHT
        return ON_DARK if dark else ON_LIGHT

    def _make_up_for(self) -> None:
        """Do what was clicked while the icon was there and nothing behind it yet."""
        if self._early is None or self._menu is None:
            return
        (reason, place), self._early = self._early, None
        if reason is QSystemTrayIcon.ActivationReason.Context:
            self._menu.popup(place)
        else:
            self._activated(reason)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if self._menu is None:
            self._early = reason, QCursor.pos()
        elif reason is QSystemTrayIcon.ActivationReason.MiddleClick:
            self.copy_wanted.emit()
        elif reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.window_wanted.emit()

    def _message_clicked(self) -> None:
        if self._several and self._on_screen.isActive():
            self.window_wanted.emit()
        elif self._on_message:
            self._on_message()

    def _made(self, icon: QSystemTrayIcon | None = None) -> QSystemTrayIcon:
        self._was_available = self.available
        icon = icon or QSystemTrayIcon()
        icon.setParent(self)
        icon.setToolTip(self._tooltip)
        icon.activated.connect(self._activated)
        icon.messageClicked.connect(self._message_clicked)
        if self._menu is not None:
            icon.setContextMenu(self._menu)
        return icon

    def _tray_vanished(self) -> None:
        """Take the icon out, or Qt registers it with the next tray, only for it to be replaced there at once."""
        self._icon.hide()
        self.vanished.emit()

    def _tray_appeared(self) -> None:
        """Qt binds an icon to the kind of tray there is when it is made, so another tray gets another icon."""
        self._icon.hide()
        self._icon.deleteLater()
        self._icon = self._made()
        self._shown = None
        self._draw()
        self._icon.show()
        self.appeared.emit()
