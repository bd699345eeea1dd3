"""One app per home: a second launch hands its arguments to the first and ends."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from tunneldesk.desktop_options import DesktopOptions

_ANSWER_MS = 2000
_LOOK_AGAIN_MS = 200
_MOST_BYTES = 4096
_HEARD = b"heard\n"

_WORDS, _SWITCH = (str, type(None)), (bool,)
_KINDS: dict[str, tuple[type, ...]] = {
    "demo": _SWITCH,
    "server": _WORDS,
    "expose_port": (int, type(None)),
    "expose_name": _WORDS,
    "link": _WORDS,
    "background": _SWITCH,
    "quit": _SWITCH,
}
"""What each of the options is in JSON; a bool is no int here."""


class SingleInstance(QObject):
    """The first app listens on a local socket whose name comes from its home; a second finds it taken.

    Only an answer counts: a socket file that a crashed app left behind answers nothing, is removed, and never keeps
    a new app from starting.

    Signals:
        launched_again: Another launch handed over its `DesktopOptions`.
    """

    launched_again = Signal(object)

    def __init__(self, key: str) -> None:
        super().__init__()
        self._name = f"tunneldesk-{key}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self, options: DesktopOptions) -> bool:
        """Become the first app, or hand over to the one there is.

        Returns:
            True when this is the first app; False when another one has heard ``options``.
        """
        if self._hand_over(options):
            return False
        if not self._server.listen(self._name):
            # Nobody answered, so what is there is left over.
            QLocalServer.removeServer(self._name)
            if not self._server.listen(self._name):
                # Another launch was quicker by a moment.
                return not self._hand_over(options)
        return True

    def end_first(self, seconds: float) -> bool:
        """Have the first app quit, if there is one, and wait until it has.

        It is asked again while it is still there: at its very start it does not hear yet.

        Returns:
            Whether there is none any more.
        """
        ends = time.monotonic() + seconds
        while self._is_taken():
            if time.monotonic() >= ends:
                return False
            self._hand_over(DesktopOptions(quit=True))
            QThread.msleep(_LOOK_AGAIN_MS)
        return True

    def release(self) -> None:
        """Listen no more."""
        self._server.close()

    def _is_taken(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        taken = socket.waitForConnected(_ANSWER_MS)
        socket.abort()
        return taken

    def _hand_over(self, options: DesktopOptions) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_ANSWER_MS):
            return False
        socket.write(json.dumps(asdict(options)).encode() + b"\n")
        socket.flush()
        answered = socket.waitForReadyRead(_ANSWER_MS) and socket.readAll().data() == _HEARD
        socket.abort()
        return answered

    def _greet(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.setParent(self)
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(lambda: self._read(socket))

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MOST_BYTES:
                socket.abort()
            return
        options = _understood(bytes(socket.readLine(_MOST_BYTES).data()))
        if options is None:
            socket.abort()
            return
        socket.write(_HEARD)
        socket.flush()
        self.launched_again.emit(options)


def _understood(said: bytes) -> DesktopOptions | None:
    """Return what a launch asks for; another version may say more, and that is left out."""
    try:
        fields: object = json.loads(said)
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    known = {name: fields[name] for name in _KINDS if name in fields}
    if any(type(value) not in _KINDS[name] for name, value in known.items()):
        return None
    return DesktopOptions(**known)
