"""Whether something listens on a port of this machine, and whether it speaks TLS."""

from __future__ import annotations

import ssl

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QTcpSocket

_TYPING_MS = 250
_ALERT, _HANDSHAKE = 0x15, 0x16
"""How a record begins that only TLS would send (RFC 8446 5.1)."""


class PortProbe(QObject):
    """Dials ``localhost`` on both families, since Node's development servers often listen on ``::1`` only.

    Signals:
        answered: The port, and whether something took the connection.
        speaks_tls: The port; what took the connection answered a TLS greeting in kind.
    """

    answered = Signal(int, bool)
    speaks_tls = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port = 0
        self._greeted: set[int] = set()
        self._socket = QTcpSocket(self)
        self._socket.connected.connect(self._connected)
        self._socket.readyRead.connect(self._heard)
        self._socket.errorOccurred.connect(self._refused)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._dial)
        self._greeting = False

    def ask(self, port: int) -> None:
        """Find out about this port, once the user has stopped typing; an earlier question is dropped."""
        self.stop()
        self._port = port
        self._typing.start()

    def stop(self) -> None:
        """Ask no more."""
        self._typing.stop()
        self._greeting = False
        self._socket.abort()

    def _dial(self) -> None:
        self._socket.connectToHost("localhost", self._port)

    def _connected(self) -> None:
        self.answered.emit(self._port, True)
        if self._port in self._greeted:
            self._socket.abort()
            return
        # Once only: a plain server writes into its log that it does not understand.
        self._greeted.add(self._port)
        self._greeting = True
        self._socket.write(_client_hello())

    def _heard(self) -> None:
        first = bytes(self._socket.read(1).data())
        self.stop()
        if first and first[0] in {_ALERT, _HANDSHAKE}:
            self._greeted.discard(self._port)  # it is to be said each time
            self.speaks_tls.emit(self._port)

    def _refused(self) -> None:
        greeting = self._greeting
        self.stop()
        if not greeting:
            self.answered.emit(self._port, False)


def _client_hello() -> bytes:
    """Return what a TLS client says first; nothing of it is about us."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    said = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), said, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        return said.read()
    raise AssertionError("a handshake takes two")
