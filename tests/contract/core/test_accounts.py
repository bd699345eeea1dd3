"""Several accounts side by side, against real paired servers: who is asked as whom, and what goes on."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.core.conftest import Desk
from tests.contract.server.signing_in import ANN
from tests.contract.sign_in.browsing import UNLIMITED, in_the_browser
from tests.desktop import wait_for
from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import SessionStatus, Wish
from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.conftest import StartBackend
    from tests.contract.core.conftest import MemoryKeyring, StartDesk
    from tunneldesk.domain.model import AppState

BOB = "bob@example.com"


def names(server: Backend, email: str = ANN) -> list[str]:
    """Return the names that the server holds for an account."""
    token = server.control("sessions", {"email": email})["accessToken"]
    return sorted(tunnel["slug"] for tunnel in server.call("GET", "/v1/tunnels", token=token).json())


@asynccontextmanager
async def browsing(desk: Desk, choice: str = "allow") -> AsyncIterator[list[str]]:
    """Have a browser go wherever a sign-in of this desk leads; yields the addresses that it went to."""
    visits: dict[str, asyncio.Task[Any]] = {}

    def look(state: AppState) -> None:
        address = state.signing_in and state.signing_in.address
        if address and address not in visits:
            visits[address] = asyncio.create_task(asyncio.to_thread(in_the_browser, address, choice))

    addresses: list[str] = []
    unsubscribe = desk.store.subscribe(look)
    try:
        yield addresses
    finally:
        unsubscribe()
        addresses.extend(visits)
        await asyncio.gather(*visits.values(), return_exceptions=True)


async def sign_in(desk: Desk, server: Backend, email: str = ANN, *, remember: bool = True) -> AppState:
    """Sign in with a browser that says yes."""
    async with browsing(desk):
        desk.commands.sign_in_by_browser(server.api_url, email, remember=remember)
        return await desk.until(
            lambda state: (
                state.session.account == Account(server.api_url, email)
                and state.session.status is SessionStatus.SIGNED_IN
                and state.session.stored is remember
            )
        )


@pytest.fixture
def servers(start_backend: StartBackend, tmp_path: Path) -> tuple[Backend, Backend]:
    """Run two servers that know nothing of each other."""
    return start_backend(**UNLIMITED), start_backend(data_dir=tmp_path / "another", **UNLIMITED)


async def test_the_state_tells_how_a_sign_in_with_the_browser_is_going(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    server = start_backend(**UNLIMITED)
    desk = await start_desk()
    stages: list[str] = []

    def note(state: AppState) -> None:
        now = "none" if state.signing_in is None else "waiting" if state.signing_in.address else "asking"
        if not stages or stages[-1] != now:
            stages.append(now)

    desk.store.subscribe(note)
    async with browsing(desk) as addresses:
        desk.commands.sign_in_by_browser(server.api_url, ANN, remember=True)
        state = await desk.until(lambda state: state.session.stored)
    assert len(addresses) == 1
    assert stages[-4:] == ["none", "asking", "waiting", "none"]
    assert state.session.status is SessionStatus.SIGNED_IN
    assert state.session.email == ANN
    await desk.until(lambda state: state.accounts == (Account(server.api_url, ANN),))
    assert len(ring.kept) == 1


async def test_a_sign_in_with_the_browser_can_be_given_up_and_begun_again(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    server = start_backend(**UNLIMITED)
    desk = await start_desk()
    desk.commands.sign_in_by_browser(server.api_url, ANN, remember=True)
    first = await desk.until(lambda state: state.signing_in and state.signing_in.address)
    desk.commands.sign_in_by_browser(server.api_url, BOB, remember=True)
    await desk.until(
        lambda state: state.signing_in and state.signing_in.account.email == BOB and state.signing_in.address
    )
    desk.commands.cancel_sign_in()
    state = await desk.until(lambda state: state.signing_in is None)
    assert first.signing_in is not None
    assert state.failure is None
    assert state.session.status is SessionStatus.SIGNED_OUT
    assert ring.kept == {}
    await sign_in(desk, server)


async def test_a_sign_in_that_is_declined_leaves_whoever_was_signed_in(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    server = start_backend(**UNLIMITED)
    desk = await start_desk()
    before = (await sign_in(desk, server)).session
    async with browsing(desk, "deny"):
        desk.commands.sign_in_by_browser(server.api_url, BOB, remember=True)
        state = await desk.until(lambda state: state.failure)
    assert state.failure is not None
    assert state.failure.code is ErrorCode.SLACK_OAUTH_DENIED
    assert state.session == before
    assert len(ring.kept) == 1


async def test_only_for_this_session_leaves_nothing_in_the_keyring(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    server = start_backend(**UNLIMITED)
    async with start_desk.opened(None, None, None, {}) as core:
        desk = Desk(core)
        await sign_in(desk, server, remember=False)
        await desk.online(origin)
        assert not [name for _, name in ring.kept if ANN in name]
    again = await start_desk()
    state = await again.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
    assert state.session.account == Account(server.api_url, ANN)  # so that the dialog can suggest it


async def test_a_keyring_that_refuses_is_told_of_and_the_session_goes_on(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    server = start_backend(**UNLIMITED)
    desk = await start_desk()
    ring.refusing = True
    async with browsing(desk):
        desk.commands.sign_in_by_browser(server.api_url, ANN, remember=True)
        state = await desk.until(lambda state: state.failure)
    assert state.failure is not None
    assert state.failure.code is ErrorCode.KEYRING_REFUSED
    assert state.session.status is SessionStatus.SIGNED_IN
    assert not state.session.stored
    await desk.online(origin)
    server.control("expire-access-token", {"email": ANN})
    await desk.online(origin, "another")


async def test_who_agrees_to_this_session_only_finds_nothing_in_the_keyring_later(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    server = start_backend(**UNLIMITED)
    desk = await start_desk()
    ring.refusing = True
    async with browsing(desk):
        desk.commands.sign_in_by_browser(server.api_url, ANN, remember=True)
        await desk.until(lambda state: state.failure)
    desk.commands.session_only()
    ring.refusing = False
    server.control("expire-access-token", {"email": ANN})
    await desk.online(origin)  # with a renewed session
    assert desk.store.state.failure is None
    assert [name for _, name in ring.kept if "@" in name] == []


async def test_accounts_have_tunnels_of_their_own_and_are_switched_between(
    servers: tuple[Backend, Backend], start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    here, there = servers
    desk = await start_desk()
    await sign_in(desk, here)
    of_ann = await desk.online(origin, "of-ann")
    assert desk.store.state.in_use == 1
    await sign_in(desk, there, BOB)
    await desk.online(origin, "of-bob")
    state = desk.store.state
    assert state.accounts == (Account(here.api_url, ANN), Account(there.api_url, BOB))
    assert state.in_use == 1
    assert names(here) == ["of-ann"]
    assert names(there, BOB) == ["of-bob"]
    assert len([name for _, name in ring.kept if "@" in name]) == 2

    desk.commands.use_account(Account(here.api_url, ANN))
    state = await desk.until(lambda state: state.session.email == ANN and state.remote)
    assert [remote.slug for remote in state.remote or ()] == ["of-ann"]
    assert {tunnel.phase for tunnel in state.tunnels} == {Phase.ONLINE}

    desk.commands.use_account(Account(there.api_url, BOB))
    await desk.until(lambda state: state.session.email == BOB)
    desk.commands.revise(of_ann.key, of_ann.again)  # restarted as whose it is, whoever is in use
    await desk.until_phase(of_ann.key, Phase.STOPPING)
    await desk.until_phase(of_ann.key, Phase.ONLINE)
    assert names(here) == ["of-ann"]


async def test_two_accounts_of_one_server_do_not_see_each_other(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    server = start_backend(**UNLIMITED)
    desk = await start_desk()
    await sign_in(desk, server)
    await desk.online(origin, "of-ann")
    state = await sign_in(desk, server, BOB)
    assert state.in_use == 0
    await desk.online(origin, "of-bob")
    assert (names(server), names(server, BOB)) == (["of-ann"], ["of-bob"])

    desk.commands.sign_out()
    state = await desk.until(lambda state: state.accounts == (Account(server.api_url, ANN),))
    assert state.session.status is SessionStatus.SIGNED_OUT
    assert [tunnel.slug for tunnel in state.tunnels] == ["of-ann"]
    assert state.tunnels[0].phase is Phase.ONLINE
    assert names(server, BOB) == []
    assert [name for _, name in ring.kept if "@" in name] == [f"{server.api_url} {ANN}"]


@pytest.mark.parametrize("route", ["refresh", "logout"])
async def test_whoever_signs_out_and_quits_before_the_server_has_answered_is_signed_out_at_the_next_start(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring, route: str
) -> None:
    server = start_backend(**UNLIMITED)
    async with start_desk.opened(None, None, None, {}) as core:
        desk = Desk(core)
        await sign_in(desk, server)
        server.control("faults", {"route": route, "delaySec": 6})
        desk.commands.sign_out()
        await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
        await asyncio.to_thread(
            wait_for, "the server to be asked", lambda: not server.control("faults", method="GET")["faults"]
        )
    assert ring.kept == {}
    again = await start_desk()
    state = await again.until(lambda state: state.session.status is not SessionStatus.OPENING)
    assert (state.session.status, state.accounts) == (SessionStatus.SIGNED_OUT, (Account(server.api_url, ANN),))


async def test_after_a_restart_the_tunnels_of_all_accounts_are_taken_up(
    servers: tuple[Backend, Backend], start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    here, there = servers
    async with start_desk.opened(None, None, None, {}) as core:
        desk = Desk(core)
        await sign_in(desk, here)
        await desk.online(origin, "of-ann")
        await sign_in(desk, there, BOB)
        await desk.online(origin, "of-bob")
    assert names(here) == []
    again = await start_desk()
    state = await again.until(
        lambda state: [tunnel.phase for tunnel in state.tunnels] == [Phase.ONLINE, Phase.ONLINE], within=30
    )
    assert state.session.account == Account(there.api_url, BOB)
    assert {(tunnel.slug, tunnel.account and tunnel.account.email) for tunnel in state.tunnels} == {
        ("of-ann", ANN),
        ("of-bob", BOB),
    }
    assert (names(here), names(there, BOB)) == (["of-ann"], ["of-bob"])
    assert ring.kept


async def test_a_session_that_has_ended_leaves_tunnels_up_and_what_failed_goes_on_after_the_sign_in(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    server = start_backend(dialect="newer", heartbeat_interval=1, **UNLIMITED)
    desk = await start_desk()
    await sign_in(desk, server)
    up = await desk.online(origin, "stays-up")
    server.control("expire-session", {"email": ANN})
    key = desk.commands.expose(Wish(origin, "waits"))
    failed = await desk.until_phase(key, Phase.FAILED)
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.INVALID_REFRESH_TOKEN
    state = await desk.until(lambda state: state.session.status is SessionStatus.ENDED)
    desk.commands.stop_remote(up.tunnel_id or "")
    await desk.until(lambda state: state.failure)
    beats = len(state.tunnels[0].beats)
    state = await desk.until(lambda state: len(state.tunnels[0].beats) >= beats + 2)
    assert state.tunnels[0].phase is Phase.ONLINE

    await sign_in(desk, server)
    await desk.until_phase(key, Phase.ONLINE)
    assert desk.store.state.failure is None
    await desk.until(lambda _: "stays-up" not in names(server))  # the other wish that was put off
    assert ring.kept


async def test_room_that_was_to_be_made_when_the_session_ended_is_made_and_used_after_the_sign_in(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    server = start_backend(max_tunnels=1, **UNLIMITED)
    token = server.control("sessions", {"email": ANN})["accessToken"]
    elsewhere = server.call("POST", "/v1/tunnels", {"port": 1}, token=token).json()["tunnelId"]
    desk = await start_desk()
    await sign_in(desk, server)
    key = desk.commands.expose(Wish(origin, "waits"))
    await desk.until_phase(key, Phase.FAILED)
    server.control("expire-session", {"email": ANN})
    desk.commands.make_room(key, elsewhere)
    await desk.until(lambda state: state.session.status is SessionStatus.ENDED and state.failure)

    await sign_in(desk, server)
    await desk.until_phase(key, Phase.ONLINE)
    assert names(server) == ["waits"]
    assert ring.kept


async def test_whoever_only_looks_meets_no_problem_of_an_ended_session_but_that_it_has_ended(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    server = start_backend(access_token_lifetime=5, **UNLIMITED)
    desk = await start_desk()
    await sign_in(desk, server)
    server.control("expire-session", {"email": ANN})
    problems: list[Any] = []
    desk.store.subscribe(lambda state: problems.append(state.failure) if state.failure else None)
    desk.commands.refresh()
    await desk.until(lambda state: state.session.status is SessionStatus.ENDED)
    desk.commands.find_listeners()  # comes after the answer
    await desk.until(lambda state: state.listeners is not None)
    assert problems == []
    assert ring.kept


async def test_what_waits_for_a_sign_in_goes_on_as_whoever_signs_in(
    servers: tuple[Backend, Backend], start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    here, there = servers
    desk = await start_desk(environ={"TUNNELDESK_SERVER": here.api_url})
    await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
    key = desk.commands.expose(Wish(origin, "waits"))
    await desk.until_phase(key, Phase.FAILED)
    await sign_in(desk, there, BOB)
    tunnel = await desk.until_phase(key, Phase.ONLINE)
    assert tunnel.account == Account(there.api_url, BOB)
    assert names(there, BOB) == ["waits"]
    assert ring.kept


async def test_an_access_token_and_the_browser_are_two_accounts_of_one_server(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    server = start_backend(**UNLIMITED)
    desk = await start_desk()
    desk.commands.sign_in(server.api_url, Secret(server.token), remember=True)
    await desk.until(lambda state: state.session.stored)
    await sign_in(desk, server)
    assert len(ring.kept) == 2
    desk.commands.use_account(Account(server.api_url))
    state = await desk.until(lambda state: state.session.email is None)
    assert state.session.status is SessionStatus.SIGNED_IN
    assert state.session.stored


async def test_an_account_whose_sign_in_is_lost_says_so_when_it_is_used(
    servers: tuple[Backend, Backend], start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    here, there = servers
    async with start_desk.opened(None, None, None, {}) as core:
        desk = Desk(core)
        await sign_in(desk, here)
        await sign_in(desk, there, BOB)
    for item in [item for item in ring.kept if ANN in item[1]]:
        del ring.kept[item]
    again = await start_desk()
    await again.until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
    again.commands.use_account(Account(here.api_url, ANN))
    state = await again.until(lambda state: state.session.email == ANN)
    assert state.session.status is SessionStatus.SIGNED_OUT
    assert state.accounts == (Account(here.api_url, ANN), Account(there.api_url, BOB))


async def test_what_was_exposed_comes_back_when_somebody_signs_in_again_however_late(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    server = start_backend(**UNLIMITED)
    async with start_desk.opened(None, None, None, {}) as core:
        desk = Desk(core)
        await sign_in(desk, server)
        await desk.online(origin, "of-ann")
    ring.kept.clear()  # as good as a keyring that stays locked
    async with start_desk.opened(None, None, None, {}) as core:
        desk = Desk(core)
        await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
        desk.commands.expose(Wish(origin, "while-signed-out"))
        await desk.until(lambda state: state.tunnels and state.tunnels[0].phase is Phase.FAILED)
    again = await start_desk()
    await again.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
    assert again.store.state.tunnels == ()
    await sign_in(again, server)
    await again.until(lambda state: [tunnel.phase for tunnel in state.tunnels] == [Phase.ONLINE] * 2, within=30)
    assert names(server) == ["of-ann", "while-signed-out"]


async def test_whoever_is_new_is_so_until_somebody_is_signed_in_whatever_server_the_environment_names(
    start_backend: StartBackend, start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    server = start_backend(**UNLIMITED)
    named = {"TUNNELDESK_SERVER": server.api_url}
    async with start_desk.opened(None, None, named, {}) as core:
        desk = Desk(core)
        state = await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
        assert (state.session.server, state.newcomer) == (server.api_url, True)
        await sign_in(desk, server)
        assert not desk.store.state.newcomer
        desk.commands.sign_out()
        await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
    again = await start_desk(environ=named)
    state = await again.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
    assert (state.newcomer, ring.kept) == (False, {})


async def test_an_account_that_only_the_environment_names_is_one_among_the_others(
    servers: tuple[Backend, Backend], start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    here, there = servers
    desk = await start_desk(here)
    state = await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
    assert state.accounts == (Account(here.api_url),)
    state = await sign_in(desk, there, BOB)
    assert set(state.accounts) == {Account(here.api_url), Account(there.api_url, BOB)}
    desk.commands.use_account(Account(here.api_url))
    await desk.until(lambda state: state.session.email is None and state.remote is not None)
    assert len(ring.kept) == 1


async def test_whoever_tries_it_on_this_computer_goes_on_there_until_they_sign_in(
    start_desk: StartDesk, start_backend: StartBackend, ring: MemoryKeyring, origin: int
) -> None:
    async with start_desk.opened(None, None, None, {}) as core:
        desk = Desk(core)
        desk.commands.use_demo()
        await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
        address = (await desk.online(origin)).address
    server = start_backend()
    async with start_desk.opened(None, None, None, {}) as core:
        desk = Desk(core)
        assert core.store.state.session.demo, "from the first picture on"
        state = await desk.until(lambda state: state.tunnels and state.tunnels[0].phase is Phase.ONLINE)
        assert state.tunnels[0].address == address
        desk.commands.sign_in(server.api_url, Secret(server.token), remember=True)
        await desk.until(lambda state: not state.session.demo)
    assert ring.kept
    async with start_desk.opened(None, None, None, {}) as core:
        assert not core.store.state.session.demo
        state = await Desk(core).until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
        assert state.session.server == server.api_url


async def test_this_computer_for_one_run_is_not_for_the_next(start_desk: StartDesk) -> None:
    async with start_desk.opened(None, None, None, {}) as core:
        core.commands.use_demo(stay=False)
        state = await Desk(core).until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
        assert state.session.demo
    async with start_desk.opened(None, None, None, {}) as core:
        assert not core.store.state.session.demo
        await Desk(core).until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)


async def test_what_is_exposed_as_soon_as_this_computer_is_in_use_is_reached_from_nowhere_else(
    start_desk: StartDesk, backend: Backend, origin: int
) -> None:
    """As a second launch does with `--demo --expose`, while the app is signed in elsewhere."""
    async with start_desk.opened(backend, None, None, {}) as core:
        desk = Desk(core)
        await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
        core.commands.use_demo(stay=False)
        await desk.until(lambda state: state.session.demo)
        tunnel = await desk.online(origin)
        assert tunnel.account
        assert tunnel.account.server != backend.api_url
        core.commands.use_account(core.store.state.accounts[0])
        state = await desk.until(lambda state: not state.session.demo and state.remote is not None)
        assert (state.session.server, state.remote) == (backend.api_url, ())


async def test_a_server_that_is_named_beats_this_computer(start_desk: StartDesk, backend: Backend) -> None:
    async with start_desk.opened(None, None, None, {}) as core:
        core.commands.use_demo()
        await Desk(core).until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
    async with start_desk.opened(backend, None, None, {}) as core:
        state = await Desk(core).until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
        assert (state.session.server, state.session.demo) == (backend.api_url, False)
