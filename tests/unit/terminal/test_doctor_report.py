"""The doctor's findings as the terminal prints them."""

from __future__ import annotations

import json

import pytest

from tunneldesk.domain.checkup import Check, Verdict
from tunneldesk.domain.errors import ErrorCode, InvalidValueError
from tunneldesk.presentation.doctor import CheckView
from tunneldesk.presentation.doctor_texts import label
from tunneldesk.terminal.arguments import UnusableCallError, parse
from tunneldesk.terminal.doctor import JsonReport, PlainReport, json_line, lines, status
from tunneldesk.terminal.style import Style

WIDEST = len("server")


def view(
    verdict: Verdict, reason: str = "", *, fix: str = "", check: Check = Check.SERVER, code: ErrorCode | None = None
) -> CheckView:
    return CheckView(check, label(check), verdict, reason, fix, code)


def test_a_wide_terminal_has_findings_beside_the_names() -> None:
    finding = view(Verdict.FAIL, "It is away. " * 10, fix="Start it.", code=ErrorCode.SERVER_TIMED_OUT)
    told = list(lines(finding, WIDEST, Style(), 80))
    assert told[0].startswith("fail  server  It is away.")
    assert told[1].startswith(" " * 14)
    assert not told[1].startswith(" " * 15)
    assert told[-1] == " " * 14 + "Fix: Start it."
    assert max(map(len, told)) < 80


def test_a_narrow_terminal_has_them_below() -> None:
    told = list(lines(view(Verdict.WARN, "It is away. " * 10, fix="Start it."), WIDEST, Style(), 50))
    assert told[:2] == ["warn  server", "      It is away. It is away. It is away. It is"]
    assert told[-1] == "      Fix: Start it."
    assert max(map(len, told)) < 50


def test_programs_get_the_fields_they_know() -> None:
    assert json.loads(json_line(view(Verdict.FAIL, "Away.", fix="x", code=ErrorCode.SIGNED_OUT))) == {
        "event": "check",
        "check": "server",
        "verdict": "fail",
        "reason": "Away.",
        "fix": "x",
        "code": "SIGNED_OUT",
    }
    bare = json.loads(json_line(view(Verdict.SKIPPED)))
    assert (bare["verdict"], bare["fix"], bare["code"]) == ("skip", None, None)


def test_the_doctor_ends_well_unless_something_needed_failed() -> None:
    fine, poor = view(Verdict.OK), view(Verdict.WARN, code=ErrorCode.KEYRING_MISSING)
    broken, missing = view(Verdict.FAIL), view(Verdict.FAIL, code=ErrorCode.CONNECTOR_MISSING)
    assert status([fine, poor]) == 0
    assert status([fine, broken, missing]) == 1
    assert status([missing, broken]) == 5


def test_a_terminal_shows_what_is_waited_for_and_sums_up(capsys: pytest.CaptureFixture[str]) -> None:
    report = PlainReport([Check.SERVER, Check.CLOCK], Style(live=True))
    assert capsys.readouterr().out == "...   server"
    report.tell(view(Verdict.OK, "Fine."))
    assert capsys.readouterr().out == "\r\x1b[Kok    server  Fine.\n...   clock"
    report.tell(view(Verdict.OK, "Fine.", check=Check.CLOCK))
    report.end()
    assert capsys.readouterr().out.endswith("\r\x1b[K\nAll is well.\n")


def test_a_pipe_gets_findings_only_and_no_sum_of_a_broken_off_check_up(capsys: pytest.CaptureFixture[str]) -> None:
    report = PlainReport([Check.SERVER, Check.CLOCK], Style())
    report.tell(view(Verdict.OK, "Fine."))
    report.end()
    assert capsys.readouterr().out == "ok    server  Fine.\n"


def test_json_is_a_line_each_and_no_sum(capsys: pytest.CaptureFixture[str]) -> None:
    report = JsonReport()
    report.tell(view(Verdict.OK, "Fine."))
    report.end()
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("my-app.example.com", "https://my-app.example.com"),
        ("https://my-app.example.com/page?x=1#top", "https://my-app.example.com/page?x=1"),
        ("my-app.tunnel.localhost:8788", "http://my-app.tunnel.localhost:8788"),
    ],
)
def test_an_address_is_taken_as_people_have_it(given: str, meant: str) -> None:
    call = parse(["doctor", "--address", given, "--port", "3000"])
    assert (call.address, call.port, call.wish) == (meant, 3000, None)
    assert "--port 3000" in call.invocation.line(slug=None)


@pytest.mark.parametrize(
    "given",
    ["", "ftp://a.example", "https://user:secret@a.example", "javascript:alert(1)", "https://[", "a b.example"],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(UnusableCallError) as caught:
        parse(["doctor", "--address", given])
    assert isinstance(caught.value.error, InvalidValueError)


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(UnusableCallError):
        parse(["doctor", "--port", "0"])
