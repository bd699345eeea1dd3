"""The supervisor, the stand-in connector and the paired server, all real."""

from __future__ import annotations

import http.server
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tunneldesk.connector.locate import locate
from tunneldesk.connector.supervisor import Lost, Ready
from tunneldesk.domain.errors import ConnectorGaveUpError, ErrorCode
from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.contract.connector.conftest import Watch
    from tests.contract.connector.watched import Watched

OWNER = """
import asyncio, sys
from pathlib import Path
from tests.contract.connector.watched import Watched
from tunneldesk.connector.locate import locate
from tunneldesk.connector.supervisor import Ready
from tunneldesk.domain.secret import Secret

async def main():
    server, token, folder = sys.stdin.readline().split()
    program = (await locate(server=server, chosen=None)).for_token(Secret(token))
    watched = Watched(program, Secret(token), Path(folder), 1.0, notes=Path(folder) / "none")
    await watched.event(Ready)
    print(watched.supervisor._child.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def origin() -> Iterator[int]:
    """Serve something on a port of this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def create(backend: Backend, port: int = 9) -> tuple[str, str, Secret]:
    """Make a tunnel; return its id, host name and token."""
    made = backend.call("POST", "/v1/tunnels", {"port": port, "requestedSlug": "my-app"}).json()
    return made["tunnelId"], made["hostname"], Secret(made["cloudflaredToken"])


async def connect(watch: Watch, backend: Backend, token: Secret) -> Watched:
    connectors = await locate(server=backend.api_url, chosen=None)
    return watch(connectors.for_token(token), token)


async def test_a_visitor_gets_what_the_port_serves(backend: Backend, watch: Watch, origin: int) -> None:
    _, hostname, token = create(backend, origin)
    watched = await connect(watch, backend, token)
    ready = await watched.event(Ready)
    assert ready.protocol == "quic"
    async with httpx.AsyncClient(trust_env=False) as visitor:
        answer = await visitor.get(backend.edge_url, headers={"Host": hostname})
    assert (answer.status_code, answer.text) == (200, "hello")
    assert await watched.stop() < 2


async def test_a_project_with_a_random_py_of_its_own_is_no_hindrance(
    backend: Backend, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit('not that one')")
    monkeypatch.chdir(tmp_path)
    watched = await connect(watch, backend, create(backend)[2])
    await watched.event(Ready)


@pytest.mark.slow
async def test_an_edge_that_drops_its_connections_is_found_again(backend: Backend, watch: Watch) -> None:
    watched = await connect(watch, backend, create(backend)[2])
    await watched.event(Ready)
    await watched.until(lambda: sum("Registered" in line for line in watched.log) == 4)
    backend.control("edge/drop")
    await watched.event(Lost)
    await watched.event(Ready, 2)


@pytest.mark.slow
async def test_a_revoked_token_is_refused_with_the_reason(backend: Backend, watch: Watch) -> None:
    tunnel_id, _, token = create(backend)
    assert backend.call("DELETE", f"/v1/tunnels/{tunnel_id}").status_code == 200
    watched = await connect(watch, backend, token)
    with pytest.raises(ConnectorGaveUpError, match="Unauthorized") as gave_up:
        await watched.end()
    assert gave_up.value.failure.code is ErrorCode.CONNECTOR_TOKEN_REFUSED


@pytest.mark.slow
async def test_an_edge_that_refuses_for_another_reason_is_given_up_with_that_reason(
    backend: Backend, watch: Watch
) -> None:
    token = create(backend)[2]
    backend.control("edge/refuse", {"reason": "Too many connectors"})
    connectors = await locate(server=backend.api_url, chosen=None)
    watched = watch(connectors.for_token(token), token, speed=20)
    with pytest.raises(ConnectorGaveUpError, match="Too many connectors"):
        await watched.end()


async def test_a_server_that_goes_away_is_a_loss_and_not_the_end(backend: Backend, watch: Watch) -> None:
    watched = await connect(watch, backend, create(backend)[2])
    await watched.event(Ready)
    backend.kill()
    await watched.event(Lost)
    assert not watched.task.done()


def test_no_connector_outlives_an_owner_that_is_killed(
    backend: Backend, tmp_path: Path, alive: Callable[[int], bool]
) -> None:
    _, _, token = create(backend)
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdin is not None
        assert owner.stdout is not None
        owner.stdin.write(f"{backend.api_url} {token.reveal()} {tmp_path}\n")
        owner.stdin.flush()
        connector = int(owner.stdout.readline())
        assert alive(connector)
        owner.kill()
    deadline = time.monotonic() + 5
    while alive(connector):
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def test_the_metrics_server_is_not_open_to_the_network(backend: Backend, watch: Watch) -> None:
    watched = await connect(watch, backend, create(backend)[2])
    await watched.event(Ready)
    address = next(line for line in watched.log if "metrics server on" in line).split(" on ")[1]
    host, _, port = address.removesuffix("/metrics").rpartition(":")
    assert host == "127.0.0.1"
    with socket.create_connection((host, int(port)), 2):
        pass


async def test_it_is_up_soon(backend: Backend, watch: Watch) -> None:
    token = create(backend)[2]
    began = time.monotonic()
    watched = await connect(watch, backend, token)
    await watched.event(Ready)
    took = time.monotonic() - began
    print(f"locate, spawn and Ready took {took:.3f} s")  # noqa: T201 - shown with -s
    assert took < 3
