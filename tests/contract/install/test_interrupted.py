"""Ended in the middle, by whoever or for want of room: nothing half-done stays, and nothing is lost."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.contract.install.mirror import hang, head, program, refused, writes
from tunneldesk.domain.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.contract.install.mirror import Case, Mirror

FAILED = ErrorCode.CONNECTOR_DOWNLOAD_FAILED

pytestmark = pytest.mark.posix("a shell script passes for cloudflared")


@pytest.mark.usefixtures("old")
async def test_a_cancelled_download_leaves_nothing(case: Case, mirror: Mirror) -> None:
    half = case.content[:300_000]
    mirror.answers[case.path] = writes(head("200 OK", Content_Length=len(case.content)), half, then=hang)
    running = asyncio.ensure_future(case.install())
    await asyncio.wait_for(case.some_came.wait(), 10)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("patience", [0.0, 0.01, 0.05, 0.1, 0.2])
async def test_cancelled_at_any_moment_it_is_whole_or_not_there(
    case: Case, mirror: Mirror, patience: float
) -> None:
    async def in_small_pieces(writer: asyncio.StreamWriter) -> None:
        for start in range(0, len(case.content) - 1, 30_000):
            writer.write(case.content[start : start + 30_000])
            await writer.drain()
            await asyncio.sleep(0.01)
        await hang(writer)

    mirror.answers[case.path] = writes(head("200 OK", Content_Length=len(case.content) + 1), then=in_small_pieces)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(patience):
            await case.install()


async def test_cancelling_one_that_waits_for_another_does_not_disturb_that_one(case: Case, mirror: Mirror) -> None:
    released = asyncio.Event()

    async def rest(writer: asyncio.StreamWriter) -> None:
        await released.wait()
        writer.write(case.content[300_000:])
        await writer.drain()

    mirror.answers[case.path] = writes(
        head("200 OK", Content_Length=len(case.content)), case.content[:300_000], then=rest
    )
    first = asyncio.ensure_future(case.install())
    await asyncio.wait_for(case.some_came.wait(), 10)
    waiting = replace(case, told=[])
    second = asyncio.ensure_future(waiting.install())
    await asyncio.wait({second}, timeout=0.3)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    released.set()
    assert (await first).read_bytes() == case.content


KILLED = """
    import asyncio, sys
    from pathlib import Path
    from tunneldesk.network import open_transport
    from tunneldesk.connector.install import Installer
    from tunneldesk.connector.release import Asset, Release

    folder, origin, sha256 = sys.argv[1:]
    release = Release("2026.7.1", {"linux-amd64": Asset("cloudflared-linux-amd64", sha256)})
    installer = Installer(Path(folder), open_transport, mirror=origin, release=release, machine="linux-amd64")
    asyncio.run(installer.install(lambda told: print(told.received, flush=True)))
"""


async def test_a_run_that_was_killed_leaves_nothing_that_can_be_run_and_the_next_one_tidies_up(
    case: Case, mirror: Mirror
) -> None:
    half = case.content[:300_000]
    mirror.answers[case.path] = writes(head("200 OK", Content_Length=len(case.content)), half, then=hang)
    sha256 = case.release.assets["linux-amd64"].sha256
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", textwrap.dedent(KILLED), str(case.folder), mirror.origin, str(sha256)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    async with asyncio.timeout(30):
        while int(await child.stdout.readline() or b"-1") == 0:
            pass
        child.kill()
        await child.wait()
    await child.communicate()
    files = [path for path in case.folder.rglob("*") if path.is_file()]
    assert any(path.stat().st_size > 200_000 for path in files)  # it was in the middle
    assert not [path for path in files if path.stat().st_mode & 0o111]
    case.serve()
    async with asyncio.timeout(10):  # the lock of the dead one keeps nobody out
        await case.install()
    assert case.left() == {"cloudflared"}


# The disk


@pytest.mark.usefixtures("old")
async def test_a_file_that_may_not_grow_loses_nothing(case: Case) -> None:
    resource = pytest.importorskip("resource")
    case.serve()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        code, message = await refused(case)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code is FAILED
    assert "File too large" in message
    assert str(case.folder) in message


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 512 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if sys.platform != "linux" or mount is None or umount is None:
        pytest.skip("there is no tmpfs")
    mounting = [mount, "-t", "tmpfs", "-o", "size=512k", "none", str(disk)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount one")
    yield disk
    subprocess.run([umount, str(disk)], check=True)


async def test_a_full_disk_loses_nothing(case: Case, small_disk: Path) -> None:
    there = replace(case, folder=small_disk / "cloudflared", content=program(padding=100_000))
    there.serve()
    path = await there.install()
    update = replace(there, version="2026.8.0", content=program("2026.8.0", padding=500_000), told=[])
    update.serve()
    code, message = await refused(update)
    assert code is FAILED
    assert "No space left" in message
    assert path.read_bytes() == there.content
    assert there.left() == {"cloudflared"}


async def test_a_place_that_can_not_be_a_folder_is_told(case: Case) -> None:
    case.serve()
    case.folder.parent.mkdir()
    case.folder.write_text("a file")
    code, message = await refused(replace(case, folder=case.folder / "below"))
    assert code is FAILED
    assert "can't be put into" in message
