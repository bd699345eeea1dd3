"""Puts the parts of the server together, runs them, and takes them down again."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

from tunneldesk.backend.accounts import Accounts
from tunneldesk.backend.app import build_app
from tunneldesk.backend.clock import Clock
from tunneldesk.backend.control import Control
from tunneldesk.backend.database import open_database
from tunneldesk.backend.dialect import NO_SIGN_IN
from tunneldesk.backend.edge import Edge
from tunneldesk.backend.faults import Faults
from tunneldesk.backend.identity import Identity
from tunneldesk.backend.leases import Reaper
from tunneldesk.backend.limits import RateLimit
from tunneldesk.backend.logins import Logins
from tunneldesk.backend.names import Names
from tunneldesk.backend.sessions import Sessions
from tunneldesk.backend.sign_in import Policy, SignIn
from tunneldesk.backend.store import Store
from tunneldesk.backend.tunnels import Terms, Tunnels

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    from starlette.types import ASGIApp

    from tunneldesk.backend.dialect import Dialect

FIRST_USER: Final = "me@tunneldesk.localhost"

# Clients beat every 20 s; so they can do it over one connection.
_KEEP_ALIVE_SEC: Final = 75
_STOP_WITHIN_SEC: Final = 1


class ListenError(Exception):
    """An address can't be listened on; the message says why and what to do about it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the switches of ``tunneldesk backend`` say."""

    host: str
    port: int
    edge_port: int
    data_dir: Path
    base_domain: str
    heartbeat_interval: float
    lease_timeout: float
    reaper_interval: float
    max_tunnels: int
    create_rate: int
    dialect: Dialect
    sign_in: str
    allow_email_domain: Sequence[str]
    access_token_lifetime: float
    refresh_grace: float
    start_rate: int
    poll_rate: int
    exchange_rate: int
    control: bool


class _Server(uvicorn.Server):
    """Uvicorn, with a word when it answers and signals that only ask it to stop."""

    def __init__(self, app: ASGIApp, ready_line: str) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="httptools",
                ws="none",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                # Nothing in front of this server may say where a request comes from: /_control/ relies on it.
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_SEC,
                timeout_graceful_shutdown=_STOP_WITHIN_SEC,
            )
        )
        self._ready_line = ready_line

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._ready_line, flush=True)  # noqa: T201 - the one thing that is said on stdout

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal; uvicorn's own way raises it once more at the end, and so spoils the exit status."""

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.should_exit = True

        signals = [signal.SIGINT, signal.SIGTERM]
        if sys.platform == "win32":
            signals.append(signal.SIGBREAK)
        before = {number: signal.signal(number, stop) for number in signals}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


async def run(settings: Settings) -> None:
    """Serve until a signal asks to stop.

    Raises:
        ListenError: The API's or the edge's address can't be listened on.
        DataFolderError: The data folder can't be used.
    """
    clock = Clock()
    with _listen(settings.host, settings.port) as api, open_database(settings.data_dir) as database:
        store = Store(
            database,
            clock,
            Names(settings.base_domain),
            lease_timeout=settings.lease_timeout,
            revives=settings.dialect.revives,
        )
        edge = Edge(store, host=settings.host, port=settings.edge_port)
        try:
            await edge.start()
        except OSError as error:
            raise _cannot_listen(settings.host, settings.edge_port, "--edge-port", error) from error
        store.names = Names.at_edge(settings.base_domain, edge.port)
        store.on_end = edge.disconnect
        try:
            await _serve(settings, clock, database, store, edge, api)
        finally:
            await edge.close()


async def _serve(
    settings: Settings, clock: Clock, database: sqlite3.Connection, store: Store, edge: Edge, api: socket.socket
) -> None:
    dialect = settings.dialect
    accounts, logins = Accounts(database, clock), Logins(database, clock)
    sessions = Sessions(
        database, clock, accounts, lifetime=settings.access_token_lifetime, grace=settings.refresh_grace
    )
    reaper = Reaper(
        store,
        clock,
        edge,
        interval=settings.reaper_interval,
        drains=dialect.drains,
        others=(logins, sessions, accounts),
    )
    terms = Terms(
        heartbeat_interval=settings.heartbeat_interval,
        lease_timeout=settings.lease_timeout,
        max_tunnels=settings.max_tunnels,
        edge=_reachable(settings.host, edge.port),
    )
    rate = RateLimit(settings.create_rate)
    tunnels = Tunnels(accounts, store, edge, clock, rate=rate, dialect=dialect, terms=terms)
    api_url = f"http://{_reachable(settings.host, api.getsockname()[1])}"
    sign_in = None
    if settings.sign_in != NO_SIGN_IN:
        sign_in = SignIn(
            database,
            clock,
            accounts=accounts,
            logins=logins,
            sessions=sessions,
            identity=Identity(clock, api_url),
            dialect=dialect,
            policy=_policy(settings),
        )
    faults = Faults()
    token = accounts.mint_access_token(accounts.add_user(FIRST_USER))
    control = None
    if settings.control:
        control = Control(
            token,
            accounts=accounts,
            sessions=sessions,
            store=store,
            tunnels=tunnels,
            faults=faults,
            edge=edge,
            clock=clock,
            reaper=reaper,
        )
    ready = {
        "event": "ready",
        "apiUrl": api_url,
        "edgeUrl": f"http://{terms.edge}",
        "accessToken": token,
        "pid": os.getpid(),
    }
    server = _Server(build_app(tunnels, sign_in, control, faults, dialect), json.dumps(ready))
    async with asyncio.TaskGroup() as group:
        reaping = group.create_task(reaper.run())
        await server.serve([api])
        reaping.cancel()


def _policy(settings: Settings) -> Policy:
    return Policy(
        way=settings.sign_in,
        email_domains=frozenset(settings.allow_email_domain),
        starts=RateLimit(settings.start_rate),
        polls=RateLimit(settings.poll_rate),
        exchanges=RateLimit(settings.exchange_rate),
    )


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address, so that a busy port is known before anything else is touched."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot_listen(host, port, "--port", error) from error
    try:
        if sys.platform != "win32":
            # There it would let a second server take the port away from the first.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise _cannot_listen(host, port, "--port", error) from error
    return listener


def _cannot_listen(host: str, port: int, switch: str, error: OSError) -> ListenError:
    if isinstance(error, socket.gaierror):
        return ListenError(f"There is no address called {host!r}: choose another with --host.")
    if error.errno == errno.EADDRINUSE:
        return ListenError(
            f"Port {port} on {host} is in use: stop what is listening there, or choose another port with {switch}"
            " (0 takes any free one)."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return ListenError(f"{host} is not an address of this computer: choose another with --host.")
    reason = error.strerror or str(error)
    return ListenError(f"Port {port} on {host} can't be listened on ({reason}): choose another with {switch}.")


def _reachable(host: str, port: int) -> str:
    """Return ``host:port`` to reach a listener at from this computer."""
    if host in ("0.0.0.0", ""):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    elif host == "::":
        host = "::1"
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
