"""The fault table: every row, by heading and by what is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.e2e.faults import (
    rows_connector,
    rows_demand,
    rows_heartbeats,
    rows_hostile,
    rows_network,
    rows_orphans,
    rows_recovery,
    rows_resume,
    rows_storage,
)

if TYPE_CHECKING:
    from tests.e2e.faults.row import Row

ROWS: Final[dict[str, Row]] = {
    f"{heading}: {row.broken}": row
    for heading, rows in {
        "connector": rows_connector.ROWS,
        "orphans": rows_orphans.ROWS,
        "heartbeats": rows_heartbeats.ROWS,
        "recovery": rows_recovery.ROWS,
        "resume": rows_resume.ROWS,
        "sleep and network": rows_network.ROWS,
        "hostile servers": rows_hostile.ROWS,
        "cloudflared on demand": rows_demand.ROWS,
        "storage": rows_storage.ROWS,
    }.items()
    for row in rows
}
