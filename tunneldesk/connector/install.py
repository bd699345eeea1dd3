"""Installs cloudflared for this user: the release that the shipped lock names, and nothing that it can't vouch for.

A download becomes a file that may be run only after its digest has been found to be the lock's. Until then it is in
a folder of its own, which goes whatever happens; a run that was killed leaves that to the next one.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import shutil
import tarfile
import tempfile
import zlib
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from tunneldesk.connector.download import SIZE_MAX, failed, fetching
from tunneldesk.connector.locate import PROGRAM_NAME, examine
from tunneldesk.connector.release import ORIGIN, Release, this_machine
from tunneldesk.domain.errors import (
    ConnectorDownloadError,
    ConnectorUnusableError,
    ErrorCode,
    Failure,
    InvalidValueError,
)
from tunneldesk.domain.model import Download
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.validation import parse_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tunneldesk.connector.download import OpenTransport
    from tunneldesk.connector.release import Asset

MIRROR_VARIABLE = "TUNNELDESK_CLOUDFLARED_MIRROR"
"""Names an origin that has GitHub's paths, for networks that keep GitHub out."""

_LOCK_NAME = "install.lock"
_UNFINISHED = ".unfinished-"
_LOOK_AGAIN = 0.2
_MEMBER = "cloudflared"

T = TypeVar("T")


class Installer:
    """Downloads cloudflared into a folder of ours.

    Args:
        folder: Where it is to be; nothing else of anybody's is in it.
        open_transport: Opens the way to an address, with the system's proxy and certificates.
        mirror: Origin to ask in place of GitHub, such as ``https://mirror.example``; what it sends is trusted no
            more than what GitHub sends. None or nothing for GitHub itself.
        release: What to install; by default what the shipped lock says.
        machine: What kind of machine this is.
    """

    def __init__(
        self,
        folder: Path,
        open_transport: OpenTransport,
        *,
        mirror: str | None = None,
        release: Release | None = None,
        machine: str | None = None,
    ) -> None:
        self._folder = folder
        self._open_transport = open_transport
        self._mirror = mirror
        self._release = release or Release.shipped()
        self._machine = machine or this_machine()
        self.program = folder / PROGRAM_NAME
        """Where it is, once it has been installed."""

    @property
    def version(self) -> str:
        """The version it installs."""
        return self._release.version

    @property
    def offered(self) -> str | None:
        """The same, where there is a download for this machine; None where only a person can judge one."""
        return self._release.offered(self._machine)

    async def install(self, progress: Callable[[Download], None]) -> Path:
        """Download it, unless it is there already, and return its path.

        Cancelled or failed, it leaves everything as it was.

        Args:
            progress: Told how far it has got, at least once.

        Raises:
            ConnectorDownloadError: CONNECTOR_NO_DOWNLOAD (there is none for this machine),
                CONNECTOR_DIGEST_MISMATCH (what came is something else) or CONNECTOR_DOWNLOAD_FAILED (network, disk,
                or it does not run here).
        """
        asset, sha256 = self._release.find(self._machine)
        address = self._release.address(asset, self._origin())
        progress(Download(self.version))
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            async with _alone(self._folder):
                if not await self._is_there():
                    await self._install(asset, address, sha256, progress)
        except OSError as error:
            facts = {"folder": str(self._folder), "system": error.strerror or str(error)}
            raise failed(Because(Reason.DOWNLOAD_NOWHERE_TO_PUT, facts)) from error
        return self.program

    def _origin(self) -> str:
        if not self._mirror:
            return ORIGIN
        try:
            mirror = parse_server(self._mirror)
        except InvalidValueError as error:
            because = Because(Reason.MIRROR_UNUSABLE, {"variable": MIRROR_VARIABLE})
            raise failed(because, *error.failure.because) from error
        if urlsplit(mirror).path:
            raise failed(Because(Reason.MIRROR_WITH_PATH, {"variable": MIRROR_VARIABLE}))
        return mirror

    async def _is_there(self) -> bool:
        """Whether another run, or another process that we have waited for, has done it."""
        try:
            return (await examine(self.program)).version == self.version
        except ConnectorUnusableError:
            return False

    async def _install(self, asset: Asset, address: str, sha256: str, progress: Callable[[Download], None]) -> None:
        # We are alone here: whatever is unfinished was left by a run that did not come to its end.
        for left in self._folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        workshop = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self._folder))
        try:
            fetched = workshop / "download"
            await self._fetch(address, sha256, fetched, progress)
            ready = workshop / PROGRAM_NAME
            await _in_thread(partial(_unpack if asset.packed else Path.replace, fetched, ready))
            ready.chmod(0o755)
            await self._try_out(ready)
            _put(ready, self.program)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)

    async def _fetch(self, address: str, sha256: str, to: Path, progress: Callable[[Download], None]) -> None:
        digest = hashlib.sha256()
        async with fetching(address, self._open_transport) as body:
            told = Download(self.version, 0, body.total)
            progress(told)
            with to.open("xb") as file:

                def take(piece: bytes) -> None:
                    digest.update(piece)
                    file.write(piece)

                async for piece in body.pieces():
                    await _in_thread(partial(take, piece))
                    told = replace(told, received=told.received + len(piece))
                    progress(told)
                await _in_thread(partial(_settle, file))
        if digest.hexdigest() != sha256:
            facts = {"address": address, "digest": digest.hexdigest(), "wanted": sha256}
            because = Because(Reason.DOWNLOAD_DIFFERS, facts)
            raise ConnectorDownloadError(Failure(ErrorCode.CONNECTOR_DIGEST_MISMATCH, because=(because,)))

    async def _try_out(self, program: Path) -> None:
        try:
            version = (await examine(program)).version
        except ConnectorUnusableError as error:
            raise failed(Because(Reason.DOWNLOAD_DOES_NOT_RUN, {"folder": str(self._folder)})) from error
        if version != self.version:
            facts = {"version": version, "wanted": self.version}
            raise failed(Because(Reason.DOWNLOAD_OF_ANOTHER_VERSION, facts))


@asynccontextmanager
async def _alone(folder: Path) -> AsyncIterator[None]:
    """Wait until no other process installs into ``folder``, and keep others out meanwhile."""
    lock = FileLock(folder / _LOCK_NAME, thread_local=False)
    while not lock.is_locked:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            await asyncio.sleep(_LOOK_AGAIN)
    try:
        yield
    finally:
        lock.release()


async def _in_thread(work: Callable[[], T]) -> T:
    """Do what a slow disk could take its time for; a cancellation meanwhile waits until it is done.

    So nothing is removed or closed under its hands.
    """
    running = asyncio.get_running_loop().run_in_executor(None, work)
    cancelled = False
    while not running.done():
        try:
            await asyncio.wait({running})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        running.exception()
        raise asyncio.CancelledError
    return running.result()


def _settle(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _unpack(archive: Path, program: Path) -> None:
    """Take the program, and nothing else, out of a macOS archive.

    Raises:
        ConnectorDownloadError: There is none in it.
        OSError: It can't be written.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                if member.size > SIZE_MAX:
                    break
                named = member.name.removeprefix("./") == _MEMBER
                source = tar.extractfile(member) if named and member.isreg() else None
                if source is not None:
                    with source, program.open("xb") as file:
                        shutil.copyfileobj(source, file)
                        _settle(file)
                    return
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise failed(Because(Reason.ARCHIVE_UNREADABLE)) from error
    raise failed(Because(Reason.ARCHIVE_WITHOUT_PROGRAM, {"program": _MEMBER}))


def _put(ready: Path, program: Path) -> None:
    """Put the program in its place in one step, so that there is always a whole one."""
    try:
        ready.replace(program)
    except PermissionError:
        if not program.exists():
            raise
        # Windows replaces no program that runs, but gives it another name. It goes with the next installation.
        former = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=program.parent)) / program.name
        program.replace(former)
        try:
            ready.replace(program)
        except OSError:
            with suppress(OSError):
                former.replace(program)
            raise
