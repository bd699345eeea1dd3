"""The catalogue has words and a way on for everything that can go wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import pytest

from tunneldesk.backend.errors import KINDS
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.validation import parse_slug
from tunneldesk.presentation import catalogue_tunnels
from tunneldesk.presentation.catalogue import CATALOGUE, next_slug, problem
from tunneldesk.presentation.catalogue_entry import ITS_WORDS, OWN_WORDS
from tunneldesk.presentation.problem import ActionKind, Subject

SUBJECT = Subject(port=3000, slug="my-app", server="https://api.example.com", max_tunnels=5)

TITLES = {
    ErrorCode.INVALID_INPUT: "The server could not read the request",
    ErrorCode.INVALID_PORT: "Port 3000 can't be exposed",
    ErrorCode.INVALID_SLUG: '"my-app" can\'t be used as a name',
    ErrorCode.TUNNEL_SLUG_CONFLICT: '"my-app" is taken',
    ErrorCode.TUNNEL_LIMIT_EXCEEDED: "All 5 tunnels are in use",
    ErrorCode.TUNNEL_LIMIT_REACHED: "All 5 tunnels are in use",
    ErrorCode.SLUG_EXHAUSTED: "The server found no free name",
    ErrorCode.RATE_LIMITED: "Too many requests for now",
    ErrorCode.MISSING_AUTH: "Sign in again",
    ErrorCode.INVALID_TOKEN: "Sign in again",
    ErrorCode.INVALID_REFRESH_TOKEN: "Your session has ended",
    **dict.fromkeys(
        (
            ErrorCode.FORBIDDEN,
            ErrorCode.WORKSPACE_NOT_ALLOWED,
            ErrorCode.EMAIL_MISMATCH,
            ErrorCode.EMAIL_NOT_ALLOWED,
        ),
        "This account may not do that",
    ),
    **dict.fromkeys((ErrorCode.SLACK_OAUTH_DENIED, ErrorCode.SLACK_PROFILE_INCOMPLETE), "Sign-in was refused"),
    **dict.fromkeys(
        (ErrorCode.SLACK_OAUTH_FAILED, ErrorCode.SLACK_PROFILE_FAILED), "Sign-in failed at the provider"
    ),
    **dict.fromkeys(
        (
            ErrorCode.INVALID_STATE,
            ErrorCode.OAUTH_EXPIRED,
            ErrorCode.OAUTH_ALREADY_USED,
            ErrorCode.MISSING_OAUTH_PARAMS,
            ErrorCode.INVALID_LOGIN_CODE,
            ErrorCode.LOGIN_CODE_USED,
            ErrorCode.LOGIN_CODE_EXPIRED,
            ErrorCode.INVALID_CODE_VERIFIER,
            ErrorCode.USER_NOT_FOUND,
        ),
        "That sign-in is no longer valid",
    ),
    **dict.fromkeys(
        (
            ErrorCode.TUNNEL_CLOUDFLARE_DELETION_FAILED,
            ErrorCode.TUNNEL_DNS_DELETION_FAILED,
            ErrorCode.CLOUDFLARE_ERROR,
        ),
        "Cloudflare refused; the server will retry",
    ),
    ErrorCode.INTERNAL_ERROR: "The server has a problem",
    ErrorCode.INVALID_TUNNEL_ID: "The server refused the request",
    ErrorCode.UNKNOWN_CODE: "The server refused the request",
    ErrorCode.NOT_A_TUNNEL_SERVER: "That is not a TunnelDesk server",
    **dict.fromkeys(
        (
            ErrorCode.SERVER_NAME_UNKNOWN,
            ErrorCode.SERVER_REFUSED_CONNECTION,
            ErrorCode.SERVER_CERTIFICATE_INVALID,
            ErrorCode.SERVER_TIMED_OUT,
            ErrorCode.SERVER_CONNECTION_BROKEN,
        ),
        "Can't reach api.example.com",
    ),
    **dict.fromkeys(
        (
            ErrorCode.CONNECTOR_MISSING,
            ErrorCode.CONNECTOR_TOO_OLD,
            ErrorCode.CONNECTOR_NOT_EXECUTABLE,
            ErrorCode.CONNECTOR_WRONG_ARCHITECTURE,
        ),
        "cloudflared is needed",
    ),
    **dict.fromkeys(
        (
            ErrorCode.CONNECTOR_TOKEN_REFUSED,
            ErrorCode.CONNECTOR_CRASHING,
            ErrorCode.CONNECTOR_EDGE_UNREACHABLE,
        ),
        "Connected to the server, but not to Cloudflare",
    ),
    ErrorCode.SERVICE_SILENT: "Nothing answers on localhost:3000",
    **dict.fromkeys(
        (ErrorCode.KEYRING_MISSING, ErrorCode.KEYRING_LOCKED, ErrorCode.KEYRING_REFUSED),
        "Can't store your sign-in safely",
    ),
    ErrorCode.TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS: "Stopping: the server waits for connections to drain",
}
"""The titles as the table of what a person sees has them."""

A = ActionKind
BUTTONS = {
    ErrorCode.INVALID_INPUT: [A.EDIT, A.COPY_DETAILS],
    ErrorCode.INVALID_PORT: [A.CHANGE_PORT],
    ErrorCode.INVALID_SLUG: [A.CHANGE_NAME, A.USE_RANDOM_NAME],
    ErrorCode.TUNNEL_SLUG_CONFLICT: [A.USE_NAME, A.USE_RANDOM_NAME, A.CHANGE_NAME],
    ErrorCode.TUNNEL_LIMIT_EXCEEDED: [A.MAKE_ROOM, A.CANCEL],
    ErrorCode.SLUG_EXHAUSTED: [A.TRY_AGAIN, A.CHANGE_NAME],
    ErrorCode.RATE_LIMITED: [A.CANCEL],
    ErrorCode.INVALID_TOKEN: [A.SIGN_IN],
    ErrorCode.INVALID_REFRESH_TOKEN: [A.SIGN_IN],
    ErrorCode.SIGNED_OUT: [A.SIGN_IN],
    ErrorCode.FORBIDDEN: [A.USE_ANOTHER_ACCOUNT],
    ErrorCode.SLACK_OAUTH_DENIED: [A.TRY_AGAIN, A.USE_ANOTHER_ACCOUNT],
    ErrorCode.INVALID_STATE: [A.SIGN_IN],
    ErrorCode.CLOUDFLARE_ERROR: [A.TRY_AGAIN],
    ErrorCode.INTERNAL_ERROR: [A.TRY_AGAIN, A.COPY_DETAILS],
    ErrorCode.UNKNOWN_CODE: [A.TRY_AGAIN, A.COPY_DETAILS],
    ErrorCode.NOT_A_TUNNEL_SERVER: [A.CHECK_SERVER],
    ErrorCode.SERVER_TIMED_OUT: [A.TRY_AGAIN, A.CHECK_SERVER],
    ErrorCode.CONNECTOR_MISSING: [A.DOWNLOAD_CONNECTOR, A.CHOOSE_CONNECTOR],
    ErrorCode.CONNECTOR_DOWNLOAD_FAILED: [A.DOWNLOAD_CONNECTOR, A.CHOOSE_CONNECTOR, A.COPY_DETAILS],
    ErrorCode.CONNECTOR_DIGEST_MISMATCH: [A.DOWNLOAD_CONNECTOR, A.CHOOSE_CONNECTOR, A.COPY_DETAILS],
    ErrorCode.CONNECTOR_NO_DOWNLOAD: [A.OPEN_CONNECTOR_PAGE, A.CHOOSE_CONNECTOR],
    ErrorCode.CONNECTOR_CRASHING: [A.TRY_AGAIN, A.SHOW_LOG],
    ErrorCode.KEYRING_LOCKED: [A.SESSION_ONLY, A.TRY_AGAIN],
    ErrorCode.INVALID_LINK: [A.CANCEL, A.COPY_DETAILS],
    ErrorCode.FILE_DAMAGED: [A.CANCEL, A.COPY_DETAILS],
    ErrorCode.FILE_NOT_WRITTEN: [A.TRY_AGAIN, A.COPY_DETAILS],
}

QUIET = {
    ErrorCode.TUNNEL_NOT_FOUND,
    ErrorCode.TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS,
    ErrorCode.STOPPED_ELSEWHERE,
    ErrorCode.SERVICE_SILENT,
}


@pytest.mark.parametrize("code", ErrorCode)
@pytest.mark.parametrize("subject", [SUBJECT, Subject()], ids=["known", "nothing known"])
@pytest.mark.parametrize("message", ["The machine said so.", ""], ids=["said", "silent"])
@pytest.mark.parametrize("status", [None, 418], ids=["local", "server"])
def test_every_cause_has_words_and_a_way_on(
    code: ErrorCode, subject: Subject, message: str, status: int | None
) -> None:
    shown = problem(Failure(code, message, status=status), subject)
    assert shown.code is code
    assert shown.title
    assert shown.text
    assert shown.quiet or shown.actions
    for words in (shown.title, shown.text, *(action.label for action in shown.actions)):
        assert "{" not in words
        assert "None" not in words
        assert "!" not in words
        assert "oops" not in words.lower()
    assert len(shown.actions) <= 3


def test_a_server_code_that_is_not_ours_would_be_noticed() -> None:
    ours = {code.value for code in ErrorCode}
    # These two belong to unknown routes and methods, which this client never asks for.
    assert set(KINDS) - ours == {"NOT_FOUND", "METHOD_NOT_ALLOWED"}


@pytest.mark.parametrize(("code", "title"), TITLES.items())
def test_titles_are_the_agreed_ones(code: ErrorCode, title: str) -> None:
    assert problem(Failure(code, status=400), SUBJECT).title == title


@pytest.mark.parametrize(("code", "kinds"), BUTTONS.items())
def test_buttons_are_the_agreed_ones(code: ErrorCode, kinds: list[ActionKind]) -> None:
    assert [action.kind for action in problem(Failure(code, status=400), SUBJECT).actions] == kinds


def test_what_needs_no_dialog_is_marked_so() -> None:
    assert {code for code in ErrorCode if problem(Failure(code), SUBJECT).quiet} == QUIET


def test_causes_under_one_title_are_told_apart_by_their_text() -> None:
    same = {(ErrorCode.TUNNEL_LIMIT_EXCEEDED, ErrorCode.TUNNEL_LIMIT_REACHED)}
    same |= {(ErrorCode.INVALID_TUNNEL_ID, ErrorCode.UNKNOWN_CODE)}
    texts: dict[str, ErrorCode] = {}
    for code in ErrorCode:
        text = problem(Failure(code), SUBJECT).text
        assert text not in texts or (texts[text], code) in same
        texts[text] = code


def test_the_last_title_and_text_need_no_facts() -> None:
    for entry in (*CATALOGUE.values(), catalogue_tunnels.LOCAL_INPUT):
        for templates in (entry.titles, entry.texts):
            assert not [name for _, name, _, _ in Formatter().parse(templates[-1]) if name]


@pytest.mark.parametrize(
    ("taken", "proposed"),
    [
        ("my-app", "my-app-2"),
        ("my-app-2", "my-app-3"),
        ("my-app-9", "my-app-10"),
        ("2024", "2024-2"),
        ("a" * 32, "a" * 30 + "-2"),
        ("a" * 29 + "-99", "a" * 28 + "-100"),
        ("a" * 29 + "-bc", "a" * 29 + "-2"),
        ("a", "a-2"),
        ("x-" + "9" * 30, "x-" + "9" * 28 + "-2"),
    ],
)
def test_a_taken_name_leads_to_the_next_one_that_fits(taken: str, proposed: str) -> None:
    assert next_slug(taken) == proposed
    assert parse_slug(proposed) == proposed
    conflict = problem(Failure(ErrorCode.TUNNEL_SLUG_CONFLICT, status=409), Subject(port=3000, slug=taken))
    assert conflict.actions[0].value == proposed
    assert conflict.actions[0].label == f'Try "{proposed}"'


def test_an_invalid_input_is_told_by_what_it_is_about() -> None:
    def title(**details: object) -> str:
        return problem(Failure(ErrorCode.INVALID_INPUT, status=400, details=details), SUBJECT).title

    assert title(fieldErrors={"requestedSlug": ["bad"]}) == '"my-app" can\'t be used as a name'
    assert title(fieldErrors={"port": ["bad"]}) == "Port 3000 can't be exposed"
    assert title() == "The server could not read the request"


def test_what_was_refused_on_this_machine_is_said_in_our_own_words() -> None:
    own = '"abc" is not a port. A port is a whole number from 1 to 65535.'
    because = (Because(Reason.NOT_A_PORT, {"value": "abc"}),)
    shown = problem(Failure(ErrorCode.INVALID_PORT, because=because), Subject())
    assert (shown.title, shown.text) == ("That port can't be exposed", own)
    shown = problem(Failure(ErrorCode.INVALID_INPUT, '"soon" is not a length of time.'), Subject())
    assert (shown.title, shown.text) == ("That can't be used", '"soon" is not a length of time.')


def test_an_unknown_code_with_a_5xx_is_the_servers_own_problem() -> None:
    shown = problem(Failure(ErrorCode.UNKNOWN_CODE, raw_code="MELTDOWN", status=507), SUBJECT)
    assert shown.title == "The server has a problem"
    assert "HTTP 507" in shown.text
    assert ("Code", "MELTDOWN") in shown.details


def test_the_limit_is_the_servers_own_where_it_says_so() -> None:
    def title(most: object) -> str:
        failure = Failure(ErrorCode.TUNNEL_LIMIT_REACHED, status=409, details={"maxActive": most})
        return problem(failure, SUBJECT).title

    assert title(3) == "All 3 tunnels are in use"
    assert title("many") == "All 5 tunnels are in use"
    assert title(True) == "All 5 tunnels are in use"


def test_a_rate_limit_counts_down_to_when_the_server_wants_to_be_asked_again() -> None:
    shown = problem(Failure(ErrorCode.RATE_LIMITED, status=429, retry_after=12), SUBJECT)
    assert shown.countdown == 12
    assert "12 s" in shown.text
    assert problem(Failure(ErrorCode.RATE_LIMITED, status=429, retry_after=0.0), SUBJECT).countdown == 0
    assert problem(Failure(ErrorCode.RATE_LIMITED, status=429), SUBJECT).countdown == 60
    assert problem(Failure(ErrorCode.INTERNAL_ERROR, retry_after=12), SUBJECT).countdown is None


def test_server_text_cannot_move_a_cursor_or_be_taken_for_a_template() -> None:
    nasty = "\x1b[2J{port}\u202egnp\n<b>bold</b>" + "x" * 1000
    shown = problem(Failure(ErrorCode.FORBIDDEN, nasty, status=403, request_id="a\tb"), SUBJECT)
    assert shown.text.isprintable()
    assert "{port}" in shown.text
    assert "<b>bold</b>" in shown.text
    assert len(shown.text) < 450
    assert dict(shown.details)["Request id"] == "a b"


def test_details_hold_what_a_support_would_ask_for() -> None:
    failure = Failure(
        ErrorCode.TUNNEL_SLUG_CONFLICT,
        "taken",
        status=409,
        request_id="r-1",
        at=datetime(2026, 11, 23, 18, 38, 1, tzinfo=UTC),
    )
    assert problem(failure, SUBJECT).details == (
        ("Code", "TUNNEL_SLUG_CONFLICT"),
        ("HTTP status", "409"),
        ("Message", "taken"),
        ("Time", "2026-11-23 18:38:01 UTC"),
        ("Request id", "r-1"),
    )
    assert problem(Failure(ErrorCode.UNEXPECTED), SUBJECT).details == (("Code", "UNEXPECTED"),)


def test_everything_goes_through_the_translator() -> None:
    asked: set[tuple[str, str]] = set()

    def shout(context: str, text: str) -> str:
        asked.add((context, text))
        return text.replace("is taken", "EST PRIS")

    shown = problem(Failure(ErrorCode.TUNNEL_SLUG_CONFLICT, status=409), SUBJECT, translate=shout)
    assert shown.title == '"my-app" EST PRIS'
    assert ("Problem", 'Try "{next_slug}"') in asked
    assert ("Problem", "HTTP status") in asked


@pytest.mark.slow
def test_lupdate_finds_every_text_of_the_catalogue(tmp_path: Path) -> None:
    lupdate = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    if lupdate is None:
        pytest.skip("pyside6-lupdate is not installed here")
    sources = sorted(Path(catalogue_tunnels.__file__).parent.glob("catalogue*.py"))
    found = tmp_path / "found.ts"
    subprocess.run([lupdate, *map(str, sources), "-ts", str(found)], check=True, capture_output=True)
    texts = {source.text for source in ElementTree.parse(found).iter("source")}  # noqa: S314 - we wrote it
    used = {
        text
        for entry in (*CATALOGUE.values(), catalogue_tunnels.LOCAL_INPUT)
        for text in (*entry.titles, *entry.texts, *(way.label for way in entry.ways))
    }
    assert used - {OWN_WORDS, ITS_WORDS} <= texts
