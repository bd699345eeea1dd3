"""The catalogue's rows for what the server says about a tunnel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.presentation.catalogue_entry import (
    CANCEL,
    CHANGE_NAME,
    CHANGE_PORT,
    CHOOSE_NAME,
    COPY_DETAILS,
    EDIT,
    EXPOSE_AGAIN,
    ITS_WORDS,
    MAKE_ROOM,
    OWN_WORDS,
    TRY_AGAIN,
    USE_NEXT_NAME,
    USE_RANDOM_NAME,
    Entry,
)
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL_INPUT = Entry(
    titles=(QT_TRANSLATE_NOOP("Problem", "That can't be used"),),
    texts=(
        OWN_WORDS,
        ITS_WORDS,
        QT_TRANSLATE_NOOP("Problem", "What was entered can't be used, so nothing was sent to the server."),
    ),
    ways=(EDIT,),
)
"""An INVALID_INPUT that no server said: a check on this computer found it."""

_ALL_IN_USE = Entry(
    titles=(
        QT_TRANSLATE_NOOP("Problem", "All {max} tunnels are in use"),
        QT_TRANSLATE_NOOP("Problem", "All tunnels are in use"),
    ),
    texts=(
        QT_TRANSLATE_NOOP(
            "Problem",
            "Your account may have {max} tunnels at a time, and it has them. Port {port} can be exposed once one "
            "of them is stopped.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem",
            "Your account has as many tunnels as it may have at a time. There is room again once one of them is "
            "stopped.",
        ),
    ),
    ways=(MAKE_ROOM, CANCEL),
)

_REFUSED = Entry(
    titles=(QT_TRANSLATE_NOOP("Problem", "The server refused the request"),),
    texts=(
        QT_TRANSLATE_NOOP(
            "Problem", 'It gave a reason that this version of TunnelDesk does not know. It says: "{said}"'
        ),
        QT_TRANSLATE_NOOP("Problem", "It gave no reason that this version of TunnelDesk knows."),
    ),
    ways=(TRY_AGAIN, COPY_DETAILS),
)

ENTRIES: Mapping[ErrorCode, Entry] = {
    ErrorCode.INVALID_INPUT: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "The server could not read the request"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "{server} found a mistake in what was asked for port {port}, so nothing was created. It says: "
                '"{said}"',
            ),
            QT_TRANSLATE_NOOP("Problem", "It found a mistake in what was asked of it, and changed nothing."),
        ),
        ways=(EDIT, COPY_DETAILS),
    ),
    ErrorCode.INVALID_PORT: Entry(
        titles=(
            QT_TRANSLATE_NOOP("Problem", "Port {port} can't be exposed"),
            QT_TRANSLATE_NOOP("Problem", "That port can't be exposed"),
        ),
        texts=(
            OWN_WORDS,
            QT_TRANSLATE_NOOP(
                "Problem",
                "A port is a whole number from 1 to 65535, and the server does not take this one. It says: "
                '"{said}"',
            ),
            QT_TRANSLATE_NOOP(
                "Problem", "A port is a whole number from 1 to 65535, and the server does not take this one."
            ),
        ),
        ways=(CHANGE_PORT,),
    ),
    ErrorCode.INVALID_SLUG: Entry(
        titles=(
            QT_TRANSLATE_NOOP("Problem", '"{slug}" can\'t be used as a name'),
            QT_TRANSLATE_NOOP("Problem", "That can't be used as a name"),
        ),
        texts=(
            OWN_WORDS,
            QT_TRANSLATE_NOOP(
                "Problem",
                "A name has 1 to 32 lower-case letters, digits and hyphens, and no hyphen at either end. Some "
                'servers keep certain names for themselves. This one says: "{said}"',
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "A name has 1 to 32 lower-case letters, digits and hyphens, and no hyphen at either end. Some "
                "servers keep certain names for themselves.",
            ),
        ),
        ways=(CHANGE_NAME, USE_RANDOM_NAME),
    ),
    ErrorCode.TUNNEL_SLUG_CONFLICT: Entry(
        titles=(
            QT_TRANSLATE_NOOP("Problem", '"{slug}" is taken'),
            QT_TRANSLATE_NOOP("Problem", "That name is taken"),
        ),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "Another tunnel has this name at the moment, perhaps one of your own. Port {port} can be exposed "
                "under another name at once, or under this one when it is free again.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "Another tunnel has this name at the moment, perhaps one of your own. Other names can be used at "
                "once.",
            ),
        ),
        ways=(USE_NEXT_NAME, USE_RANDOM_NAME, CHANGE_NAME),
    ),
    ErrorCode.TUNNEL_LIMIT_EXCEEDED: _ALL_IN_USE,
    ErrorCode.TUNNEL_LIMIT_REACHED: _ALL_IN_USE,
    ErrorCode.SLUG_EXHAUSTED: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "The server found no free name"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "It tried several random names for port {port}, and each was taken. Another attempt often "
                "succeeds; a name of your own is not left to chance.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "It tried several random names, and each was taken. Another attempt often succeeds; a name of "
                "your own is not left to chance.",
            ),
        ),
        ways=(TRY_AGAIN, CHOOSE_NAME),
    ),
    ErrorCode.INVALID_TUNNEL_ID: _REFUSED,
    ErrorCode.UNKNOWN_CODE: _REFUSED,
    ErrorCode.TUNNEL_NOT_FOUND: Entry(
        titles=(
            QT_TRANSLATE_NOOP("Problem", 'The server no longer has "{slug}"'),
            QT_TRANSLATE_NOOP("Problem", "The server no longer has that tunnel"),
        ),
        texts=(QT_TRANSLATE_NOOP("Problem", "Its lease ran out, or it was stopped already."),),
        quiet=True,
    ),
    ErrorCode.TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "Stopping: the server waits for connections to drain"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "The server has taken the order to stop and carries it out when the last visitors are gone. There "
                "is nothing left to do here.",
            ),
        ),
        quiet=True,
    ),
    ErrorCode.TUNNEL_CLOUDFLARE_DELETION_FAILED: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "Cloudflare refused; the server will retry"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "The tunnel no longer runs. The server could not remove it at Cloudflare yet, so the name "
                '"{slug}" may stay taken for a while.',
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "The tunnel no longer runs. The server could not remove it at Cloudflare yet, so its name may "
                "stay taken for a while.",
            ),
        ),
        ways=(TRY_AGAIN,),
    ),
    ErrorCode.TUNNEL_DNS_DELETION_FAILED: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "Cloudflare refused; the server will retry"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                'The tunnel no longer runs. The server could not remove the DNS record of "{slug}" yet, so the '
                "address may show an error page for a while.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "The tunnel no longer runs. The server could not remove its DNS record yet, so the address may "
                "show an error page for a while.",
            ),
        ),
        ways=(TRY_AGAIN,),
    ),
    ErrorCode.CLOUDFLARE_ERROR: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "Cloudflare refused; the server will retry"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "The server could not get from Cloudflare what port {port} needs. Such trouble usually passes "
                "within minutes; asking again does no harm.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "The server could not get from Cloudflare what it needs. Such trouble usually passes within "
                "minutes; asking again does no harm.",
            ),
        ),
        ways=(TRY_AGAIN,),
    ),
    ErrorCode.RATE_LIMITED: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "Too many requests for now"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "The server takes a certain number of requests a minute from each account, and this account has "
                "used them up. It takes more in {wait}.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "The server takes a certain number of requests a minute from each account, and this account has "
                "used them up. It takes more within a minute.",
            ),
        ),
        ways=(CANCEL,),
        waits=True,
    ),
    ErrorCode.INTERNAL_ERROR: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "The server has a problem"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "{server} answered with an error of its own (HTTP {status}). Port {port} and this computer have "
                "nothing to do with it, and it may pass by itself.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "It answered with an error of its own. This computer has nothing to do with it, and it may pass "
                "by itself.",
            ),
        ),
        ways=(TRY_AGAIN, COPY_DETAILS),
    ),
    ErrorCode.LEASE_LOST_REPEATEDLY: Entry(
        titles=(
            QT_TRANSLATE_NOOP("Problem", '"{slug}" keeps getting lost'),
            QT_TRANSLATE_NOOP("Problem", "The tunnel keeps getting lost"),
        ),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "The server forgot the tunnel of port {port} again and again, although it was created anew each "
                "time. It is not created once more by itself.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "The server forgot the tunnel again and again, although it was created anew each time. It is not "
                "created once more by itself.",
            ),
        ),
        ways=(TRY_AGAIN, COPY_DETAILS),
    ),
    ErrorCode.STOPPED_ELSEWHERE: Entry(
        titles=(
            QT_TRANSLATE_NOOP("Problem", '"{slug}" was stopped elsewhere'),
            QT_TRANSLATE_NOOP("Problem", "The tunnel was stopped elsewhere"),
        ),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "It was stopped on the server while its lease still ran, so somebody did it on purpose. Port "
                "{port} is no longer exposed.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "It was stopped on the server while its lease still ran, so somebody did it on purpose.",
            ),
        ),
        ways=(EXPOSE_AGAIN,),
        quiet=True,
    ),
}
