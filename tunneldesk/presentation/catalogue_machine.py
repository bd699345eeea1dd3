"""The catalogue's rows for the way to the server and for this machine: network, connector, the user's port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.presentation.catalogue_entry import (
    CHECK_SERVER,
    CHOOSE_AUTHORITY,
    CHOOSE_CONNECTOR,
    COPY_DETAILS,
    DOWNLOAD_AGAIN,
    DOWNLOAD_CONNECTOR,
    GO_ON,
    OPEN_CONNECTOR_PAGE,
    OWN_WORDS,
    SHOW_LOG,
    TRY_AGAIN,
    Entry,
    Way,
)
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Mapping


def _unreachable(*texts: str, more: tuple[Way, ...] = ()) -> Entry:
    titles = (
        QT_TRANSLATE_NOOP("Problem", "Can't reach {server}"),
        QT_TRANSLATE_NOOP("Problem", "Can't reach the server"),
    )
    return Entry(titles, texts, (TRY_AGAIN, CHECK_SERVER, *more))


def _cloudflared_needed(*texts: str) -> Entry:
    title = QT_TRANSLATE_NOOP("Problem", "cloudflared is needed")
    return Entry((title,), texts, (DOWNLOAD_CONNECTOR, CHOOSE_CONNECTOR))


def _not_to_cloudflare(*texts: str) -> Entry:
    title = QT_TRANSLATE_NOOP("Problem", "Connected to the server, but not to Cloudflare")
    return Entry((title,), texts, (TRY_AGAIN, SHOW_LOG))


ENTRIES: Mapping[ErrorCode, Entry] = {
    ErrorCode.NOT_A_TUNNEL_SERVER: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "That is not a TunnelDesk server"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "Something answers at {server}, but not the way a tunnel server does. It may be another website, "
                "a proxy in between, or the sign-in page of the network you are in.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "Something answers there, but not the way a tunnel server does. It may be another website, a "
                "proxy in between, or the sign-in page of the network you are in.",
            ),
        ),
        ways=(CHECK_SERVER,),
    ),
    ErrorCode.INVALID_SERVER_ADDRESS: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "That server address can't be used"),),
        texts=(
            OWN_WORDS,
            QT_TRANSLATE_NOOP("Problem", "A server address looks like https://api.example.com."),
        ),
        ways=(CHECK_SERVER,),
    ),
    ErrorCode.INVALID_LINK: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "That link can't be followed"),),
        texts=(
            OWN_WORDS,
            QT_TRANSLATE_NOOP(
                "Problem", "A link of TunnelDesk looks like tunneldesk://expose?port=3000&name=my-app."
            ),
        ),
        ways=(GO_ON, COPY_DETAILS),
    ),
    ErrorCode.SERVER_NAME_UNKNOWN: _unreachable(
        QT_TRANSLATE_NOOP(
            "Problem",
            "Its name could not be looked up: this computer is offline, or the address is misspelt. Without the "
            "server, port {port} can't be exposed or kept exposed.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem", "Its name could not be looked up: this computer is offline, or the address is misspelt."
        ),
    ),
    ErrorCode.SERVER_REFUSED_CONNECTION: _unreachable(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The machine is there, but nothing takes the connection: the server is down, or listens on another "
            "port. Without it, port {port} can't be exposed or kept exposed.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem",
            "The machine is there, but nothing takes the connection: the server is down, or listens on another "
            "port.",
        ),
    ),
    ErrorCode.SERVER_CERTIFICATE_INVALID: _unreachable(
        QT_TRANSLATE_NOOP(
            "Problem",
            "A secure connection could not be made: its certificate has expired, is for another name, or comes "
            "from an issuer this computer does not trust. Nothing was sent, and port {port} is not exposed "
            "without it.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem",
            "A secure connection could not be made: its certificate has expired, is for another name, or comes "
            "from an issuer this computer does not trust. Nothing was sent.",
        ),
        more=(CHOOSE_AUTHORITY,),
    ),
    ErrorCode.SERVER_TIMED_OUT: _unreachable(
        QT_TRANSLATE_NOOP(
            "Problem",
            "No answer came in time: the network is slow, a firewall drops the traffic, or the server hangs. "
            "Without it, port {port} can't be exposed or kept exposed.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem",
            "No answer came in time: the network is slow, a firewall drops the traffic, or the server hangs.",
        ),
    ),
    ErrorCode.SERVER_CONNECTION_BROKEN: _unreachable(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The connection broke off before the answer was complete. Without the server, port {port} can't be "
            "exposed or kept exposed.",
        ),
        QT_TRANSLATE_NOOP("Problem", "The connection broke off before the answer was complete."),
    ),
    ErrorCode.CONNECTOR_MISSING: _cloudflared_needed(
        QT_TRANSLATE_NOOP(
            "Problem",
            "It is the program that carries the traffic between Cloudflare and port {port}, and it was not found "
            "on this computer. Nothing was created on the server.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem",
            "It is the program that carries the traffic between Cloudflare and your port, and it was not found on "
            "this computer.",
        ),
    ),
    ErrorCode.CONNECTOR_TOO_OLD: _cloudflared_needed(
        QT_TRANSLATE_NOOP("Problem", "The one on this computer is too old to be used. {own}"),
        QT_TRANSLATE_NOOP("Problem", "The one on this computer is too old to be used."),
    ),
    ErrorCode.CONNECTOR_NOT_EXECUTABLE: _cloudflared_needed(
        QT_TRANSLATE_NOOP("Problem", "The one on this computer can't be started. {own}"),
        QT_TRANSLATE_NOOP(
            "Problem", "The one on this computer can't be started: it is not a program, or may not be run."
        ),
    ),
    ErrorCode.CONNECTOR_WRONG_ARCHITECTURE: _cloudflared_needed(
        QT_TRANSLATE_NOOP(
            "Problem", "The one on this computer was made for another kind of processor or system. {own}"
        ),
        QT_TRANSLATE_NOOP("Problem", "The one on this computer was made for another kind of processor or system."),
    ),
    ErrorCode.CONNECTOR_DOWNLOAD_FAILED: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "cloudflared could not be downloaded"),),
        texts=(
            QT_TRANSLATE_NOOP("Problem", "{own} Nothing of it was kept, and what was there before still is."),
            QT_TRANSLATE_NOOP("Problem", "Nothing of it was kept, and what was there before still is."),
        ),
        ways=(DOWNLOAD_AGAIN, CHOOSE_CONNECTOR, COPY_DETAILS),
    ),
    ErrorCode.CONNECTOR_DIGEST_MISMATCH: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "The download was not the cloudflared it should be"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "What came is not what was meant to come: the sign-in page of a network, a file cut short, or one "
                "that somebody has changed. It was thrown away and never run.",
            ),
        ),
        ways=(DOWNLOAD_AGAIN, CHOOSE_CONNECTOR, COPY_DETAILS),
    ),
    ErrorCode.CONNECTOR_NO_DOWNLOAD: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "cloudflared has to be fetched by hand"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "TunnelDesk downloads only what it can verify. {own} Get the file for this computer there, then "
                "choose it here.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "TunnelDesk downloads only what it can verify, and knows of no file for this computer. Get it from "
                "the release page, then choose it here.",
            ),
        ),
        ways=(OPEN_CONNECTOR_PAGE, CHOOSE_CONNECTOR),
    ),
    ErrorCode.CONNECTOR_TOKEN_REFUSED: _not_to_cloudflare(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The connector was turned away: the token that the server gave for port {port} is not accepted. "
            "Trying again gets a new one.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem",
            "The connector was turned away: the token that the server gave is not accepted. Trying again gets a "
            "new one.",
        ),
    ),
    ErrorCode.CONNECTOR_CRASHING: _not_to_cloudflare(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The connector ends again and again as soon as it is started, so port {port} is not exposed. Its log "
            "says why.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem", "The connector ends again and again as soon as it is started. Its log says why."
        ),
    ),
    ErrorCode.CONNECTOR_EDGE_UNREACHABLE: _not_to_cloudflare(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The connector runs but gets no connection, so port {port} is not exposed. Often a firewall blocks "
            "outgoing port 7844, which cloudflared needs.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem",
            "The connector runs but gets no connection. Often a firewall blocks outgoing port 7844, which "
            "cloudflared needs.",
        ),
    ),
    ErrorCode.SERVICE_SILENT: Entry(
        titles=(
            QT_TRANSLATE_NOOP("Problem", "Nothing answers on localhost:{port}"),
            QT_TRANSLATE_NOOP("Problem", "Nothing answers on your port"),
        ),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem", "The tunnel stays up, and visitors see an error page until your service is started."
            ),
        ),
        quiet=True,
    ),
    ErrorCode.FILE_DAMAGED: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "A file of TunnelDesk was damaged"),),
        texts=(
            QT_TRANSLATE_NOOP("Problem", "{own} TunnelDesk goes on without what was in it."),
            QT_TRANSLATE_NOOP(
                "Problem", "It is kept under another name, and TunnelDesk goes on without what was in it."
            ),
        ),
        ways=(GO_ON, COPY_DETAILS),
    ),
    ErrorCode.FILE_NOT_WRITTEN: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "A file of TunnelDesk could not be written"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "{own} What it held before is still there. What runs goes on, but the next start may not know of "
                "the latest changes.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "The disk is full, or TunnelDesk may not write there. What it held before is still there. "
                "What runs goes on, but the next start may not know of the latest changes.",
            ),
        ),
        ways=(TRY_AGAIN, COPY_DETAILS),
    ),
    ErrorCode.EMBEDDED_SERVER_FAILED: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "The server on this computer did not start"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "{own} It is needed to try TunnelDesk without an account, so nothing can be exposed with it.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "It is needed to try TunnelDesk without an account, so nothing can be exposed with it. It says: "
                '"{said}"',
            ),
            QT_TRANSLATE_NOOP(
                "Problem", "It is needed to try TunnelDesk without an account, so nothing can be exposed with it."
            ),
        ),
        ways=(TRY_AGAIN, COPY_DETAILS),
    ),
    ErrorCode.UNEXPECTED: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "Something unexpected happened"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                'This is a fault in TunnelDesk itself, and its details help to mend it. It says: "{said}"',
            ),
            QT_TRANSLATE_NOOP("Problem", "This is a fault in TunnelDesk itself, and its details help to mend it."),
        ),
        ways=(GO_ON, COPY_DETAILS),
    ),
}
