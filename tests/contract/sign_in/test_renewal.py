"""A session at the real paired server: renewed once for all, by whoever comes first, and never lost to a crash."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest

from tests.contract.server.signing_in import ANN
from tunneldesk.api.client import ApiClient
from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import CredentialsError, ErrorCode, Failure, ServerRefusedError
from tunneldesk.domain.secret import Secret
from tunneldesk.service.clock import SystemClock
from tunneldesk.service.renewal import Renewal
from tunneldesk.service.seat import Seat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.conftest import StartBackend
    from tunneldesk.domain.sign_in import Granted
    from tunneldesk.storage.sign_ins import SignIns


class Keyring:
    """Keeps one session in memory, and breaks where a test wants it to."""

    def __init__(self, refresh_token: Secret) -> None:
        self.refresh_token: Secret = refresh_token
        self.broken = False
        self.forgotten = False

    async def find(self, account: Account) -> Secret | None:
        assert account.email == ANN
        if self.broken:
            raise CredentialsError(Failure(ErrorCode.KEYRING_LOCKED))
        return self.refresh_token

    async def keep(self, account: Account, secret: Secret) -> None:
        assert account.email == ANN
        if self.broken:
            raise CredentialsError(Failure(ErrorCode.KEYRING_LOCKED))
        self.refresh_token = secret

    async def forget(self, account: Account) -> None:
        assert account.email == ANN
        self.forgotten = True


class App:
    """One process of ours, signed in."""

    def __init__(self, server: Backend, keyring: Keyring, lock: Path) -> None:
        self.renewals = 0
        self.ended: list[ErrorCode] = []
        self.client = ApiClient(server.api_url, self)
        self.renewal = Renewal(
            Account(server.api_url, ANN),
            keyring.refresh_token,
            SystemClock(),
            ask=self.ask,
            vault=keyring,
            lock=lock,
            ended=lambda failure: self.ended.append(failure.code),
        )

    async def token(self) -> Secret | None:
        return await self.renewal.token()

    async def renew(self, stale: Secret) -> Secret | None:
        return await self.renewal.renew(stale)

    async def ask(self, refresh_token: Secret) -> Granted:
        self.renewals += 1
        return await self.client.refresh(refresh_token)


def signed_in(server: Backend) -> Keyring:
    granted = server.control("sessions", {"email": ANN})
    return Keyring(Secret(granted["refreshToken"]))


async def test_fifty_calls_at_the_moment_the_token_ends_make_one_renewal_and_none_fails(
    start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend()
    app = App(server, signed_in(server), tmp_path / "lock")
    await app.client.list_tunnels()
    assert app.renewals == 1
    server.control("expire-access-token", {"email": ANN})
    answers = await asyncio.gather(*(app.client.list_tunnels() for _ in range(50)))
    assert answers == [()] * 50
    assert app.renewals == 2
    await app.client.aclose()


async def test_a_token_is_renewed_before_it_ends_without_a_call_being_refused(
    start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend(access_token_lifetime=31)
    app = App(server, signed_in(server), tmp_path / "lock")
    first = await app.renewal.token()
    await asyncio.sleep(1.1)
    assert await app.renewal.token() == first, "it still holds, and nobody waits for the next"
    assert first is not None
    second = await app.renewal.renew(first)  # what is under way since then
    assert second not in {first, None}
    assert await app.renewal.token() == second
    assert app.renewals == 2
    await app.client.aclose()


async def test_processes_that_renew_at_once_stay_signed_in_all_of_them(
    start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend(refresh_grace=0)
    keyring = signed_in(server)
    apps = [App(server, keyring, tmp_path / "lock") for _ in range(5)]
    for _ in range(3):
        assert await asyncio.gather(*(app.client.list_tunnels() for app in apps)) == [()] * 5
        server.control("expire-access-token", {"email": ANN})
    assert [app.ended for app in apps] == [[]] * 5
    for app in apps:
        await app.client.aclose()


async def test_a_session_that_the_server_has_ended_is_told_once_and_not_asked_about_again(
    start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend()
    app = App(server, signed_in(server), tmp_path / "lock")
    await app.client.list_tunnels()
    server.control("expire-session", {"email": ANN})
    for _ in range(3):
        with pytest.raises(ServerRefusedError) as caught:
            await app.client.list_tunnels()
        assert caught.value.failure.code is ErrorCode.INVALID_REFRESH_TOKEN
    assert app.ended == [ErrorCode.INVALID_REFRESH_TOKEN]
    assert app.renewals == 2
    await app.client.aclose()


async def test_who_signs_in_with_another_face_goes_on_with_this_one(
    start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend()
    keyring = signed_in(server)
    seat = Seat(
        Account(server.api_url, ANN),
        sign_ins=cast("SignIns", keyring),
        clock=SystemClock(),
        lock=tmp_path / "lock",
    )
    await seat.enter(keyring.refresh_token, stored=True)
    await seat.client.list_tunnels()
    server.control("expire-session", {"email": ANN})
    for _ in range(2):
        with pytest.raises(ServerRefusedError):
            await seat.client.list_tunnels()
        assert seat.ended
    keyring.refresh_token = signed_in(server).refresh_token
    assert await seat.client.list_tunnels() == ()
    assert not seat.ended
    await seat.aclose()


async def test_a_keyring_that_locks_meanwhile_ends_nothing(start_backend: StartBackend, tmp_path: Path) -> None:
    server = start_backend(refresh_grace=0)
    keyring = signed_in(server)
    app = App(server, keyring, tmp_path / "lock")
    await app.client.list_tunnels()
    keyring.broken = True
    for _ in range(3):
        server.control("expire-access-token", {"email": ANN})
        assert await app.client.list_tunnels() == ()
    keyring.broken = False
    server.control("expire-access-token", {"email": ANN})
    assert await app.client.list_tunnels() == ()
    assert keyring.refresh_token == app.renewal.refresh_token
    await app.client.aclose()


async def test_a_server_that_stumbles_is_asked_again_and_the_session_goes_on(
    start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend()
    app = App(server, signed_in(server), tmp_path / "lock")
    server.control("faults", {"route": "refresh", "code": "INTERNAL_ERROR"})
    with pytest.raises(ServerRefusedError):
        await app.client.list_tunnels()
    assert await app.client.list_tunnels() == ()
    assert app.ended == []
    await app.client.aclose()


@pytest.mark.parametrize("dialect", ["documented", "newer"])
@pytest.mark.parametrize("meanwhile", ["nothing", "another process renewed it", "its access token ended"])
async def test_signing_out_ends_the_session_on_the_server(
    start_backend: StartBackend, tmp_path: Path, dialect: str, meanwhile: str
) -> None:
    """Also where the server wants to see who is asking, and knows only the newest refresh token."""
    server = start_backend(dialect=dialect, refresh_grace=0)
    keyring = signed_in(server)
    seat = Seat(
        Account(server.api_url, ANN),
        sign_ins=cast("SignIns", keyring),
        clock=SystemClock(),
        lock=tmp_path / "lock",
    )
    await seat.enter(keyring.refresh_token, stored=True)
    await seat.client.list_tunnels()
    if meanwhile == "another process renewed it":
        other = App(server, keyring, tmp_path / "lock")
        await other.client.list_tunnels()
        await other.client.aclose()
    elif meanwhile == "its access token ended":
        server.control("expire-access-token", {"email": ANN})
    last = keyring.refresh_token
    assert await seat.leave() is None
    assert keyring.forgotten
    assert not seat.ended, "that it ended was our own wish"
    for token in (last, keyring.refresh_token):
        with pytest.raises(ServerRefusedError):
            await seat.client.refresh(token)
    assert server.control("expire-session", {"email": ANN}) == {"expired": 0}
    await seat.aclose()


async def test_a_server_that_is_away_is_signed_out_of_here_and_that_it_was_not_told_is_said(
    start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend()
    keyring = signed_in(server)
    seat = Seat(
        Account(server.api_url, ANN),
        sign_ins=cast("SignIns", keyring),
        clock=SystemClock(),
        lock=tmp_path / "lock",
    )
    await seat.enter(keyring.refresh_token, stored=True)
    server.control("faults", {"route": "refresh", "times": 5, "code": "INTERNAL_ERROR"})
    failure = await seat.leave()
    assert failure is not None
    assert failure.code is ErrorCode.INTERNAL_ERROR
    assert keyring.forgotten
    assert not seat.taken
    await seat.aclose()
