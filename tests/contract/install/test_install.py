"""cloudflared is installed from a mirror, as it would be from GitHub."""

from __future__ import annotations

import asyncio
import tarfile
from dataclasses import replace
from pathlib import PosixPath
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.contract.install.mirror import VERSION, archive, head, program
from tunneldesk.connector import install
from tunneldesk.connector.locate import locate
from tunneldesk.domain.errors import ConnectorDownloadError, ErrorCode
from tunneldesk.domain.model import Download
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.contract.install.mirror import Case, Mirror

pytestmark = pytest.mark.posix("a shell script passes for cloudflared")


async def test_it_is_fetched_put_in_its_place_and_found_there(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.serve()
    path = await case.install()
    assert path == case.folder / "cloudflared"
    assert path.read_bytes() == case.content
    assert case.left() == {"cloudflared"}
    monkeypatch.setenv("PATH", str(case.folder.parent))
    found = await locate(server="https://api.example.com", chosen=None, own=case.installer.program)
    assert found.cloudflared is not None
    assert (found.cloudflared.argv, found.cloudflared.version) == ((str(path),), VERSION)


async def test_how_far_it_has_got_is_told_all_the_way(case: Case) -> None:
    case.serve()
    await case.install()
    whole = len(case.content)
    assert case.told[:2] == [Download(VERSION), Download(VERSION, 0, whole)]
    assert case.told[-1] == Download(VERSION, whole, whole)
    received = [told.received for told in case.told]
    assert received == sorted(received)
    assert len(set(received)) > 2


async def test_a_mirror_that_does_not_say_the_size_will_do(case: Case, mirror: Mirror) -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", Transfer_Encoding="chunked"))
        for start in range(0, len(case.content), 50_000):
            piece = case.content[start : start + 50_000]
            writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        writer.write(b"0\r\n\r\n")

    mirror.answers[case.path] = answer
    await case.install()
    assert case.told[-1] == Download(VERSION, len(case.content), None)


async def test_redirects_to_where_the_file_really_is_are_followed(
    case: Case, mirror: Mirror, listen: Callable[..., Awaitable[Mirror]]
) -> None:
    store = await listen()
    mirror.send_on(case.path, "/elsewhere?key=1")
    mirror.send_on("/elsewhere?key=1", f"{store.origin}/blob", "307 Temporary Redirect")
    store.serve("/blob", case.content)
    await case.install()
    assert (mirror.paths, store.paths) == ([case.path, "/elsewhere?key=1"], ["/blob"])


async def test_github_is_asked_where_no_mirror_is_named(case: Case) -> None:
    asked: list[str] = []

    def reach(address: str) -> None:
        asked.append(address)
        raise httpx.ConnectError("no network in tests")

    installer = install.Installer(case.folder, reach, release=case.release, machine=case.machine)  # type: ignore[arg-type]
    with pytest.raises(ConnectorDownloadError) as caught:
        await installer.install(case.told.append)
    assert "connection to github.com failed" in said(caught.value.failure)
    assert asked == ["https://github.com/cloudflare/cloudflared/releases/download/2026.7.1/cloudflared-linux-amd64"]


async def test_an_update_takes_the_place_of_the_old_one(case: Case, mirror: Mirror) -> None:
    case.serve()
    await case.install()
    newer = replace(case, version="2026.8.0", content=program("2026.8.0"))
    newer.serve()
    path = await newer.install()
    assert path.read_bytes() == newer.content
    assert case.left() == {"cloudflared"}
    assert mirror.paths == [case.path, newer.path]


async def test_what_is_there_already_is_not_fetched_again(case: Case, mirror: Mirror) -> None:
    case.serve()
    await case.install()
    assert await case.install() == case.folder / "cloudflared"
    assert mirror.paths == [case.path]


async def test_one_of_ours_that_has_been_broken_is_fetched_again(case: Case, mirror: Mirror) -> None:
    case.serve()
    path = await case.install()
    path.write_bytes(b"\x7fELF broken")
    await case.install()
    assert path.read_bytes() == case.content
    assert mirror.paths == [case.path] * 2


async def test_two_at_once_end_well_with_one_download(case: Case, mirror: Mirror) -> None:
    case.serve()
    other = replace(case, told=[])
    assert len({*await asyncio.gather(case.install(), other.install())}) == 1
    assert mirror.paths == [case.path]
    assert case.left() == {"cloudflared"}
    assert case.told
    assert other.told


async def test_it_is_where_only_this_user_can_look(case: Case) -> None:
    case.serve()
    path = await case.install()
    assert path.stat().st_mode & 0o777 == 0o755
    assert case.folder.stat().st_mode & 0o077 == 0


# macOS: the program inside an archive


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, 0o4777
    return info


def on_a_mac(case: Case, content: bytes) -> Case:
    mac = replace(case, machine="darwin-arm64", name="cloudflared-darwin-arm64.tgz", content=content)
    mac.serve()
    return mac


@pytest.mark.parametrize("name", ["cloudflared", "./cloudflared"])
async def test_the_program_is_taken_out_of_its_archive(case: Case, name: str) -> None:
    inside = program()
    path = await on_a_mac(case, archive((member("LICENSE"), b"..."), (member(name), inside))).install()
    assert path.read_bytes() == inside
    assert path.stat().st_mode & 0o7777 == 0o755
    assert case.left() == {"cloudflared"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(archive(), id="empty"),
        pytest.param(archive((member("../cloudflared"), program())), id="outside"),
        pytest.param(archive((member("/tmp/cloudflared"), program())), id="absolute"),  # noqa: S108
        pytest.param(archive((member("deep/cloudflared"), program())), id="in a folder"),
        pytest.param(archive((member("cloudflared", tarfile.SYMTYPE, "/bin/sh"), b"")), id="symbolic link"),
        pytest.param(archive((member("cloudflared", tarfile.LNKTYPE, "/bin/sh"), b"")), id="hard link"),
        pytest.param(archive((member("cloudflared", tarfile.FIFOTYPE), b"")), id="pipe"),
        pytest.param(archive((member("cloudflared", tarfile.DIRTYPE), b"")), id="folder"),
        pytest.param(archive((member("cloudflared"), program()))[:-200], id="cut off"),
        pytest.param(b"\x1f\x8b\x08" + b"\xff" * 100, id="not packed"),
        pytest.param(program(), id="not an archive"),
    ],
)
async def test_an_archive_without_a_proper_program_installs_nothing(case: Case, content: bytes) -> None:
    with pytest.raises(ConnectorDownloadError) as caught:
        await on_a_mac(case, content).install()
    assert caught.value.failure.code is ErrorCode.CONNECTOR_DOWNLOAD_FAILED
    assert "archive" in said(caught.value.failure)
    assert case.left() == set()
    assert not (case.folder.parent / "cloudflared" / "cloudflared").exists()
    assert {path.name for path in case.folder.parent.iterdir()} == {"cloudflared"}


# Where a running program can't be replaced


def deny(monkeypatch: pytest.MonkeyPatch, which: Callable[[Path, Path], bool]) -> None:
    """Have the system refuse, as Windows does, the replacements that are meant by their source and target."""
    replaced = PosixPath.replace

    def replace_or_not(self: PosixPath, target: Path) -> Path:
        if which(self, target):
            raise PermissionError(13, "Access is denied")
        return replaced(self, target)

    monkeypatch.setattr(PosixPath, "replace", replace_or_not)


async def test_a_running_program_that_windows_will_not_replace_gives_way(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.serve()
    path = await case.install()
    newer = replace(case, version="2026.8.0", content=program("2026.8.0"))
    newer.serve()
    deny(monkeypatch, lambda _source, target: target == path and path.exists())
    assert (await newer.install()).read_bytes() == newer.content
    monkeypatch.undo()
    assert len(case.left()) == 2  # the former one, which goes with the next installation
    last = replace(case, version="2026.9.0", content=program("2026.9.0"))
    last.serve()
    await last.install()
    assert case.left() == {"cloudflared"}


async def test_one_that_can_neither_be_replaced_nor_moved_stays(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.serve()
    path = await case.install()
    newer = replace(case, version="2026.8.0", content=program("2026.8.0"))
    newer.serve()
    deny(monkeypatch, lambda source, target: target == path and source.read_bytes() == newer.content)
    with pytest.raises(ConnectorDownloadError, match="Access is denied"):
        await newer.install()
    assert path.read_bytes() == case.content
    assert path.stat().st_mode & 0o777 == 0o755
