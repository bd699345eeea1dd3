"""What faces may ask for, beyond exposing and stopping one tunnel."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.contract.core.conftest import Desk
from tunneldesk.domain.checkup import Check, Verdict
from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.health import BeatOutcome, Traffic
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import SessionStatus, Wish
from tunneldesk.domain.preferences import Theme
from tunneldesk.domain.secret import Secret
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.conftest import StartBackend
    from tests.contract.core.conftest import MemoryKeyring, StartDesk


async def test_a_token_signed_in_with_is_found_again_at_the_next_start(
    backend: Backend, start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    async with start_desk.opened(None, None, None, {}) as core:
        desk = Desk(core)
        await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
        desk.commands.sign_in(backend.api_url, Secret(backend.token), remember=True)
        await desk.until(lambda state: state.session.stored)
        assert list(ring.kept.values()) == [backend.token]
    again = await start_desk()
    state = await again.until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
    assert state.session.server == backend.api_url
    assert state.session.stored


async def test_a_keyring_that_refuses_costs_the_next_start_and_not_this_session(
    backend: Backend, start_desk: StartDesk, ring: MemoryKeyring
) -> None:
    ring.refusing = True
    desk = await start_desk()
    desk.commands.sign_in(backend.api_url, Secret(backend.token), remember=True)
    state = await desk.until(lambda state: state.failure)
    assert state.failure is not None
    assert state.failure.code is ErrorCode.KEYRING_REFUSED
    assert state.session.status is SessionStatus.SIGNED_IN
    assert not state.session.stored
    desk.commands.dismiss_failure()
    assert desk.store.state.failure is None


async def test_signing_out_stops_the_tunnels_and_forgets_the_token(
    backend: Backend, start_desk: StartDesk, ring: MemoryKeyring, origin: int
) -> None:
    desk = await start_desk()
    desk.commands.sign_in(backend.api_url, Secret(backend.token), remember=True)
    await desk.until(lambda state: state.session.stored)
    await desk.online(origin)
    desk.commands.sign_out()
    await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
    await desk.until(lambda _: not ring.kept)
    assert desk.store.state.tunnels == ()
    assert backend.call("GET", "/v1/tunnels").json() == []


async def test_a_refused_sign_in_leaves_the_session_as_it_was(backend: Backend, start_desk: StartDesk) -> None:
    desk = await start_desk(backend)
    await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
    desk.commands.sign_in(backend.api_url, Secret("nonsense"), remember=True)
    state = await desk.until(lambda state: state.failure)
    assert state.failure is not None
    assert state.failure.code is ErrorCode.INVALID_TOKEN
    assert state.session.status is SessionStatus.SIGNED_IN


async def test_signing_in_again_with_the_same_token_is_seen(backend: Backend, start_desk: StartDesk) -> None:
    desk = await start_desk(backend)
    seen: list[datetime | None] = [None]
    for _ in range(2):
        desk.commands.sign_in(backend.api_url, Secret(backend.token), remember=False)
        await desk.until(lambda state: state.session.confirmed_at not in seen)
        seen.append(desk.store.state.session.confirmed_at)


async def test_another_server_is_used_from_the_next_tunnel_on(
    start_backend: StartBackend, start_desk: StartDesk, origin: int, tmp_path: Path
) -> None:
    first, second = start_backend(data_dir=tmp_path / "first"), start_backend(data_dir=tmp_path / "second")
    desk = await start_desk(first)
    before = await desk.online(origin, "one")
    desk.commands.sign_in(second.api_url, Secret(second.token), remember=False)
    await desk.until(lambda state: state.session.server == second.api_url)
    await desk.online(origin, "two")
    assert len(second.call("GET", "/v1/tunnels").json()) == 1
    desk.commands.stop(before.key)
    await desk.until(lambda state: len(state.tunnels) == 1)
    assert first.call("GET", "/v1/tunnels").json() == []


async def test_without_a_server_exposing_says_that_nobody_is_signed_in(start_desk: StartDesk, origin: int) -> None:
    desk = await start_desk()
    key = desk.commands.expose(Wish(origin))
    failed = await desk.until_phase(key, Phase.FAILED)
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.SIGNED_OUT
    desk.commands.dismiss(key)
    assert desk.store.state.tunnels == ()


@pytest.mark.parametrize("address", ["http://example.com", "ftp://example.com", "not an address"])
async def test_a_server_address_that_can_not_be_one_is_refused_before_anything_is_sent(
    start_desk: StartDesk, origin: int, address: str
) -> None:
    desk = await start_desk(environ={"TUNNELDESK_SERVER": address, "TUNNELDESK_ACCESS_TOKEN": "t"})
    key = desk.commands.expose(Wish(origin))
    failed = await desk.until_phase(key, Phase.FAILED)
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.INVALID_SERVER_ADDRESS
    assert address in said(failed.failure)


async def test_tunnels_elsewhere_are_listed_apart_and_can_be_stopped(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    elsewhere = backend.call("POST", "/v1/tunnels", {"port": 1, "requestedSlug": "other"}).json()["tunnelId"]
    desk = await start_desk(backend)
    await desk.online(origin)
    desk.commands.refresh()
    state = await desk.until(lambda state: state.elsewhere)
    assert [remote.slug for remote in state.elsewhere] == ["other"]
    assert state.in_use == 2
    desk.commands.stop_remote(elsewhere)
    await desk.until(lambda state: not state.elsewhere)


async def test_stop_all_stops_all(backend: Backend, start_desk: StartDesk, origin: int) -> None:
    desk = await start_desk(backend)
    await desk.online(origin, "one")
    await desk.online(origin, "two")
    desk.commands.stop_all()
    await desk.until(lambda state: not state.tunnels)
    assert backend.call("GET", "/v1/tunnels").json() == []


async def test_what_was_just_stopped_is_not_taken_for_somebody_elses(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    desk.commands.refresh()
    await desk.until(lambda state: state.remote)
    desk.commands.stop(tunnel.key)
    state = await desk.until(lambda state: not any(each.active for each in state.tunnels))
    assert (state.elsewhere, state.in_use) == ((), 0)


async def test_preferences_and_recent_ports_are_there_at_the_next_start(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    async with start_desk.opened(backend, None, None, {}) as core:
        desk = Desk(core)
        await desk.online(origin)
        desk.commands.prefer(replace(desk.store.state.preferences, theme=Theme.DARK, reopen_at_start=False))
    again = await start_desk(backend)
    assert again.store.state.preferences.theme is Theme.DARK
    assert again.store.state.recent == (Wish(origin, "my-app"),)


async def test_a_change_that_is_given_up_leaves_the_tunnel_under_its_address(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    desk = await start_desk(backend)
    before = await desk.online(origin)
    desk.commands.revise(before.key, Wish(1, "another"))
    await desk.until(lambda state: state.tunnels[0].wish.slug == "another")
    desk.commands.revise(before.key, before.again)
    state = await desk.until(
        lambda state: state.tunnels[0].wish == before.again and state.tunnels[0].phase is Phase.ONLINE
    )
    assert state.tunnels[0].address == before.address
    hostnames = [tunnel["hostname"] for tunnel in backend.call("GET", "/v1/tunnels").json()]
    assert hostnames == [before.hostname]


async def test_a_port_and_a_name_are_offered_once_however_they_were_exposed(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    desk.commands.revise(tunnel.key, Wish(origin, "my-app", stop_after=1800.0))
    desk.commands.expose(Wish(1, "other", keep_awake=True))
    desk.commands.expose(Wish(1, "other"))
    assert desk.store.state.recent == (Wish(1, "other"), Wish(origin, "my-app"))


async def test_another_connector_goes_on_with_what_failed_for_the_lack_of_one(
    backend: Backend, start_desk: StartDesk, origin: int, tmp_path: Path
) -> None:
    desk = await start_desk(backend)
    preferences = desk.store.state.preferences
    desk.commands.prefer(replace(preferences, connector=tmp_path / "gone"))
    key = desk.commands.expose(Wish(origin, "my-app"))
    await desk.until_phase(key, Phase.FAILED)
    desk.commands.prefer(preferences)
    await desk.until_phase(key, Phase.ONLINE)
    assert any("Registered tunnel connection" in line for line in desk.commands.connector_log(key))


async def test_a_lease_lost_again_and_again_becomes_a_problem(
    start_backend: StartBackend, start_desk: StartDesk, origin: int
) -> None:
    backend = start_backend(heartbeat_interval=1, lease_timeout=3)
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    backend.control("faults", {"route": "heartbeat", "code": "TUNNEL_NOT_FOUND", "times": 100})
    failed = await desk.until_phase(tunnel.key, Phase.FAILED, within=40)
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.LEASE_LOST_REPEATEDLY


async def test_a_missed_beat_is_a_tick_and_no_alarm(
    start_backend: StartBackend, start_desk: StartDesk, origin: int
) -> None:
    backend = start_backend(heartbeat_interval=2, lease_timeout=9)
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    backend.control("faults", {"route": "heartbeat", "code": "INTERNAL_ERROR", "times": 1})
    await desk.until(lambda state: any(beat.outcome is BeatOutcome.LATE for beat in state.tunnels[0].beats))
    seen = [(seen.failure, seen.phase) for seen in desk.history if seen.tunnel_id == tunnel.tunnel_id]
    assert {failure for failure, _ in seen} == {None}
    assert BeatOutcome.MISSED in {beat.outcome for seen in desk.history for beat in seen.beats}


async def test_a_beat_is_sent_at_once_when_it_is_asked_for(
    start_backend: StartBackend, start_desk: StartDesk, origin: int
) -> None:
    backend = start_backend(heartbeat_interval=600, lease_timeout=3600)
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    desk.commands.try_now(tunnel.key)
    state = await desk.until(lambda state: state.tunnels[0].beats)
    assert [beat.outcome for beat in state.tunnels[0].beats] == [BeatOutcome.OK]
    assert state.tunnels[0].phase is Phase.ONLINE
    desk.commands.try_now("nobody's key")  # it has gone meanwhile


async def test_an_edge_that_refuses_the_tunnel_is_a_problem_of_its_own(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    backend.control("edge/refuse", {"reason": "Unauthorized: Invalid tunnel secret"})
    desk = await start_desk(backend)
    key = desk.commands.expose(Wish(origin, "my-app"))
    failed = await desk.until_phase(key, Phase.FAILED, within=60)
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.CONNECTOR_TOKEN_REFUSED
    assert backend.call("GET", "/v1/tunnels").json() == []


async def test_an_embedded_server_that_can_not_start_says_why(
    start_desk: StartDesk, origin: int, tmp_path: Path
) -> None:
    state = tmp_path / "home" / "state"
    state.mkdir(parents=True)
    (state / "demo-server").write_text("a file where the folder should be", encoding="utf-8")
    desk = await start_desk(demo=True)
    key = desk.commands.expose(Wish(origin))
    failed = await desk.until_phase(key, Phase.FAILED)
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.EMBEDDED_SERVER_FAILED


async def test_requests_are_counted_and_the_connectors_words_are_kept_in_a_file(
    backend: Backend, start_desk: StartDesk, origin: int, tmp_path: Path
) -> None:
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    desk.commands.count_traffic(tunnel.key)
    state = await desk.until(lambda state: state.tunnels[0].traffic is not None)
    assert state.tunnels[0].traffic == Traffic(0, 0)
    file = tmp_path / "home" / "logs" / "connector.log"
    for _ in range(1_000):
        if file.exists() and "my-app  " in (said := file.read_text()) and "Registered tunnel connection" in said:
            break
        await asyncio.sleep(0.01)
    else:
        pytest.fail("the connector's words are in no file")


async def test_what_listens_on_this_machine_is_looked_for(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    desk = await start_desk(backend)
    desk.commands.find_listeners()
    desk.commands.find_listeners()  # the first look will do
    state = await desk.until(lambda state: state.listeners is not None)
    assert origin not in {each.port for each in state.listeners or ()}  # it is our own here, as a connector is


async def test_the_doctor_looks_at_everything_and_a_second_call_begins_anew(
    backend: Backend, start_desk: StartDesk
) -> None:
    desk = await start_desk(backend)
    await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_IN)
    desk.commands.examine()
    await desk.until(lambda state: state.checkup is not None)
    desk.commands.examine()
    state = await desk.until(lambda state: state.checkup is not None and state.checkup.over, within=40.0)
    assert state.checkup is not None
    found = {finding.check: finding.verdict for finding in state.checkup.findings}
    assert found[Check.SERVER] is Verdict.OK
    assert Check.PORT not in found
