"""The computer is kept awake by logind's own means."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest
from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from tests.contract.machine.bus_with_logind import Bus
from tunneldesk.machine.awake import keep_awake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.linux("logind")


class Logind:
    """Hands out inhibitor locks, and notices when one is let go."""

    def __init__(self, bus: Bus, *, refuses: bool = False) -> None:
        self._connection = open_dbus_connection(bus.address, enable_fds=True)
        self._refuses = refuses
        self.asked: tuple[Any, ...] = ()
        self._held, self._given = os.pipe()
        assert self._connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.login1")).body == (1,)
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()

    def _answer(self) -> None:
        while not self.asked:
            message = self._connection.receive(timeout=20)
            if message.header.message_type is MessageType.method_call:
                assert message.header.fields[HeaderFields.member] == "Inhibit"
                self.asked = message.body
                if self._refuses:
                    reply = new_error(message, "org.freedesktop.DBus.Error.AccessDenied")
                else:
                    reply = new_method_return(message, "h", (self._given,))
                self._connection.send(reply)
        os.close(self._given)

    def let_go(self) -> bool:
        """Wait until nobody holds the lock any more."""
        self._thread.join(20)
        said = os.read(self._held, 1)
        os.close(self._held)
        return said == b""

    def close(self) -> None:
        self._thread.join(20)
        self._connection.close()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    with Bus(tmp_path / "bus") as made:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", made.address)
        yield made


def test_a_lock_is_held_until_it_is_let_go(bus: Bus) -> None:
    logind = Logind(bus)
    release = keep_awake("A tunnel is up.")
    assert release is not None
    # A lock on "sleep" too would refuse the Suspend that the user asks for themselves.
    assert logind.asked == ("idle", "TunnelDesk", "A tunnel is up.", "block")
    release()
    assert logind.let_go()
    logind.close()


def test_a_logind_that_refuses_is_no_way(bus: Bus) -> None:
    logind = Logind(bus, refuses=True)
    assert keep_awake("A tunnel is up.") is None
    assert logind.let_go()
    logind.close()


def test_without_a_bus_there_is_no_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
    assert keep_awake("A tunnel is up.") is None
