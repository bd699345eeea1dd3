"""Which accounts there are, and which of them new tunnels are for."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient
from tunneldesk.domain.account import Account, SigningIn
from tunneldesk.domain.errors import (
    CredentialsError,
    ErrorCode,
    Failure,
    ServerRefusedError,
    TunnelDeskError,
)
from tunneldesk.domain.model import Session, SessionStatus
from tunneldesk.domain.secret import Secret
from tunneldesk.service.ledger import not_written
from tunneldesk.service.seat import Seat
from tunneldesk.storage.accounts import Accounts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.sign_in import Landing
    from tunneldesk.service.store import Store
    from tunneldesk.storage.accounts import AccountsFile
    from tunneldesk.storage.sign_ins import SignIns

_log = logging.getLogger(__name__)


class Sessions:
    """Holds the accounts' places, and shows the one that is in use."""

    def __init__(
        self,
        store: Store,
        file: AccountsFile,
        sign_ins: SignIns,
        clock: Clock,
        lock: Path,
        page: Callable[[Landing], str],
    ) -> None:
        """Begin without a session.

        Args:
            store: The state.
            file: The accounts that are known here.
            sign_ins: The keyring.
            clock: Time.
            lock: The file whose lock is held while a session is renewed.
            page: Returns the HTML that a browser is shown which comes back to us from a sign-in.
        """
        self._store = store
        self._file = file
        self._sign_ins = sign_ins
        self._clock = clock
        self._lock = lock
        self._page = page
        self._seats: dict[Account, Seat] = {}
        self._current: Seat | None = None
        self._demo: Account | None = None
        self._here: str | None = None
        self._failure: Failure | None = None
        self._opened = asyncio.Event()

    async def client(self, account: Account | None = None) -> ApiClient:
        """Return the client of an account, with None of the session's, once the session has been opened.

        Raises:
            TunnelDeskError: There is no server to talk to, or nobody was signed in to that account.
        """
        await self._opened.wait()
        seat = self._current if account is None else self._seats.get(account)
        if seat is None:
            raise ServerRefusedError(self._failure or Failure(ErrorCode.SIGNED_OUT))
        return seat.client

    async def open(
        self, account: Account | None, token: Secret | None, *, here: str | None = None
    ) -> Failure | None:
        """Start as this account. Return what asking the keyring fails with.

        Args:
            account: Which; None for nobody.
            token: Its token; None for what the keyring holds.
            here: What host names end in where the server is the embedded one; None where it is not.
        """
        demo = here is not None
        if demo:
            self._demo, self._here = account, here
        if account is None:
            self._opened.set()
            self._show(Session())
            return None
        session = self._store.state.session
        self._show(replace(session, server=account.server, email=account.email, demo=demo, domain=here))
        if not demo:
            self._store.update(lambda state: replace(state, accounts=_with(state.accounts, account)))
        seat = self._seat(account)
        failure = None
        if token is not None:
            await seat.enter(token, stored=False)
        else:
            failure = await self._enter_kept(seat)
        if not self._opened.is_set() or demo:
            # Else somebody signed in while the keyring took its time: that is the newer wish.
            self._use(seat)
        return failure

    async def open_beside(self, account: Account) -> bool:
        """Sign in to another account than the session's, for its tunnels; return whether that could be."""
        seat = self._seat(account)
        if not seat.taken:
            failure = await self._enter_kept(seat)
            if failure is not None:
                _log.warning("Nobody is signed in to %s: %s", account.server, failure.code)
        return seat.taken

    def refuse(self, failure: Failure) -> None:
        """Open without a server, for this reason."""
        self._failure = failure
        self._opened.set()
        self._show(replace(self._store.state.session, status=SessionStatus.SIGNED_OUT))

    async def use(self, account: Account) -> None:
        """Make this the session's account, as whoever the keyring says.

        Raises:
            TunnelDeskError: The keyring would not tell; the account is used all the same.
        """
        seat = self._seat(account)
        failure = None if seat.taken else await self._enter_kept(seat)
        self._use(seat)
        if self.is_embedded(account):
            await self.stay_here()
        else:
            await self._note(lambda accounts: accounts.using(account))
        if failure is not None:
            raise CredentialsError(failure)

    def is_embedded(self, account: Account) -> bool:
        """Whether this is the account of the server on this computer."""
        return account == self._demo

    async def stay_here(self) -> None:
        """Have the next start use the server on this computer, too.

        Raises:
            LocalFileError: That can't be written down.
        """
        await self._note(Accounts.staying_here)

    async def sign_in(
        self, server: str, token: Secret, *, remember: bool, entered: Callable[[Account], None]
    ) -> None:
        """Use this server with this token, if the server takes it; ``entered`` is called when it has.

        Raises:
            TunnelDeskError: It is no tunnel server, or it refused; the session is as it was.
        """
        trial = ApiClient(server, FixedToken(token))
        try:
            await trial.check()
            remote = await trial.list_tunnels()
        finally:
            await trial.aclose()
        account = Account(server)
        seat = self._seat(account)
        await seat.enter(token, stored=False)
        try:
            await self._note(lambda accounts: accounts.using(account))
        finally:
            self._use(seat, confirmed_at=self._clock.now())
            self._store.update(lambda state: replace(state, remote=remote, failure=None))
            entered(account)
        if remember:
            # The session is good by now; a keyring that fails is told, and costs nothing but the next start.
            await seat.keep()

    async def sign_in_by_browser(
        self, server: str, email: str, *, remember: bool, entered: Callable[[Account], None]
    ) -> None:
        """Use this server as whoever signs in there with the browser, see `sign_in.sign_in`.

        The state tells how it is going, see `AppState.signing_in`; ``entered`` is called when somebody is.
        To be cancelled at will.

        Raises:
            TunnelDeskError: Nobody did, or the session can't be kept; it is used all the same then.
        """
        from tunneldesk.service.sign_in import TIME_LIMIT, sign_in  # once: whoever has signed in stays so

        under_way = SigningIn(Account(server, email), self._clock.monotonic() + TIME_LIMIT)
        trial = ApiClient(server, FixedToken(Secret("none")))
        self._show_signing_in(under_way)
        try:
            granted, asked_at = await sign_in(
                trial,
                email,
                self._clock,
                lambda url: self._show_signing_in(replace(under_way, address=url)),
                self._page,
            )
        finally:
            await trial.aclose()
            self._show_signing_in(None)
        account = Account(server, granted.email or email)
        seat = self._seat(account)
        await seat.enter_granted(granted, asked_at, remember=remember)
        try:
            await self._note(lambda accounts: accounts.using(account))
        finally:
            self._use(seat, confirmed_at=self._clock.now())
            self._store.update(lambda state: replace(state, failure=None))
            entered(account)
        if remember:
            # The session is good by now; a keyring that fails is told, and costs nothing but the next start.
            await seat.keep()

    async def remember(self, account: Account, *, keep: bool) -> None:
        """Have the next start know of this account, and with ``keep`` be signed in to it.

        Raises:
            TunnelDeskError: A file of ours can't be written, or the keyring would not.
        """
        try:
            await self._note(lambda accounts: accounts.using(account))
        finally:
            if keep:
                await self._seat(account).keep()

    async def keep_no_longer(self) -> None:
        """Have the session for this run only."""
        if self._current is not None:
            await self._current.keep_no_longer()

    async def sign_out(self, account: Account) -> None:
        """Have the server end the account's session, and forget it, here and in the keyring.

        Raises:
            TunnelDeskError: The keyring or a file of ours would not forget it.
        """
        try:
            await self._seat(account).leave()
        finally:
            await self._note(lambda accounts: accounts.without(account))

    def known(self) -> Accounts:
        """Return the accounts that are known here, shown from now on."""
        accounts = self._file.read()
        newcomer = accounts.current is None and not accounts.here
        self._store.update(lambda state: replace(state, accounts=accounts.known, newcomer=newcomer))
        return accounts

    async def aclose(self) -> None:
        """Close all connections."""
        self._opened.set()
        for seat in self._seats.values():
            try:
                await seat.aclose()
            except TunnelDeskError:
                _log.warning("Closing a connection failed", exc_info=True)

    def _seat(self, account: Account) -> Seat:
        seat = self._seats.get(account)
        if seat is None:
            seat = self._seats[account] = Seat(
                account, sign_ins=self._sign_ins, clock=self._clock, lock=self._lock, changed=self._show_seat
            )
        return seat

    async def _enter_kept(self, seat: Seat) -> Failure | None:
        """Sign in with what the keyring holds; return what it failed with."""
        try:
            kept = await self._sign_ins.find(seat.account)
        except CredentialsError as error:
            return error.failure
        if kept is not None:
            await seat.enter(kept, stored=True)
        return None

    def _use(self, seat: Seat, *, confirmed_at: datetime | None = None) -> None:
        if seat is not self._current:
            self._store.update(lambda state: replace(state, remote=None))
        if seat.taken:
            self._store.update(lambda state: replace(state, newcomer=False))
        self._current = seat
        self._failure = None
        self._opened.set()
        self._show_seat(seat, confirmed_at=confirmed_at)

    def _show_seat(self, seat: Seat, *, confirmed_at: datetime | None = None) -> None:
        """Show how this account is doing, where it is the session's."""
        if seat is not self._current:
            return
        status = SessionStatus.SIGNED_IN if seat.taken else SessionStatus.SIGNED_OUT
        demo = seat.account == self._demo
        self._show(
            Session(
                server=seat.account.server,
                status=SessionStatus.ENDED if seat.ended else status,
                demo=demo,
                domain=self._here if demo else None,
                stored=seat.stored,
                email=seat.account.email,
                confirmed_at=confirmed_at or self._store.state.session.confirmed_at,
            )
        )
        if not seat.taken:
            self._store.update(lambda state: replace(state, remote=None))

    def _show(self, session: Session) -> None:
        self._store.update(lambda state: replace(state, session=session))

    def _show_signing_in(self, signing_in: SigningIn | None) -> None:
        self._store.update(lambda state: replace(state, signing_in=signing_in))

    async def _note(self, change: Callable[[Accounts], Accounts]) -> None:
        """Write the accounts down; they are shown even where that fails.

        Raises:
            LocalFileError: FILE_NOT_WRITTEN.
        """
        known = change(Accounts(self._store.state.accounts)).known
        self._store.update(lambda state: replace(state, accounts=known))
        try:
            accounts = await asyncio.to_thread(partial(self._file.change, change))
        except OSError as error:
            raise not_written(error) from error
        self._store.update(lambda state: replace(state, accounts=_with(accounts.known, *known)))


def _with(accounts: tuple[Account, ...], *more: Account) -> tuple[Account, ...]:
    """Return these accounts, each once: one that only the environment names stands in no file."""
    return tuple(dict.fromkeys((*accounts, *more)))
