"""A connector's life: registration, loss, return, refusal, and its end."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from typing import TYPE_CHECKING

import pytest

from tests.contract.edge.world import until

if TYPE_CHECKING:
    from tests.contract.edge.world import World

APP = "app.tunnel.localhost"
REFUSED = "Unauthorized: Tunnel not found"


async def test_the_log_reads_like_cloudflareds(world: World) -> None:
    origin, connector = await world.expose()
    await connector.says("connIndex=1")
    await connector.says("Updated to new configuration")
    patterns = [
        r"INF Starting tunnel tunnelID=id-of-app",
        r"INF Version 2026\.8\.2 \(TunnelDesk stand-in .+\)",
        r"INF GOOS: \w+, GOVersion: .+, GoArch: \w+",
        r"INF Settings: map\[metrics:127\.0\.0\.1:0 no-autoupdate:true token:\*\*\*\*\*\]",
        r"INF Generated Connector ID: [0-9a-f-]{36}",
        r"INF Initial protocol quic",
        r"INF Starting metrics server on 127\.0\.0\.1:\d+/metrics",
        r"INF Registered tunnel connection connIndex=0 connection=[0-9a-f-]{36} event=0 ip=127\.0\.0\.1 "
        r"location=local01 protocol=quic",
        r'INF Updated to new configuration config="{\\"ingress\\":\[{\\"hostname\\":\\"app\.tunnel\.localhost\\",'
        rf'\\"service\\":\\"http://localhost:{origin.port}\\"}},{{\\"service\\":\\"http_status:404\\"}}\],'
        r'\\"warp-routing\\":{\\"enabled\\":false}}" version=1',
        r"INF Registered tunnel connection connIndex=1 .*",
    ]
    assert len(connector.lines) >= len(patterns)
    for line, pattern in zip(connector.lines, patterns, strict=False):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ " + pattern, line), line


@pytest.mark.slow
async def test_four_connections_register_and_readiness_tells(world: World) -> None:
    _, connector = await world.expose()
    await connector.says("Registered tunnel connection connIndex=3")
    assert world.edge.connectors("id-of-app") == 1
    answer = await connector.ask("/ready")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    ready = json.loads(answer.body)
    assert (ready["status"], ready["readyConnections"]) == (200, 4)
    diagnosis = json.loads((await connector.ask("/diag/tunnel")).body)
    assert [connection.get("index", 0) for connection in diagnosis["connections"]] == [0, 1, 2, 3]
    assert diagnosis["connectorID"] == ready["connectorId"]
    metrics = (await connector.ask("/metrics")).text
    assert "cloudflared_tunnel_ha_connections 4" in metrics
    assert 'cloudflared_tunnel_server_locations{connection_id="3",edge_location="local01"} 1' in metrics


async def test_what_the_metrics_server_answers(world: World) -> None:
    origin, connector = await world.expose()
    assert (await connector.ask("/healthcheck")).text == "OK\n"
    config = json.loads((await connector.ask("/config")).body)
    assert config["version"] == 1
    assert config["config"]["ingress"][0] == {"hostname": APP, "service": f"http://localhost:{origin.port}"}
    assert (await connector.ask("/else")).status == 404
    assert "cloudflared_orchestration_config_version 1" in (await connector.ask("/metrics")).text


async def test_before_the_first_registration_it_is_not_ready(world: World) -> None:
    world.edge.refusal = REFUSED
    connector = await world.unregistered_connector(world.tunnels.add("app", 1))
    await connector.says("failed to serve tunnel connection")
    answer = await connector.ask("/ready")
    assert answer.status == 503
    assert json.loads(answer.body)["readyConnections"] == 0
    assert json.loads((await connector.ask("/config")).body)["version"] == -1
    metrics = (await connector.ask("/metrics")).text
    assert f'register_fail{{error="{REFUSED}",rpcName="registerConnection"}} 1' in metrics


async def test_a_dropped_connector_comes_back(world: World) -> None:
    _, connector = await world.expose()
    await connector.says("connIndex=1")
    assert world.edge.drop("nobody") == 0
    assert world.edge.drop() == 1
    assert world.edge.connectors("id-of-app") == 0
    await connector.says("failed to accept incoming stream requests")
    await connector.says("Connection terminated")
    await connector.says("Retrying connection in up to 1s")
    await until(lambda: world.edge.connectors("id-of-app") == 1)
    await connector.says("Registered tunnel connection", 3)
    assert (await world.get("/who")).text == "app /who"
    assert len([line for line in connector.lines if "Updated to new" in line]) == 1


async def test_http2_says_what_was_lost_and_why_it_was_refused(world: World) -> None:
    origin = await world.origin()
    route = world.tunnels.add("app", origin.port)
    connector = await world.connector(route, run=("--protocol", "http2"))
    assert "protocol=http2" in connector.log
    del world.tunnels.routes[route.hostname]
    world.edge.disconnect(route.tunnel_id)
    await connector.says("INF Lost connection with the edge connIndex=0")
    await connector.says('ERR Serve tunnel error error="connection with edge closed" connIndex=0')
    await connector.says(
        f'ERR Register tunnel error from server side error="{REFUSED}" connIndex=0 event=0 ip=127.0.0.1'
    )
    assert connector.process.returncode is None


async def test_quic_never_says_why_it_was_refused(world: World) -> None:
    world.edge.refusal = REFUSED
    connector = await world.unregistered_connector(world.tunnels.add("app", 1))
    await connector.says(
        "ERR failed to serve tunnel connection "
        'error="control stream encountered a failure while serving" connIndex=0 event=0 ip=127.0.0.1'
    )
    await connector.says("Retrying connection in up to 2s")
    assert "Unauthorized" not in connector.log
    world.edge.refusal = None
    await connector.says("Registered tunnel connection connIndex=0")


@pytest.mark.slow
async def test_another_refusal_of_the_first_connection_ends_http2(world: World) -> None:
    world.edge.refusal = "Server is full"
    connector = await world.unregistered_connector(world.tunnels.add("app", 1), run=("--protocol", "http2"))
    assert await connector.ended() == 1
    assert 'ERR initial tunnel connection failed error="Server is full"' in connector.log
    assert connector.lines[-1] == "Server is full"


@pytest.mark.posix("sends signals")
async def test_a_refused_connector_ends_at_once_when_told(world: World) -> None:
    world.edge.refusal = REFUSED
    connector = await world.unregistered_connector(world.tunnels.add("app", 1))
    await connector.says("Retrying connection")
    connector.process.terminate()
    async with asyncio.timeout(1.5):
        assert await connector.ended() == 0


@pytest.mark.posix("sends signals")
@pytest.mark.parametrize(("number", "name"), [(signal.SIGTERM, "terminated"), (signal.SIGINT, "interrupt")])
async def test_a_request_in_flight_finishes_before_the_end(world: World, number: signal.Signals, name: str) -> None:
    origin, connector = await world.expose()
    async with await world.visit() as visitor, await world.visit() as idle:
        await idle.get("/who", APP)
        await visitor.send(f"GET /held HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        await origin.arrived.wait()
        connector.process.send_signal(number)
        await connector.says(f"INF Initiating graceful shutdown due to signal {name} ...")
        await connector.says("INF Unregistered tunnel connection connIndex=0 event=0 ip=127.0.0.1")
        assert (await idle.get("/who", APP)).status == 530
        assert connector.process.returncode is None
        origin.release.set()
        assert (await visitor.answer()).body == b"at last"
        assert await connector.ended() == 0
    assert "INF Tunnel server stopped" in connector.log
    await until(lambda: world.edge.connectors("id-of-app") == 0)


@pytest.mark.posix("sends signals")
async def test_the_grace_period_ends_what_does_not_finish(world: World) -> None:
    origin = await world.origin()
    connector = await world.connector(world.tunnels.add("app", origin.port), "--grace-period", "300ms")
    async with await world.visit() as visitor:
        await visitor.send(f"GET /hang HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        await origin.arrived.wait()
        connector.process.terminate()
        assert await connector.ended() == 0
        assert (await visitor.answer()).status == 502


@pytest.mark.posix("sends signals")
async def test_a_second_signal_ends_it_at_once(world: World) -> None:
    origin, connector = await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(f"GET /hang HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        await origin.arrived.wait()
        connector.process.terminate()
        await connector.says("Initiating graceful shutdown")
        connector.process.terminate()
        assert await connector.ended() == -signal.SIGTERM


@pytest.mark.posix("sends signals")
async def test_a_hangup_ends_it_without_grace(world: World) -> None:
    _, connector = await world.expose()
    connector.process.send_signal(signal.SIGHUP)
    assert await connector.ended() == -signal.SIGHUP


async def test_the_token_is_nowhere_in_the_log(world: World) -> None:
    _, connector = await world.expose()
    await world.get("/who")
    connector.process.terminate()
    await connector.ended()
    assert "c2VjcmV0" not in connector.log
    assert "eyJ" not in connector.log
