"""Reads an app's windows as a screen reader does: over the desktop's accessibility bus (AT-SPI 2).

What it finds is what people are told who can't see the screen, and where on the screen it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from jeepney import DBusAddress, MessageType, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection

if TYPE_CHECKING:
    from collections.abc import Iterator

ENVIRON = {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
"""What an app must find around it to be read."""

_ATSPI = "org.a11y.atspi"
_LIMIT = 10.0
_ENABLED, _FOCUSED, _SHOWING = 8, 12, 25  # bits of the state, AtspiStateType


@dataclass(frozen=True)
class Part:
    """Something on the screen.

    Attributes:
        role: What it is: "push button", "label", "text" ...
        name: What it is called.
        text: What stands in it, where something can be typed.
        enabled: Whether it can be used.
        focused: Whether the keyboard goes to it.
        middle: Where it is, in pixels.
    """

    role: str
    name: str
    text: str
    enabled: bool
    focused: bool
    middle: tuple[int, int]


class ScreenReader:
    """Reads what is on the screen; ends with the context."""

    def __init__(self, bus: str) -> None:
        """Find the accessibility bus by way of the desktop's session bus."""
        with open_dbus_connection(bus=bus) as session:
            launcher = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            reply = session.send_and_get_reply(new_method_call(launcher, "GetAddress"), timeout=_LIMIT)
        assert reply.header.message_type is MessageType.method_return, reply.body
        self._address = str(reply.body[0])

    def __enter__(self) -> Self:
        self._connection = open_dbus_connection(bus=self._address)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def parts(self, window: str) -> list[Part]:
        """Return all that is shown in the windows of this title; nothing while there is none."""
        found: list[Part] = []
        for service, path in self._windows(window):
            found += self._below(service, path)
        return found

    def read(self, window: str) -> str:
        """Return what can be read in a window, a line for each part."""
        parts = self.parts(window)
        return "\n".join(line for part in parts for line in (part.name, part.text) if line)

    def part(self, window: str, role: str, name: str) -> Part | None:
        """Return the part of this role whose name begins so; None when it is not shown."""
        return next((p for p in self.parts(window) if p.role == role and p.name.startswith(name)), None)

    def _windows(self, title: str) -> Iterator[tuple[str, str]]:
        for app in self._children(f"{_ATSPI}.Registry", f"/{_ATSPI.replace('.', '/')}/accessible/root"):
            for service, path in self._children(*app):
                if self._name(service, path) in (title, f"{title} \N{EM DASH} TunnelDesk"):
                    yield service, path

    def _below(self, service: str, path: str) -> Iterator[Part]:
        state = self._ask(service, path, "Accessible", "GetState")
        bits = (state[0][0] | state[0][1] << 32) if state else 0
        if not bits >> _SHOWING & 1:
            return
        (role,) = self._ask(service, path, "Accessible", "GetRoleName") or ("",)
        (extents,) = self._ask(service, path, "Component", "GetExtents", "u", (0,)) or ((0, 0, 0, 0),)
        left, top, width, height = extents
        (text,) = self._ask(service, path, "Text", "GetText", "ii", (0, -1)) or ("",)
        yield Part(
            role,
            self._name(service, path),
            text,
            bool(bits >> _ENABLED & 1),
            bool(bits >> _FOCUSED & 1),
            (left + width // 2, top + height // 2),
        )
        for child in self._children(service, path):
            yield from self._below(*child)

    def _children(self, service: str, path: str) -> list[tuple[str, str]]:
        (children,) = self._ask(service, path, "Accessible", "GetChildren") or ([],)
        return [(name, where) for name, where in children]

    def _name(self, service: str, path: str) -> str:
        asking = Properties(DBusAddress(path, service, f"{_ATSPI}.Accessible")).get("Name")
        said = self._reply(asking)
        return str(said[0][1]) if said else ""

    def _ask(
        self, service: str, path: str, what: str, method: str, signature: str = "", body: tuple[object, ...] = ()
    ) -> Any:
        address = DBusAddress(path, service, f"{_ATSPI}.{what}")
        return self._reply(new_method_call(address, method, signature or None, body))

    def _reply(self, asking: Any) -> Any:
        """Return an answer; None for a part that has gone meanwhile, or knows no such thing."""
        reply = self._connection.send_and_get_reply(asking, timeout=_LIMIT)
        return reply.body if reply.header.message_type is MessageType.method_return else None
