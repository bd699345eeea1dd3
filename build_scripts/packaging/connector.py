"""cloudflared for the package: the release that the app would download, fetched and verified by the app's own code.

The app prefers a newer one of the user's to this one; see `tunneldesk/connector/locate.py`.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from build_scripts.progress import SetUpError, say
from tunneldesk.connector.install import MIRROR_VARIABLE, Installer
from tunneldesk.domain.errors import ConnectorDownloadError, ErrorCode
from tunneldesk.network import open_transport
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from pathlib import Path

    from tunneldesk.connector.release import Release


def fetch(folder: Path, *, release: Release | None = None) -> Path | None:
    """Return cloudflared for this machine; None where there is none to be had, since the app can fetch it later.

    Args:
        folder: Where it is kept, so that a second build needs no network.
        release: Which one; by default what the shipped lock says.

    Raises:
        SetUpError: What came is not what the lock names. That is no reason to go on without it.
    """
    installer = Installer(folder, open_transport, mirror=os.environ.get(MIRROR_VARIABLE), release=release)
    try:
        program = asyncio.run(installer.install(lambda _: None))
    except ConnectorDownloadError as error:
        if error.failure.code is ErrorCode.CONNECTOR_DIGEST_MISMATCH:
            raise SetUpError(f"cloudflared is not the one that is locked. {said(error.failure)}") from error
        say(f"  cloudflared: left out. {said(error.failure)}")
        return None
    say(f"  cloudflared: {installer.version}")
    return program
