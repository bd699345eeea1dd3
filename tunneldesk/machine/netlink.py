"""Linux says when an address or a route changes: a reason to look at the way out at once."""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# rtnetlink(7), linux/rtnetlink.h. Not RTMGRP_LINK: a way out is made of addresses and routes, and links speak up
# for every scan of the Wi-Fi and every container.
_IPV4_IFADDR, _IPV4_ROUTE, _IPV6_IFADDR, _IPV6_ROUTE = 0x10, 0x40, 0x100, 0x400
_GROUPS = _IPV4_IFADDR | _IPV4_ROUTE | _IPV6_IFADDR | _IPV6_ROUTE
_PAUSE = 1.0  # a router's own table can change a thousand times a second
_MESSAGE = 65536
_MESSAGES = 1000  # read at once; what is left is there after the pause


def subscribe() -> socket.socket:
    """Ask the kernel to be told.

    Raises:
        OSError: It won't, as in some sandboxes; or this is not Linux.
    """
    told = socket.socket(getattr(socket, "AF_NETLINK", -1), socket.SOCK_RAW | getattr(socket, "SOCK_CLOEXEC", 0), 0)
    try:
        told.bind((0, _GROUPS))
    except OSError:
        told.close()
        raise
    return told


async def watch_routes(look: Callable[[], None], *, source: Callable[[], socket.socket] = subscribe) -> None:
    """Call ``look`` when an address or a route has changed, at most once a second; return if that can't be known.

    What the messages say is not read: among router advertisements that only renew a lifetime, containers and one
    change told in ten parts, the way out itself is the only answer worth having.
    """
    try:
        told = source()
    except OSError:
        return
    with told:
        told.setblocking(False)
        while await _told(told):
            look()
            await asyncio.sleep(_PAUSE)


async def _told(told: socket.socket) -> bool:
    """Wait for messages and throw away all that are there; False when there will be no more."""
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(told.fileno(), readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(told.fileno())
    try:
        return all(told.recv(_MESSAGE) for _ in range(_MESSAGES))
    except OSError as error:
        # Nothing more for now; or more than the kernel would keep for us, which is as good a reason to look.
        return error.errno in {errno.EAGAIN, errno.ENOBUFS}
