"""Whether something listens on a port of this machine."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QTcpSocket

_TYPING_MS = 250


class PortProbe(QObject):
    """Dials ``localhost`` on both families, since Node's development servers often listen on ``::1`` only.

    Signals:
        answered: The port, and whether something took the connection.
    """

    answered = Signal(int, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port = 0
        self._socket = QTcpSocket(self)
        self._socket.connected.connect(self._connected)
        self._socket.errorOccurred.connect(self._refused)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._dial)

    def ask(self, port: int) -> None:
        """Find out about this port, once the user has stopped typing; an earlier question is dropped."""
        self._port = port
        self._socket.abort()
        self._typing.start()

    def stop(self) -> None:
        """Ask no more."""
        self._typing.stop()
        self._socket.abort()

    def _dial(self) -> None:
        self._socket.connectToHost("localhost", self._port)

    def _connected(self) -> None:
        self._socket.abort()
        self.answered.emit(self._port, True)

    def _refused(self) -> None:
        self._socket.abort()
        self.answered.emit(self._port, False)
