"""cloudflared for the package: the release that the app would download, fetched and verified by the app's own code.

The app prefers a newer one of the user's to this one; see `tunneldesk/connector/locate.py`.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.progress import SetUpError, say
from tunneldesk.connector.install import MIRROR_VARIABLE, Installer
from tunneldesk.domain.errors import ConnectorDownloadError, ErrorCode
from tunneldesk.network import open_transport
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tunneldesk.connector.release import Release

PROGRAM_VARIABLE = "TUNNELDESK_BUILD_CLOUDFLARED"
"""Tells `tunneldesk.spec` which file is to be packed."""


def fetch(folder: Path, *, required: bool = False, release: Release | None = None) -> Path | None:
    """Return cloudflared for this machine; None where there is none to be had, since the app can fetch it later.

    Args:
        folder: Where it is kept, so that a second build needs no network.
        required: Whether the build must not go on without it, as that of a release.
        release: Which one; by default what the shipped lock says.

    Raises:
        SetUpError: What came is not what the lock names, which is no reason to go on without it; or it is required.
    """
    installer = Installer(folder, open_transport, mirror=os.environ.get(MIRROR_VARIABLE), release=release)
    try:
        program = asyncio.run(installer.install(lambda _: None))
    except ConnectorDownloadError as error:
        if error.failure.code is ErrorCode.CONNECTOR_DIGEST_MISMATCH:
            raise SetUpError(f"cloudflared is not the one that is locked. {said(error.failure)}") from error
        if required:
            raise SetUpError(f"cloudflared is to be packed, and can't be. {said(error.failure)}") from error
        say(f"  cloudflared: left out. {said(error.failure)}")
        return None
    say(f"  cloudflared: {installer.version}")
    return program


def entries(environ: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return what PyInstaller is to put beside the libraries, where the app looks for it: the fetched program."""
    program = environ.get(PROGRAM_VARIABLE)
    return [(Path(program).name, program, "BINARY")] if program else []
