"""GitHub's answers about the latest release, over a real socket."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tunneldesk.domain.model import Update
from tunneldesk.updates import origin
from tunneldesk.updates.feed import NoNewsError, latest
from tunneldesk.updates.origin import published_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

REPOSITORY = "acme/tunneldesk"
PAGE = "https://github.com/acme/tunneldesk/releases/tag/v1.2.3"


def release(**other: Any) -> bytes:
    usual = {"tag_name": "v1.2.3", "html_url": "https://evil.example", "body": "- New\r\n"}
    return json.dumps({**usual, **other}).encode()


@asynccontextmanager
async def github(body: bytes, status: str = "200 OK", headers: str = "") -> AsyncIterator[tuple[str, list[str]]]:
    """Answer so; give the address, and the requests as they come."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def test_the_latest_release_is_told_with_what_is_new_and_a_page_of_the_repository() -> None:
    async with github(release()) as (api, asked):
        assert await latest(REPOSITORY, api=api) == Update("1.2.3", PAGE, "- New")
    request = asked[0].lower()
    assert request.startswith("get /repos/acme/tunneldesk/releases/latest ")
    assert "user-agent: tunneldesk/" in request
    assert "authorization" not in request
    assert "cookie" not in request


async def test_notes_hold_nothing_that_moves_text_about() -> None:
    async with github(release(body="a\x1b[31m\u202eb\n" + "c" * 9000)) as (api, _):
        found = await latest(REPOSITORY, api=api)
    assert found is not None
    assert found.notes.startswith("a[31mb\nccc")
    assert len(found.notes) == 4000
    async with github(release(body=None)) as (api, _):
        assert await latest(REPOSITORY, api=api) == Update("1.2.3", PAGE, "")


async def test_where_nothing_was_released_there_is_no_news() -> None:
    async with github(b"{}", "404 Not Found") as (api, _):
        assert await latest(REPOSITORY, api=api) is None


@pytest.mark.parametrize(
    ("body", "status", "headers"),
    [
        (b"<html>", "200 OK", ""),
        (b"[]", "200 OK", ""),
        (b"{}", "200 OK", ""),
        (b"[" * 100_000, "200 OK", ""),
        (release(tag_name="nightly"), "200 OK", ""),
        (release(tag_name="v1.2.3/../../../evil"), "200 OK", ""),
        (b"", "403 rate limit exceeded", ""),
        (b"", "302 Found", "Location: http://127.0.0.1:1/\r\n"),
        (b"x" * 600_000, "200 OK", ""),
    ],
)
async def test_anything_else_is_no_news_either(body: bytes, status: str, headers: str) -> None:
    async with github(body, status, headers) as (api, asked):
        with pytest.raises(NoNewsError):
            await latest(REPOSITORY, api=api)
    assert len(asked) == 1


async def test_nobody_there_is_no_news() -> None:
    with pytest.raises(NoNewsError):
        await latest(REPOSITORY, api="http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("said", "repository"),
    [
        ('{"repository": "acme/tunneldesk"}', REPOSITORY),
        ('{"repository": "acme/../.."}', None),
        ('{"repository": 5}', None),
        ("[]", None),
        ("half", None),
    ],
)
def test_where_it_was_published_is_written_by_the_release_workflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, repository: str | None
) -> None:
    assert published_at() is None  # this is run from source
    (tmp_path / "release.json").write_text(said)
    monkeypatch.setattr(origin, "resource", tmp_path.joinpath)
    assert published_at() == repository
