"""What a test does with the desktop's real Secret Service: looks into it, and makes it stop answering."""

from __future__ import annotations

import os
import signal
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import secretstorage
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tunneldesk.storage.paths import APP_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jeepney.io.blocking import DBusConnection

_DAEMON = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
_SECRETS = "org.freedesktop.secrets"


def kept(bus: str) -> dict[str, str]:
    """Return the secrets that TunnelDesk keeps in the keyring on this session bus, by the names of their items."""
    while True:
        # An item may go between the listing and any look at it, also the one that secretstorage takes itself.
        with closing(open_dbus_connection(bus=bus)) as connection, suppress(secretstorage.ItemNotFoundException):
            return _kept(connection)


def _kept(connection: DBusConnection) -> dict[str, str]:
    found = {}
    for item in secretstorage.get_default_collection(connection).get_all_items():
        attributes = item.get_attributes()
        if attributes.get("service", "").startswith(APP_ID):
            found[attributes["username"]] = item.get_secret().decode()
    return found


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
