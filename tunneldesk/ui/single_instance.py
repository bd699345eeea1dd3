"""One app per home: a second launch hands its arguments to the first and ends."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

if TYPE_CHECKING:
    from collections.abc import Mapping

_ANSWER_MS = 2000
_LOOK_AGAIN_MS = 200
_MOST_BYTES = 4096
_HEARD = b"heard\n"


@dataclass(frozen=True, slots=True)
class Handover:
    """What a second launch was asked to do.

    Attributes:
        port: Port to expose, where one was named.
        name: Requested name for it.
        link: A link of ours to be followed, just as it came.
        quit: Whether the app is to end: an installer wants to replace or remove it.
    """

    port: int | None = None
    name: str | None = None
    link: str | None = None
    quit: bool = False


class SingleInstance(QObject):
    """The first app listens on a local socket whose name comes from its home; a second finds it taken.

    Only an answer counts: a socket file that a crashed app left behind answers nothing, is removed, and never keeps
    a new app from starting.

    Signals:
        launched_again: Another launch handed over a `Handover`.
    """

    launched_again = Signal(object)

    def __init__(self, key: str) -> None:
        super().__init__()
        self._name = f"tunneldesk-{key}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self, handover: Handover) -> bool:
        """Become the first app, or hand over to the one there is.

        Returns:
            True when this is the first app; False when another one has heard ``handover``.
        """
        if self._hand_over(handover):
            return False
        if not self._server.listen(self._name):
            # Nobody answered, so what is there is left over.
            QLocalServer.removeServer(self._name)
            if not self._server.listen(self._name):
                # Another launch was quicker by a moment.
                return not self._hand_over(handover)
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
            self._hand_over(Handover(quit=True))
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

    def _hand_over(self, handover: Handover) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_ANSWER_MS):
            return False
        socket.write(json.dumps(asdict(handover)).encode() + b"\n")
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
        handover = _understood(bytes(socket.readLine(_MOST_BYTES).data()))
        if handover is None:
            socket.abort()
            return
        socket.write(_HEARD)
        socket.flush()
        self.launched_again.emit(handover)


def _understood(said: bytes) -> Handover | None:
    try:
        fields: object = json.loads(said)
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    return _from_fields(fields)


def _from_fields(fields: Mapping[str, object]) -> Handover | None:
    port, name, link = fields.get("port"), fields.get("name"), fields.get("link")
    if not (port is None or (isinstance(port, int) and not isinstance(port, bool))):
        return None
    if not (name is None or isinstance(name, str)):
        return None
    if not (link is None or isinstance(link, str)):
        return None
    ends = fields.get("quit", False)
    if not isinstance(ends, bool):
        return None
    return Handover(port, name, link, ends)
