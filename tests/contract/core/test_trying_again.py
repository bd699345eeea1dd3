"""Whoever tries again has done what failed, and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.contract.core.conftest import Desk
from tests.desktop import wait_for
from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import SessionStatus, Wish
from tunneldesk.domain.preferences import Theme
from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.contract.core.conftest import MemoryKeyring, StartDesk


async def failed(desk: Desk) -> ErrorCode:
    """Wait for a failure that concerns no tunnel, and return what it is."""
    failure = (await desk.until(lambda state: state.failure)).failure
    assert failure is not None
    return failure.code


async def signed_in(backend: Backend, start_desk: StartDesk) -> Desk:
    desk = await start_desk(backend)
    await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
    return desk


async def test_a_list_that_was_not_to_be_had_is_asked_for_at_once(backend: Backend, start_desk: StartDesk) -> None:
    desk = await signed_in(backend, start_desk)
    backend.call("POST", "/v1/tunnels", {"port": 1, "requestedSlug": "other"})
    backend.control("faults", {"route": "list", "code": "INTERNAL_ERROR", "times": 1})
    desk.commands.refresh()
    assert await failed(desk) is ErrorCode.INTERNAL_ERROR
    desk.commands.try_again()
    assert desk.store.state.failure is None
    await desk.until(lambda state: state.elsewhere, within=3.0)


async def test_a_tunnel_that_could_not_be_stopped_is_stopped(backend: Backend, start_desk: StartDesk) -> None:
    desk = await signed_in(backend, start_desk)
    elsewhere = backend.call("POST", "/v1/tunnels", {"port": 1, "requestedSlug": "other"}).json()["tunnelId"]
    desk.commands.refresh()
    await desk.until(lambda state: state.elsewhere)
    backend.control("faults", {"route": "delete", "code": "RATE_LIMITED", "times": 1})
    desk.commands.stop_remote(elsewhere)
    assert await failed(desk) is ErrorCode.RATE_LIMITED
    desk.commands.try_again()
    await desk.until(lambda state: not state.elsewhere)
    assert backend.call("GET", "/v1/tunnels").json() == []


async def test_a_failure_that_was_read_is_not_done_again_with_a_later_one(
    backend: Backend, start_desk: StartDesk
) -> None:
    desk = await signed_in(backend, start_desk)
    elsewhere = backend.call("POST", "/v1/tunnels", {"port": 1, "requestedSlug": "other"}).json()["tunnelId"]
    backend.control("faults", {"route": "delete", "code": "RATE_LIMITED", "times": 1})
    desk.commands.stop_remote(elsewhere)
    await failed(desk)
    desk.commands.dismiss_failure()
    desk.commands.try_again()
    desk.commands.refresh()
    await desk.until(lambda state: state.elsewhere)
    assert [each["status"] for each in backend.call("GET", "/v1/tunnels").json()] == ["active"]


async def test_a_keyring_that_refused_is_asked_again_and_nobody_signs_in_for_it(
    backend: Backend, start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    ring.refusing = True
    desk = await start_desk()
    desk.commands.sign_in(backend.api_url, Secret(backend.token), remember=True)
    assert await failed(desk) is ErrorCode.KEYRING_REFUSED
    since = desk.store.state.session.confirmed_at
    desk.commands.try_again()
    assert await failed(desk) is ErrorCode.KEYRING_REFUSED
    ring.refusing = False
    desk.commands.try_again()
    state = await desk.until(lambda state: state.session.stored)
    assert list(ring.kept.values()) == [backend.token]
    assert (state.failure, state.session.confirmed_at) == (None, since)


async def test_a_sign_in_that_could_not_be_remembered_is_remembered_and_nobody_signs_in_for_it(
    backend: Backend, start_desk: StartDesk, ring: MemoryKeyring, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "home" / "config"
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("a file where the folder should be", encoding="utf-8")
    desk = await start_desk()
    await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
    desk.commands.sign_in(backend.api_url, Secret(backend.token), remember=True)
    state = await desk.until(lambda state: state.failure and state.session.status is SessionStatus.SIGNED_IN)
    since = state.session.confirmed_at
    in_the_way.unlink()
    desk.commands.try_again()
    state = await desk.until(lambda state: state.session.stored)
    await written(in_the_way / "accounts.json", backend.api_url)
    assert list(ring.kept.values()) == [backend.token]
    assert (state.failure, state.session.confirmed_at) == (None, since)


async def test_a_keyring_that_was_locked_at_the_start_is_asked_again_and_what_was_refused_goes_on(
    backend: Backend, start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    async with start_desk.opened(None, None, None, {}) as core:
        core.commands.sign_in(backend.api_url, Secret(backend.token), remember=True)
        await Desk(core).until(lambda state: state.session.stored)
    ring.locked = True
    again = await start_desk()
    assert await failed(again) is ErrorCode.KEYRING_LOCKED
    key = again.commands.expose(Wish(origin, "my-app"))
    await again.until_phase(key, Phase.FAILED)
    ring.locked = False
    again.commands.try_again()
    await again.until_phase(key, Phase.ONLINE)
    assert again.store.state.session.stored


async def test_settings_that_could_not_be_written_are_written_and_until_then_it_is_said_again(
    backend: Backend, start_desk: StartDesk, tmp_path: Path
) -> None:
    desk = await signed_in(backend, start_desk)
    in_the_way = tmp_path / "home" / "config"
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("a file where the folder should be", encoding="utf-8")
    desk.commands.prefer(replace(desk.store.state.preferences, theme=Theme.DARK))
    assert await failed(desk) is ErrorCode.FILE_NOT_WRITTEN
    desk.commands.try_again()
    assert desk.store.state.failure is None
    assert await failed(desk) is ErrorCode.FILE_NOT_WRITTEN
    in_the_way.unlink()
    desk.commands.try_again()
    await written(in_the_way / "settings.json", "dark")
    assert desk.store.state.failure is None


async def test_a_journal_that_could_not_be_written_is_written(
    backend: Backend, start_desk: StartDesk, origin: int, tmp_path: Path
) -> None:
    desk = await signed_in(backend, start_desk)
    journal = tmp_path / "home" / "state" / "journal.json"
    lock = journal.with_suffix(".lock")
    lock.unlink(missing_ok=True)
    lock.mkdir(parents=True)
    desk.commands.expose(Wish(origin, "my-app"))
    assert await failed(desk) is ErrorCode.FILE_NOT_WRITTEN
    lock.rmdir()
    desk.commands.try_again()
    await written(journal, "my-app")
    assert desk.store.state.failure is None


async def written(file: Path, words: str) -> None:
    """Wait until a file holds these words."""
    found = await asyncio.to_thread(
        wait_for, f"{words} in {file}", lambda: file.exists() and words in file.read_text(encoding="utf-8"), 5.0
    )
    assert found
