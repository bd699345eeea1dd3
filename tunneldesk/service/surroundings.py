"""What the run of a tunnel needs of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.locate import Connectors
    from tunneldesk.domain.clock import Clock
    from tunneldesk.service.store import Store


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The adapters and the store, as one run sees them.

    Attributes:
        store: Where the tunnel's state goes.
        clock: Time.
        client: Returns the API client of the signed-in server; raises `TunnelDeskError` when there is none.
        locate: Finds the connectors that may be started for that client's server.
        run_dir: Folder for the connectors' own files.
        undeleted: Told the server and id of a tunnel that could not be deleted, to be done later.
        waits_for_rate: Whether a create over the rate limit is counted down and sent again, instead of failing.
    """

    store: Store
    clock: Clock
    client: Callable[[], Awaitable[ApiClient]]
    locate: Callable[[ApiClient], Awaitable[Connectors]]
    run_dir: Path
    undeleted: Callable[[str, str], None]
    waits_for_rate: bool
