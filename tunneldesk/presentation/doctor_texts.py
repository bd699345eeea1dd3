"""The facts of the doctor's findings in words: what was seen, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk.domain.checkup import (
    AccountSeen,
    AddressSeen,
    Check,
    ClockSeen,
    ConnectorSeen,
    EdgeSeen,
    FoldersSeen,
    LeftoversSeen,
    NamesSeen,
    PortSeen,
    ServerSeen,
    SpaceSeen,
    TraySeen,
    Unseen,
    Verdict,
)
from tunneldesk.presentation.findings import of_address
from tunneldesk.presentation.texts import decimal, duration, fill, plain
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.checkup import Finding

INSTALL_COMMAND = "tunneldesk install-cloudflared"


def label(check: Check) -> str:
    """Return what a check is called where people read it."""
    return {
        Check.SERVER: translate("Doctor", "server"),
        Check.CLOCK: translate("Doctor", "clock"),
        Check.ACCESS_TOKEN: translate("Doctor", "access token"),
        Check.KEYRING: translate("Doctor", "keyring"),
        Check.CONNECTOR: translate("Doctor", "connector"),
        Check.EDGE: translate("Doctor", "Cloudflare"),
        Check.TRAY: translate("Doctor", "tray"),
        Check.FOLDERS: translate("Doctor", "folders"),
        Check.DISK_SPACE: translate("Doctor", "disk space"),
        Check.LEFTOVERS: translate("Doctor", "leftovers"),
        Check.LOCALHOST_NAMES: translate("Doctor", "localhost names"),
        Check.PORT: translate("Doctor", "port"),
        Check.ADDRESS: translate("Doctor", "address"),
    }[check]


def told(finding: Finding) -> tuple[str, str]:
    """Return what was seen, and how to mend it.

    Either may be empty: what the catalogue tells of a failure is not told again.
    """
    match finding.facts:
        case ServerSeen() as seen:
            return _server(seen, finding)
        case ClockSeen() as seen:
            return _clock(seen, finding)
        case AccountSeen() as seen:
            return _account(seen)
        case ConnectorSeen() as seen:
            return _connector(seen, finding)
        case EdgeSeen() as seen:
            return _edge(seen)
        case TraySeen() as seen:
            return _tray(seen)
        case FoldersSeen() as seen:
            return _folders(seen, finding)
        case SpaceSeen() as seen:
            return _space(seen, finding)
        case LeftoversSeen() as seen:
            return _leftovers(seen)
        case NamesSeen() as seen:
            return _names(seen)
        case PortSeen() as seen:
            return _port(seen)
        case AddressSeen() as seen:
            return _address(seen)
        case Unseen() as why:
            return _unseen(why), ""
        case _:  # nothing but that it works
            return "" if finding.failure else translate("Doctor", "The system's keyring can be used."), ""


def _server(seen: ServerSeen, finding: Finding) -> tuple[str, str]:
    reason = ""
    if finding.failure is None:
        reason = _say(
            translate("Doctor", "{server} answers as a tunnel server does."), server=plain(seen.server or "")
        )
    if seen.proxy is not None:
        reason = joined(reason, _say(translate("Doctor", "Proxy in use: {proxy}."), proxy=plain(seen.proxy)))
    return reason, ""


def _clock(seen: ClockSeen, finding: Finding) -> tuple[str, str]:
    if abs(seen.skew) < 2:  # no closer look is possible
        return _say(translate("Doctor", "This computer's clock goes with the server's.")), ""
    apart = duration(abs(seen.skew))
    ahead = _say(translate("Doctor", "This computer's clock is {apart} ahead of the server's."), apart=apart)
    behind = _say(translate("Doctor", "This computer's clock is {apart} behind the server's."), apart=apart)
    reason = behind if seen.skew > 0 else ahead
    if finding.verdict is Verdict.OK:
        return reason, ""
    return (
        joined(reason, _say(translate("Doctor", "Sign-in and certificates need the right time."))),
        _say(
            translate(
                "Doctor",
                "Turn on automatic time in the system's settings, unless it is the server's clock that is wrong.",
            )
        ),
    )


def _account(seen: AccountSeen) -> tuple[str, str]:
    return _say(
        translate("Doctor", "The server accepts the access token; tunnels in use: {tunnels}."),
        tunnels=str(seen.tunnels),
    ), ""


def _connector(seen: ConnectorSeen, finding: Finding) -> tuple[str, str]:
    if seen.version is None or seen.path is None:
        if finding.failure is not None:
            return _say(translate("Doctor", "The server is on this computer, so the stand-in will do.")), ""
        return _say(
            translate("Doctor", "There is no cloudflared; the server is on this computer, so the stand-in will do.")
        ), ""
    reason = _say(
        translate("Doctor", "cloudflared {version} ({path})."), version=seen.version, path=plain(seen.path)
    )
    if seen.newer is None:
        return reason, ""
    newer = _say(
        translate("Doctor", "{newer} can be had with: {command}"), newer=seen.newer, command=INSTALL_COMMAND
    )
    return joined(reason, newer), ""


def _edge(seen: EdgeSeen) -> tuple[str, str]:
    if not seen.reached:
        tried = _say(translate("Doctor", "Tried: {tried}."), tried=", ".join(seen.unreached))
        return tried, _say(
            translate(
                "Doctor", "Allow outgoing TCP and UDP to port 7844 in the firewall; a proxy does not help here."
            )
        )
    udp = _say(
        translate(
            "Doctor",
            "Whether UDP (QUIC) gets through can't be told from here; cloudflared does without it if need be.",
        )
    )
    reached = _say(translate("Doctor", "Cloudflare takes connections: {reached}."), reached=", ".join(seen.reached))
    if seen.unreached:
        missed = _say(translate("Doctor", "Not reached: {unreached}."), unreached=", ".join(seen.unreached))
        return (
            f"{reached} {missed} {udp}",
            _say(translate("Doctor", "Allow outgoing TCP and UDP to port 7844 for both regions in the firewall.")),
        )
    return f"{reached} {udp}", ""


def _tray(seen: TraySeen) -> tuple[str, str]:
    if seen.available:
        return _say(translate("Doctor", "This desktop has a tray.")), ""
    return (
        _say(translate("Doctor", "This desktop has no tray: the app shows its window instead.")),
        _say(
            translate(
                "Doctor",
                "On GNOME, turn on the extension AppIndicator Support; elsewhere, add a tray to the panel.",
            )
        ),
    )


def _folders(seen: FoldersSeen, finding: Finding) -> tuple[str, str]:
    if seen.unwritable is not None:
        folder, why = seen.unwritable
        return (
            _say(
                translate("Doctor", "{folder} can't be written to: {why}."),
                folder=plain(str(folder)),
                why=plain(why),
            ),
            _say(translate("Doctor", "Make it writable, or set TUNNELDESK_HOME to a folder that is.")),
        )
    folders = ", ".join(plain(str(folder)) for folder in seen.folders)
    if finding.failure is not None and not seen.set_aside:
        return "", ""
    if seen.set_aside:
        files = ", ".join(plain(str(file)) for file in seen.set_aside)
        return (
            _say(
                translate("Doctor", "Damaged files were set aside, and TunnelDesk went on without them: {files}."),
                files=files,
            ),
            _say(translate("Doctor", "Take out of them what you miss, then delete them.")),
        )
    return _say(translate("Doctor", "{folders} can be written to."), folders=folders), ""


def _space(seen: SpaceSeen, finding: Finding) -> tuple[str, str]:
    folder = plain(str(seen.folder))
    free = f"{decimal(seen.free / 1e9)} GB" if seen.free >= 1e9 else f"{seen.free / 1e6:.0f} MB"
    reason = _say(translate("Doctor", "{free} free for {folder}."), free=free, folder=folder)
    if finding.verdict is Verdict.OK:
        return reason, ""
    return reason, _say(translate("Doctor", "Make room on that disk: what you want exposed is remembered there."))


def _leftovers(seen: LeftoversSeen) -> tuple[str, str]:
    found = []
    if seen.connectors:
        numbers = ", ".join(map(str, seen.connectors))
        found.append(
            _say(
                translate("Doctor", "Connectors that have outlived their owner: process {numbers}."),
                numbers=numbers,
            )
        )
    if seen.tunnels:
        found.append(
            _say(
                translate("Doctor", "Tunnels that nobody serves and that may still be on their server: {n}."),
                n=str(seen.tunnels),
            )
        )
    if not found:
        return _say(translate("Doctor", "Earlier runs have left nothing behind.")), ""
    return " ".join(found), _say(translate("Doctor", "Start TunnelDesk, or run expose: they are cleaned up then."))


def _names(seen: NamesSeen) -> tuple[str, str]:
    if seen.looked_up:
        return _say(translate("Doctor", "Names ending in .localhost are looked up.")), ""
    return (
        _say(
            translate(
                "Doctor",
                "The system does not look up names ending in .localhost. Browsers and curl do it themselves; some "
                "programs can't open the addresses of --demo.",
            )
        ),
        _say(
            translate(
                "Doctor",
                "For such a program, connect to 127.0.0.1 and send the Host header; or install libnss-myhostname.",
            )
        ),
    )


def _port(seen: PortSeen) -> tuple[str, str]:
    port = str(seen.port)
    if not seen.addresses:
        return (
            _say(
                translate(
                    "Doctor", "Nothing listens on port {port} of this computer: visitors would see an error page."
                ),
                port=port,
            ),
            _say(translate("Doctor", "Start your service, or name the port it listens on.")),
        )
    where = _say(
        translate("Doctor", "Port {port} is taken on {addresses}."), port=port, addresses=", ".join(seen.addresses)
    )
    if seen.tls:
        return (
            joined(where, _say(translate("Doctor", "It speaks TLS, and a tunnel brings it plain HTTP."))),
            _say(
                translate(
                    "Doctor",
                    "Let your service speak plain HTTP on that port: the public address is https all the same.",
                )
            ),
        )
    return where, ""


def _address(seen: AddressSeen) -> tuple[str, str]:
    found = of_address(seen)
    return found.seen, joined(found.fix, found.remedy or "")


def _unseen(why: Unseen) -> str:
    return {
        Unseen.NO_ANSWER: translate("Doctor", "Not looked at: a server that answers is needed first."),
        Unseen.NO_DATE: translate("Doctor", "The server does not say what time it is there."),
        Unseen.NO_SERVER: translate(
            "Doctor", "Not looked at: no server is known, so nobody knows whether Cloudflare is used."
        ),
        Unseen.STAND_IN: translate(
            "Doctor", "Not looked at: the server is on this computer, where Cloudflare is not used."
        ),
        Unseen.NO_DISPLAY: translate("Doctor", "Not looked at: there is no display here. The terminal needs none."),
        Unseen.NO_QT: translate("Doctor", "Not looked at: Qt is not installed here. The terminal does without it."),
        Unseen.TRAY_SILENT: translate("Doctor", "Whether there is a tray could not be found out."),
        Unseen.TOO_SLOW: translate("Doctor", "This could not be found out in reasonable time."),
    }[why]


def _say(text: str, **facts: str) -> str:
    return fill(text, facts)


def joined(*parts: str) -> str:
    """Return sentences as one text; empty ones are left out."""
    return " ".join(part for part in parts if part)
