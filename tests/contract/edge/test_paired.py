"""The real server, its edge, the stand-in and an origin, end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.backend_process import STOPPED
from tests.contract.edge.world import Origin, Process, Visitor

if TYPE_CHECKING:
    from tests.backend_process import Backend


@pytest.mark.slow
async def test_a_tunnel_made_through_the_api_carries_traffic(backend: Backend) -> None:
    origin = await Origin().start()
    port = httpx.URL(backend.edge_url).port
    assert port is not None
    made = backend.call("POST", "/v1/tunnels", {"port": origin.port, "requestedSlug": "my-app"}).json()
    connector = await Process.start("tunnel", "--metrics", "127.0.0.1:0", "run", token=made["cloudflaredToken"])
    try:
        await connector.says("Registered tunnel connection connIndex=0")
        async with await Visitor.dial(port) as visitor:
            assert (await visitor.get("/who", made["hostname"])).text == "origin /who"
            assert backend.control("edge/drop")["dropped"] == 1
            await connector.says("Registered tunnel connection", 3)
            assert (await visitor.get("/who", made["hostname"])).text == "origin /who"
            connector.process.terminate()
            assert await connector.ended() == STOPPED
            assert (await visitor.get("/who", made["hostname"])).status == 530
            assert backend.call("DELETE", f"/v1/tunnels/{made['tunnelId']}").json() == {"ok": True}
            assert (await visitor.get("/who", made["hostname"])).status == 404
    finally:
        await connector.end()
        await origin.stop()
