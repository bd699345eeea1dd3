"""What the doctor found, in words."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from build_scripts import sample_states as samples
from tunneldesk.domain.checkup import (
    AccountSeen,
    AddressSeen,
    Check,
    ClockSeen,
    ConnectorSeen,
    EdgeSeen,
    Facts,
    Finding,
    FoldersSeen,
    LeftoversSeen,
    NamesSeen,
    PortSeen,
    ServerSeen,
    SpaceSeen,
    TraySeen,
    Unseen,
    Verdict,
)
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.health import AddressFinding, AddressState
from tunneldesk.presentation import doctor_texts
from tunneldesk.presentation.advice import Invocation
from tunneldesk.presentation.doctor import CheckView, DoctorView, check_view, doctor_view, summary
from tunneldesk.presentation.problem import ActionKind

SERVER = "https://api.example.com"
CALL = Invocation("doctor")
NOW = datetime(2026, 11, 23, 20, 49, 4, tzinfo=UTC)
FOLDERS = (Path("/h/config"), Path("/h/state"))


def shown(
    check: Check, verdict: Verdict, facts: Facts | None = None, failure: ErrorCode | None = None
) -> CheckView:
    return check_view(Finding(check, verdict, facts, Failure(failure) if failure else None), SERVER, CALL)


OK, WARN, FAIL, SKIPPED = Verdict.OK, Verdict.WARN, Verdict.FAIL, Verdict.SKIPPED


@pytest.mark.parametrize(
    ("check", "verdict", "facts", "reason", "fix"),
    [
        (Check.SERVER, OK, ServerSeen(SERVER), "https://api.example.com answers as", ""),
        (Check.SERVER, OK, ServerSeen(SERVER, "proxy:3128"), "Proxy in use: proxy:3128.", ""),
        (Check.CLOCK, OK, ClockSeen(0.7), "goes with the server's", ""),
        (Check.CLOCK, OK, ClockSeen(12), "12 s behind the server's", ""),
        (Check.CLOCK, WARN, ClockSeen(-3600), "1 h ahead of the server's", "automatic time"),
        (Check.CLOCK, WARN, ClockSeen(3600), "1 h behind the server's", "automatic time"),
        (Check.CLOCK, SKIPPED, Unseen.NO_DATE, "does not say what time", ""),
        (Check.ACCESS_TOKEN, OK, AccountSeen(2), "tunnels in use: 2", ""),
        (Check.ACCESS_TOKEN, SKIPPED, Unseen.NO_ANSWER, "a server that answers is needed", ""),
        (Check.KEYRING, OK, None, "can be used", ""),
        (Check.CONNECTOR, OK, ConnectorSeen("2026.7.1", "/bin/c"), "cloudflared 2026.7.1 (/bin/c).", ""),
        (
            Check.CONNECTOR,
            OK,
            ConnectorSeen("2026.1.1", "/bin/c", "2026.7.1"),
            "2026.7.1 can be had with: tunneldesk install-cloudflared",
            "",
        ),
        (Check.CONNECTOR, OK, ConnectorSeen(), "the stand-in will do", ""),
        (Check.EDGE, OK, EdgeSeen(("a:7844", "b:7844")), "takes connections: a:7844, b:7844.", ""),
        (Check.EDGE, WARN, EdgeSeen(("a:7844",), ("b:7844",)), "Not reached: b:7844.", "both regions"),
        (Check.EDGE, SKIPPED, Unseen.STAND_IN, "is not used", ""),
        (Check.EDGE, SKIPPED, Unseen.NO_SERVER, "no server is known", ""),
        (Check.EDGE, FAIL, Unseen.TOO_SLOW, "reasonable time", ""),
        (Check.TRAY, OK, TraySeen(available=True), "has a tray", ""),
        (Check.TRAY, WARN, TraySeen(available=False), "has no tray", "AppIndicator"),
        (Check.TRAY, SKIPPED, Unseen.NO_DISPLAY, "no display", ""),
        (Check.TRAY, SKIPPED, Unseen.NO_QT, "Qt is not installed", ""),
        (Check.TRAY, SKIPPED, Unseen.TRAY_SILENT, "could not be found out", ""),
        (Check.FOLDERS, OK, FoldersSeen(FOLDERS), "can be written to", ""),
        (
            Check.FOLDERS,
            FAIL,
            FoldersSeen(FOLDERS, (FOLDERS[0], "Read-only file system")),
            "config can't be written to: Read-only file system.",
            "TUNNELDESK_HOME",
        ),
        (Check.FOLDERS, WARN, FoldersSeen(FOLDERS, set_aside=(Path("/h/x.damaged-1"),)), "x.damaged-1", "delete"),
        (Check.DISK_SPACE, OK, SpaceSeen(FOLDERS[1], 12_300_000_000), "12.3 GB free", ""),
        (Check.DISK_SPACE, WARN, SpaceSeen(FOLDERS[1], 3_000_000), "3 MB free", "Make room"),
        (Check.LEFTOVERS, OK, LeftoversSeen(), "nothing behind", ""),
        (Check.LEFTOVERS, WARN, LeftoversSeen((12, 34), 1), "process 12, 34. Tunnels", "run expose"),
        (Check.LEFTOVERS, WARN, LeftoversSeen(tunnels=3), "server: 3.", "run expose"),
        (Check.LOCALHOST_NAMES, OK, NamesSeen(looked_up=True), "are looked up", ""),
        (Check.LOCALHOST_NAMES, WARN, NamesSeen(looked_up=False), "does not look up", "libnss-myhostname"),
        (Check.PORT, OK, PortSeen(3000, ("127.0.0.1", "::1")), "Port 3000 is taken on 127.0.0.1, ::1.", ""),
        (Check.PORT, WARN, PortSeen(3000), "Nothing listens on port 3000", "Start your service"),
        (Check.PORT, WARN, PortSeen(3000, ("::1",), tls=True), "It speaks TLS", "plain HTTP"),
    ],
)
def test_each_finding_says_what_was_seen_and_what_to_do(
    check: Check, verdict: Verdict, facts: Facts | None, reason: str, fix: str
) -> None:
    view = shown(check, verdict, facts)
    assert reason in view.reason
    assert fix in view.fix
    assert bool(view.fix) is bool(fix)
    assert (view.check, view.verdict, view.code) == (check, verdict, None)


@pytest.mark.parametrize("state", AddressState)
def test_each_state_of_an_address_has_words_and_all_but_the_good_one_a_fix(state: AddressState) -> None:
    view = shown(Check.ADDRESS, FAIL, AddressSeen("https://x.example", 3000, AddressFinding(NOW, state, 502)))
    assert "x.example" in view.reason or "localhost:3000" in view.reason
    assert bool(view.fix) is (state is not AddressState.OK)


def test_a_framework_that_refuses_the_name_is_told_with_the_very_line_to_add() -> None:
    found = AddressFinding(
        NOW, AddressState.HOST_REFUSED, 403, "Vite", "server: { allowedHosts: ['x'] }", "vite.config"
    )
    view = shown(Check.ADDRESS, FAIL, AddressSeen("https://x.example", 3000, found))
    assert "Vite on localhost:3000 turns visitors away until x.example is allowed." in view.reason
    assert view.fix == "Add this line to vite.config and restart it: server: { allowedHosts: ['x'] }"


def test_an_address_whose_port_is_not_known_is_told_of_without_one() -> None:
    found = AddressFinding(NOW, AddressState.SERVICE_TIMED_OUT, 524)
    view = shown(Check.ADDRESS, FAIL, AddressSeen("https://x.example", None, found))
    assert "your service took the request" in view.reason
    assert "localhost" not in view.reason


def test_a_failure_is_told_as_the_catalogue_tells_it_with_the_first_way_on() -> None:
    view = shown(Check.ACCESS_TOKEN, FAIL, failure=ErrorCode.SIGNED_OUT)
    assert view.reason.startswith("You are not signed in. api.example.com needs to know")
    assert view.code is ErrorCode.SIGNED_OUT
    assert "sign-in --email" in view.fix


def test_to_try_again_is_no_fix_the_doctor_would_give() -> None:
    assert shown(Check.SERVER, FAIL, ServerSeen(SERVER), ErrorCode.INTERNAL_ERROR).fix == ""


def test_a_server_that_is_away_is_told_with_the_proxy_in_between() -> None:
    view = shown(Check.SERVER, FAIL, ServerSeen(SERVER, "proxy:3128"), ErrorCode.SERVER_TIMED_OUT)
    assert view.reason.endswith("Proxy in use: proxy:3128.")
    assert "answers as" not in view.reason


def test_an_edge_that_is_not_reached_is_told_with_what_was_tried() -> None:
    view = shown(Check.EDGE, FAIL, EdgeSeen((), ("a:7844",)), ErrorCode.CONNECTOR_EDGE_UNREACHABLE)
    assert "Tried: a:7844." in view.reason
    assert "firewall" in view.fix


def test_a_broken_cloudflared_that_nobody_needs_is_told_as_such() -> None:
    view = shown(Check.CONNECTOR, WARN, ConnectorSeen(), ErrorCode.CONNECTOR_TOO_OLD)
    assert "too old" in view.reason
    assert view.reason.endswith("the stand-in will do.")
    assert "install-cloudflared" in view.fix


def test_files_that_can_not_be_read_are_told_by_their_own_failure() -> None:
    view = shown(Check.FOLDERS, WARN, FoldersSeen(FOLDERS), ErrorCode.FILE_DAMAGED)
    assert view.reason
    assert "can be written to" not in view.reason


def test_a_window_gets_actions_in_place_of_commands() -> None:
    finding = Finding(Check.ACCESS_TOKEN, FAIL, failure=Failure(ErrorCode.SIGNED_OUT))
    view = check_view(finding, SERVER)
    assert view.fix == ""
    assert view.actions[0].kind is ActionKind.SIGN_IN
    port = check_view(Finding(Check.PORT, WARN, PortSeen(3000)), SERVER)
    assert port.fix.startswith("Start your service")


def test_what_comes_from_elsewhere_can_not_play_with_the_screen() -> None:
    view = shown(Check.SERVER, OK, ServerSeen("https://x\x1b[2J", "p\nq"))
    assert view.reason.isprintable()


def test_every_check_has_a_name() -> None:
    names = {check: check.value for check in Check} | {Check.EDGE: "Cloudflare"}
    assert {check: doctor_texts.label(check) for check in Check} == names


def test_a_check_up_is_summed_up() -> None:
    fine, poor, broken = (shown(Check.LEFTOVERS, verdict, LeftoversSeen()) for verdict in (OK, WARN, FAIL))
    assert summary([fine, fine]) == "All is well."
    assert summary([fine, poor]).endswith("Worth a look: 1 of 2 checks.")
    assert summary([fine, poor, broken]) == "1 of 3 checks failed."


@pytest.mark.slow
def test_lupdate_finds_the_texts(tmp_path: Path) -> None:
    lupdate = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    if lupdate is None:
        pytest.skip("pyside6-lupdate is not installed here")
    found = tmp_path / "found.ts"
    source = Path(doctor_texts.__file__)
    subprocess.run([lupdate, str(source), "-ts", str(found)], check=True, capture_output=True)
    texts = {text.text for text in ElementTree.parse(found).iter("source")}  # noqa: S314 - we wrote it
    assert len(texts) >= 60
    assert source.read_text().count("translate(") - 1 <= len(texts)


def test_a_window_shows_what_is_found_and_what_is_still_looked_at() -> None:
    assert doctor_view(None, None) == DoctorView()
    looking = doctor_view(samples.checkup(over=False), "https://api.example.com")
    assert looking.words == "Looking: 5 of 11 checks are done."
    assert [view.label for view in looking.done] == ["server", "clock", "access token", "keyring", "connector"]
    assert looking.waiting == ("Cloudflare", "tray", "folders", "disk space", "leftovers", "localhost names")
    assert not looking.over
    over = doctor_view(samples.checkup(over=True), "https://api.example.com")
    assert (over.words, over.waiting, over.over) == ("1 of 11 checks failed.", (), True)
