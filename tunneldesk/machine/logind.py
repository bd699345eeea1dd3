"""systemd-logind says when the machine has woken: ``PrepareForSleep(false)`` on the system bus.

Source: org.freedesktop.login1(5), and the D-Bus specification for what is said to the bus. The signal is only a
reason to look at the clocks at once, so nothing depends on it, and one that somebody made up does no harm.
"""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from jeepney.io.asyncio import DBusConnection

_GREETED_WITHIN = 10.0
_AGAIN_AFTER = 300.0  # a bus that is not there rarely comes, and one that ends is mostly the end of the session
_LINE = 1024

# What a bus can do to us: not be there or go away, refuse us, have an address of a kind that jeepney does not speak
# (RuntimeError), and send what is no message, which jeepney's parser takes in all these ways.
_TROUBLE = (OSError, EOFError, ValueError, RuntimeError, LookupError, TypeError, AssertionError, struct.error)


async def watch_logind(look: Callable[[], None], *, again_after: float = _AGAIN_AFTER) -> None:
    """Call ``look`` when logind says that the machine has woken; without a bus or a logind, quietly never.

    Args:
        look: What to do then.
        again_after: Seconds after which a bus that went away, or never was there, is tried again.
    """
    while True:
        try:
            async with asyncio.timeout(_GREETED_WITHIN):
                bus = await _connect()
            async with bus:
                async with asyncio.timeout(_GREETED_WITHIN):
                    await _greet(bus)
                while True:
                    if await _woken(bus):
                        look()
        except _TROUBLE:
            await asyncio.sleep(again_after)


async def _connect() -> DBusConnection:
    # Not jeepney's own way of opening one: that leaves the socket to the garbage collector when the bus refuses us,
    # and its router keeps a task of its own.
    from jeepney import find_system_bus
    from jeepney.io.asyncio import DBusConnection

    address = find_system_bus()
    reader, writer = await asyncio.open_unix_connection(address)  # type: ignore[attr-defined,unused-ignore] # on Unix
    return DBusConnection(reader, writer)


async def _greet(bus: DBusConnection) -> None:
    """Say who we are, and what we want to hear. What the bus replies to the latter changes nothing."""
    from jeepney import MatchRule, message_bus
    from jeepney.auth import BEGIN, Authenticator

    introduction = Authenticator()
    for line in introduction:
        bus.writer.write(line)
        said = await bus.reader.read(_LINE)
        if not said:
            raise EOFError("the bus hung up")
        introduction.feed(said)
    bus.writer.write(BEGIN)
    await bus.send(message_bus.Hello())
    signal = {"interface": "org.freedesktop.login1.Manager", "member": "PrepareForSleep"}
    await bus.send(message_bus.AddMatch(MatchRule(type="signal", sender="org.freedesktop.login1", **signal)))


async def _woken(bus: DBusConnection) -> bool:
    """Wait for the next message; whether it says that the machine has woken."""
    from jeepney import HeaderFields

    message = await bus.receive()
    member = message.header.fields.get(HeaderFields.member)
    return bool(member == "PrepareForSleep" and message.body == (False,))
