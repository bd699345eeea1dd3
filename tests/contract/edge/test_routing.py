"""Each request goes where its own Host header says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.contract.edge.world import Process, token, until

if TYPE_CHECKING:
    from tests.contract.edge.world import World

APP = "app.tunnel.localhost"


async def test_two_tunnels_share_one_keep_alive_connection(world: World) -> None:
    await world.expose("one")
    await world.expose("two")
    async with await world.visit() as visitor:
        for name in ("one", "two", "one", "one", "two"):
            answer = await visitor.get("/who", f"{name}.tunnel.localhost")
            assert answer.text == f"{name} /who"


@pytest.mark.parametrize("host", ["app.tunnel.localhost:8788", "APP.Tunnel.LocalHost", "app.tunnel.localhost."])
async def test_port_case_and_trailing_dot_of_the_host_do_not_matter(world: World, host: str) -> None:
    await world.expose()
    assert (await world.get("/who", host)).text == "app /who"


async def test_pipelined_requests_are_answered_in_order(world: World) -> None:
    await world.expose("one")
    await world.expose("two")
    async with await world.visit() as visitor:
        hosts = ["one", "two", "nobody", "one", "nobody", "two"] * 5
        await visitor.send(
            b"".join(
                b"GET /%d HTTP/1.1\r\nHost: %b.tunnel.localhost\r\n\r\n" % (number, host.encode())
                for number, host in enumerate(hosts)
            )
        )
        for number, host in enumerate(hosts):
            answer = await visitor.answer()
            if host == "nobody":
                assert answer.status == 404
            else:
                assert answer.text == f"{host} /{number}"


async def test_thousands_of_pipelined_requests_do_no_harm(world: World) -> None:
    async with await world.visit() as visitor:
        await visitor.send(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" * 5000)
        for _ in range(5000):
            status, _ = await visitor.head()
            assert status == 404


async def test_the_origin_sees_who_asked_and_for_what(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        answer = await visitor.get(
            "/head",
            f"{APP}:8788",
            "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n"
            "Cf-Connecting-IP: 203.0.113.9\r\nConnection: keep-alive, X-Secret\r\nX-Secret: 1\r\nX-Kept: 2\r\n",
        )
    lines = answer.text.split("\r\n")
    assert lines[0] == "GET /head HTTP/1.1"
    assert f"Host: {APP}:8788" in lines
    assert "X-Forwarded-For: 203.0.113.7, 127.0.0.1" in lines
    assert "X-Forwarded-Proto: http" in lines
    assert f"X-Forwarded-Host: {APP}:8788" in lines
    assert "Cf-Connecting-Ip: 127.0.0.1" in lines
    assert "X-Kept: 2" in lines
    for hidden in ("evil.example", "https", "203.0.113.9", "X-Secret", "keep-alive"):
        assert hidden not in answer.text


async def test_a_target_with_the_host_in_it_is_reduced_to_its_path(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        assert (await visitor.get(f"http://{APP}/who", APP)).text == "app /who"
        assert (await visitor.get("http://other.tunnel.localhost/who", APP)).status == 400


async def test_an_origin_on_ipv6_loopback_only_is_found(world: World) -> None:
    await world.expose(host="::1")
    assert (await world.get("/who")).text == "app /who"


async def test_the_connection_to_the_origin_is_used_again(world: World) -> None:
    origin, _ = await world.expose()
    async with await world.visit() as visitor:
        numbers = {(await visitor.get("/connection", APP)).text for _ in range(10)}
    assert len(numbers) == 1
    assert origin.connections == 1


async def test_an_origin_that_closes_after_every_answer_is_dialled_again(world: World) -> None:
    origin, connector = await world.expose()
    async with await world.visit() as visitor:
        for _ in range(20):
            assert (await visitor.get("/once", APP)).text == "once"
    assert origin.connections == 20
    assert " ERR " not in connector.log


async def test_a_tunnel_may_have_two_connectors(world: World) -> None:
    origin = await world.origin()
    route = world.tunnels.add("app", origin.port)
    first = await world.connector(route)
    await world.connector(route)
    assert world.edge.connectors(route.tunnel_id) == 2
    first.process.kill()
    await until(lambda: world.edge.connectors(route.tunnel_id) == 1)
    assert (await world.get("/who")).status == 200


async def test_a_visitor_asking_for_the_connectors_path_is_a_visitor(world: World) -> None:
    await world.expose()
    assert (await world.get("/.tunneldesk/connector")).text == "app /.tunneldesk/connector"


async def test_the_secret_of_another_tunnel_does_not_admit(world: World) -> None:
    origin = await world.origin()
    route = world.tunnels.add("app", origin.port)
    connector = await world.unregistered_connector(route, run=("--protocol", "http2"), secret="wrong")
    await connector.says('Register tunnel error from server side error="Unauthorized: Tunnel not found"')
    assert world.edge.connectors(route.tunnel_id) == 0


async def test_the_edge_closes_at_once_with_everything_open(world: World) -> None:
    origin, _ = await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(f"GET /hang HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        await origin.arrived.wait()
        async with asyncio.timeout(1):
            await world.edge.close()
        assert await visitor.closed() == b""


async def test_a_busy_port_is_an_os_error(world: World) -> None:
    from tunneldesk.backend.edge import Edge

    with pytest.raises(OSError, match="in use"):
        await Edge(world.tunnels, host="127.0.0.1", port=world.edge.port).start()


async def test_a_connector_of_nobody_is_refused(world: World) -> None:
    connector = await Process.start(
        "tunnel", "--metrics", "127.0.0.1:0", "run", "--protocol=http2", token=token(world.edge.port, "nobody")
    )
    try:
        await connector.says("Unauthorized: Tunnel not found")
        await connector.says("Retrying connection in up to 2s")
    finally:
        await connector.end()
