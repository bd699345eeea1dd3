"""A process of ours that renews its session once, and is killed at a step of it: the program of `test_crashes`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.contract.server.signing_in import ANN
from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient
from tunneldesk.domain.account import Account
from tunneldesk.domain.secret import Secret
from tunneldesk.service import renewal
from tunneldesk.service.clock import SystemClock

if TYPE_CHECKING:
    from types import FrameType


class FileKeyring:
    """Keeps one session in a file, as a keyring does: a new one is there as a whole, or not at all.

    Attributes:
        path: Where.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "keyring"

    async def find(self, account: Account) -> Secret | None:
        assert account.email == ANN
        return Secret(self.path.read_text())

    async def keep(self, account: Account, secret: Secret) -> None:
        assert account.email == ANN
        new = self.path.with_suffix(".new")
        new.write_text(secret.reveal())
        new.replace(self.path)


async def renew(server: str, folder: Path) -> None:
    """Renew the session that the keyring of ``folder`` holds."""
    client = ApiClient(server, FixedToken(Secret("none")))
    keyring, account = FileKeyring(folder), Account(server, ANN)
    kept = await keyring.find(account)
    assert kept is not None
    session = renewal.Renewal(
        account,
        kept,
        SystemClock(),
        ask=client.refresh,
        vault=keyring,
        lock=folder / "lock",
        ended=lambda failure: sys.exit(f"refused: {failure.code}"),
    )
    assert await session.token() is not None
    await client.aclose()


def killed_at(step: int) -> Any:
    """Return a trace function that kills this process at the ``step``-th line that a renewal gets to."""
    files = {renewal.__file__, __file__}
    seen = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal seen
        if frame.f_code.co_filename not in files or frame.f_code.co_name == "renew":
            return None
        if event == "line":
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


if __name__ == "__main__":
    sys.settrace(killed_at(int(sys.argv[3])))
    asyncio.run(renew(sys.argv[1], Path(sys.argv[2])))
