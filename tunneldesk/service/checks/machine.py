"""This machine: tray, folders, space, what earlier runs have left, and how it looks up names."""

from __future__ import annotations

import asyncio
import shutil
import socket
import tempfile
from typing import TYPE_CHECKING, Any

from tunneldesk.connector import leftovers
from tunneldesk.connector.environment import own_command
from tunneldesk.connector.owner import lives
from tunneldesk.connector.process import Child
from tunneldesk.domain.checkup import (
    Check,
    Finding,
    FoldersSeen,
    LeftoversSeen,
    NamesSeen,
    SpaceSeen,
    TrayAnswer,
    TraySeen,
    Unseen,
    Verdict,
)
from tunneldesk.storage.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence
    from pathlib import Path

    from tunneldesk.domain.errors import Failure
    from tunneldesk.storage.paths import Paths

SPACE_NEEDED = 50 * 1000 * 1000
"""Bytes below which it is said: a log is up to 4 MB, a cloudflared 40 MB."""

_TRAY_LIMIT = 10.0
_NAMES_LIMIT = 5.0

_TRAY_ANSWERS: dict[int, Finding] = {
    TrayAnswer.AVAILABLE: Finding(Check.TRAY, Verdict.OK, TraySeen(available=True)),
    TrayAnswer.MISSING: Finding(Check.TRAY, Verdict.WARN, TraySeen(available=False)),
    TrayAnswer.NO_DISPLAY: Finding(Check.TRAY, Verdict.SKIPPED, Unseen.NO_DISPLAY),
    TrayAnswer.NO_QT: Finding(Check.TRAY, Verdict.SKIPPED, Unseen.NO_QT),
}


async def look_at_tray(
    command: tuple[Sequence[str], Mapping[str, str]] | None = None, limit: float = _TRAY_LIMIT
) -> Finding:
    """Whether this desktop has a tray: asked by a program of its own, for Qt can end a process that has no display.

    Args:
        command: The program, and what its environment needs, in place of ours.
        limit: Seconds it gets.
    """
    argv, environ = command or own_command("tunneldesk.ui.tray_check", "tray-check")
    said: list[str] = []
    try:
        child = await Child.start(argv, env=environ, on_stderr=said.append)
        async with child, asyncio.timeout(limit):
            status = await child.wait()
    except (OSError, TimeoutError):
        status = None
    if status is not None and status in _TRAY_ANSWERS:
        return _TRAY_ANSWERS[status]
    if any("could not connect to display" in line for line in said):  # Qt's last words before it aborts
        return _TRAY_ANSWERS[TrayAnswer.NO_DISPLAY]
    return Finding(Check.TRAY, Verdict.SKIPPED, Unseen.TRAY_SILENT)


async def look_at_folders(paths: Paths, trouble: Failure | None, files_read: asyncio.Future[Any]) -> Finding:
    """Whether our folders can be written to (nothing is left in them), and whether damaged files lie there.

    Args:
        paths: The folders.
        trouble: What was wrong with the settings when they were read.
        files_read: Done when our files have been read: what is damaged is set aside then.
    """
    folders = (paths.config, paths.state, paths.cache)
    unwritable = await asyncio.to_thread(lambda: next((fault for fault in map(_fault, folders) if fault), None))
    if unwritable is not None:
        return Finding(Check.FOLDERS, Verdict.FAIL, FoldersSeen(folders, unwritable))
    await asyncio.wait([files_read])
    set_aside = await asyncio.to_thread(
        lambda: tuple(sorted({*paths.config.glob(_DAMAGED), *paths.state.glob(_DAMAGED)}))
    )
    verdict = Verdict.WARN if set_aside or trouble else Verdict.OK
    return Finding(Check.FOLDERS, verdict, FoldersSeen(folders, set_aside=set_aside), trouble)


async def look_at_space(folder: Path) -> Finding:
    """Whether the disk has room for what we keep."""
    free = await asyncio.to_thread(lambda: shutil.disk_usage(_nearest(folder)).free)
    verdict = Verdict.WARN if free < SPACE_NEEDED else Verdict.OK
    return Finding(Check.DISK_SPACE, verdict, SpaceSeen(folder, free))


async def find_leftovers(paths: Paths) -> LeftoversSeen:
    """Return what runs that have ended left behind; nothing is touched."""

    def look() -> LeftoversSeen:
        held = Journal(paths.journal).read().held
        return LeftoversSeen(
            tuple(sorted(leftover.pid for leftover in leftovers.find(paths.run))),
            sum(item.owner is None or not lives(paths.run, item.owner) for item in held),
        )

    return await asyncio.to_thread(look)


async def look_at_leftovers(left: Awaitable[LeftoversSeen]) -> Finding:
    """Whether anything was left behind."""
    seen = await left
    verdict = Verdict.WARN if seen.connectors or seen.tunnels else Verdict.OK
    return Finding(Check.LEFTOVERS, verdict, seen)


async def look_at_names() -> Finding:
    """Whether programs of this machine can open the addresses of the demo."""
    try:
        async with asyncio.timeout(_NAMES_LIMIT):
            await asyncio.get_running_loop().getaddrinfo("tunneldesk-check.localhost", 80, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError):
        return Finding(Check.LOCALHOST_NAMES, Verdict.WARN, NamesSeen(looked_up=False))
    return Finding(Check.LOCALHOST_NAMES, Verdict.OK, NamesSeen(looked_up=True))


_DAMAGED = "*.damaged-*"
"""How `storage.files` names what it sets aside."""


def _fault(folder: Path) -> tuple[Path, str] | None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return folder, error.strerror or type(error).__name__
    return None


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next((each for each in (folder, *folder.parents) if each.is_dir()), folder)
