"""Killed at every step of a renewal, one after the other: what is left of the session, and of the tunnels."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.contract.server.signing_in import ANN
from tests.contract.sign_in.dying import FileKeyring
from tunneldesk.api.client import ApiClient
from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import ErrorCode, ServerRefusedError
from tunneldesk.domain.secret import Secret
from tunneldesk.service.clock import SystemClock
from tunneldesk.service.renewal import Renewal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.conftest import StartBackend

LINES = 50
"""There are more than these; were there fewer, the program would no longer be where a renewal is."""

pytestmark = pytest.mark.posix("a signal kills it")


class Tokens:
    """A `TokenSource` of sessions that the server just begins, and the keyring that they are put into."""

    def __init__(self, server: Backend, folder: Path) -> None:
        self._server = server
        self._token = Secret("none")
        self.keyring = FileKeyring(folder)

    def sign_in(self) -> None:
        """Begin another session."""
        granted = self._server.control("sessions", {"email": ANN})
        self._token = Secret(granted["accessToken"])
        self.keyring.path.write_text(granted["refreshToken"])

    async def token(self) -> Secret | None:
        return self._token

    async def renew(self, stale: Secret) -> Secret | None:
        assert stale == self._token
        return None


async def killed(server: Backend, folder: Path, step: int) -> bool:
    """Renew in a process that is killed at this step; return whether it got so far."""
    argv = [sys.executable, "-m", "tests.contract.sign_in.dying", server.api_url, str(folder), str(step)]
    process = await asyncio.create_subprocess_exec(*argv)
    status = await asyncio.wait_for(process.wait(), 60)
    assert status in {0, -signal.SIGKILL}, step
    return status != 0


async def signed_out(server: Backend, folder: Path) -> list[ErrorCode]:
    """Start again with what the keyring has; return what the user is told, once however much is asked for."""
    told: list[ErrorCode] = []
    keyring, account = FileKeyring(folder), Account(server.api_url, ANN)
    kept = await keyring.find(account)
    assert kept is not None
    session = Renewal(
        account,
        kept,
        SystemClock(),
        ask=lambda token: client.refresh(token),
        vault=keyring,
        lock=folder / "lock",
        ended=lambda failure: told.append(failure.code),
    )
    client = ApiClient(server.api_url, session)
    for _ in range(2):
        try:
            assert await asyncio.wait_for(client.list_tunnels(), 10)
        except ServerRefusedError:
            assert told, "a refusal that is nobody's"
    await client.aclose()
    return told


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("grace", [30, 0])
async def test_killed_at_any_step_of_a_renewal_it_is_signed_in_or_says_once_that_it_is_not(
    start_backend: StartBackend, tmp_path: Path, grace: int
) -> None:
    """With grace nobody is ever signed out. Without, it is from the question on until its answer is kept."""
    server = start_backend(refresh_grace=grace, dialect="newer", create_rate=0)
    owner = ApiClient(server.api_url, session := Tokens(server, tmp_path))
    session.sign_in()
    tunnel = await owner.create(9, "stays-up")
    lost: list[int] = []
    step = 0
    while True:
        step += 1
        session.sign_in()
        before = session.keyring.path.read_text()
        dead = await killed(server, tmp_path, step)
        kept = session.keyring.path.read_text() != before
        told = await signed_out(server, tmp_path)
        assert told in ([], [ErrorCode.INVALID_REFRESH_TOKEN])
        if told:
            assert not kept, "what is kept is good"
            lost.append(step)
        assert await owner.heartbeat(tunnel), "the tunnel is up all the same"
        if not dead:
            break
    assert step > LINES
    assert kept
    assert not (grace and lost)
    assert grace or lost == list(range(lost[0], lost[-1] + 1))
    await owner.aclose()
