"""What is said of cloudflared and of its download."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.model import AppState, Cloudflared, Download
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.presentation.advice import Invocation, advice
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.download import connector_view, download_view
from tunneldesk.presentation.exit_status import ExitStatus, exit_status
from tunneldesk.presentation.problem import Subject

OFFERED = "2026.7.1"


@pytest.mark.parametrize(
    ("received", "total", "words", "fraction"),
    [
        (0, None, "Downloading cloudflared 2026.7.1 ...", None),
        (12_700_000, None, "Downloading cloudflared 2026.7.1 ... 12 MB", None),
        (0, 37_100_000, "Downloading cloudflared 2026.7.1 ... 0 of 38 MB", 0.0),
        (9_500_000, 38_000_000, "Downloading cloudflared 2026.7.1 ... 9 of 38 MB", 0.25),
        (38_000_000, 38_000_000, "Checking cloudflared 2026.7.1 ...", 1.0),
        (39_000_000, 38_000_000, "Checking cloudflared 2026.7.1 ...", 1.0),
        (0, 0, "Downloading cloudflared 2026.7.1 ... 0 of 0 MB", None),
    ],
)
def test_a_download_says_how_far_it_has_got(
    received: int, total: int | None, words: str, fraction: float | None
) -> None:
    view = download_view(Download(OFFERED, received, total))
    assert view is not None
    assert (view.words, view.fraction) == (words, fraction)


def test_without_a_download_there_is_nothing_to_show() -> None:
    assert download_view(None) is None


@pytest.mark.parametrize(
    ("version", "offered", "fetch"),
    [
        (None, OFFERED, "Download 2026.7.1"),
        ("2025.12.0", OFFERED, "Update to 2026.7.1"),
        ("2026.7.1", OFFERED, ""),
        ("2026.10.0", OFFERED, ""),
        ("DEV", OFFERED, ""),
        (None, None, "Open the release page"),
        ("2025.12.0", None, "Open the release page"),
    ],
)
def test_only_what_is_better_than_what_there_is_is_offered(
    version: str | None, offered: str | None, fetch: str
) -> None:
    known = Cloudflared(Path("/usr/bin/cloudflared") if version else None, version, offered)
    view = connector_view(AppState(cloudflared=known))
    assert view.fetch == fetch
    assert view.download is None
    assert view.place == (str(Path("/usr/bin/cloudflared")) if version else "")
    assert view.found == (f"cloudflared {version} is used." if version else "")


def test_while_one_is_fetched_no_other_is_offered() -> None:
    state = AppState(cloudflared=Cloudflared(offered=OFFERED), download=Download(OFFERED))
    assert connector_view(state).fetch == ""
    assert connector_view(state).download == download_view(state.download)
    assert connector_view(replace(state, download=None)).fetch


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (ErrorCode.CONNECTOR_DOWNLOAD_FAILED, ExitStatus.CONNECTOR),
        (ErrorCode.CONNECTOR_DIGEST_MISMATCH, ExitStatus.CONNECTOR),
        (ErrorCode.CONNECTOR_NO_DOWNLOAD, ExitStatus.CONNECTOR),
        (ErrorCode.FILE_DAMAGED, ExitStatus.UNEXPECTED),
        (ErrorCode.FILE_NOT_WRITTEN, ExitStatus.UNEXPECTED),
    ],
)
def test_scripts_are_told(code: ErrorCode, status: ExitStatus) -> None:
    assert exit_status(Failure(code)) is status


def commands(code: ErrorCode, invocation: Invocation) -> list[str]:
    return [way.command for way in advice(problem(Failure(code), Subject(3000)), invocation)]


def test_the_terminal_downloads_it_with_a_command_of_its_own() -> None:
    exposing = Invocation("expose", ("3000",))
    choosing = "tunneldesk expose 3000 --connector FILE"
    assert commands(ErrorCode.CONNECTOR_MISSING, exposing) == ["tunneldesk install-cloudflared", choosing]
    installing = Invocation("install-cloudflared")
    choosing = "tunneldesk expose PORT --connector FILE"
    assert commands(ErrorCode.CONNECTOR_DIGEST_MISMATCH, installing) == ["tunneldesk install-cloudflared", choosing]
    page = "https://github.com/cloudflare/cloudflared/releases"
    assert commands(ErrorCode.CONNECTOR_NO_DOWNLOAD, installing) == [page, choosing]


def test_a_damaged_file_is_told_in_the_words_of_whoever_met_it() -> None:
    facts = {"path": "journal.json", "kept": "journal.damaged-1.json"}
    failure = Failure(ErrorCode.FILE_DAMAGED, because=(Because(Reason.FILE_KEPT_ASIDE, facts),))
    said = "journal.json is damaged. It is kept as journal.damaged-1.json."
    assert problem(failure, Subject()).text == f"{said} TunnelDesk goes on without what was in it."
