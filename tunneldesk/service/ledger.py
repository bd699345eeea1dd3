"""What is wanted, and what servers hold for us, written down so that it outlives this process.

A tunnel stands in the ledger from the moment it is granted until its server has confirmed that it is gone. Whoever
starts next finds there what a killed face left behind: it takes up what is wanted again, with the tokens from the
keyring, and deletes the rest. So nothing stays behind on a server, and nothing that still lives is made twice.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.connector.owner import lives
from tunneldesk.domain.errors import CredentialsError, ErrorCode, Failure, LocalFileError
from tunneldesk.domain.model import Grant
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.storage.files import UnreadFileError
from tunneldesk.storage.journal import Held
from tunneldesk.storage.tunnel_tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from tunneldesk.connector.owner import Owner
    from tunneldesk.domain.account import Account
    from tunneldesk.service.tasks import Tasks
    from tunneldesk.storage.journal import Entries, Journal, Wanted
    from tunneldesk.storage.tunnel_tokens import TunnelTokens

_log = logging.getLogger(__name__)

_CLAIM_WITHIN = 2.0
"""Seconds for finding out what is left over: nobody's tunnel waits longer for a disk or another process."""

_CLOSE_WITHIN = 5.0


class Ledger:
    """The journal, our place among its owners, and the tokens that belong to its entries.

    Writing waits for a disk and for other processes, so it is done beside the loop, in the order it was asked for.
    What can't be written (the disk is full) is tried again with whatever comes next; a tunnel that runs never
    suffers from it.
    """

    def __init__(
        self,
        journal: Journal,
        owner: Owner,
        run_dir: Path,
        tokens: TunnelTokens,
        tasks: Tasks,
        *,
        keeps_tokens: Callable[[Account], bool],
        failed: Callable[[Failure], None],
    ) -> None:
        """Open the ledger.

        Args:
            journal: The file.
            owner: Our claim.
            run_dir: Where all owners have theirs.
            tokens: The keyring.
            tasks: What runs beside the faces.
            keeps_tokens: Whether tokens of an account's new tunnels go into the keyring, to take them up one day.
            failed: Told once when the file can't be written, until it can be again.
        """
        self._journal = journal
        self._owner = owner
        self._run_dir = run_dir
        self._tokens = tokens
        self._tasks = tasks
        self._keeps_tokens = keeps_tokens
        self._failed = failed
        self._told = False
        self._pending: list[Callable[[Entries], Entries]] = []
        self._going_on: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Lock()
        self._kept_tokens: set[str] = set()
        self._mine: dict[str, Held] = {}
        self._left: dict[str, Held] = {}  # what we have given up ourselves; the file may not say so yet
        self._wanted: dict[Account, tuple[Wanted, ...]] = {}
        self._trouble = journal.trouble

    def claim_folder(self) -> Path:
        """Return the folder that our connectors have theirs in.

        Raises:
            LocalFileError: FILE_NOT_WRITTEN: it can't be made.
        """
        try:
            return self._owner.folder
        except OSError as error:
            raise not_written(error) from error

    # What is wanted

    def want(self, account: Account, wanted: tuple[Wanted, ...]) -> None:
        """Write down what is wanted of one account; what is wanted of others stays."""
        self._wanted[account] = wanted
        self._submit(_wanting(account, wanted))

    # What servers hold

    def hold(self, account: Account, grant: Grant, port: int) -> None:
        """Write down that we serve this tunnel, and keep its tokens where that is wanted."""
        held = Held(
            account,
            grant.tunnel_id,
            grant.hostname,
            port,
            grant.heartbeat_interval,
            grant.lease_timeout,
            self._owner.name,
        )
        self._mine[grant.tunnel_id] = held
        self._submit(_holding(held))
        if self._keeps_tokens(account):
            self._aside(self._keep_tokens(grant), "keep a tunnel's tokens")

    def release(self, tunnel_id: str) -> None:
        """Nobody serves this tunnel any more, and its server may still have it."""
        held = self._mine.pop(tunnel_id, None)
        if held is not None:
            self._left[tunnel_id] = left = replace(held, owner=None)
            self._submit(_holding(left))

    def drop(self, tunnel_id: str) -> None:
        """The server no longer has this tunnel."""
        self._mine.pop(tunnel_id, None)
        self._left.pop(tunnel_id, None)
        self._submit(lambda entries: _without(entries, tunnel_id))
        if tunnel_id in self._kept_tokens:
            self._kept_tokens.discard(tunnel_id)
            self._aside(self._forget_tokens(tunnel_id), "forget a tunnel's tokens")

    async def claim(self, account: Account, which: Callable[[Held], bool]) -> tuple[Held, ...]:
        """Make ours, of what nobody serves for this account, the tunnels that are meant; return them.

        Each is either served from now on (`hold`), or given up again (`drop`, `release`).
        """
        if not await self._may_be_left(account, which):
            return ()
        claimed: list[Held] = []
        given_up = False

        def change(entries: Entries) -> Entries:
            if given_up:
                return entries
            claimed.clear()
            claimed.extend(
                replace(held, owner=self._owner.name)
                for held in entries.held
                if held.account == account and which(held) and self._is_free(held)
            )
            ids = {held.tunnel_id for held in claimed}
            others = tuple(held for held in entries.held if held.tunnel_id not in ids)
            return replace(entries, held=(*others, *claimed)) if claimed else entries

        written = False

        async def write() -> None:
            nonlocal written
            written = await self._flush()

        self._pending.append(change)
        # In a task of its own: who stops waiting for it does not stop it, or what else is written would be lost.
        await asyncio.wait({self._aside(write(), "claim what is left over")}, timeout=_CLAIM_WITHIN)
        if not written:
            given_up = True
            return ()
        for held in claimed:
            self._mine[held.tunnel_id] = held
            self._left.pop(held.tunnel_id, None)
            self._kept_tokens.add(held.tunnel_id)  # perhaps: whoever held it may have kept them
        return tuple(claimed)

    async def _may_be_left(self, account: Account, which: Callable[[Held], bool]) -> bool:
        """Look whether there is anything to claim: most often there is not, and then nobody waits for the lock."""
        left = tuple(self._left.values())
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLAIM_WITHIN):
                left += (await asyncio.get_running_loop().run_in_executor(None, self._journal.read)).held
        return any(held.account == account and which(held) for held in left)

    async def grant_of(self, held: Held) -> Grant | None:
        """Return what was granted then, with its tokens from the keyring; None where they were not kept."""
        try:
            tokens = await self._tokens.find(held.tunnel_id)
        except CredentialsError as error:
            _log.info("The keyring gives no tokens of %s: %s", held.tunnel_id, error.failure.code)
            return None
        if tokens is None:
            return None
        return Grant(
            held.tunnel_id,
            held.hostname,
            tokens.connector,
            held.heartbeat_interval,
            held.lease_timeout,
            tokens.run,
        )

    async def known(self) -> frozenset[str]:
        """Return the ids of all tunnels that a face of this machine has or had."""
        entries = await asyncio.to_thread(self._journal.read)
        return frozenset(held.tunnel_id for held in entries.held) | self._mine.keys()

    async def close(self) -> None:
        """Finish what is still to be written and forgotten, as far as that can be done within some seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_WITHIN):
                while self._going_on:
                    await asyncio.wait(tuple(self._going_on))
                await self._flush()
        self._owner.release()

    def _aside(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        task = self._tasks.start(work, name)
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)
        return task

    def _is_free(self, held: Held) -> bool:
        return held.owner is None or not (self._owner.owns(held.owner) or lives(self._run_dir, held.owner))

    # The keyring

    async def _keep_tokens(self, grant: Grant) -> None:
        try:
            await self._tokens.keep(grant.tunnel_id, Tokens(grant.connector_token, grant.run_token))
        except CredentialsError as error:
            # Nothing to bother anybody with: after a crash the tunnel is made anew, under the same name.
            _log.info("The tokens of %s are not kept: %s", grant.tunnel_id, error.failure.code)
        else:
            self._kept_tokens.add(grant.tunnel_id)
            if grant.tunnel_id not in self._mine:
                await self._forget_tokens(grant.tunnel_id)  # it was over before they were kept

    async def _forget_tokens(self, tunnel_id: str) -> None:
        with suppress(CredentialsError):
            await self._tokens.forget(tunnel_id)

    # Writing

    async def write_again(self) -> None:
        """Try once more to write what could not be written; what is wrong now is told anew."""
        self._told = False
        await self._flush()

    def _submit(self, change: Callable[[Entries], Entries]) -> None:
        self._pending.append(change)
        if not self._writing.locked():
            self._aside(self._write(), "write the journal")

    async def _write(self) -> None:
        await self._flush()

    async def _flush(self) -> bool:
        """Write all that is pending; return whether that was possible."""
        loop = asyncio.get_running_loop()
        async with self._writing:
            while self._pending:
                batch, self._pending = self._pending, []
                try:
                    await loop.run_in_executor(None, self._journal.change, _all(batch))
                except OSError as error:
                    self._pending = [*batch, *self._pending]
                    if not self._told:
                        self._told = True
                        _log.warning("The journal can't be written: %s", error)
                        self._failed(not_written(error).failure)
                    return False
                self._told = False
                self._mend()
        return True

    def _mend(self) -> None:
        """Where the journal turned out damaged and was begun anew, write down again what we know."""
        if self._journal.trouble is self._trouble or self._journal.trouble is None:
            return
        self._trouble = self._journal.trouble
        self._failed(self._trouble)
        for account, wanted in self._wanted.items():
            self._pending.append(_wanting(account, wanted))
        for held in self._mine.values():
            self._pending.append(_holding(held))


def not_written(error: OSError) -> LocalFileError:
    """Return the error for a file of ours that can't be written."""
    system = error.strerror or str(error)
    if isinstance(error, UnreadFileError):
        because = Because(Reason.FILE_NOT_WRITTEN_OVER, {"path": str(error.path)})
    elif error.filename:
        because = Because(Reason.FILE_UNWRITABLE, {"path": str(error.filename), "system": system})
    else:
        because = Because(Reason.FOLDER_UNWRITABLE, {"system": system})
    return LocalFileError(Failure(ErrorCode.FILE_NOT_WRITTEN, because=(because,)))


def _all(changes: list[Callable[[Entries], Entries]]) -> Callable[[Entries], Entries]:
    def change(entries: Entries) -> Entries:
        for each in changes:
            entries = each(entries)
        return entries

    return change


def _without(entries: Entries, tunnel_id: str) -> Entries:
    return replace(entries, held=tuple(held for held in entries.held if held.tunnel_id != tunnel_id))


def _wanting(account: Account, wanted: tuple[Wanted, ...]) -> Callable[[Entries], Entries]:
    def change(entries: Entries) -> Entries:
        others = tuple(item for item in entries.wanted if item.account != account)
        return replace(entries, wanted=(*others, *wanted))

    return change


def _holding(held: Held) -> Callable[[Entries], Entries]:
    return lambda entries: replace(entries, held=(*_without(entries, held.tunnel_id).held, held))
