"""The core of TunnelDesk without a face: everything wired, for the desktop and the terminal alike."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tunneldesk.connector import leftovers
from tunneldesk.connector.locate import PROGRAM_NAME, locate
from tunneldesk.connector.owner import Owner
from tunneldesk.connector.release import Release, this_machine
from tunneldesk.daemon_threads import DaemonThreads
from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import ErrorCode, Failure, TunnelDeskError
from tunneldesk.domain.model import AppState, Session, SessionStatus
from tunneldesk.domain.secret import Secret
from tunneldesk.domain.validation import parse_server
from tunneldesk.machine.autostart import Autostart, own_command
from tunneldesk.network import trust
from tunneldesk.service.awake import Awake
from tunneldesk.service.clock import SystemClock
from tunneldesk.service.connector_logs import ConnectorLogs
from tunneldesk.service.desk import Desk
from tunneldesk.service.doubts import Doubts
from tunneldesk.service.failures import Failures
from tunneldesk.service.keeping import SettingsKeeper
from tunneldesk.service.ledger import Ledger
from tunneldesk.service.resume import Resumption
from tunneldesk.service.session import Sessions
from tunneldesk.service.store import Store
from tunneldesk.service.surroundings import Surroundings
from tunneldesk.service.tasks import Tasks
from tunneldesk.service.tunnels import Tunnels
from tunneldesk.service.updates import Updates
from tunneldesk.service.wake import Wake
from tunneldesk.storage.accounts import AccountsFile
from tunneldesk.storage.credentials import Credentials
from tunneldesk.storage.journal import Journal
from tunneldesk.storage.paths import APP_ID, HOME_VARIABLE, Paths
from tunneldesk.storage.rolling import RollingFile
from tunneldesk.storage.settings import Settings, SettingsFile
from tunneldesk.storage.sign_ins import SignIns
from tunneldesk.storage.tunnel_tokens import TunnelTokens
from tunneldesk.updates.origin import published_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.install import Installer
    from tunneldesk.connector.locate import Connectors
    from tunneldesk.domain.health import AddressFinding
    from tunneldesk.domain.listening import Listener
    from tunneldesk.domain.model import Update
    from tunneldesk.domain.sign_in import Landing
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.service.doctor import Doctor
    from tunneldesk.service.embedded import EmbeddedServer
    from tunneldesk.storage.accounts import Accounts

_log = logging.getLogger(__name__)

_TOKEN_VARIABLE = "TUNNELDESK_ACCESS_TOKEN"  # noqa: S105 - the name of one

_CONNECTOR_LOG_BYTES = 5_000_000

_DELETE_WITHIN_ON_QUIT = 4.0
"""Seconds a server gets for deleting when the app ends; what it did not reach is journalled."""


@dataclass(frozen=True, slots=True)
class CoreOptions:
    """How the core is to run.

    Attributes:
        server: API base address that beats the environment and the settings; None for theirs.
        connector: cloudflared that beats the environment and the settings.
        demo: Whether to start the embedded server and use it.
        lasting: Whether wishes, recent names and the embedded server's data outlive the run: the tray app's do, a
            command's do not.
        environ: The environment.
    """

    server: str | None = None
    connector: Path | None = None
    demo: bool = False
    lasting: bool = True
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)


@dataclass(frozen=True, slots=True)
class Core:
    """What a face works with.

    Attributes:
        store: The state.
        commands: All that may be asked for.
        quitting: Set when the user has asked to quit; the face then leaves `open_core`.
        paths: Where things are kept.
    """

    store: Store
    commands: Commands
    quitting: asyncio.Event
    paths: Paths


class _Wiring:
    """The parts of one core, and how they find each other."""

    def __init__(self, options: CoreOptions) -> None:
        self.options = options
        self.paths = Paths.find(options.environ)
        self.clock = SystemClock()
        settings_file, journal = SettingsFile(self.paths.settings), Journal(self.paths.journal)
        self.settings = settings_file.read()
        trust(self.settings.preferences.authority)
        accounts = AccountsFile(self.paths.accounts)
        kept_here = options.lasting and accounts.read().here
        told_otherwise = self._named() is not None or _TOKEN_VARIABLE in options.environ
        self.on_this_computer = options.demo or (kept_here and not told_otherwise)
        left = journal.read()  # as the last run left it: from the first command on, this one writes
        self.store = Store(
            AppState(
                session=Session(status=SessionStatus.OPENING, demo=self.on_this_computer),
                recent=self.settings.recent,
                preferences=self.settings.preferences,
            )
        )
        self.failures = Failures(self.store, self.clock)
        self.tasks = Tasks(self.failures)
        credentials = Credentials(self.paths)
        self._complain(settings_file.trouble, journal.trouble, accounts.trouble)
        self.sessions = Sessions(
            self.store, accounts, SignIns(credentials), self.clock, self.paths.renewal_lock, _landing_page
        )
        self.settings_keeper = SettingsKeeper(settings_file, self.tasks, failed=self._not_written)
        self.ledger = Ledger(
            journal,
            Owner(self.paths.run),
            self.paths.run,
            TunnelTokens(credentials),
            self.tasks,
            # The embedded server ends with us and asks nobody for an account; a command's tunnel is not taken up.
            keeps_tokens=lambda account: options.lasting and not self.sessions.is_embedded(account),
            failed=self._not_written,
        )
        # A command's connector is written down nowhere: it has the terminal.
        file = RollingFile(self.paths.connector_log, _CONNECTOR_LOG_BYTES) if options.lasting else None
        self.connector_logs = ConnectorLogs(file, self._called)
        self.tunnels = Tunnels(
            Surroundings(
                store=self.store,
                clock=self.clock,
                client=self.sessions.client,
                locate=self._locate,
                ledger=self.ledger,
                doubts=Doubts(self.clock, self.ledger.known),
                waits_for_rate=options.lasting,
                logs=self.connector_logs,
            ),
            self.tasks,
        )
        self.desk = Desk(
            self.store,
            self.tasks,
            self.failures,
            self.sessions,
            self.tunnels,
            monotonic=self.clock.monotonic,
            open_demo=self.open_demo,
            installer=self._installer,
            look=self._look,
            listeners=_listeners,
            doctor=self._doctor,
            autostart=self._autostart(),
            quits_within=_DELETE_WITHIN_ON_QUIT,
        )
        self.resumption = Resumption(
            left,
            self.store,
            self.sessions,
            self.tunnels,
            self.ledger,
            reopens=lambda: options.lasting and self.settings.preferences.reopen_at_start,
            now=self.clock.now,
        )
        self.embedded: EmbeddedServer | None = None
        self.opening = self.tasks.start(self.open(), "open the session")
        self.tasks.start(Wake(self.clock, disturbed=self.tunnels.disturbed).run(), "notice sleep and networks")
        self._look_for_updates()
        if options.lasting:
            self.tasks.start(self.desk.look_at_login(), "look whether we are started at login")
        self.tasks.start(Awake(self.store, _keep_awake).run(), "keep awake")

    def _called(self, key: str) -> str:
        """What the connectors' log calls a tunnel."""
        tunnel = self.store.state.tunnel(key)
        return (tunnel.slug or f"port {tunnel.wish.port}") if tunnel else "-"

    def _complain(self, *failures: Failure | None) -> None:
        """Say what is wrong with files of ours."""
        said = [failure for failure in failures if failure is not None]
        if said:
            because = tuple(each for failure in said for each in failure.because)
            self.failures.show(replace(said[0], because=because))

    def _not_written(self, failure: Failure) -> None:
        self.failures.show(failure, again=self._write_again)

    async def _write_again(self) -> None:
        """Write whatever could not be written: where one file can't be, another mostly can't be either."""
        await self.settings_keeper.write_again()
        await self.ledger.write_again()

    async def open(self) -> None:
        """Find the server and the token, then take up what was left undone."""
        leftovers.sweep(self.paths.run)
        if self.options.lasting:
            self._know(offered=Release.shipped().offered(this_machine()))
        known = self.sessions.known()
        try:
            if self.on_this_computer:
                await self.open_demo()
            else:
                failure = await self.sessions.open(*self._whom(known))
                if failure is not None:
                    self.failures.show(failure, again=self.desk.enter_kept)
        except TunnelDeskError as error:
            self.sessions.refuse(error.failure)
            self.failures.show(error.failure)
        except BaseException:
            # Whatever it was, and the end of the app too: nobody waits for a session that never opens.
            self.sessions.refuse(Failure(ErrorCode.UNEXPECTED))
            raise
        await self.resumption.take_up()
        if self.options.lasting and not self.options.demo:
            await self.resumption.take_up_others()

    def _whom(self, known: Accounts) -> tuple[Account | None, Secret | None]:
        """The account to start with, and its token where one is given.

        A switch beats the environment, which beats what was last in use.

        Raises:
            InvalidValueError: It is no server address.
        """
        token = self.options.environ.get(_TOKEN_VARIABLE)
        named = self._named()
        server = parse_server(named) if named else None
        account = known.current if server is None else known.on(server)
        if token and account is not None:
            return Account(account.server), Secret(token)
        return account, None

    def _named(self) -> str | None:
        """The server that a switch or the environment names."""
        return self.options.server or self.options.environ.get("TUNNELDESK_SERVER")

    async def open_demo(self) -> None:
        """Start the embedded server, unless it runs, and use it."""
        if self.embedded is None:
            from tunneldesk.service.embedded import EmbeddedServer  # only for whoever has no server

            self.embedded = EmbeddedServer(self._demo_data())
        answering = await self.embedded.start()
        await self.sessions.open(Account(answering.api_url), answering.token, here=answering.domain)

    async def close(self) -> None:
        """Take everything down in order: tunnels, tasks, connections, the embedded server."""
        self.opening.cancel()
        await asyncio.wait({self.opening})
        await self.tunnels.close(delete_within=_DELETE_WITHIN_ON_QUIT)
        await self.connector_logs.close()
        await self.settings_keeper.close()
        await self.ledger.close()
        await self.tasks.cancel()
        await self.sessions.aclose()
        if self.embedded is not None:
            await self.embedded.stop()
            if not self.options.lasting:
                shutil.rmtree(self.embedded.data_dir, ignore_errors=True)

    def keep(self, state: AppState) -> None:
        """Write down what is to outlive the run, whenever it has changed."""
        if state.quitting:
            return
        if state.session.status is not SessionStatus.OPENING:
            self.resumption.keep(state)
        if self.opening.done() and self.resumption.due(state):
            # Signed in only now, perhaps because the keyring was locked at the start.
            self.tasks.start(self.resumption.take_up(), "take up what was left")
        settings = Settings(state.preferences, state.recent)
        if settings != self.settings:
            self.settings = settings
            self.settings_keeper.keep(settings)

    async def _locate(self, client: ApiClient) -> Connectors:
        from_environment = self.options.environ.get("TUNNELDESK_CLOUDFLARED")
        chosen = (
            self.options.connector
            or (Path(from_environment) if from_environment else None)
            or self.store.state.preferences.connector
        )
        connectors = await locate(server=client.server, chosen=chosen, own=self.paths.cloudflared / PROGRAM_NAME)
        found = connectors.cloudflared
        self._know(path=found and Path(found.argv[0]), version=found and found.version)
        return connectors

    def _know(self, **facts: object) -> None:
        """Show what is known of cloudflared on this machine."""
        self.store.update(lambda state: replace(state, cloudflared=replace(state.cloudflared, **facts)))  # type: ignore[arg-type] # the fields are named where they are set

    def _installer(self) -> Installer:
        from tunneldesk.connector.install import MIRROR_VARIABLE, Installer  # only for whoever wants a download
        from tunneldesk.network import open_transport

        mirror = self.options.environ.get(MIRROR_VARIABLE)
        return Installer(self.paths.cloudflared, open_transport, mirror=mirror)

    def _look_for_updates(self) -> None:
        """Have the tray app find out that there is a newer one, where it was published anywhere."""
        repository = published_at()
        if self.options.lasting and repository is not None:
            memory = self.paths.cache / "updates.json"
            updates = Updates(self.store, self.clock, partial(_latest, repository), memory)
            self.tasks.start(updates.run(), "look for updates")

    async def _look(self, address: str, port: int) -> AddressFinding:
        from tunneldesk.visitor.address import look  # only when it is asked for

        return await look(address, port, self.clock.now)

    def _autostart(self) -> Autostart:
        # A home of its own has an entry of its own, and is told to the program that it starts.
        home = self.options.environ.get(HOME_VARIABLE)
        name = f"{APP_ID}.{self.paths.key}" if home else APP_ID
        folder = Path(home).expanduser().resolve() if home else None
        return Autostart(name, own_command(self.options.environ, folder), self.options.environ)

    def _doctor(self) -> Doctor:
        from tunneldesk.service.doctor import Doctor, Matter  # only for whoever asks for one

        state = self.store.state
        account = state.session.account
        # The token that was given is for nobody in particular: whoever has signed in has one of their own.
        nobody = account is None or account.email is None
        token = self.options.environ.get(_TOKEN_VARIABLE) if nobody else None
        installer = self._installer()
        return Doctor(
            Matter(
                paths=self.paths,
                account=account,
                token=Secret(token) if token else None,
                chosen=state.preferences.connector,
                installed=installer.program,
                offered=installer.offered,
            )
        )

    def _demo_data(self) -> Path:
        if self.options.lasting:
            return self.paths.state / "demo-server"
        self.paths.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="demo-", dir=self.paths.cache))


def _landing_page(landing: Landing) -> str:
    from tunneldesk.presentation.landing import landing_page  # once: whoever has signed in stays so

    return landing_page(landing)


def _keep_awake() -> Callable[[], None] | None:
    from tunneldesk.machine.awake import keep_awake  # only for whoever asked for it
    from tunneldesk.presentation.announcement import why_awake

    return keep_awake(why_awake())


def _listeners() -> tuple[Listener, ...]:
    from tunneldesk.machine.listening import listeners  # only for whoever looks

    return listeners()


async def _latest(repository: str) -> Update | None:
    from tunneldesk.updates.feed import NoNewsError, latest  # once a day at most

    try:
        return await latest(repository)
    except NoNewsError as why:
        _log.info("Whether there is a newer version can't be told: %s", why)
        return None


@asynccontextmanager
async def open_core(options: CoreOptions) -> AsyncIterator[Core]:
    """Run the core for as long as the context lasts; leaving it stops everything cleanly.

    The core is there at once, with the session OPENING; commands given meanwhile wait for it.
    """
    asyncio.get_running_loop().set_default_executor(DaemonThreads())
    wiring = _Wiring(options)
    unsubscribe = wiring.store.subscribe(wiring.keep) if options.lasting else None
    try:
        yield Core(wiring.store, wiring.desk, wiring.desk.quitting, wiring.paths)
    finally:
        wiring.store.update(lambda state: replace(state, quitting=True))
        await wiring.close()
        if unsubscribe is not None:
            unsubscribe()
