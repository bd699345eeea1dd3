"""An edge on a free port, in this process, with times short enough to be waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.edge.world import Tunnels, World
from tunneldesk.backend.edge import Edge
from tunneldesk.backend.edge_limits import Limits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def limits() -> Limits:
    """Return the edge's limits; a module may override them."""
    return Limits()


@pytest.fixture
async def world(limits: Limits) -> AsyncIterator[World]:
    """Run an edge that knows no tunnel yet."""
    tunnels = Tunnels()
    edge = Edge(tunnels, host="127.0.0.1", port=0, limits=limits)
    await edge.start()
    world = World(edge, tunnels)
    try:
        yield world
    finally:
        await world.end()
        await edge.close()
