"""Keeps this machine from going to sleep by itself, where the system offers a way."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WHO = "TunnelDesk"
_WITHIN = 5.0


def keep_awake(why: str) -> Callable[[], None] | None:
    """Keep the machine awake from now on; return what ends that, or None where there is no way.

    The screen may go dark, and closing the lid and the user's own Suspend do what they always do. Blocks for a
    moment. However we end, the machine may sleep again then.

    Args:
        why: What the system says to a user who asks.
    """
    ways: dict[str, Callable[[], Callable[[], None] | None]] = {
        "linux": partial(_logind, why),
        "darwin": _caffeinate,
        "win32": _execution_state,
    }
    way = ways.get(sys.platform)
    return way() if way is not None else None


def _logind(why: str) -> Callable[[], None] | None:
    """Hold an inhibitor lock (org.freedesktop.login1(5)): it lasts for as long as its descriptor is open.

    It is on "idle", which is what the machine does by itself; one on "sleep" would refuse the user's own Suspend.
    """
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    manager = DBusAddress("/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager")
    try:
        with open_dbus_connection("SYSTEM", enable_fds=True) as bus:
            asked = new_method_call(manager, "Inhibit", "ssss", ("idle", _WHO, why, "block"))
            reply = bus.send_and_get_reply(asked, timeout=_WITHIN)
            if reply.header.message_type is not MessageType.method_return:
                return None  # without rights, as over SSH
            lock = reply.body[0].to_raw_fd()
    except (OSError, EOFError, ValueError, RuntimeError, LookupError):
        return None  # no bus, no logind, or one that does not speak to us
    return lambda: os.close(lock)


def _caffeinate() -> Callable[[], None] | None:
    """MacOS' own tool; it ends with us in any case."""
    try:
        child = subprocess.Popen(["/usr/bin/caffeinate", "-i", "-w", str(os.getpid())])
    except OSError:
        return None

    def release() -> None:
        child.terminate()
        child.wait()

    return release


def _execution_state() -> Callable[[], None] | None:
    """Windows keeps awake for as long as the thread lives that asked for it."""
    continuous, system_required = 0x80000000, 0x00000001
    over = threading.Event()

    def hold() -> None:
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.kernel32.SetThreadExecutionState(continuous | system_required)
        over.wait()

    threading.Thread(target=hold, name="awake", daemon=True).start()
    return over.set
