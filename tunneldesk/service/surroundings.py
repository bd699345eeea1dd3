"""What a tunnel's run needs of the world, as one value that tests can make by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tunneldesk.connector.supervisor import Supervisor
from tunneldesk.service.connector_logs import ConnectorLogs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.locate import Connectors
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.clock import Clock
    from tunneldesk.service.doubts import Doubts
    from tunneldesk.service.ledger import Ledger
    from tunneldesk.service.store import Store


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The adapters and the store, as one run sees them.

    Attributes:
        store: Where the tunnel's state goes.
        clock: Time.
        client: Returns an account's API client, with None the session's; raises `TunnelDeskError` when there is
            none.
        locate: Finds the connectors that may be started for that client's server.
        ledger: What servers hold for us.
        doubts: Creates that may have gone through unheard.
        waits_for_rate: Whether a create over the rate limit is counted down and sent again, instead of failing.
        supervisor: Makes what keeps a connector up.
        logs: What connectors say.
    """

    store: Store
    clock: Clock
    client: Callable[[Account | None], Awaitable[ApiClient]]
    locate: Callable[[ApiClient], Awaitable[Connectors]]
    ledger: Ledger
    doubts: Doubts
    waits_for_rate: bool
    supervisor: Callable[..., Supervisor] = Supervisor
    logs: ConnectorLogs = field(default_factory=ConnectorLogs)
