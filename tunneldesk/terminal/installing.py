"""``tunneldesk install-cloudflared``: the download of the connector, with its progress in place."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Protocol

from tunneldesk.presentation.download import download_view
from tunneldesk.presentation.exit_status import ExitStatus
from tunneldesk.terminal.console import say
from tunneldesk.terminal.interrupts import Interrupts
from tunneldesk.terminal.style import Style, width

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import TextIO

    from tunneldesk.domain.model import Download


class Installs(Protocol):
    """What fetches cloudflared."""

    @property
    def version(self) -> str:
        """The version it fetches."""

    async def install(self, progress: Callable[[Download], None]) -> Path:
        """Fetch it, telling how far it has got; return where it is."""


async def install_cloudflared(installer: Installs, environ: Mapping[str, str]) -> ExitStatus:
    """Fetch cloudflared, and print where it is; what is told meanwhile goes to standard error.

    Ctrl-C, or a request to end, leaves everything as it was.

    Raises:
        TunnelDeskError: It could not be fetched.
    """
    progress = _Progress(sys.stderr, Style.of(sys.stderr, environ))
    with Interrupts() as interrupts:
        fetching = asyncio.ensure_future(installer.install(progress.show))

        def stop() -> None:
            fetching.cancel()

        interrupts.react = stop
        try:
            path = await fetching
        except asyncio.CancelledError:
            if not interrupts.count:
                raise
            progress.end()
            say(["Stopped. Nothing was installed."], sys.stderr)
            return ExitStatus.UNEXPECTED
        finally:
            progress.end()
    say([f"cloudflared {installer.version} is installed: {path}"])
    return ExitStatus.AS_ASKED


class _Progress:
    """Shows a download on one line, redrawn where the terminal can do that, else written once."""

    def __init__(self, stream: TextIO, style: Style) -> None:
        self._stream = stream
        self._live = style.live
        self._shown = ""

    def show(self, download: Download) -> None:
        """Say how far it has got."""
        view = download_view(download)
        words = view.words if view else ""
        if self._live and words != self._shown:
            self._stream.write(f"\r\x1b[K{words[: width() - 1]}")
            self._stream.flush()
        elif not self._shown:
            say([words], self._stream)
        self._shown = words

    def end(self) -> None:
        """Leave no half-written line behind."""
        if self._live and self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
        self._shown = ""
