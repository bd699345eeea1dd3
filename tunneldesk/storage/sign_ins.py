"""How somebody is signed in, in the keyring: with an access token that was pasted, or with the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from tunneldesk.storage.credentials import Credentials


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session that was signed in with the browser. Its access token is not kept: that lives in memory only.

    Attributes:
        refresh_token: Good for the next renewal.
        email: Whose account it is; None where the server did not say.
    """

    refresh_token: Secret
    email: str | None


class SignIns:
    """The sign-ins in the keyring, one item a server: the newer takes the place of the one before.

    Raises (each method):
        CredentialsError: The keyring is missing, locked, or refuses.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def find(self, server: str) -> Secret | KeptSession | None:
        """Return the access token or the session that is kept for ``server``; None when there is none."""
        kept = await self._credentials.get(server)
        return None if kept is None else _session(kept.reveal()) or kept

    async def keep(self, server: str, sign_in: Secret | KeptSession) -> None:
        """Keep this one."""
        if isinstance(sign_in, KeptSession):
            content = {"refreshToken": sign_in.refresh_token.reveal(), "email": sign_in.email}
            sign_in = Secret(json.dumps(content))
        await self._credentials.set(server, sign_in)

    async def forget(self, server: str) -> None:
        """Keep none."""
        await self._credentials.forget(server)


def _session(text: str) -> KeptSession | None:
    """Return the session that an item holds; None for one that holds an access token, which is never JSON."""
    try:
        content = json.loads(text)
    except ValueError:
        return None
    token = content.get("refreshToken") if isinstance(content, dict) else None
    if not isinstance(token, str) or not token:
        return None
    email = content.get("email")
    return KeptSession(Secret(token), email if isinstance(email, str) else None)
