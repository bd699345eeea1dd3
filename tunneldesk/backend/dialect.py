"""The two generations of server that the paired one can play.

``documented`` is the published API to the letter. ``newer`` is what a later generation does, so that the client
meets it in tests. All that differs is named here; the code asks a dialect and never for its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one generation of server does.

    Attributes:
        name: What ``--dialect`` calls it.
        run_token: Creates answer a run token and the lease timeout, and heartbeats take that token only.
        revives: A lease that has run out is brought back by a heartbeat until the reaper has come.
        names_who_leaves: Signing out takes a good access token; a refresh token alone is not enough.
        drains: DELETE waits for the connectors to go instead of cutting them off.
        codeless_routes: Unknown routes are answered without an error code.
        limit_code: Answer to one tunnel too many.
        slug_code: Answer to a slug against the rule.
        port_range_code: Answer to an integer that is no port.
        rate_code: Answer to too many creates a minute.
    """

    name: str
    run_token: bool
    revives: bool
    names_who_leaves: bool
    drains: bool
    codeless_routes: bool
    limit_code: str
    slug_code: str
    port_range_code: str
    rate_code: str


DOCUMENTED: Final = Dialect(
    name="documented",
    run_token=False,
    revives=False,
    names_who_leaves=False,
    drains=False,
    codeless_routes=False,
    limit_code="TUNNEL_LIMIT_EXCEEDED",
    slug_code="INVALID_INPUT",
    port_range_code="INVALID_PORT",
    rate_code="RATE_LIMITED",
)

NEWER: Final = Dialect(
    name="newer",
    run_token=True,
    revives=True,
    names_who_leaves=True,
    drains=True,
    codeless_routes=True,
    limit_code="TUNNEL_LIMIT_REACHED",
    slug_code="INVALID_SLUG",
    port_range_code="INVALID_INPUT",
    rate_code="INTERNAL_ERROR",
)

DIALECTS: Final = {dialect.name: dialect for dialect in (DOCUMENTED, NEWER)}

# How an app hears of its login code: it asks for the status; its browser brings the code, as with older servers; or
# not at all, on a server that nobody signs in to.
STATUS: Final = "status"
CALLBACK: Final = "callback"
NO_SIGN_IN: Final = "none"
SIGN_IN_WAYS: Final = (STATUS, CALLBACK, NO_SIGN_IN)
