"""Whether there is a tray: it may come after us at login, go when a panel crashes, and come back."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

WATCHER = "org.kde.StatusNotifierWatcher"
"""Who keeps the list of icons where trays speak D-Bus (KDE, Xfce, MATE, GNOME's extension)."""

_LOOK_EVERY_MS, _LOOK_EVERY_WHILE_MISSING_MS = 15_000, 2_000
_AN_X11_TRAY = "xcb"


class TrayWatch(QObject):
    """Tells when a tray appears and when it is gone.

    Trays on D-Bus are heard of by the bus; only the older ones of X11, of which Qt does not tell, are looked for
    now and then, and only where there is no other.

    Signals:
        appeared: There is a tray, or another one than before: the icon has to be made anew.
        vanished: There is none any more.
    """

    appeared = Signal()
    vanished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._there = self.available
        self._looking = QTimer(self)
        self._looking.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._looking.timeout.connect(self._look)
        self._hears = self._listen()
        self._pace()

    @property
    def available(self) -> bool:
        """Whether there is a tray now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def stop(self) -> None:
        """Watch no more."""
        self._looking.stop()
        self.blockSignals(True)

    def _listen(self) -> bool:
        """Have the session bus tell; return whether there is one."""
        if sys.platform != "linux":
            return False
        from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return False
        mode = QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange
        self._watcher = QDBusServiceWatcher(WATCHER, bus, mode, self)
        self._watcher.serviceOwnerChanged.connect(self._owner_changed)
        return True

    def _owner_changed(self, _name: str, _old: str, new: str) -> None:
        # Asked in the next turn: Qt itself hears of it by the same message.
        QTimer.singleShot(0, self, self._look if not new else self._look_again)

    def _look_again(self) -> None:
        """Somebody new keeps the list of icons: ours is not in it."""
        self._there = False
        self._look()

    def _look(self) -> None:
        there = self.available
        if there != self._there:
            self._there = there
            (self.appeared if there else self.vanished).emit()
        self._pace()

    def _pace(self) -> None:
        """Look for what nobody tells of."""
        if self._hears and (self._there or QGuiApplication.platformName() != _AN_X11_TRAY):
            self._looking.stop()
        elif sys.platform == "linux" or not self._there:
            self._looking.start(_LOOK_EVERY_MS if self._there else _LOOK_EVERY_WHILE_MISSING_MS)
        else:
            self._looking.stop()
