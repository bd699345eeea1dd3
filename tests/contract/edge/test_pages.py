"""When nothing can be passed on, a small page says what is broken and what to do."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from tests.contract.edge.world import until
from tunneldesk.backend.edge_limits import Limits

if TYPE_CHECKING:
    from tests.contract.edge.world import Answer, World

APP = "app.tunnel.localhost"


@pytest.fixture
def limits() -> Limits:
    """Wait for less long than in earnest."""
    return Limits(head=0.4, idle=0.6, body=0.4, response=0.5, carrier=0.4, linger=0.4, half_closed=0.5)


def is_page(answer: Answer, status: int, error: str, *words: str) -> None:
    assert answer.status == status
    assert answer.headers["x-tunneldesk-error"] == error
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith('<!doctype html>\n<html lang="en">')
    assert "prefers-color-scheme" in answer.text
    assert "//" not in answer.text
    for word in words:
        assert word in answer.text


async def test_unknown_name(world: World) -> None:
    is_page(await world.get("/", "nobody.tunnel.localhost"), 404, "unknown-name", "nobody.tunnel.localhost")


async def test_no_connector(world: World) -> None:
    world.tunnels.add("app", 1)
    is_page(await world.get("/"), 530, "no-connector", APP, "no connector is attached")


async def test_nothing_listening_on_the_port(world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets it
        port = taken.getsockname()[1]
        connector = await world.connector(world.tunnels.add("app", port))
        is_page(await world.get("/"), 502, "origin-refused", f"port {port}")
        line = await connector.says("Unable to reach the origin service")
        assert line.partition(" ERR ")[2] == (
            ' error="Unable to reach the origin service. The service may be down or it may not be responding to '
            f'traffic from cloudflared: dial tcp 127.0.0.1:{port}: connect: connection refused" connIndex=0 '
            f"event=1 ingressRule=0 originService=http://localhost:{port}"
        )
        assert "cloudflared_tunnel_request_errors 1" in (await connector.ask("/metrics")).text


async def test_origin_hanging(world: World) -> None:
    origin, _ = await world.expose()
    is_page(await world.get("/hang"), 504, "origin-timeout", f"port {origin.port}")
    await origin.gone.wait()


async def test_an_origin_that_takes_no_upload(world: World) -> None:
    origin, _ = await world.expose()
    async with await world.visit() as visitor:
        size = 99_000_000
        await visitor.send(b"POST /held HTTP/1.1\r\nHost: %b\r\nContent-Length: %d\r\n\r\n" % (APP.encode(), size))
        await origin.arrived.wait()
        sending = asyncio.create_task(visitor.send(bytes(size)))
        is_page(await visitor.answer(), 504, "origin-timeout")
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def test_a_stream_has_no_time_limit_once_it_has_begun(world: World) -> None:
    origin, _ = await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(f"GET /events/2 HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        await visitor.head()
        assert await visitor.chunk() == b"data: 0\n\n"
        await asyncio.sleep(1)  # twice the time limit of a response
        origin.release.set()
        assert await visitor.chunk() == b"data: 1\n\n"


@pytest.mark.parametrize("path", ["/break", "/garbage"])
async def test_an_origin_that_does_not_answer_in_http(world: World, path: str) -> None:
    await world.expose()
    is_page(await world.get(path), 502, "origin-failed")


async def test_an_origin_that_hangs_up_on_everybody(world: World) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    try:
        await world.connector(world.tunnels.add("app", server.sockets[0].getsockname()[1]))
        for _ in range(20):
            is_page(await world.get("/"), 502, "origin-failed")
    finally:
        server.close()
        await server.wait_closed()


async def test_a_connector_killed_in_the_middle_of_a_request(world: World) -> None:
    origin, connector = await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(f"GET /hang HTTP/1.1\r\nHost: {APP}\r\n\r\n".encode())
        await origin.arrived.wait()
        connector.process.kill()
        is_page(await visitor.answer(), 502, "connector-lost")
        await until(lambda: world.edge.connectors("id-of-app") == 0)
        is_page(await visitor.get("/", APP), 530, "no-connector")


async def test_a_tunnel_that_ends_is_unknown_at_once(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        assert (await visitor.get("/", APP)).status == 200
        del world.tunnels.routes[APP]
        world.edge.disconnect("id-of-app")
        assert world.edge.connectors("id-of-app") == 0
        is_page(await visitor.get("/", APP), 404, "unknown-name")


async def test_markup_in_the_host_does_not_get_through(world: World) -> None:
    answer = await world.get("/", "<script>alert(1)</script>")
    is_page(answer, 400, "bad-request")
    assert "<script>" not in answer.text


async def test_a_page_for_an_upload_leaves_time_to_read_it(world: World) -> None:
    async with await world.visit() as visitor:
        await visitor.send(b"POST / HTTP/1.1\r\nHost: nobody\r\nContent-Length: 400000\r\n\r\n")
        for _ in range(10):
            await visitor.send(bytes(40_000))
        answer = await visitor.answer()
        is_page(answer, 404, "unknown-name")
        assert answer.headers["connection"] == "close"
        assert await visitor.closed() == b""


async def test_head_gets_no_page_and_the_connection_goes_on(world: World) -> None:
    async with await world.visit() as visitor:
        for _ in range(2):
            answer = await visitor.request("HEAD", "/", "nobody")
            assert answer.status == 404
            assert int(answer.headers["content-length"]) > 500


async def test_a_head_that_never_ends(world: World) -> None:
    async with await world.visit() as visitor:
        await visitor.send(b"GET / HTTP/1.1\r\nHost: a")
        is_page(await visitor.answer(), 408, "request-timeout")
        assert await visitor.closed() == b""


async def test_a_body_that_never_ends(world: World) -> None:
    await world.expose()
    async with await world.visit() as visitor:
        await visitor.send(f"POST /echo HTTP/1.1\r\nHost: {APP}\r\nContent-Length: 9\r\n\r\nabc".encode())
        is_page(await visitor.answer(), 408, "request-timeout")


async def test_idle_connections_are_closed_without_a_word(world: World) -> None:
    async with await world.visit() as silent, await world.visit() as once:
        assert (await once.get("/", "nobody")).status == 404
        assert await silent.closed() == b""
        assert await once.closed() == b""


async def test_a_connector_that_dials_nothing_gives_530_not_a_hang(world: World) -> None:
    """A registered connection alone, with no carrier behind it."""
    from tunneldesk.backend import link

    route = world.tunnels.add("app", 1)
    async with await world.visit() as control:
        secret = "c2VjcmV0"
        await control.send(link.hello("edge", route.tunnel_id, secret, "me", 0, link.ROLE_CONTROL))
        assert (await control.head())[0] == 101
        is_page(await world.get("/"), 530, "no-connector")
