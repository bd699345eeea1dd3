"""One app per home: a second launch hands its arguments to the first and ends."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QThread
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from tunneldesk.desktop_options import DesktopOptions
from tunneldesk.ui.activation import let_others_come_forward

if TYPE_CHECKING:
    from pathlib import Path

    from filelock import FileLock

ANSWERS_WITHIN = 30.0
"""Seconds that an app gets for hearing a launch: at a login it is busy for a while."""

_CONNECTED_MS = 2000
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
    "activation": _WORDS,
    "quit": _SWITCH,
}
"""What each of the options is in JSON; a bool is no int here."""


class NoAnswerError(Exception):
    """There is another app, but it does not say that it has heard us."""


class Hearer(Protocol):
    """Who does what later launches ask for."""

    @property
    def ending(self) -> bool:
        """Whether nothing more will be done."""

    def again(self, options: DesktopOptions) -> None:
        """Another launch has left it to us."""


class SingleInstance(QObject):
    """Whoever holds the home's lock is the first app, and listens on a local socket named after the home.

    The lock alone tells who is first: the system lets go of it when the app ends, in whatever way, and at no other
    time. The socket only hands over. One that a crashed app left behind never keeps a new app from starting, and an
    app that is too busy to answer is waited for, never replaced. Nothing is heard that would be lost: a launch that
    comes before `hear` waits, and one that comes while the app ends becomes the next first one.

    Args:
        key: Of the home; see `Paths.key`.
        lock: The file whose lock is held.
    """

    def __init__(self, key: str, lock: Path) -> None:
        super().__init__()
        self._name = f"tunneldesk-{key}"
        self._lock_file = lock
        self._lock: FileLock | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._hearer: Hearer | None = None

    def is_taken(self) -> bool:
        """Whether somebody listens; mostly that is the first app, but only `claim` tells for certain.

        Loads nothing, as `claim` must: the library for locks takes a tenth of the time until there is an icon.
        """
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        taken = socket.waitForConnected(_CONNECTED_MS)
        socket.abort()
        return taken

    def claim(self, options: DesktopOptions, seconds: float = ANSWERS_WITHIN) -> bool:
        """Become the first app, or hand over to the one there is; one that is just ending is waited for.

        Returns:
            True when this is the first app; False when another one has heard ``options``.

        Raises:
            NoAnswerError: Another one has not answered in all that time.
        """
        ends = time.monotonic() + seconds
        with suppress(OSError):
            self._lock_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while not self._has_lock():
            if self._hand_over(options, ends):
                return False
            if time.monotonic() >= ends:
                raise NoAnswerError
            QThread.msleep(_LOOK_AGAIN_MS)
        QLocalServer.removeServer(self._name)  # whoever left it is no more
        self._server.listen(self._name)
        return True

    def hear(self, hearer: Hearer) -> None:
        """Have ``hearer`` do what later launches ask for, and what those have asked for that wait already."""
        self._hearer = hearer
        self._server.newConnection.connect(self._greet)
        self._greet()

    def end_first(self, seconds: float) -> bool:
        """Have the first app quit, if there is one, and wait until it has.

        Returns:
            Whether there is none any more.
        """
        ends = time.monotonic() + seconds
        if not self._lock_file.exists():  # and none is made for this: there may be no home
            return not self.is_taken()
        heard = False
        while not self._has_lock():
            if time.monotonic() >= ends:
                return False
            heard = heard or self._hand_over(DesktopOptions(quit=True), ends)
            QThread.msleep(_LOOK_AGAIN_MS)
        self.release()
        return True

    def release(self) -> None:
        """Listen no more, and leave the place to whoever comes next."""
        self._server.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _has_lock(self) -> bool:
        from filelock import FileLock, Timeout  # when the icon is there

        lock = FileLock(self._lock_file, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        except (OSError, NotImplementedError):
            return not self.is_taken()  # no lock is to be had here, so the socket has to do
        self._lock = lock
        return True

    def _hand_over(self, options: DesktopOptions, ends: float) -> bool:
        """Hand over to whoever listens; return whether they have heard it until ``ends`` (monotonic)."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_CONNECTED_MS):
            return False
        let_others_come_forward()
        socket.write(json.dumps(asdict(options)).encode() + b"\n")
        socket.flush()
        left = max(0, int((ends - time.monotonic()) * 1000))
        answered = socket.waitForReadyRead(left) and socket.readAll().data() == _HEARD
        socket.abort()
        return answered

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._listen_to(socket)

    def _listen_to(self, socket: QLocalSocket) -> None:
        socket.setParent(self)
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(lambda: self._read(socket))
        self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MOST_BYTES:
                socket.abort()
            return
        options = _understood(bytes(socket.readLine(_MOST_BYTES).data()))
        if options is None or self._hearer is None or self._hearer.ending:
            socket.abort()
            return
        socket.write(_HEARD)
        socket.flush()
        self._hearer.again(options)


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
