"""The tokens of live tunnels in the keyring, so that a face that was killed can take its tunnels up again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from tunneldesk.storage.credentials import Credentials


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the server gave only once, in the create answer.

    Attributes:
        connector: For cloudflared.
        run: For heartbeats, where the server gave one.
    """

    connector: Secret
    run: Secret | None = None


class TunnelTokens:
    """Keeps the tokens of each tunnel as one item of the keyring, apart from the access tokens.

    Raises (each method):
        CredentialsError: As `Credentials` does.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def keep(self, tunnel_id: str, tokens: Tokens) -> None:
        """Keep a tunnel's tokens."""
        written = json.dumps({"connector": tokens.connector.reveal(), "run": tokens.run and tokens.run.reveal()})
        await self._credentials.set(_name(tunnel_id), Secret(written))

    async def find(self, tunnel_id: str) -> Tokens | None:
        """Return a tunnel's tokens; None when none are kept, or what is kept makes no sense."""
        kept = await self._credentials.get(_name(tunnel_id))
        try:
            stored = json.loads(kept.reveal()) if kept else {}
            connector, run = stored["connector"], stored["run"]
        except (ValueError, KeyError, TypeError):
            return None
        return Tokens(Secret(connector), Secret(run) if run else None)

    async def forget(self, tunnel_id: str) -> None:
        """Keep no tokens of this tunnel."""
        await self._credentials.forget(_name(tunnel_id))


def _name(tunnel_id: str) -> str:
    return f"tunnel {tunnel_id}"
