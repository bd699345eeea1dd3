"""The commands that print and end: list, stop, sign-in's token, version."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest

from tunneldesk import __main__ as program
from tunneldesk import __version__
from tunneldesk.domain.errors import ErrorCode, Failure, InvalidValueError, ServerRefusedError
from tunneldesk.domain.model import RemoteStatus, RemoteTunnel
from tunneldesk.storage.paths import Paths
from tunneldesk.terminal import listing, stopping, version
from tunneldesk.terminal.log import warnings_on_stderr
from tunneldesk.terminal.streams import open_missing_streams
from tunneldesk.terminal.style import Style
from tunneldesk.terminal.token_input import read_token

if TYPE_CHECKING:
    from pathlib import Path

    from tunneldesk.desktop_options import DesktopOptions

NOW = datetime(2026, 11, 23, 20, 49, 4, tzinfo=UTC)
APP = RemoteTunnel(
    "t-1",
    "my-app.example.com",
    "my-app",
    RemoteStatus.ACTIVE,
    3000,
    created_at=NOW,
    lease_expires_at=NOW + timedelta(seconds=52),
)
API = RemoteTunnel("t-2", "api.tunnel.localhost:8788", "api", RemoteStatus.STOPPING, None)
OLD = RemoteTunnel(
    "t-3",
    "old.example.com",
    "\x1b[2Jold",
    RemoteStatus.FAILED,
    80,
    stopped_at=NOW - timedelta(minutes=5),
    last_error="it\nbroke",
)
LAPSED = RemoteTunnel("t-4", "x.example.com", None, RemoteStatus.ACTIVE, 1, lease_expires_at=NOW)


def test_the_table_is_aligned_and_server_text_is_plain() -> None:
    assert list(listing.table([APP, API, OLD, LAPSED], Style(), NOW)) == [
        "NAME    PORT  STATUS    LEASE            ADDRESS",
        "my-app  3000  active    52 s left        https://my-app.example.com",
        "api     -     stopping  -                http://api.tunnel.localhost:8788",
        "[2Jold  80    failed    ended 5 min ago  https://old.example.com",
        "  it broke",
        "-       1     active    run out          https://x.example.com",
    ]


def test_programs_get_a_line_for_each_tunnel() -> None:
    first, second = map(json.loads, listing.json_lines([APP, API]))
    assert first == {
        "event": "tunnel",
        "id": "t-1",
        "name": "my-app",
        "hostname": "my-app.example.com",
        "address": "https://my-app.example.com",
        "port": 3000,
        "status": "active",
        "createdAt": "2026-11-23T20:49:04.000Z",
        "leaseExpiresAt": "2026-11-23T20:49:56.000Z",
        "stoppedAt": None,
        "lastError": None,
    }
    assert second["address"] == "http://api.tunnel.localhost:8788"
    assert second["leaseExpiresAt"] is None


@pytest.mark.parametrize(
    "named", ["my-app", "t-1", "T-1", "my-app.example.com", "https://my-app.example.com/", " MY-APP "]
)
def test_a_tunnel_is_found_by_anything_it_is_known_by(named: str) -> None:
    assert stopping.find([named], [APP, API]) == ([APP], [])


def test_a_host_name_is_known_with_and_without_its_port() -> None:
    assert stopping.find(["api.tunnel.localhost:8788", "api.tunnel.localhost"], [APP, API]) == ([API], [])


def test_what_is_not_there_is_said_and_the_rest_is_found() -> None:
    assert stopping.find(["nope\x1b", "api"], [APP, API, LAPSED]) == ([API], ["nope?"])


class Outcome(StrEnum):
    DELETED = "deleted"
    ALREADY_GONE = "already gone"
    DRAINING = "draining"
    RETRYING = "retrying"


async def test_each_tunnel_is_stopped_whatever_becomes_of_the_others() -> None:
    failure = Failure(ErrorCode.INTERNAL_ERROR, status=500)

    async def delete(tunnel_id: str) -> Outcome:
        if tunnel_id == "t-1":
            raise ServerRefusedError(failure)
        return Outcome.DRAINING

    refused, draining = await stopping.stop_all([APP, API], delete)
    assert refused.failure is failure
    assert draining.words.startswith("is stopping")


@pytest.mark.parametrize("outcome", Outcome)
async def test_every_outcome_has_words(outcome: Outcome) -> None:
    async def delete(_: str) -> Outcome:
        return outcome

    (stopped,) = await stopping.stop_all([OLD], delete)
    assert stopped.words
    assert stopping.name_of(OLD) == "[2Jold"
    assert stopping.name_of(LAPSED) == "x.example.com"


def test_a_token_is_read_without_what_surrounds_it() -> None:
    assert read_token(io.StringIO("  tok-1\n")).reveal() == "tok-1"


def test_a_person_at_a_terminal_is_asked_for_the_token_and_sees_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyboard = io.StringIO()
    monkeypatch.setattr(keyboard, "isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: f"{prompt[:0]}tok-2")
    assert read_token(keyboard).reveal() == "tok-2"


@pytest.mark.parametrize("text", ["", "\n", "two words"])
def test_what_can_be_no_token_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        read_token(io.StringIO(text))
    assert "words" not in str(caught.value)


def test_the_version_of_the_parts_is_told_without_importing_them() -> None:
    assert list(version.lines(verbose=False)) == [f"tunneldesk {__version__}"]
    told = "\n".join(version.lines(verbose=True, cloudflared="2026.8.2"))
    for part in ("Python 3.", "Qt 6.", "qasync ", "httpx ", "cloudflared 2026.8.2"):
        assert part in told
    assert "cloudflared not found" in list(version.lines(verbose=True))


def test_a_part_that_is_not_there_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tunneldesk.versions.PARTS", (("Qt", "no-such-package"),))
    assert "Qt not installed" in list(version.lines(verbose=True))


def test_output_that_was_closed_is_written_to_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    open_missing_streams()
    with sys.stdout as nowhere:
        assert nowhere.name == os.devnull


@pytest.mark.parametrize("held", [True, False])
def test_warnings_are_printed_or_held_back_until_the_display_is_gone(
    held: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with warnings_on_stderr(held=held):
        logging.getLogger("tunneldesk.x").error("broken")
        assert ("broken" in capsys.readouterr().err) is not held
    assert ("tunneldesk: broken" in capsys.readouterr().err) is held


@pytest.mark.parametrize("missing", ["PySide6", "PySide6.QtCore", "qasync"])
def test_the_tray_without_qt_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise ModuleNotFoundError(name=missing)

    monkeypatch.setattr("tunneldesk.launch.main", fail)
    assert program.main([]) == 1
    assert f"needs {missing.partition('.')[0]}, which is not installed" in capsys.readouterr().err


def test_a_fault_of_ours_is_not_taken_for_a_missing_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise ModuleNotFoundError(name="tunneldesk.nothing")

    monkeypatch.setattr("tunneldesk.launch.main", fail)
    with pytest.raises(ModuleNotFoundError):
        program.main([])


def test_the_tray_gets_what_the_command_line_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[DesktopOptions] = []

    def tray(options: DesktopOptions) -> int:
        got.append(options)
        return 0

    monkeypatch.setattr("tunneldesk.launch.main", tray)
    assert program.main(["--demo", "--expose", "3000", "--name", "my-app"]) == 0
    assert (got[0].demo, got[0].expose_port, got[0].expose_name) == (True, 3000, "my-app")
    assert program.main(["tunneldesk://expose?port=3000"]) == 0
    assert (got[1].expose_port, got[1].link) == (None, "tunneldesk://expose?port=3000")


def test_a_home_that_is_named_beats_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TUNNELDESK_HOME", str(tmp_path / "other"))
    homes: list[Path] = []

    def tray(_: object) -> int:
        homes.append(Paths.find(os.environ).config)
        return 0

    monkeypatch.setattr("tunneldesk.launch.main", tray)
    monkeypatch.chdir(tmp_path)
    assert program.main(["--background", "--home", "mine"]) == 0
    assert homes == [tmp_path / "mine" / "config"]


def test_the_other_programs_get_their_own_command_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tunneldesk.backend.__main__.main", lambda argv: 10 + len(argv))
    monkeypatch.setattr("tunneldesk.backend.connector.main", lambda argv: 20 + len(argv))
    assert program.main(["backend", "--port", "0"]) == 12
    assert program.main(["connector", "tunnel", "run", "--help"]) == 23
