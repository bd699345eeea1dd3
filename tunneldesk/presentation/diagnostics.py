"""What can be given to somebody who is to help: everything that tells, and nothing that is nobody's business."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tunneldesk.domain.model import SessionStatus
from tunneldesk.presentation.doctor import check_view
from tunneldesk.presentation.status import status_of
from tunneldesk.presentation.texts import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from tunneldesk.domain.model import AppState

_LINES_OF_EACH_LOG = 200

_ALWAYS = (
    (re.compile(r"eyJ[\w+/=.-]{8,}"), "<token>"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w+/=.~-]+"), r"\1 <token>"),
    (
        re.compile(
            r"(?i)\b((?:access|refresh|run)?[_-]?token|password|secret|authorization)([^\w;,.]{1,4})[^\s,;&\"']+"
        ),
        r"\1\2<hidden>",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "<e-mail>"),
    (re.compile(r"://[^/\s@]+@"), "://<user>@"),
    (re.compile(r"\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "<id>"),
)
_LOCAL = re.compile(r"^(localhost|127\.|\[?::1)|\.localhost$")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the state does not hold.

    Attributes:
        at: When this is written down (UTC).
        versions: Names and versions of the parts.
        home: The user's home folder, which often holds their name.
        logs: Lines by the name of the log.
    """

    at: datetime
    versions: Iterable[tuple[str, str]]
    home: str
    logs: Mapping[str, Iterable[str]]


def diagnostics(state: AppState, around: Circumstances) -> str:
    """Return everything worth knowing, in plain text, redacted; English, as those who help read it."""
    return redact("\n".join(_lines(state, around)) + "\n", state, around.home)


def redact(text: str, state: AppState, home: str) -> str:
    """Return ``text`` without tokens, e-mail addresses, ids, the home folder, and names of servers and tunnels."""
    for name, instead in _names(state):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", instead, text)
    if len(home) > 1:
        text = text.replace(home, "~")
    for pattern, instead in _ALWAYS:
        text = pattern.sub(instead, text)
    return text


def _names(state: AppState) -> Iterator[tuple[str, str]]:
    """Yield what is to be replaced by what, the longest first, so that none is taken for a part of another."""
    found: dict[str, str] = {}
    for number, tunnel in enumerate(state.tunnels, 1):
        if tunnel.hostname and not _LOCAL.search(tunnel.hostname.partition(":")[0]):
            found[tunnel.hostname] = f"<address {number}>"
        if tunnel.slug:
            found.setdefault(tunnel.slug, f"<name {number}>")
    for number, remote in enumerate(state.remote or (), 1):
        found.setdefault(remote.hostname, f"<address elsewhere {number}>")
        found.setdefault(remote.slug or remote.hostname, f"<name elsewhere {number}>")
    servers = (state.session.server, *(account.server for account in state.accounts))
    for number, server in enumerate(dict.fromkeys(urlsplit(server or "").netloc for server in servers), 1):
        if server and not _LOCAL.search(server):
            found[server] = "<server>" if number == 1 else f"<server {number}>"
    yield from sorted(found.items(), key=lambda each: -len(each[0]))


def _lines(state: AppState, around: Circumstances) -> Iterator[str]:
    yield f"TunnelDesk diagnostics, {around.at:%Y-%m-%d %H:%M:%S} UTC"
    yield from _titled("Versions", (f"{name} {version}" for name, version in around.versions))
    yield from _titled("Session", _session(state))
    yield from _titled("Settings", _settings(state))
    yield from _titled("Tunnels", _tunnels(state))
    yield from _titled("Doctor", _doctor(state))
    for name, lines in around.logs.items():
        yield from _titled(name, tuple(lines)[-_LINES_OF_EACH_LOG:])


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    yield "-" * len(title)
    told = False
    for line in lines:
        told = True
        yield line
    if not told:
        yield "(nothing)"


def _session(state: AppState) -> Iterator[str]:
    yield f"server: {'this computer only' if state.session.demo else state.session.server or 'none'}"
    yield f"status: {state.session.status}"
    if state.session.status is SessionStatus.SIGNED_IN:
        yield f"stored in the keyring: {_yes_no(state.session.stored)}"
        yield f"tunnels in use: {state.in_use} of {state.limit_of(state.session.account)}"
    if state.failure is not None:
        yield f"problem: {state.failure.code} {plain(state.failure.told)}".rstrip()


def _settings(state: AppState) -> Iterator[str]:
    chosen = state.preferences
    yield f"cloudflared chosen: {chosen.connector or 'none'}"
    yield f"cloudflared found: {state.cloudflared.path or 'none'} {state.cloudflared.version or ''}".rstrip()
    yield f"protocol: {chosen.protocol}"
    yield f"copy when live: {_yes_no(chosen.copy_when_live)}"
    yield f"reopen at start: {_yes_no(chosen.reopen_at_start)}"
    yield f"theme: {chosen.theme}"


def _yes_no(flag: bool) -> str:
    return "yes" if flag else "no"


def _tunnels(state: AppState) -> Iterator[str]:
    for tunnel in state.tunnels:
        status = status_of(tunnel)
        yield f"{tunnel.hostname or tunnel.slug or 'no name yet'} -> localhost:{tunnel.wish.port}: {status.words}"
        vitals = tunnel.vitals
        yield (
            f"    service {vitals.service}, connector {vitals.connector}, lease {vitals.lease}, "
            f"address {vitals.address}; connected at {tunnel.location or '-'}"
        )
        if tunnel.failure is not None:
            failure = tunnel.failure
            yield f"    problem: {failure.code}, HTTP {failure.status or '-'}, request {failure.request_id or '-'}"
        for moment in tunnel.timeline[-20:]:
            found = str(moment.because or "")
            yield " ".join(
                filter(None, (f"    {moment.at:%Y-%m-%d %H:%M:%S}", moment.kind, found, plain(moment.detail)))
            )


def _doctor(state: AppState) -> Iterator[str]:
    for finding in state.checkup.findings if state.checkup else ():
        view = check_view(finding, state.session.server)
        # Apart from its reason, or "access token" would look as if the token itself came next.
        yield f"{view.verdict:<5} {view.label}"
        yield f"      {view.reason} {view.fix}".rstrip()
