"""A private message bus, and as much of logind on it as says that the machine wakes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Self

from jeepney import DBusAddress, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

if TYPE_CHECKING:
    from pathlib import Path

_MANAGER = DBusAddress("/org/freedesktop/login1", interface="org.freedesktop.login1.Manager")


class Bus:
    """A `dbus-daemon` of its own; ends with the context.

    Attributes:
        address: What to put into `DBUS_SYSTEM_BUS_ADDRESS`.
    """

    def __init__(self, socket: Path) -> None:
        self.address = f"unix:path={socket}"
        self._socket = socket
        self._daemon: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [
            "dbus-daemon",
            "--session",
            "--nofork",
            "--nopidfile",
            "--print-address",
            "--address",
            self.address,
        ]
        self._daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._daemon.stdout is not None
        assert self._daemon.stdout.readline().startswith("unix:")

    def stop(self) -> None:
        if self._daemon is None:
            return
        self._daemon.terminate()
        self._daemon.communicate(timeout=10)
        self._daemon = None
        self._socket.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Logind:
    """Someone on the bus who says `PrepareForSleep`; under logind's name, unless told to be somebody else."""

    def __init__(self, bus: Bus, name: str = "org.freedesktop.login1") -> None:
        self._connection = open_dbus_connection(bus.address)
        taken = self._connection.send_and_get_reply(message_bus.RequestName(name))
        assert taken.body == (1,), "the name is taken"

    def says(self, *, start: bool) -> None:
        """Say that the machine is about to sleep, or that it has woken."""
        self._connection.send(new_signal(_MANAGER, "PrepareForSleep", "b", (start,)))

    def ping(self) -> None:
        """Wait until the bus has taken all that was said."""
        self._connection.send_and_get_reply(message_bus.GetId())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
