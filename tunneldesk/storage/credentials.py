"""Access tokens in the system's keyring."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, TypeVar

from tunneldesk.domain.errors import CredentialsError, ErrorCode, Failure
from tunneldesk.domain.secret import Secret
from tunneldesk.storage.paths import APP_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

    from tunneldesk.storage.paths import Paths

_log = logging.getLogger(__name__)

T = TypeVar("T")

_TIME_LIMIT = 10.0
"""Seconds after which a keyring counts as locked: it may be asking its user, or nobody."""


class Credentials:
    """Keeps one access token per server.

    A locked keyring can block for ever. Every call therefore runs on a daemon thread of its own, which holds up
    neither the loop nor the end of the process, and is given up after a time limit. (Windows keeps at most 1,280
    characters an item and refuses more.)

    Raises (each method):
        CredentialsError: KEYRING_MISSING, KEYRING_LOCKED or KEYRING_REFUSED.
    """

    def __init__(self, paths: Paths, *, time_limit: float = _TIME_LIMIT) -> None:
        self._service = f"{APP_ID}.{paths.key}"
        self._time_limit = time_limit

    async def get(self, server: str) -> Secret | None:
        """Return the token for ``server``, or None when none is kept."""
        token = await self._call(lambda: _keyring().get_password(self._service, server))
        return None if token is None else Secret(token)

    async def set(self, server: str, token: Secret) -> None:
        """Keep the token for ``server``."""
        await self._call(lambda: _keyring().set_password(self._service, server, token.reveal()))

    async def forget(self, server: str) -> None:
        """Keep no token for ``server``."""

        def forget() -> None:
            keyring = _keyring()
            if keyring.get_password(self._service, server) is not None:
                keyring.delete_password(self._service, server)

        await self._call(forget)

    async def _call(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def tell(result: T | None, error: BaseException | None) -> None:
            if answer.done():
                return
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(result)  # type: ignore[arg-type] # one of the two is given

        def run() -> None:
            result, error = None, None
            try:
                result = work()
            except Exception as raised:  # noqa: BLE001 - each keyring backend has errors of its own
                error = _mapped(raised)
            try:
                loop.call_soon_threadsafe(tell, result, error)
            except RuntimeError:
                _log.debug("The keyring answered after the end")

        threading.Thread(target=run, name="keyring", daemon=True).start()
        try:
            async with asyncio.timeout(self._time_limit):
                return await answer
        except TimeoutError as error:
            message = f"The keyring did not answer within {self._time_limit:.0f} s."
            raise CredentialsError(Failure(ErrorCode.KEYRING_LOCKED, message)) from error


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
        raise NoKeyringError("No keyring of the system answers here.")
    return backend


def _mapped(error: Exception) -> CredentialsError:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    code = ErrorCode.KEYRING_REFUSED
    if isinstance(error, NoKeyringError):
        code = ErrorCode.KEYRING_MISSING
    elif isinstance(error, (KeyringLocked, InitError)):
        code = ErrorCode.KEYRING_LOCKED
    mapped = CredentialsError(Failure(code, str(error)))
    mapped.__cause__ = error
    return mapped
