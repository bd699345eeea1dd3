"""The real paired edge as a visitor meets it: no tunnel, no connector, no service, and all well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.contract.edge.world import Origin, Process
from tests.contract.visitor.conftest import NOW
from tunneldesk.domain.health import AddressState
from tunneldesk.visitor.address import look

if TYPE_CHECKING:
    from tests.conftest import StartBackend
    from tunneldesk.domain.health import AddressFinding


@pytest.mark.slow
async def test_each_thing_that_can_be_missing_is_told(start_backend: StartBackend) -> None:
    backend = start_backend()
    origin = await Origin().start()
    port = origin.port
    edge = httpx.URL(backend.edge_url).port

    async def seen(hostname: str) -> AddressFinding:
        return await look(f"http://{hostname}", port, lambda: NOW)

    nobody = await seen(f"nobody.tunnel.localhost:{edge}")
    assert (nobody.state, nobody.status) == (AddressState.NO_TUNNEL, 404)
    made = backend.call("POST", "/v1/tunnels", {"port": port, "requestedSlug": "my-app"}).json()
    alone = await seen(made["hostname"])
    assert (alone.state, alone.status) == (AddressState.NOT_CONNECTED, 530)
    connector = await Process.start("tunnel", "--metrics", "127.0.0.1:0", "run", token=made["cloudflaredToken"])
    try:
        await connector.says("Registered tunnel connection connIndex=0")
        well = await seen(made["hostname"])
        assert (well.state, well.status) == (AddressState.OK, 200)
        await origin.stop()
        silent = await seen(made["hostname"])
        assert (silent.state, silent.status) == (AddressState.SERVICE_UNREACHABLE, 502)
    finally:
        await connector.end()
