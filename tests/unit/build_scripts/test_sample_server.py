"""The sample page, asked for over a real connection."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING

import pytest

from build_scripts.sample_server import SampleServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with SampleServer(tick=0.01) as running:
        yield running


@pytest.fixture
def connection(server: SampleServer) -> Iterator[http.client.HTTPConnection]:
    connected = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    yield connected
    connected.close()


def get(connection: http.client.HTTPConnection, path: str, host: str = "demo.example") -> tuple[int, str]:
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_page_says_by_which_address_it_was_reached(
    server: SampleServer, connection: http.client.HTTPConnection
) -> None:
    status, page = get(connection, "/", host="demo.tunnel.localhost:8788")

    assert status == 200
    assert "demo.tunnel.localhost:8788" in page
    assert f"localhost:{server.port}" in page
    assert "$" not in page


def test_an_address_with_markup_is_shown_as_text(connection: http.client.HTTPConnection) -> None:
    _, page = get(connection, "/", host="<script>alert(1)</script>")

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_visits_are_counted_and_a_look_at_the_headers_is_none(
    server: SampleServer, connection: http.client.HTTPConnection
) -> None:
    get(connection, "/")
    connection.request("HEAD", "/")
    head = connection.getresponse()
    assert head.status == 200
    assert head.read() == b""
    get(connection, "/")

    assert server.visits == 2


def test_the_stream_tells_the_time_again_and_again(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/events")
    stream = connection.getresponse()
    assert stream.headers["Content-Type"] == "text/event-stream"

    lines = [stream.readline().decode().strip() for _ in range(6)]

    events = [json.loads(line.removeprefix("data: ")) for line in lines if line]
    assert len(events) == 3
    assert all(set(event) == {"time", "visits"} for event in events)


def test_closing_the_server_ends_an_open_stream() -> None:
    with SampleServer(tick=60) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.request("GET", "/events")
        stream = connection.getresponse()
        assert stream.readline().startswith(b"data: ")

    assert stream.read() == b"\n"
    connection.close()


def test_an_unknown_address_is_not_found(connection: http.client.HTTPConnection) -> None:
    status, page = get(connection, "/nothing")

    assert status == 404
    assert "nothing under this address" in page
