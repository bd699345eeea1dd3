"""Secrets in the system's keyring."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final, TypeVar

from tunneldesk.daemon_threads import DaemonThreads
from tunneldesk.domain.errors import CredentialsError, ErrorCode, Failure
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.secret import Secret
from tunneldesk.storage.paths import APP_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

    from tunneldesk.storage.paths import Paths

T = TypeVar("T")

_TIME_LIMIT = 10.0
"""Seconds after which a keyring counts as locked: it may be asking its user, or nobody."""

LONGEST: Final = {"win32": 1280}
"""Characters that an item may have at most, by platform: CRED_MAX_CREDENTIAL_BLOB_SIZE is 2,560 bytes of UTF-16.

https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw
"""


class Credentials:
    """Keeps secrets by name: access tokens under their server's address.

    A locked keyring can block for ever. Every call therefore runs on a daemon thread of its own, which holds up
    neither the loop nor the end of the process, and is given up after a time limit.

    Raises (each method):
        CredentialsError: KEYRING_MISSING, KEYRING_LOCKED or KEYRING_REFUSED.
    """

    def __init__(
        self, paths: Paths, *, time_limit: float = _TIME_LIMIT, longest: int | None = LONGEST.get(sys.platform)
    ) -> None:
        """Open the keyring's part that is this home's.

        Args:
            paths: The home.
            time_limit: Seconds that the keyring gets for one answer.
            longest: Characters that an item may have; None for as many as there are.
        """
        self._service = f"{APP_ID}.{paths.key}"
        self._time_limit = time_limit
        self._longest = longest
        self._threads = DaemonThreads()

    async def get(self, name: str) -> Secret | None:
        """Return the secret of this name, or None when none is kept."""
        secret = await self._call(lambda: _keyring().get_password(self._service, name))
        return None if secret is None else Secret(secret)

    async def set(self, name: str, secret: Secret) -> None:
        """Keep a secret under this name."""
        length = len(secret.reveal())
        if self._longest is not None and length > self._longest:
            # Before it is tried: some versions of keyring would cut it off, or raise an error without a word.
            because = Because(Reason.SECRET_TOO_LONG, {"length": str(length), "most": str(self._longest)})
            raise CredentialsError(Failure(ErrorCode.KEYRING_REFUSED, because=(because,)))
        await self._call(lambda: _keyring().set_password(self._service, name, secret.reveal()))

    async def forget(self, name: str) -> None:
        """Keep no secret of this name."""

        def forget() -> None:
            keyring = _keyring()
            if keyring.get_password(self._service, name) is not None:
                keyring.delete_password(self._service, name)

        await self._call(forget)

    async def _call(self, work: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(self._time_limit):
                return await asyncio.wrap_future(self._threads.submit(work))
        except TimeoutError as error:
            because = Because(Reason.KEYRING_SILENT, {"seconds": f"{self._time_limit:.0f}"})
            raise CredentialsError(Failure(ErrorCode.KEYRING_LOCKED, because=(because,))) from error
        except Exception as error:  # each keyring backend has errors of its own
            raise _mapped(error) from error


def _keyring() -> KeyringBackend:
    """Return the system's keyring.

    Never one that keeps its secrets in plain files or throws them away: `keyring` takes those too when nothing
    better is installed, and gives them a priority below 1.
    """
    import keyring  # on first use, and on this thread: it takes 130 ms
    from keyring.backends.chainer import ChainerBackend
    from keyring.errors import NoKeyringError

    backend = keyring.get_keyring()
    if isinstance(backend, ChainerBackend):
        backend = next(iter(backend.backends))  # the best of several
    if backend.priority < 1:
        raise NoKeyringError
    return backend


def _mapped(error: Exception) -> CredentialsError:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    code = ErrorCode.KEYRING_REFUSED
    if isinstance(error, NoKeyringError):
        code = ErrorCode.KEYRING_MISSING
    elif isinstance(error, (KeyringLocked, InitError)):
        code = ErrorCode.KEYRING_LOCKED
    return CredentialsError(Failure(code, str(error)))
