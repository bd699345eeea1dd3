"""Carries out what faces ask for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode, Failure, LocalFileError, TunnelDeskError
from tunneldesk.domain.health import Health
from tunneldesk.domain.model import MAX_RECENT
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.network import trust
from tunneldesk.service.downloads import Downloads

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.install import Installer
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.checkup import Finding
    from tunneldesk.domain.health import AddressFinding
    from tunneldesk.domain.lines import Lines
    from tunneldesk.domain.listening import Listener
    from tunneldesk.domain.model import Tunnel, Wish
    from tunneldesk.domain.preferences import Preferences
    from tunneldesk.domain.secret import Secret
    from tunneldesk.machine.autostart import Autostart
    from tunneldesk.service.doctor import Doctor
    from tunneldesk.service.session import Sessions
    from tunneldesk.service.store import Store
    from tunneldesk.service.tasks import Tasks
    from tunneldesk.service.tunnels import Tunnels

_FOR_WANT_OF_A_SESSION = frozenset(
    {
        ErrorCode.SIGNED_OUT,
        ErrorCode.MISSING_AUTH,
        ErrorCode.INVALID_TOKEN,
        ErrorCode.INVALID_REFRESH_TOKEN,
        ErrorCode.FORBIDDEN,
        ErrorCode.EMBEDDED_SERVER_FAILED,
    }
)
_FOR_WANT_OF_A_CONNECTOR = frozenset(
    {
        ErrorCode.CONNECTOR_MISSING,
        ErrorCode.CONNECTOR_TOO_OLD,
        ErrorCode.CONNECTOR_NOT_EXECUTABLE,
        ErrorCode.CONNECTOR_WRONG_ARCHITECTURE,
    }
)
_REFRESH_AT_MOST_EVERY = 5.0
"""Seconds between looks at the server's list: some servers count them together with heartbeats."""


class Desk:
    """The service's side of the `Commands` protocol: each command starts a task and returns."""

    def __init__(
        self,
        store: Store,
        tasks: Tasks,
        sessions: Sessions,
        tunnels: Tunnels,
        *,
        monotonic: Callable[[], float],
        open_demo: Callable[[], Awaitable[None]],
        installer: Callable[[], Installer],
        look: Callable[[str, int], Awaitable[AddressFinding]],
        listeners: Callable[[], tuple[Listener, ...]],
        doctor: Callable[[], Doctor],
        autostart: Autostart,
        quits_within: float,
    ) -> None:
        """Wire the commands.

        Args:
            store: The state.
            tasks: What runs beside the faces.
            sessions: Server and account.
            tunnels: The runs.
            monotonic: Seconds that never jump.
            open_demo: Starts the embedded server and uses it.
            installer: Makes what fetches cloudflared.
            look: Fetches a public address that leads to a port of this machine.
            listeners: Looks what listens on this machine; blocks for a moment.
            doctor: Makes what looks at everything the job needs.
            autostart: The system's list of what is started at login.
            quits_within: Seconds that stopping everything takes at most.
        """
        self._store = store
        self._tasks = tasks
        self._sessions = sessions
        self._tunnels = tunnels
        self._monotonic = monotonic
        self._open_demo = open_demo
        self._look = look
        self._listeners = listeners
        self._doctor = doctor
        self._autostart = autostart
        self._quits_within = quits_within
        self._examining: asyncio.Task[None] | None = None
        self._finding: asyncio.Task[None] | None = None
        self._downloads = Downloads(store, tasks, installer, done=self._downloaded)
        self._refreshed_at = float("-inf")
        self._signing_in: asyncio.Task[None] | None = None
        self._put_off: list[Callable[[ApiClient], Awaitable[None]]] = []
        self.quitting = asyncio.Event()

    def expose(self, wish: Wish) -> str:
        """Expose a port; return the key of the new tunnel."""
        self._remember(wish)
        return self._tunnels.expose(wish)

    def revise(self, key: str, wish: Wish) -> None:
        """Go on with another wish under the same key."""
        self._remember(wish)
        self._tunnels.revise(key, wish)

    def stop(self, key: str) -> None:
        """Stop a tunnel; a second call forces its connector down."""
        self._tunnels.stop(key)

    def stop_all(self) -> None:
        """Stop every tunnel of this app."""
        for tunnel in self._store.state.tunnels:
            if tunnel.active:
                self._tunnels.stop(tunnel.key)

    def dismiss(self, key: str) -> None:
        """Forget a tunnel that has failed or stopped."""
        self._tunnels.dismiss(key)

    def stop_remote(self, tunnel_id: str) -> None:
        """Stop a tunnel of this account that runs elsewhere."""
        self._tasks.start(self._stop_remote(tunnel_id), "stop a tunnel elsewhere")

    def make_room(self, key: str, tunnel_id: str) -> None:
        """Stop a tunnel by its server id, then go on with the one that found no room."""
        self._tasks.start(self._make_room(key, tunnel_id), "make room")

    def refresh(self) -> None:
        """Ask the server for its list of tunnels, unless that was done a moment ago."""
        now = self._monotonic()
        if now - self._refreshed_at >= _REFRESH_AT_MOST_EVERY:
            self._refreshed_at = now
            self._tasks.start(self._refresh(), "list tunnels")

    def sign_in(self, server: str, token: Secret, *, remember: bool) -> None:
        """Use this server with this token, then go on with what waited for one."""
        work = self._sessions.sign_in(server, token, remember=remember, entered=self._go_on)
        self._tasks.start(work, "sign in")

    def sign_in_by_browser(self, server: str, email: str, *, remember: bool) -> None:
        """Have somebody sign in with the browser, in place of whoever is at it, then go on as `sign_in` does."""
        self.cancel_sign_in()
        work = self._sessions.sign_in_by_browser(server, email, remember=remember, entered=self._go_on)
        self._signing_in = self._tasks.start(work, "sign in with the browser")

    def cancel_sign_in(self) -> None:
        """Want no sign-in with the browser after all."""
        if self._signing_in is not None:
            self._signing_in.cancel()

    def session_only(self) -> None:
        """Keep the session's sign-in no longer; the user has read that it can't be kept."""
        self.dismiss_failure()
        self._tasks.start(self._sessions.keep_no_longer(), "keep the sign-in for this run only")

    def use_account(self, account: Account) -> None:
        """Make this account the one that new tunnels are for."""
        self._tasks.start(self._use_account(account), "use another account")

    def sign_out(self) -> None:
        """Stop the account's tunnels, then forget it."""
        self._tasks.start(self._sign_out(), "sign out")

    def use_demo(self) -> None:
        """Use the embedded server on this computer."""
        self._tasks.start(self._use_demo(), "start the embedded server")

    def prefer(self, preferences: Preferences) -> None:
        """Keep what the user has chosen; with another connector, go on with what failed for the lack of one."""
        before = self._store.state.preferences
        self._store.update(lambda state: replace(state, preferences=preferences))
        if preferences.start_at_login != before.start_at_login:
            self._tasks.start(self._start_at_login(preferences.start_at_login), "start at login")
        if preferences.authority != before.authority:
            trust(preferences.authority)
        if preferences.connector != before.connector:
            self._tunnels.go_on(_FOR_WANT_OF_A_CONNECTOR)

    def check_address(self, key: str) -> None:
        """Fetch a tunnel's public address as a visitor would."""
        self._tasks.start(self._check_address(key), "look at an address")

    def find_listeners(self) -> None:
        """Look what listens on this machine, unless somebody is looking already."""
        if self._finding is None or self._finding.done():
            self._finding = self._tasks.start(self._find_listeners(), "look who listens")

    def examine(self) -> None:
        """Look at everything the job needs; a check-up that is under way is given up for a new one."""
        if self._examining is not None:
            self._examining.cancel()
        self._examining = self._tasks.start(self._examine(), "examine")

    def download_connector(self) -> None:
        """Fetch cloudflared, then go on with what failed for the lack of it."""
        self._downloads.start()

    def cancel_download(self) -> None:
        """Want no download after all."""
        self._downloads.cancel()

    def dismiss_update(self) -> None:
        """The user has seen it."""
        self._store.update(lambda state: replace(state, update=None))

    def dismiss_failure(self) -> None:
        """The user has read it."""
        self._store.update(lambda state: replace(state, failure=None))

    def connector_log(self, key: str) -> Lines:
        """The latest lines of a tunnel's connector."""
        return self._tunnels.log(key)

    def count_traffic(self, key: str) -> None:
        """Ask a tunnel's connector what it has carried."""
        self._tasks.start(self._tunnels.count(key), "count requests")

    def quit(self) -> None:
        """Begin to end: whoever opened the core sees `quitting` and leaves it."""
        until = self._monotonic() + self._quits_within
        self._store.update(lambda state: replace(state, quitting=True, quit_by=state.quit_by or until))
        self.quitting.set()

    def _remember(self, wish: Wish) -> None:
        self._store.update(
            lambda state: replace(
                state, recent=(wish, *(other for other in state.recent if other != wish))[:MAX_RECENT]
            )
        )

    def _downloaded(self) -> None:
        """Use what has been downloaded, whichever was chosen before, and go on with what waited for it."""
        preferences = self._store.state.preferences
        if preferences.connector is None:
            self._tunnels.go_on(_FOR_WANT_OF_A_CONNECTOR)
        else:
            self.prefer(replace(preferences, connector=None))

    async def _refresh(self) -> None:
        client = await self._sessions.client()
        remote = await client.list_tunnels()
        self._store.update(lambda state: replace(state, remote=remote))

    async def _stop_remote(self, tunnel_id: str) -> None:
        async def stop(client: ApiClient) -> None:
            await client.delete(tunnel_id)
            await self._refresh()

        await self._as_somebody(stop)

    async def _as_somebody(self, work: Callable[[ApiClient], Awaitable[None]]) -> None:
        """Ask the server for this; where it is refused for want of a session, again after the next sign-in."""
        try:
            await work(await self._sessions.client())
        except TunnelDeskError as error:
            if error.failure.code in _FOR_WANT_OF_A_SESSION:
                self._put_off.append(work)
            raise

    async def _start_at_login(self, wanted: bool) -> None:
        try:
            await asyncio.to_thread(self._autostart.enable, wanted)
        except OSError as error:
            because = Because(Reason.AUTOSTART_UNCHANGED, {"system": error.strerror or str(error)})
            raise LocalFileError(Failure(ErrorCode.FILE_NOT_WRITTEN, because=(because,))) from error
        finally:
            await self.look_at_login()

    async def look_at_login(self) -> None:
        """Show whether the system starts us at login, as it says itself."""
        enabled = await asyncio.to_thread(self._autostart.enabled)
        self._store.update(
            lambda state: replace(state, preferences=replace(state.preferences, start_at_login=enabled))
        )

    async def _examine(self) -> None:
        from tunneldesk.domain.checkup import Checkup  # only for whoever asks for one

        doctor = self._doctor()
        checkup = Checkup(doctor.checks)

        def hear(finding: Finding) -> None:
            nonlocal checkup
            checkup = replace(checkup, findings=(*checkup.findings, finding))
            self._store.update(lambda state: replace(state, checkup=checkup))

        self._store.update(lambda state: replace(state, checkup=checkup))
        await doctor.examine(hear)

    async def _find_listeners(self) -> None:
        listeners = await asyncio.to_thread(self._listeners)
        self._store.update(lambda state: replace(state, listeners=listeners))

    async def _check_address(self, key: str) -> None:
        tunnel = self._store.state.tunnel(key)
        if tunnel is None or tunnel.address is None or tunnel.looking:
            return
        self._store.update_tunnel(key, lambda tunnel: replace(tunnel, looking=True))
        finding = None
        try:
            finding = await self._look(tunnel.address, tunnel.wish.port)
        finally:
            self._store.update_tunnel(key, lambda now: _looked(now, tunnel.address, finding))

    async def _make_room(self, key: str, tunnel_id: str) -> None:
        own = next((tunnel for tunnel in self._store.state.tunnels if tunnel.tunnel_id == tunnel_id), None)
        if own is None:
            await self._stop_remote(tunnel_id)
        else:
            self._tunnels.stop(own.key)
            await self._tunnels.ended(own.key)
        waiting = self._store.state.tunnel(key)
        if waiting is not None:
            self._tunnels.revise(key, waiting.again)

    def _go_on(self) -> None:
        """Go on with what was refused for want of a session, now that there is one."""
        session = self._store.state.session
        self._tunnels.go_on(_FOR_WANT_OF_A_SESSION, account=session.account)
        put_off, self._put_off = self._put_off, []
        for work in put_off:
            self._tasks.start(self._as_somebody(work), "go on after the sign-in")
        self._refreshed_at = float("-inf")  # what was asked as somebody else is no answer
        self.refresh()

    async def _use_account(self, account: Account) -> None:
        await self._sessions.use(account)
        await self._refresh()

    async def _sign_out(self) -> None:
        account = self._store.state.session.account
        keys = [
            tunnel.key
            for tunnel in self._store.state.tunnels
            if tunnel.active and tunnel.account in {None, account}
        ]
        for key in keys:
            self._tunnels.stop(key)
        for key in keys:
            await self._tunnels.ended(key)
        await self._sessions.sign_out()

    async def _use_demo(self) -> None:
        await self._open_demo()
        self._go_on()
        await self._sessions.stay_here()


def _looked(tunnel: Tunnel, address: str | None, finding: AddressFinding | None) -> Tunnel:
    """Return the tunnel after a look; what was found of another address than it has now tells nothing."""
    if tunnel.address != address:
        finding = None
    health = finding.health if finding else Health.UNKNOWN
    return replace(tunnel, looking=False, finding=finding, vitals=replace(tunnel.vitals, address=health))
