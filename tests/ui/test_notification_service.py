"""Whether anybody shows notifications is asked of the bus itself: a real one, with a tray on it or without."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
from PySide6.QtDBus import QDBusConnection

from tests.e2e.notifier_host import NotifierHost, SessionBus
from tunneldesk.ui.notification_service import SERVICE, shown_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="not installed: dbus-daemon"),
    pytest.mark.usefixtures("qapp"),
]


@pytest.fixture
def services(tmp_path: Path) -> Path:
    """Return the folder of what this bus can start."""
    folder = tmp_path / "services"
    folder.mkdir()
    return folder


@pytest.fixture
def bus(tmp_path: Path, services: Path) -> Iterator[SessionBus]:
    with SessionBus(tmp_path / "bus", services) as made:
        yield made


@contextmanager
def connected(bus: SessionBus) -> Iterator[QDBusConnection]:
    try:
        yield QDBusConnection.connectToBus(bus.address, bus.address)
    finally:
        QDBusConnection.disconnectFromBus(bus.address)


def test_a_tray_on_the_bus_may_be_all_there_is(bus: SessionBus) -> None:
    with NotifierHost(bus), connected(bus) as ours:
        assert not shown_on(ours)
        with open_dbus_connection(bus.address) as service:
            service.send_and_get_reply(message_bus.RequestName(SERVICE))
            assert shown_on(ours), "a service may come"
            service.send_and_get_reply(message_bus.ReleaseName(SERVICE))
            assert not shown_on(ours), "and go"


def test_a_service_that_is_started_when_it_is_needed_is_one(bus: SessionBus, services: Path) -> None:
    (services / "notifications.service").write_text(f"[D-BUS Service]\nName={SERVICE}\nExec=/bin/false\n")
    with NotifierHost(bus), connected(bus) as ours, open_dbus_connection(bus.address) as other:
        other.send_and_get_reply(message_bus.ReloadConfig())
        assert shown_on(ours)


def test_where_the_tray_is_not_on_the_bus_qt_shows_them_itself(bus: SessionBus) -> None:
    with connected(bus) as ours:
        assert shown_on(ours)


def test_so_it_does_where_there_is_no_bus() -> None:
    assert shown_on(QDBusConnection("nowhere"))
