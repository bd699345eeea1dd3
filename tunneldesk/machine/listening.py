"""Who listens on this machine, as far as the system tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psutil

from tunneldesk.domain.listening import Listener

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LOCAL = ("127.", "::1", "0.0.0.0", "::", "::ffff:127.")  # noqa: S104 - compared with, never listened on
_VERSION = re.compile(r"[\d.]+$")

_FRAMEWORKS: tuple[tuple[str, str], ...] = (
    # found in the command line, what it is; the first that fits counts, so tools stand before what they run on
    (r"\bstorybook\b", "Storybook"),
    (r"\bnext(-server| dev| start|/dist/bin)", "Next.js"),
    (r"\bnuxt\b", "Nuxt"),
    (r"\bastro\b", "Astro"),
    (r"\bremix\b", "Remix"),
    (r"\bgatsby\b", "Gatsby"),
    (r"\breact-scripts\b", "Create React App"),
    (r"\bng serve\b|@angular/cli", "Angular"),
    (r"\bvue-cli-service\b", "Vue CLI"),
    (r"\bvite\b", "Vite"),
    (r"\bwebpack\b", "webpack"),
    (r"\bparcel\b", "Parcel"),
    (r"\bmanage\.py runserver\b|\bdjango-admin\b", "Django"),
    (r"\bfastapi (dev|run)\b", "FastAPI"),
    (r"\bstreamlit\b", "Streamlit"),
    (r"\bjupyter\b", "Jupyter"),
    (r"\bflask\b", "Flask"),
    (r"\buvicorn\b", "Uvicorn"),
    (r"\bgunicorn\b", "Gunicorn"),
    (r"\bhypercorn\b", "Hypercorn"),
    (r"\bhttp\.server\b", "http.server"),
    (r"\bartisan serve\b", "Laravel"),
    (r"\bphp\d* .*-S\b", "built-in server"),
    (r"\brails\b|\bpuma\b", "Rails"),
    (r"\bjekyll\b", "Jekyll"),
    (r"\bhugo\b", "Hugo"),
    (r"\bphx\.server\b", "Phoenix"),
    (r"\bspring-boot\b|\bbootRun\b", "Spring Boot"),
    (r"\bdotnet\b", "ASP.NET"),
)


def listeners() -> tuple[Listener, ...]:
    """Return the ports on which other programs than ours can be reached from this machine, lowest first.

    Blocks for some ten milliseconds. Programs of other users are listed without a name; where the system tells
    nothing at all without more rights (macOS), only our user's programs are listed.
    """
    ours = _ours()
    found: dict[int, Listener] = {}
    for port, pid in _listening():
        if pid in ours or (port in found and found[port].process is not None):
            continue
        found[port] = Listener(port, *(_described(pid) if pid else (None, None)))
    return tuple(found[port] for port in sorted(found))


def guess(command: Sequence[str]) -> str | None:
    """Return what a program seems to be from its command line; None where nobody can tell."""
    line = " ".join(command)
    return next((name for pattern, name in _FRAMEWORKS if re.search(pattern, line)), None)


def _listening() -> Iterator[tuple[int, int | None]]:
    try:
        yield from _of(psutil.net_connections("tcp"))
    except psutil.AccessDenied:  # macOS tells root only; of one's own processes it tells everybody
        for process in psutil.process_iter():
            try:
                connections = process.net_connections("tcp")
            except psutil.Error:
                continue
            yield from ((port, process.pid) for port, _ in _of(connections))


def _of(connections: Iterable[object]) -> Iterator[tuple[int, int | None]]:
    for connection in connections:
        address = getattr(connection, "laddr", None)
        listens = getattr(connection, "status", None) == psutil.CONN_LISTEN
        if listens and address and address.ip.startswith(_LOCAL):
            yield address.port, getattr(connection, "pid", None)


def _ours() -> set[int | None]:
    """Our own process and all it has started: connectors and the embedded server listen, too."""
    us = psutil.Process()
    try:
        return {us.pid, *(child.pid for child in us.children(recursive=True))}
    except psutil.Error:
        return {us.pid}


def _described(pid: int) -> tuple[str | None, str | None]:
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            name = process.name()
            command = process.cmdline()
    except psutil.Error:
        return None, None
    name = _VERSION.sub("", name.removesuffix(".exe")) or name
    return name, guess(command)
