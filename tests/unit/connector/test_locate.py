"""Which connector is used, and what is said when there is none that will do."""

from __future__ import annotations

import base64
import json
import sys
import time
from pathlib import Path

import pytest

from tunneldesk.connector import locate as module
from tunneldesk.connector.locate import locate
from tunneldesk.domain.errors import ConnectorGaveUpError, ConnectorUnusableError, ErrorCode
from tunneldesk.domain.secret import Secret
from tunneldesk.presentation.reasons import said

HERE, ELSEWHERE = "http://127.0.0.1:8787", "https://api.example.com"
GOOD = "cloudflared version 2026.8.2 (built 2026-08-14-11:22 UTC)"

pytestmark = pytest.mark.posix("a shell script passes for cloudflared")


def token(**content: str) -> Secret:
    return Secret(base64.b64encode(json.dumps({"a": "a", "t": "t", "s": "s", **content}).encode()).decode())


REAL, STAND_IN = token(), token(e="127.0.0.1:8788")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, with nothing in the usual places either."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(module, "_USUAL_PLACES", (str(tmp_path / "usual" / "cloudflared"),))
    return folder


def install(folder: Path, says: str = GOOD, *, script: str | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / "cloudflared"
    program.write_text(script or f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    return program


async def fault(chosen: Path | None = None, server: str = ELSEWHERE) -> tuple[ErrorCode, str]:
    with pytest.raises(ConnectorUnusableError) as unusable:
        await locate(server=server, chosen=chosen)
    return unusable.value.failure.code, said(unusable.value.failure)


async def test_the_one_on_path_is_used(path: Path) -> None:
    program = install(path)
    found = (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL)
    assert (found.argv, found.version) == ((str(program),), "2026.8.2")


async def test_the_chosen_one_beats_all_however_old(path: Path, tmp_path: Path) -> None:
    install(path)
    own, chosen = (
        install(tmp_path / "own"),
        install(tmp_path / "chosen", "cloudflared version 2022.3.0 (built then)"),
    )
    connectors = await locate(server=HERE, chosen=chosen, own=own)
    assert connectors.for_token(REAL).argv == connectors.for_token(STAND_IN).argv == (str(chosen),)


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a PyInstaller build, where a package of ours puts its cloudflared."""
    folder = tmp_path / "TunnelDesk"
    folder.mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "tunneldesk"))
    return folder


PLACES = ("bundle", "path", "own")


@pytest.mark.parametrize(
    ("versions", "used"),
    [
        (("2026.7.1", "2026.8.0", "2026.7.1"), "path"),  # the system's package was updated
        (("2026.7.1", "2025.2.0", "2026.8.0"), "own"),  # ours was
        (("2026.7.1", "2025.2.0", "2026.7.0"), "bundle"),
        (("2026.9.0", "2026.10.0", None), "path"),  # ten comes after nine
        (("2026.7.1", "2026.7.1", "2026.7.1"), "bundle"),
        ((None, "2026.7.1", "2026.7.1"), "path"),
        (("2026.7.1", "DEV", "2026.8.0"), "path"),  # the user has built it, and knows why
        (("2026.7.1", "2021.1.0", None), "bundle"),
        ((None, None, "2026.7.1"), "own"),
    ],
)
async def test_the_newest_of_bundle_path_and_our_own_is_used(
    path: Path, bundled: Path, tmp_path: Path, versions: tuple[str | None, ...], used: str
) -> None:
    there = dict(zip(PLACES, (bundled, path, tmp_path / "own"), strict=True))
    for place, version in zip(PLACES, versions, strict=True):
        if version is not None:
            install(there[place], f"cloudflared version {version} (built then)")
    found = await locate(server=ELSEWHERE, chosen=None, own=tmp_path / "own" / "cloudflared")
    assert found.for_token(REAL).argv == (str(there[used] / "cloudflared"),)


@pytest.mark.usefixtures("path", "bundled")
async def test_one_that_is_unpacked_with_us_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "_internal"), raising=False)
    program = install(tmp_path / "_internal")
    assert (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL).argv == (str(program),)


@pytest.mark.parametrize(
    "broken", ["#!/bin/sh\nexit 3\n", "#!/bin/sh\necho 'cloudflared version 2020.1.0 (built then)'\n", "no script"]
)
async def test_broken_ones_do_not_hide_a_good_one(path: Path, bundled: Path, tmp_path: Path, broken: str) -> None:
    install(bundled, script=broken)
    install(path, script=broken)
    own = install(tmp_path / "own")
    assert (await locate(server=ELSEWHERE, chosen=None, own=own)).for_token(REAL).argv == (str(own),)


async def test_one_that_hangs_does_not_hide_a_good_one(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_VERSION_LIMIT", 0.5)
    install(path, script="#!/bin/sh\nexec sleep 60\n")
    own = install(tmp_path / "own")
    assert (await locate(server=ELSEWHERE, chosen=None, own=own)).for_token(REAL).argv == (str(own),)


async def test_nothing_is_taken_from_the_folder_we_happen_to_be_in(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("PATH", f".::{path}")
    assert (await fault())[0] is ErrorCode.CONNECTOR_MISSING


COUNTING = "#!/bin/sh\necho >> \"$0.asked\"\necho 'cloudflared version {version} (built then)'\n"


async def test_a_program_is_asked_for_its_version_once_for_as_long_as_it_is_the_same(path: Path) -> None:
    install(path, script=COUNTING.format(version="2026.7.1"))
    for _ in range(3):
        assert (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL).version == "2026.7.1"
    assert (path / "cloudflared.asked").read_text() == "\n"
    install(path, script=COUNTING.format(version="2026.8.0"))
    assert (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL).version == "2026.8.0"


async def test_a_program_found_under_two_names_is_asked_once(path: Path, tmp_path: Path) -> None:
    program = install(path, script=COUNTING.format(version="2026.7.1"))
    (tmp_path / "usual").mkdir()
    (tmp_path / "usual" / "cloudflared").symlink_to(program)
    assert (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL).argv == (str(program),)
    assert (path / "cloudflared.asked").read_text() == "\n"
    assert not (tmp_path / "usual" / "cloudflared.asked").exists()


async def test_one_that_did_not_answer_is_asked_again(path: Path) -> None:
    install(path, script="#!/bin/sh\n[ -e \"$0.ready\" ] && echo 'cloudflared version 2026.7.1'\n")
    assert (await fault())[0] is ErrorCode.CONNECTOR_NOT_EXECUTABLE
    (path / "cloudflared.ready").touch()
    assert (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL).version == "2026.7.1"


@pytest.mark.usefixtures("path")
async def test_the_usual_places_are_looked_into(tmp_path: Path) -> None:
    usual = install(tmp_path / "usual")
    assert (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL).argv == (str(usual),)


async def test_one_that_is_too_old_is_passed_over_for_a_good_one(path: Path, tmp_path: Path) -> None:
    install(path, "cloudflared version 2021.1.0 (built then)")
    usual = install(tmp_path / "usual")
    assert (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL).argv == (str(usual),)


@pytest.mark.usefixtures("path")
async def test_without_any_a_server_elsewhere_is_out_of_reach() -> None:
    assert (await fault())[0] is ErrorCode.CONNECTOR_MISSING


@pytest.mark.parametrize(
    ("version", "usable"), [("2022.3.0", True), ("2022.2.9", False), ("2021.12.4", False), ("2030.10.0", True)]
)
async def test_it_is_new_enough_from_the_version_on_that_takes_its_token_from_the_environment(
    path: Path, version: str, usable: bool
) -> None:
    install(path, f"cloudflared version {version} (built then)")
    if usable:
        assert (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL).version == version
    else:
        code, message = await fault()
        assert code is ErrorCode.CONNECTOR_TOO_OLD
        assert version in message


async def test_one_built_by_its_user_is_taken_on_trust(path: Path) -> None:
    install(path, "cloudflared version DEV (built unknown)")
    assert (await locate(server=ELSEWHERE, chosen=None)).for_token(REAL).version == "DEV"


async def test_a_chosen_one_that_is_missing_is_never_silently_replaced(path: Path, tmp_path: Path) -> None:
    install(path)
    code, message = await fault(tmp_path / "nowhere", server=HERE)
    assert code is ErrorCode.CONNECTOR_MISSING
    assert str(tmp_path / "nowhere") in message


async def test_a_folder_is_no_program(tmp_path: Path) -> None:
    assert (await fault(tmp_path))[0] is ErrorCode.CONNECTOR_MISSING


async def test_a_path_of_impossible_length_is_missing() -> None:
    assert (await fault(Path("/" + "x" * 5_000)))[0] is ErrorCode.CONNECTOR_MISSING


async def test_one_that_may_not_be_executed_says_so(tmp_path: Path) -> None:
    program = install(tmp_path)
    program.chmod(0o644)
    assert (await fault(program))[0] is ErrorCode.CONNECTOR_NOT_EXECUTABLE


@pytest.mark.linux("the marks are those of programs for other systems")
@pytest.mark.parametrize("mark", [b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01", b"MZ\x90\x00", b"\x7fELF\x02\x01\x01"])
async def test_one_for_another_kind_of_machine_says_so(tmp_path: Path, mark: bytes) -> None:
    program = install(tmp_path)
    program.write_bytes(mark + bytes(100))
    assert (await fault(program))[0] is ErrorCode.CONNECTOR_WRONG_ARCHITECTURE


@pytest.mark.parametrize("content", ["just a text\n", "#!/no/such/interpreter\n", "#!/bin/sh\nexit 3\n"])
async def test_what_is_no_cloudflared_says_so(tmp_path: Path, content: str) -> None:
    code, message = await fault(install(tmp_path, script=content))
    assert code is ErrorCode.CONNECTOR_NOT_EXECUTABLE
    assert "cloudflared" in message


async def test_a_program_that_never_ends_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_VERSION_LIMIT", 0.3)
    began = time.monotonic()
    code, message = await fault(install(tmp_path, script="#!/bin/sh\ntrap '' TERM\nsleep 60\necho never\n"))
    assert time.monotonic() - began < 2
    assert code is ErrorCode.CONNECTOR_NOT_EXECUTABLE
    assert "did not end" in message


async def test_a_program_that_talks_without_end_fills_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_VERSION_LIMIT", 0.3)
    assert (await fault(install(tmp_path, script="#!/bin/sh\nwhile :; do echo y; done\n")))[
        0
    ] is ErrorCode.CONNECTOR_NOT_EXECUTABLE


# Which one for which token


@pytest.mark.usefixtures("path")
async def test_on_this_computer_the_stand_in_needs_no_cloudflared() -> None:
    connectors = await locate(server=HERE, chosen=None)
    assert connectors.for_token(STAND_IN).argv == (sys.executable, "-m", "tunneldesk.backend.connector")
    with pytest.raises(ConnectorUnusableError, match="CONNECTOR_MISSING"):
        connectors.for_token(REAL)


async def test_on_this_computer_an_old_cloudflared_is_told_only_when_it_is_needed(path: Path) -> None:
    install(path, "cloudflared version 2020.1.0 (built then)")
    connectors = await locate(server=HERE, chosen=None)
    connectors.for_token(STAND_IN)
    with pytest.raises(ConnectorUnusableError, match="CONNECTOR_TOO_OLD"):
        connectors.for_token(REAL)


async def test_on_this_computer_a_real_token_goes_to_the_real_one(path: Path) -> None:
    program = install(path)
    assert (await locate(server=HERE, chosen=None)).for_token(REAL).argv == (str(program),)


async def test_a_server_elsewhere_cannot_have_us_dial_an_edge_of_its_choice(path: Path) -> None:
    install(path)
    connectors = await locate(server=ELSEWHERE, chosen=None)
    with pytest.raises(ConnectorGaveUpError, match="CONNECTOR_TOKEN_REFUSED"):
        connectors.for_token(STAND_IN)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("edge", ["203.0.113.9:8788", "edge.example.com:443", "127.0.0.1.example.com:1", "[::2]:1"])
async def test_a_server_here_cannot_have_us_dial_an_edge_elsewhere(edge: str) -> None:
    connectors = await locate(server=HERE, chosen=None)
    with pytest.raises(ConnectorGaveUpError, match="CONNECTOR_TOKEN_REFUSED"):
        connectors.for_token(token(e=edge))


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("edge", ["localhost:1", "[::1]:8788", "127.0.0.9:1"])
async def test_every_name_of_this_computer_is_this_computer(edge: str) -> None:
    assert (await locate(server=HERE, chosen=None)).for_token(token(e=edge)).argv[0] == sys.executable


@pytest.mark.parametrize(
    "text", ["", "not base64 at all!", "\u00e9\ud800", base64.b64encode(b"[1]").decode(), "e30="]
)
async def test_a_token_of_no_known_form_is_left_to_the_real_one_to_judge(path: Path, text: str) -> None:
    program = install(path)
    assert (await locate(server=HERE, chosen=None)).for_token(Secret(text)).argv == (str(program),)


async def test_a_frozen_build_is_its_own_stand_in(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(path)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    connectors = await locate(server=HERE, chosen=None)
    assert connectors.for_token(STAND_IN).argv == (sys.executable, "connector")
