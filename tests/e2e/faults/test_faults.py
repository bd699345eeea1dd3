"""Every fault of the table, against real processes: what must hold, in which time, and what must never be."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest

from tests.e2e.faults.place import SERVERS
from tests.e2e.faults.table import ROWS
from tests.e2e.faults.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.faults.place import Place
    from tests.e2e.faults.row import Row

NEEDED = ("dbus-daemon", "gnome-keyring-daemon")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.fault,
    # The harness breaks connections on purpose, at any moment; what asyncio had just accepted then is left to the
    # garbage collector, and would be blamed on whichever row it comes by in.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.slow,
    pytest.mark.linux("looks into /proc"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_fault(row: Row, place: Place, tmp_path: Path) -> None:
    server, terms = place.server(row.server), SERVERS[row.server]
    world = World(place, server, tmp_path, lease=terms["lease_timeout"], reaper=terms["reaper_interval"])
    try:
        row.given(world)
        world.broken_at = time.monotonic()
        row.how(world)
        row.holds(world, row.within)
        world.end()
        world.keep_secrets()
    finally:
        world.close()
        server.control("faults", method="DELETE")
        server.control("edge/refuse", {"reason": None})


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 60
