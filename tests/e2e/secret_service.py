"""What a test does with the desktop's real Secret Service: looks into it, and makes it stop answering."""

from __future__ import annotations

import os
import signal
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import secretstorage
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tunneldesk.storage.paths import APP_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAEMON = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
_SECRETS = "org.freedesktop.secrets"


def kept(bus: str) -> dict[str, str]:
    """Return the secrets that TunnelDesk keeps in the keyring on this session bus, by the names of their items."""
    with closing(open_dbus_connection(bus=bus)) as connection:
        items = secretstorage.get_default_collection(connection).get_all_items()
        ours = [item for item in items if item.get_attributes().get("service", "").startswith(APP_ID)]
        return {item.get_attributes()["username"]: item.get_secret().decode() for item in ours}


def sign_ins(bus: str) -> dict[str, str]:
    """Return those of the kept secrets that sign somebody in; the others are those of tunnels that are up."""
    return {name: secret for name, secret in kept(bus).items() if name.startswith("http")}


@contextmanager
def silent(bus: str) -> Iterator[None]:
    """Stop the Secret Service on this session bus: it takes every question, and answers none until the end."""
    with closing(open_dbus_connection(bus=bus)) as connection:
        asking = new_method_call(_DAEMON, "GetConnectionUnixProcessID", "s", (_SECRETS,))
        (process,) = connection.send_and_get_reply(asking, timeout=10).body
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)
