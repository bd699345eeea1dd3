"""The command that fetches cloudflared."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tunneldesk.domain.errors import ConnectorDownloadError, ErrorCode, Failure
from tunneldesk.domain.model import Download
from tunneldesk.presentation.exit_status import ExitStatus
from tunneldesk.terminal.installing import install_cloudflared

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "2026.7.1"


class FakeInstaller:
    """Tells a few stages, then ends as the test says."""

    version = VERSION

    def __init__(self, end: Callable[[], None] = lambda: None, *, hangs: bool = False) -> None:
        self._end = end
        self._hangs = hangs
        self.tidied = False

    async def install(self, progress: Callable[[Download], None]) -> Path:
        try:
            for received in (0, 100_000, 12_000_000, 38_000_000):
                progress(Download(VERSION, received, 38_000_000))
            self._end()
            if self._hangs:
                await asyncio.Event().wait()
        finally:
            self.tidied = True
        return Path("/home/me/cloudflared")


class Tty(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "utf-8", write_through=True)

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        content = self.buffer
        assert isinstance(content, io.BytesIO)
        return content.getvalue().decode()


async def test_the_path_and_version_are_printed_and_the_progress_is_kept_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert await install_cloudflared(FakeInstaller(), {}) is ExitStatus.AS_ASKED
    out, err = capsys.readouterr()
    assert out == f"cloudflared 2026.7.1 is installed: {Path('/home/me/cloudflared')}\n"
    assert err == "Downloading cloudflared 2026.7.1 ... 0 of 38 MB\n"


@pytest.mark.posix("on Windows a console is asked first")
async def test_a_terminal_shows_it_in_place_and_is_clean_afterwards(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Tty()
    monkeypatch.setattr(sys, "stderr", terminal)
    await install_cloudflared(FakeInstaller(), {"TERM": "xterm"})
    steps = [f"Downloading cloudflared 2026.7.1 ... {done} of 38 MB" for done in (0, 12)]
    told = [*steps, "Checking cloudflared 2026.7.1 ...", ""]
    assert terminal.text == "".join(f"\r\x1b[K{words}" for words in told)
    assert capsys.readouterr().out.startswith("cloudflared 2026.7.1")


@pytest.mark.posix("sends itself signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_ctrl_c_and_a_request_to_end_leave_nothing(
    capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    installer = FakeInstaller(lambda: os.kill(os.getpid(), number), hangs=True)
    assert await asyncio.wait_for(install_cloudflared(installer, {}), 10) is ExitStatus.UNEXPECTED
    assert installer.tidied
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("Stopped. Nothing was installed.\n")


async def test_a_failure_is_left_to_whoever_tells_problems() -> None:
    def fail() -> None:
        raise ConnectorDownloadError(Failure(ErrorCode.CONNECTOR_DIGEST_MISMATCH))

    with pytest.raises(ConnectorDownloadError, match="MISMATCH"):
        await install_cloudflared(FakeInstaller(fail), {})


async def test_a_cancellation_that_nobody_asked_for_goes_on() -> None:
    installer = FakeInstaller(hangs=True)
    running = asyncio.ensure_future(install_cloudflared(installer, {}))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
