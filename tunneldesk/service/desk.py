"""Carries out what faces ask for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode, Failure, LocalFileError, TunnelDeskError
from tunneldesk.domain.model import MAX_RECENT, SessionStatus, Wish
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.network import trust
from tunneldesk.service.downloads import Downloads
from tunneldesk.service.looks import Looks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.install import Installer
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.health import AddressFinding
    from tunneldesk.domain.lines import Lines
    from tunneldesk.domain.listening import Listener
    from tunneldesk.domain.preferences import Preferences
    from tunneldesk.domain.secret import Secret
    from tunneldesk.machine.autostart import Autostart
    from tunneldesk.service.doctor import Doctor
    from tunneldesk.service.failures import Failures, Work
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
        failures: Failures,
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
            failures: What went wrong, and what would do it again.
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
        self._failures = failures
        self._sessions = sessions
        self._tunnels = tunnels
        self._monotonic = monotonic
        self._open_demo = open_demo
        self._autostart = autostart
        self._quits_within = quits_within
        self._looks = Looks(store, tasks, look=look, listeners=listeners, doctor=doctor)
        self._downloads = Downloads(store, tasks, installer, done=self._downloaded)
        self._refreshed_at = float("-inf")
        self._refreshing: asyncio.Task[None] | None = None
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

    def try_now(self, key: str) -> None:
        """Have a tunnel that is in trouble do at once what it would do next by itself."""
        self._tunnels.hurry(key)

    def dismiss(self, key: str) -> None:
        """Forget a tunnel that has failed or stopped."""
        self._tunnels.dismiss(key)

    def stop_remote(self, tunnel_id: str) -> None:
        """Stop a tunnel of this account that runs elsewhere."""
        self._do(partial(self._stop_remote, tunnel_id), "stop a tunnel elsewhere")

    def make_room(self, key: str, tunnel_id: str) -> None:
        """Stop a tunnel by its server id, then go on with the one that found no room."""
        self._do(partial(self._make_room, key, tunnel_id), "make room")

    def refresh(self) -> None:
        """Ask the server for its list of tunnels, unless that is under way or was done a moment ago."""
        asking = self._refreshing is not None and not self._refreshing.done()
        if not asking and self._monotonic() - self._refreshed_at >= _REFRESH_AT_MOST_EVERY:
            self._refreshing = self._do(self._look_around, "list tunnels")

    def sign_in(self, server: str, token: Secret, *, remember: bool) -> None:
        """Use this server with this token, then go on with what waited for one."""
        self._tasks.start(self._enter(partial(self._sessions.sign_in, server, token), remember), "sign in")

    def sign_in_by_browser(self, server: str, email: str, *, remember: bool) -> None:
        """Have somebody sign in with the browser, in place of whoever is at it, then go on as `sign_in` does."""
        self.cancel_sign_in()
        work = partial(self._sessions.sign_in_by_browser, server, email)
        self._signing_in = self._tasks.start(self._enter(work, remember), "sign in with the browser")

    def cancel_sign_in(self) -> None:
        """Want no sign-in with the browser after all."""
        if self._signing_in is not None:
            self._signing_in.cancel()

    def session_only(self) -> None:
        """Keep the session's sign-in no longer; the user has read that it can't be kept."""
        self.dismiss_failure()
        self._do(self._sessions.keep_no_longer, "keep the sign-in for this run only")

    def use_account(self, account: Account) -> None:
        """Make this account the one that new tunnels are for."""
        self._do(partial(self._use_account, account), "use another account")

    def sign_out(self) -> None:
        """Stop the account's tunnels, then forget it."""
        account = self._store.state.session.account
        if account is not None:
            self._do(partial(self._sign_out, account), "sign out")

    def use_demo(self, *, stay: bool = True) -> None:
        """Use the embedded server on this computer."""
        self._do(partial(self._use_demo, stay=stay), "start the embedded server")

    def prefer(self, preferences: Preferences) -> None:
        """Keep what the user has chosen; with another connector, go on with what failed for the lack of one."""
        before = self._store.state.preferences
        self._store.update(lambda state: replace(state, preferences=preferences))
        if preferences.start_at_login != before.start_at_login:
            self._do(partial(self._start_at_login, preferences.start_at_login), "start at login")
        if preferences.authority != before.authority:
            trust(preferences.authority)
        if preferences.connector != before.connector:
            self._tunnels.go_on(_FOR_WANT_OF_A_CONNECTOR)

    def check_address(self, key: str) -> None:
        """Fetch a tunnel's public address as a visitor would."""
        self._looks.check_address(key)

    def find_listeners(self) -> None:
        """Look what listens on this machine, unless somebody is looking already."""
        self._looks.find_listeners()

    def examine(self) -> None:
        """Look at everything the job needs; a check-up that is under way is given up for a new one."""
        self._looks.examine()

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
        self._failures.dismiss()

    def try_again(self) -> None:
        """Do once more what failed."""
        failure, again = self._store.state.failure, self._failures.dismiss()
        if failure is not None and failure.code is ErrorCode.EMBEDDED_SERVER_FAILED:
            # Whatever else asked for it: it would only hear the same once more. What waits goes on by itself.
            self.use_demo()
        elif again is not None:
            self._do(again, "try again")

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
        # A port and a name, as they are offered: that it stops by itself was asked for that once.
        wish = Wish(wish.port, wish.slug)
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

    def _do(self, work: Work, name: str) -> asyncio.Task[None]:
        """Start what the user has asked for, to be done again where it fails and the user tries again."""
        return self._tasks.start(work(), name, again=work)

    async def _enter(self, sign_in: Callable[..., Awaitable[None]], remember: bool) -> None:
        """Sign in. Once somebody is in, what fails is only to be remembered, and only that is tried again."""
        who: list[Account] = []

        def entered(account: Account) -> None:
            who.append(account)
            self._go_on()

        try:
            await sign_in(remember=remember, entered=entered)
        except TunnelDeskError as error:
            if not who:
                raise  # the ways in have what it takes to ask once more, and show how it goes
            self._failures.show(error.failure, again=partial(self._sessions.remember, who[0], keep=remember))

    async def enter_kept(self) -> None:
        """Ask the keyring once more for the session's sign-in, and go on with what waited for it."""
        account = self._store.state.session.account
        if account is not None:
            await self._sessions.use(account)
        if self._store.state.session.status is SessionStatus.SIGNED_IN:
            self._go_on()

    async def _look_around(self) -> None:
        try:
            await self._refresh()
        except TunnelDeskError:
            # Nobody has asked for this, and that a session has ended is told by itself.
            if self._store.state.session.status is not SessionStatus.ENDED:
                raise

    async def _refresh(self) -> None:
        client = await self._sessions.client()
        remote = await client.list_tunnels()
        self._refreshed_at = self._monotonic()
        self._store.update(lambda state: replace(state, remote=remote))

    async def _stop_remote(self, tunnel_id: str, *, then: Callable[[], None] = lambda: None) -> None:
        async def stop(client: ApiClient) -> None:
            await client.delete(tunnel_id)
            then()
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

    async def _make_room(self, key: str, tunnel_id: str) -> None:
        own = next((tunnel for tunnel in self._store.state.tunnels if tunnel.tunnel_id == tunnel_id), None)
        if own is None:
            await self._stop_remote(tunnel_id, then=partial(self._use_room, key))
        else:
            self._tunnels.stop(own.key)
            await self._tunnels.ended(own.key)
            self._use_room(key)

    def _use_room(self, key: str) -> None:
        waiting = self._store.state.tunnel(key)
        if waiting is not None:
            self._tunnels.revise(key, waiting.again)

    def _go_on(self) -> None:
        """Go on with what was refused for want of a session, now that there is one."""
        session = self._store.state.session
        self._tunnels.go_on(_FOR_WANT_OF_A_SESSION, account=session.account)
        put_off, self._put_off = self._put_off, []
        for work in put_off:
            self._do(partial(self._as_somebody, work), "go on after the sign-in")
        if self._refreshing is not None:
            self._refreshing.cancel()  # what was asked as somebody else is no answer
        self._refreshing = self._do(self._look_around, "list tunnels")

    async def _use_account(self, account: Account) -> None:
        await self._sessions.use(account)
        await self._refresh()

    async def _sign_out(self, account: Account) -> None:
        keys = [
            tunnel.key
            for tunnel in self._store.state.tunnels
            if tunnel.active and tunnel.account in {None, account}
        ]
        for key in keys:
            self._tunnels.stop(key)
        for key in keys:
            await self._tunnels.ended(key)
        await self._sessions.sign_out(account)

    async def _use_demo(self, *, stay: bool) -> None:
        await self._open_demo()
        self._go_on()
        if stay:
            await self._sessions.stay_here()
