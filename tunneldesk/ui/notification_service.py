"""Whether anybody on the session bus shows notifications: Qt takes for granted that somebody does.

Trays on D-Bus, such as waybar's and i3's, do not bring a service for notifications with them. A tray that does not
speak D-Bus has Qt draw them itself.
"""

from __future__ import annotations

from PySide6.QtDBus import QDBusConnection

from tunneldesk.ui.tray_watch import WATCHER

SERVICE = "org.freedesktop.Notifications"
_LIMIT_MS = 500
"""The bus itself is asked, which answers within a millisecond."""


def notifications_are_shown() -> bool:
    """Return whether a notification that Qt sends from our icon is seen by anybody."""
    return shown_on(QDBusConnection.sessionBus())


def shown_on(bus: QDBusConnection) -> bool:
    """Return whether what is sent over this session bus is seen, or need not be sent over it at all."""
    if not bus.isConnected():
        return True
    asked = bus.interface()
    asked.setTimeout(_LIMIT_MS)
    if asked.isServiceRegistered(SERVICE).value() or not asked.isServiceRegistered(WATCHER).value():
        return True
    return SERVICE in asked.activatableServiceNames().value()
