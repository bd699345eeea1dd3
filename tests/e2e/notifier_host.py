"""A tray of the kind that KDE, Xfce and GNOME's extension have: items and menus over D-Bus.

As much of `org.kde.StatusNotifierWatcher` and of a host as it takes to see an item, click it and use its menu
(freedesktop.org's StatusNotifierItem, and `com.canonical.dbusmenu`).
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    Properties,
    new_error,
    new_method_call,
    new_method_return,
)
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusRouter, open_dbus_connection
from jeepney.wrappers import new_signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jeepney import Message

WATCHER = "org.kde.StatusNotifierWatcher"
NOTIFICATIONS = "org.freedesktop.Notifications"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
_PATH = "/StatusNotifierWatcher"
LIMIT = 20.0

_BUS = """<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <servicedir>@services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class SessionBus:
    """A `dbus-daemon` of its own; ends with the context.

    Attributes:
        address: What to put into `DBUS_SESSION_BUS_ADDRESS`.
    """

    def __init__(self, socket: Path, services: Path | None = None) -> None:
        """Put its socket there; it can start what the system's buses can, or what ``services`` describes."""
        self.address = f"unix:path={socket}"
        self._services = services

    def __enter__(self) -> Self:
        # For the sockets of what it starts by itself, an accessibility bus for one: they may have no long names.
        self._home = TemporaryDirectory(prefix="td-")
        environ = {**os.environ, **dict.fromkeys(("HOME", "XDG_RUNTIME_DIR"), self._home.name)}
        kind = "--session"
        if self._services is not None:
            config = Path(self._home.name, "bus.conf")
            config.write_text(_BUS.replace("@services", str(self._services)))
            kind = f"--config-file={config}"
        command = ["dbus-daemon", kind, "--nofork", "--nopidfile", "--print-address", "--address"]
        self._daemon = subprocess.Popen([*command, self.address], env=environ, stdout=subprocess.PIPE, text=True)
        assert self._daemon.stdout is not None
        assert self._daemon.stdout.readline().startswith("unix:")
        return self

    def __exit__(self, *_: object) -> None:
        self._daemon.terminate()
        self._daemon.communicate(timeout=10)
        self._home.cleanup()


@dataclass(frozen=True)
class Entry:
    """One entry of a menu that is shown."""

    number: int
    label: str
    enabled: bool
    children: tuple[Entry, ...] = ()


class NotifierHost:
    """Watcher and host in one: whoever registers an item is shown, as far as a test can look.

    Attributes:
        items: Bus name and path of each item, the newest last.
        notified: Title and text of each notification, where it is this desktop's service for them too.
    """

    def __init__(self, bus: SessionBus, *, notifies: bool = False) -> None:
        self._names = (WATCHER, NOTIFICATIONS) if notifies else (WATCHER,)
        self.notified: list[tuple[str, str]] = []
        self._connection = open_dbus_connection(bus.address)
        self._router = DBusRouter(self._connection)
        self.items: list[tuple[str, str]] = []
        self._changed = threading.Condition()
        self._calls = self._router.filter(_AllCalls(), bufsize=100)
        self._answering = threading.Thread(target=self._answer, daemon=True)

    def __enter__(self) -> Self:
        self._answering.start()
        for name in self._names:
            taken = self._ask(message_bus.RequestName(name))
            assert taken == (1,), f"there is another {name} on this bus"
        emitter = DBusAddress(_PATH, interface=WATCHER)
        self._router.send(new_signal(emitter, "StatusNotifierHostRegistered"))
        return self

    def __exit__(self, *_: object) -> None:
        self._router.close()
        self._connection.close()

    def item(self) -> tuple[str, str]:
        """Wait for an item, and return the newest one's bus name and path."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.items, LIMIT), "no item was registered"
            return self.items[-1]

    def shown(self, name: str) -> Any:
        """Return a property of the item: ToolTip, Status, IconPixmap ..."""
        service, path = self.item()
        return self._ask(Properties(DBusAddress(path, service, ITEM)).get(name))[0][1]

    @property
    def tooltip(self) -> str:
        """What hovering shows."""
        return str(self.shown("ToolTip")[2])

    def click(self) -> None:
        """A click with the left button."""
        self._call("Activate", "ii", (0, 0))

    def middle_click(self) -> None:
        """A click with the middle button."""
        self._call("SecondaryActivate", "ii", (0, 0))

    def menu(self) -> tuple[Entry, ...]:
        """Open the menu and return what stands in it."""
        menu = self._menu()
        self._ask(new_method_call(menu, "AboutToShow", "i", (0,)))
        layout = self._ask(new_method_call(menu, "GetLayout", "iias", (0, -1, [])))[1]
        return tuple(_entries(layout))

    def choose(self, *labels: str) -> None:
        """Choose an entry by the beginnings of the labels on the way to it."""
        number, entries = 0, self.menu()
        for label in labels:
            found = [each for each in entries if each.label.startswith(label)]
            assert found, f"{label!r} is not in {[each.label for each in entries]}"
            assert found[0].enabled, f"{label!r} is out of reach"
            number, entries = found[0].number, found[0].children
        event = (number, "clicked", ("s", ""), int(time.time()))
        self._ask(new_method_call(self._menu(), "Event", "isvu", event))

    def _menu(self) -> DBusAddress:
        service, _ = self.item()
        return DBusAddress(self.shown("Menu"), service, MENU)

    def _call(self, method: str, signature: str, body: tuple[object, ...]) -> None:
        service, path = self.item()
        self._ask(new_method_call(DBusAddress(path, service, ITEM), method, signature, body))

    def _ask(self, message: Message) -> Any:
        reply = self._router.send_and_get_reply(message, timeout=LIMIT)
        assert reply.header.message_type is MessageType.method_return, reply.body
        return reply.body

    def _answer(self) -> None:
        answers: dict[str | None, Callable[[Message], Message]] = {
            "RegisterStatusNotifierItem": self._register,
            "RegisterStatusNotifierHost": new_method_return,
            "Notify": self._notify,
            "Get": self._get,
            "GetAll": lambda message: new_method_return(message, "a{sv}", (self._properties(),)),
        }
        while True:
            try:
                message = self._calls.queue.get()
            except Exception:  # noqa: BLE001 - the connection has been closed
                return
            answer = answers.get(message.header.fields.get(HeaderFields.member))
            name = "org.freedesktop.DBus.Error.UnknownMethod"
            try:
                self._router.send(answer(message) if answer else new_error(message, name))
            except OSError:
                return

    def _register(self, message: Message) -> Message:
        sender, named = message.header.fields[HeaderFields.sender], message.body[0]
        with self._changed:
            self.items.append((sender, named) if named.startswith("/") else (named, "/StatusNotifierItem"))
            self._changed.notify_all()
        return new_method_return(message)

    def _notify(self, message: Message) -> Message:
        _, _, _, title, text, *_ = message.body
        self.notified.append((title, text))
        return new_method_return(message, "u", (len(self.notified),))

    def _properties(self) -> dict[str, tuple[str, Any]]:
        return {
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
            "RegisteredStatusNotifierItems": ("as", [f"{name}{path}" for name, path in self.items]),
        }

    def _get(self, message: Message) -> Message:
        return new_method_return(message, "v", (self._properties()[message.body[1]],))


class _AllCalls:
    """Matches every method call."""

    def matches(self, message: Message) -> bool:
        return message.header.message_type is MessageType.method_call


def _entries(layout: Any) -> Iterator[Entry]:
    for _, (number, properties, children) in layout[2]:
        shown = properties.get("visible", ("b", True))[1]
        if shown and properties.get("type", ("s", ""))[1] != "separator":
            label = properties.get("label", ("s", ""))[1].replace("__", "_")
            enabled = properties.get("enabled", ("b", True))[1]
            yield Entry(number, label, enabled, tuple(_entries((number, properties, children))))
