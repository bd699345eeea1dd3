"""A tunnel from the wish to the end, with everything real but the face."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.health import BeatOutcome, Health
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import MomentKind, Wish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.conftest import StartBackend
    from tests.contract.core.conftest import StartDesk

DIALECTS = pytest.mark.parametrize("dialect", ["documented", "newer"])


def listed(backend: Backend) -> list[str]:
    """The host names that the server holds for its first user, without ports."""
    return [tunnel["hostname"].partition(":")[0] for tunnel in backend.call("GET", "/v1/tunnels").json()]


async def fetch(address: str) -> httpx.Response:
    """Ask the public address, dialling this computer: ``*.localhost`` is not resolved everywhere."""
    host, port = urlsplit(address).hostname, urlsplit(address).port
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"http://127.0.0.1:{port}/", headers={"Host": f"{host}:{port}"})


@DIALECTS
async def test_a_port_is_exposed_answers_and_is_taken_down_again(
    start_backend: StartBackend, start_desk: StartDesk, origin: int, dialect: str
) -> None:
    backend = start_backend(dialect=dialect)
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    assert tunnel.address is not None
    assert (await fetch(tunnel.address)).text == "hello from the origin"
    assert listed(backend) == ["my-app.tunnel.localhost"]
    desk.commands.stop(tunnel.key)
    await desk.until(lambda state: not state.tunnels)
    assert desk.phases == [
        Phase.STOPPED,
        Phase.CREATING,
        Phase.CONNECTING,
        Phase.ONLINE,
        Phase.STOPPING,
        Phase.STOPPED,
    ]
    assert listed(backend) == []


@DIALECTS
async def test_heartbeats_keep_a_short_lease_alive(
    start_backend: StartBackend, start_desk: StartDesk, origin: int, dialect: str
) -> None:
    backend = start_backend(dialect=dialect, heartbeat_interval=1, lease_timeout=2, reaper_interval=1)
    desk = await start_desk(backend)
    key = (await desk.online(origin)).key
    state = await desk.until(lambda state: len(state.tunnels[0].beats) >= 5)
    tunnel = state.tunnel(key)
    assert tunnel is not None
    assert {beat.outcome for beat in tunnel.beats} == {BeatOutcome.OK}
    assert tunnel.vitals.lease is Health.OK
    assert tunnel.vitals.service is Health.OK
    assert listed(backend) == ["my-app.tunnel.localhost"]


@DIALECTS
async def test_a_lost_lease_is_made_good_under_the_same_name(
    start_backend: StartBackend, start_desk: StartDesk, origin: int, dialect: str
) -> None:
    # The reaper's haste makes the newer server forget at once instead of reviving.
    backend = start_backend(dialect=dialect, heartbeat_interval=1, lease_timeout=3, reaper_interval=0.2)
    desk = await start_desk(backend)
    before = await desk.online(origin)
    backend.control("expire-lease", {"tunnel": before.tunnel_id})
    await desk.until(lambda state: state.tunnels[0].tunnel_id not in {None, before.tunnel_id})
    after = await desk.until_phase(before.key, Phase.ONLINE)
    assert after.address == before.address
    assert MomentKind.RECREATED in {moment.kind for moment in after.timeline}
    assert after.address is not None
    assert (await fetch(after.address)).status_code == 200
    assert listed(backend) == ["my-app.tunnel.localhost"]


async def test_what_somebody_stops_elsewhere_stays_stopped_and_says_so(
    start_backend: StartBackend, start_desk: StartDesk, origin: int
) -> None:
    backend = start_backend(heartbeat_interval=1, lease_timeout=30)
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    backend.call("DELETE", f"/v1/tunnels/{tunnel.tunnel_id}")
    stopped = await desk.until_phase(tunnel.key, Phase.STOPPED)
    assert stopped.failure is not None
    assert stopped.failure.code is ErrorCode.STOPPED_ELSEWHERE
    assert not stopped.wanted
    assert listed(backend) == []


async def test_what_is_stopped_elsewhere_is_not_made_anew_while_the_server_drains_it(
    start_backend: StartBackend, start_desk: StartDesk, origin: int
) -> None:
    backend = start_backend(dialect="newer", heartbeat_interval=1, lease_timeout=30)
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    # The connector is still attached: the server waits for it, and heartbeats find no tunnel meanwhile.
    deleting = asyncio.create_task(asyncio.to_thread(backend.call, "DELETE", f"/v1/tunnels/{tunnel.tunnel_id}"))
    stopped = await desk.until_phase(tunnel.key, Phase.STOPPED)
    assert stopped.failure is not None
    assert stopped.failure.code is ErrorCode.STOPPED_ELSEWHERE
    assert not stopped.wanted
    assert desk.phases.count(Phase.CREATING) == 1
    assert (await deleting).status_code == 200
    assert listed(backend) == []


def take_down_but_take_beats(backend: Backend, tunnel_id: str | None) -> None:
    """Have the server take a tunnel down, as soon as the connector goes, and answer beats as if it did not."""
    backend.control("faults", method="DELETE")
    backend.control("faults", {"route": "heartbeat", "times": 1000, "status": 200, "body": '{"ok": true}'})
    backend.control("faults", {"route": "delete", "code": "TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS"})
    assert backend.call("DELETE", f"/v1/tunnels/{tunnel_id}").status_code == 503
    assert [tunnel["status"] for tunnel in backend.call("GET", "/v1/tunnels").json()] == ["stopping"]


async def test_a_server_that_takes_beats_for_what_it_takes_down_is_found_out_once_the_lease_had_run_out(
    start_backend: StartBackend, start_desk: StartDesk, origin: int
) -> None:
    """The server was away for longer than the lease, and the connector was not; the reaper came before our beat."""
    backend = start_backend(dialect="newer", heartbeat_interval=1, lease_timeout=4, reaper_interval=600)
    desk = await start_desk(backend)
    before = await desk.online(origin)
    backend.control("faults", {"route": "heartbeat", "times": 1000, "code": "INTERNAL_ERROR"})
    await desk.until(lambda state: state.tunnels[0].vitals.lease is Health.DOWN)
    take_down_but_take_beats(backend, before.tunnel_id)
    after = await desk.until(lambda state: state.tunnels[0].tunnel_id not in {None, before.tunnel_id})
    assert after.tunnels[0].address == before.address
    backend.control("faults", method="DELETE")
    await desk.until_phase(before.key, Phase.ONLINE)


async def test_a_server_that_takes_beats_for_what_was_stopped_elsewhere_is_found_out_too(
    start_backend: StartBackend, start_desk: StartDesk, origin: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tunneldesk.service.serving.LOOK_EVERY", 0.5)
    backend = start_backend(heartbeat_interval=1, lease_timeout=30, reaper_interval=600)
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    take_down_but_take_beats(backend, tunnel.tunnel_id)
    stopped = await desk.until_phase(tunnel.key, Phase.STOPPED)
    assert stopped.failure is not None
    assert stopped.failure.code is ErrorCode.STOPPED_ELSEWHERE
    assert desk.phases.count(Phase.CREATING) == 1
    assert listed(backend) == []


async def test_a_lost_edge_is_named_and_comes_back_by_itself(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    backend.control("edge/refuse", {"reason": "The edge is closed"})
    backend.control("edge/drop")
    away = await desk.until_phase(tunnel.key, Phase.RECONNECTING)
    assert away.vitals.connector is Health.DOWN
    backend.control("edge/refuse", {"reason": None})
    back = await desk.until_phase(tunnel.key, Phase.ONLINE)
    assert back.tunnel_id == tunnel.tunnel_id


async def test_a_conflict_is_refused_and_another_name_goes_through(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    backend.call("POST", "/v1/tunnels", {"port": 1, "requestedSlug": "my-app"}, token=backend.user())
    desk = await start_desk(backend)
    key = desk.commands.expose(Wish(origin, "my-app"))
    failed = await desk.until_phase(key, Phase.FAILED)
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.TUNNEL_SLUG_CONFLICT
    desk.commands.revise(key, Wish(origin, "my-app-2"))
    assert (await desk.until_phase(key, Phase.ONLINE)).slug == "my-app-2"


async def test_making_room_stops_one_and_goes_on_with_the_other(
    start_backend: StartBackend, start_desk: StartDesk, origin: int
) -> None:
    backend = start_backend(max_tunnels=2)
    elsewhere = backend.call("POST", "/v1/tunnels", {"port": 1}).json()["tunnelId"]
    desk = await start_desk(backend)
    own = await desk.online(origin, "first")
    key = desk.commands.expose(Wish(origin, "second"))
    await desk.until_phase(key, Phase.FAILED)
    state = desk.store.state
    assert state.limit_of(state.session.account) == 2, "as the server has said"
    desk.commands.make_room(key, elsewhere)
    await desk.until_phase(key, Phase.ONLINE)
    third = desk.commands.expose(Wish(origin, "third"))
    await desk.until_phase(third, Phase.FAILED)
    assert own.tunnel_id is not None
    desk.commands.make_room(third, own.tunnel_id)
    await desk.until_phase(third, Phase.ONLINE)
    assert sorted(listed(backend)) == ["second.tunnel.localhost", "third.tunnel.localhost"]


async def test_a_restart_keeps_a_random_name(backend: Backend, start_desk: StartDesk, origin: int) -> None:
    desk = await start_desk(backend)
    before = await desk.online(origin, None)
    desk.commands.revise(before.key, before.again)
    await desk.until(lambda state: state.tunnels[0].tunnel_id not in {None, before.tunnel_id})
    assert (await desk.until_phase(before.key, Phase.ONLINE)).address == before.address


async def test_a_tunnel_ends_by_itself_when_its_time_is_up(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    desk = await start_desk(backend)
    tunnel = await desk.online(origin, stop_after=0.5)
    await desk.until(lambda state: not state.tunnels)
    assert desk.history[-1].key == tunnel.key
    assert listed(backend) == []


async def test_a_stop_during_the_create_leaves_nothing_on_the_server(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    backend.control("faults", {"route": "create", "delaySec": 1.0})
    desk = await start_desk(backend)
    key = desk.commands.expose(Wish(origin, "my-app"))
    await desk.until(lambda state: state.session.server is not None)
    await asyncio.sleep(0.3)  # the request is on its way, and its answer a second off
    desk.commands.stop(key)
    await desk.until_phase(key, Phase.STOPPING)
    await desk.until(lambda state: not state.tunnels)
    assert listed(backend) == []


async def test_a_second_stop_does_not_wait_for_a_server_that_hangs(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    desk = await start_desk(backend)
    tunnel = await desk.online(origin)
    backend.control("faults", {"route": "delete", "delaySec": 20})
    desk.commands.stop(tunnel.key)
    await desk.until_phase(tunnel.key, Phase.STOPPING)
    await asyncio.sleep(0.5)  # the connector is down by then, and the answer to the DELETE is not
    desk.commands.stop(tunnel.key)
    await desk.until(lambda state: not state.tunnels, within=5)
    assert desk.phases[-1] is Phase.STOPPED


async def test_a_missing_connector_creates_nothing(
    backend: Backend, start_desk: StartDesk, origin: int, tmp_path: Path
) -> None:
    desk = await start_desk(backend, connector=tmp_path / "no-such-cloudflared")
    key = desk.commands.expose(Wish(origin, "my-app"))
    failed = await desk.until_phase(key, Phase.FAILED)
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.CONNECTOR_MISSING
    assert backend.call("GET", "/v1/tunnels?includeInactive=true").json() == []


async def test_a_token_that_is_revoked_ends_the_session_and_a_new_one_goes_on(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    from tunneldesk.domain.model import SessionStatus
    from tunneldesk.domain.secret import Secret

    stale, fresh = backend.user(), backend.user()
    backend.control("revoke-token", {"accessToken": stale})
    desk = await start_desk(backend, token=stale)
    key = desk.commands.expose(Wish(origin, "my-app"))
    failed = await desk.until_phase(key, Phase.FAILED)
    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.INVALID_TOKEN
    assert desk.store.state.session.status is SessionStatus.ENDED
    desk.commands.sign_in(backend.api_url, Secret(fresh), remember=False)
    await desk.until_phase(key, Phase.ONLINE)
    await desk.until(lambda state: state.session.status is SessionStatus.SIGNED_IN)


async def test_quitting_takes_tunnels_down_and_the_next_start_exposes_them_again(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    from tests.contract.core.conftest import Desk

    async with start_desk.opened(backend, None, None, {}) as core:
        desk = Desk(core)
        await desk.online(origin)
        await desk.online(origin, "unwanted")
        desk.commands.stop(desk.store.state.tunnels[1].key)
        await desk.until(lambda state: len(state.tunnels) == 1)
    assert listed(backend) == []
    again = await start_desk(backend)
    await again.until(lambda state: state.tunnels and state.tunnels[0].phase is Phase.ONLINE)
    assert listed(backend) == ["my-app.tunnel.localhost"]


async def test_a_time_to_stop_goes_on_over_a_restart_and_the_next_start(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    from tests.contract.core.conftest import Desk

    async with start_desk.opened(backend, None, None, {}) as core:
        desk = Desk(core)
        tunnel = await desk.online(origin, stop_after=600.0)
        stops_at = (await desk.until(lambda state: state.tunnels[0].stops_at)).tunnels[0].stops_at
        desk.commands.revise(tunnel.key, tunnel.again)
        await desk.until_phase(tunnel.key, Phase.STOPPING)
        assert (await desk.until_phase(tunnel.key, Phase.ONLINE)).stops_at == stops_at
    again = await start_desk(backend)
    await again.until(lambda state: state.tunnels and state.tunnels[0].phase is Phase.ONLINE)
    (back,) = again.store.state.tunnels
    assert back.stops_at == stops_at
    again.commands.revise(back.key, replace(back.again, stop_after=1200.0))
    await again.until(lambda state: state.tunnels[0].wish.stop_after == 1200.0)
    anew = (await again.until(lambda state: state.tunnels[0].stops_at)).tunnels[0].stops_at
    assert stops_at is not None
    assert anew is not None
    assert anew > stops_at + timedelta(seconds=500)


async def test_what_was_to_be_stopped_meanwhile_is_not_exposed_again(
    backend: Backend, start_desk: StartDesk, origin: int, tmp_path: Path
) -> None:
    from tests.contract.core.conftest import Desk

    async with start_desk.opened(backend, None, None, {}) as core:
        desk = Desk(core)
        await desk.online(origin, stop_after=600.0)
        await desk.online(origin, "lasting", stop_after=600.0)
        await desk.until(lambda state: all(tunnel.stops_at for tunnel in state.tunnels))
    journal = tmp_path / "home" / "state" / "journal.json"
    written = json.loads(journal.read_text(encoding="utf-8"))
    assert [item["name"] for item in written["wanted"]] == ["my-app", "lasting"]
    written["wanted"][0]["stopsAt"] = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    journal.write_text(json.dumps(written), encoding="utf-8")
    again = await start_desk(backend)
    await again.until(lambda state: state.tunnels and state.tunnels[-1].phase is Phase.ONLINE)
    assert listed(backend) == ["lasting.tunnel.localhost"]


async def test_a_name_asked_for_at_the_start_is_not_taken_by_what_was_wanted_before(
    backend: Backend, start_desk: StartDesk, origin: int
) -> None:
    from tests.contract.core.conftest import Desk

    async with start_desk.opened(backend, None, None, {}) as core:
        await Desk(core).online(origin)
    again = await start_desk(backend)
    await again.online(origin)
    assert len(again.store.state.tunnels) == 1


async def test_what_a_stopped_server_could_not_delete_is_deleted_at_the_next_start(
    start_backend: StartBackend, start_desk: StartDesk, origin: int
) -> None:
    from tests.contract.core.conftest import Desk

    backend = start_backend()
    async with start_desk.opened(backend, None, None, {"lasting": False}) as core:
        await Desk(core).online(origin)
        backend.control("faults", {"route": "delete", "status": 500, "code": "INTERNAL_ERROR", "times": 1})
    assert listed(backend) == ["my-app.tunnel.localhost"]
    again = await start_desk(backend, lasting=False)
    await again.until(lambda state: state.session.server is not None)
    for _ in range(100):
        if not listed(backend):
            return
        await asyncio.sleep(0.05)
    pytest.fail("the tunnel is still there")


async def test_the_embedded_server_needs_no_account_and_keeps_its_address(
    start_desk: StartDesk, origin: int
) -> None:
    from tests.contract.core.conftest import Desk

    addresses = []
    for _ in range(2):
        async with start_desk.opened(None, None, None, {"demo": True}) as core:
            desk = Desk(core)
            state = await desk.until(lambda state: state.session.server is not None)
            assert state.session.demo
            tunnel = state.tunnels[0] if state.tunnels else await desk.online(origin)
            tunnel = await desk.until_phase(tunnel.key, Phase.ONLINE)
            assert tunnel.address is not None
            assert (await fetch(tunnel.address)).text == "hello from the origin"
            assert tunnel.address.endswith(f".{state.session.domain}"), "it was known before the first tunnel"
            addresses.append(tunnel.address)
    assert addresses[0] == addresses[1]
