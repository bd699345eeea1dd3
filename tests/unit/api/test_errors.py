"""What each bad answer, and each silence, is called."""

from __future__ import annotations

import errno
import itertools
import json
import socket
import ssl
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.api.errors import API_CODES, RETRY_AFTER_MAX, refusal, unreachable
from tunneldesk.domain.errors import (
    ErrorCode,
    Failure,
    NotATunnelServerError,
    ServerRefusedError,
    ServerUnreachableError,
)
from tunneldesk.domain.secret import Secret
from tunneldesk.presentation.reasons import said

PAGE = b"<html><head><title>502 Bad Gateway</title></head></html>"


def refused(
    status: int, body: object = None, headers: dict[str, str] | None = None, *, secrets: tuple[str, ...] = ()
) -> Failure:
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    error = refusal(httpx.Response(status, headers=headers, content=content), [Secret(text) for text in secrets])
    assert isinstance(
        error, NotATunnelServerError if error.failure.code is ErrorCode.NOT_A_TUNNEL_SERVER else ServerRefusedError
    )
    return error.failure


@pytest.mark.parametrize("code", sorted(API_CODES - {ErrorCode.RATE_LIMITED}))
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 502, 503])
def test_a_code_is_taken_at_its_word_whatever_the_status(code: ErrorCode, status: int) -> None:
    failure = refused(status, {"code": code.value, "message": "Because."})
    assert (failure.code, failure.message, failure.status) == (code, "Because.", status)
    assert failure.raw_code is None
    assert failure.at is not None


@pytest.mark.parametrize("code", sorted(set(ErrorCode) - API_CODES - {ErrorCode.UNKNOWN_CODE}))
def test_our_own_codes_are_not_taken_from_a_server(code: ErrorCode) -> None:
    failure = refused(400, {"code": code.value})
    assert failure.code is ErrorCode.UNKNOWN_CODE
    assert failure.raw_code == code


def test_our_own_codes_begin_after_the_servers() -> None:
    assert {ErrorCode.INVALID_INPUT, ErrorCode.RATE_LIMITED, ErrorCode.USER_NOT_FOUND} < API_CODES
    assert not {ErrorCode.UNKNOWN_CODE, ErrorCode.SIGNED_OUT, ErrorCode.UNEXPECTED} & API_CODES


@pytest.mark.parametrize(
    ("status", "code"), [(429, ErrorCode.TUNNEL_LIMIT_EXCEEDED), (409, ErrorCode.TUNNEL_LIMIT_REACHED)]
)
def test_the_limit_is_the_limit_in_both_its_forms(status: int, code: ErrorCode) -> None:
    failure = refused(status, {"code": code, "message": "Full.", "details": {"activeCount": 5, "maxActive": 5}})
    assert failure.code is code
    assert failure.details == {"activeCount": 5, "maxActive": 5}


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (429, {"code": "RATE_LIMITED", "message": "Slow down."}, {"Retry-After": "17"}),
        (429, {"message": "Too Many Requests", "error": "x", "statusCode": 429}, {"Retry-After": "17"}),
        (429, {"code": "SOMETHING_ELSE"}, {"Retry-After": "17"}),
        (429, {"code": "INTERNAL_ERROR"}, {"Retry-After": "17"}),
        (429, None, {"Retry-After": "17"}),
        (429, PAGE, {"Retry-After": "17"}),
        (500, {"code": "INTERNAL_ERROR"}, {"Retry-After": "17", "X-RateLimit-Remaining": "0"}),
        (500, {"code": "INTERNAL_ERROR"}, {"retry-after": "17", "x-ratelimit-remaining": " 0 "}),
        (500, {"message": "oops"}, {"Retry-After": "17", "X-RateLimit-Remaining": "0"}),
    ],
)
def test_too_many_requests_is_understood_in_every_form(status: int, body: object, headers: dict[str, str]) -> None:
    failure = refused(status, body, headers)
    assert failure.code is ErrorCode.RATE_LIMITED
    assert failure.retry_after == 17
    assert failure.status == status


@pytest.mark.parametrize(
    "headers",
    [{}, {"Retry-After": "17"}, {"X-RateLimit-Remaining": "0"}, {"Retry-After": "1", "X-RateLimit-Remaining": "3"}],
)
def test_a_fault_of_the_server_is_not_mistaken_for_a_rate_limit(headers: dict[str, str]) -> None:
    assert refused(500, {"code": "INTERNAL_ERROR"}, headers).code is ErrorCode.INTERNAL_ERROR


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("2.5", 2.5),
        ("999999999", RETRY_AFTER_MAX),
        ("Mon, 23 Nov 2026 18:00:30 GMT", 30),
        ("Mon, 23 Nov 2026 17:00:00 GMT", 0),
        ("Sun, 23 Nov 2036 18:00:00 GMT", RETRY_AFTER_MAX),
        ("Mon, 23 Nov 2026 18:00:30 -0000", 30),
        ("-5", None),
        ("nan", None),
        ("inf", None),
        ("1e9", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Nov 2026 18:00:30 GMT", None),
        ("9" * 5000, None),
    ],
)
def test_the_time_to_wait_comes_as_seconds_or_as_a_date_and_stays_within_reason(
    value: str, seconds: float | None
) -> None:
    headers = {"Retry-After": value, "Date": "Mon, 23 Nov 2026 18:00:00 GMT"}
    assert refused(429, {"code": "RATE_LIMITED"}, headers).retry_after == seconds


def test_a_date_to_wait_for_is_counted_on_our_clock_when_the_server_names_no_time() -> None:
    assert refused(429, None, {"Retry-After": "Fri, 23 Nov 2001 18:00:00 GMT"}).retry_after == 0


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"message": "no"}, ErrorCode.UNKNOWN_CODE),
        (400, {"code": "TEAPOT"}, ErrorCode.UNKNOWN_CODE),
        (400, {"code": 5}, ErrorCode.UNKNOWN_CODE),
        (400, {"code": ""}, ErrorCode.UNKNOWN_CODE),
        (400, None, ErrorCode.UNKNOWN_CODE),
        (401, {"message": "Unauthorized"}, ErrorCode.INVALID_TOKEN),
        (401, None, ErrorCode.INVALID_TOKEN),
        (403, {"message": "Forbidden"}, ErrorCode.FORBIDDEN),
        (404, {"message": "Cannot GET /x", "error": "Not Found", "statusCode": 404}, ErrorCode.NOT_A_TUNNEL_SERVER),
        (404, {"code": "NOT_FOUND"}, ErrorCode.NOT_A_TUNNEL_SERVER),
        (404, None, ErrorCode.NOT_A_TUNNEL_SERVER),
        (405, {"message": "no"}, ErrorCode.NOT_A_TUNNEL_SERVER),
        (500, {"code": "KABOOM"}, ErrorCode.INTERNAL_ERROR),
        (500, None, ErrorCode.INTERNAL_ERROR),
        (503, {"message": "down"}, ErrorCode.INTERNAL_ERROR),
        (502, PAGE, ErrorCode.NOT_A_TUNNEL_SERVER),
        (404, PAGE, ErrorCode.NOT_A_TUNNEL_SERVER),
        (403, PAGE, ErrorCode.NOT_A_TUNNEL_SERVER),
        (503, b"upstream connect error", ErrorCode.NOT_A_TUNNEL_SERVER),
        (400, ["no"], ErrorCode.NOT_A_TUNNEL_SERVER),
        (500, "no", ErrorCode.NOT_A_TUNNEL_SERVER),
        (300, {"code": "INVALID_PORT"}, ErrorCode.NOT_A_TUNNEL_SERVER),
        (304, None, ErrorCode.NOT_A_TUNNEL_SERVER),
        (101, None, ErrorCode.NOT_A_TUNNEL_SERVER),
    ],
)
def test_an_answer_without_a_code_we_know_is_judged_by_its_status(
    status: int, body: object, code: ErrorCode
) -> None:
    failure = refused(status, body)
    assert failure.code is code
    assert failure.status == status


def test_a_code_that_is_not_ours_is_kept_as_it_was_spelt() -> None:
    assert refused(400, {"code": "TEAPOT"}).raw_code == "TEAPOT"
    assert refused(500, {"code": "KABOOM"}).raw_code == "KABOOM"
    assert refused(429, {"code": "SLOW_DOWN"}).raw_code == "SLOW_DOWN"
    assert refused(400, {"code": "x\n" * 5000}).raw_code == ("x " * 39)[:77] + "..."


def test_a_redirect_is_named_and_not_taken() -> None:
    failure = refused(302, PAGE, {"Location": "https://login.example.com/?next=\x01tok-en"}, secrets=("tok-en",))
    assert failure.code is ErrorCode.NOT_A_TUNNEL_SERVER
    assert "https://login.example.com/?next= ***" in said(failure)
    assert "another address" in said(refused(307))


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("The name is taken.", "The name is taken."),
        ("two\nlines\x1b[31m", "two lines [31m"),
        (["port must be a number", 5, "port is too big"], "port must be a number; port is too big"),
        ({"text": "no"}, ""),
        (None, ""),
        ("x" * 2000, "x" * 497 + "..."),
    ],
)
def test_a_message_is_plain_and_short(message: object, shown: str) -> None:
    assert refused(400, {"code": "INVALID_INPUT", "message": message}).message == shown


def test_a_port_refused_by_schema_is_recognised_as_the_ports_fault() -> None:
    details = {"formErrors": [], "fieldErrors": {"port": ["Number must be less than or equal to 65535"]}}
    failure = refused(400, {"code": "INVALID_INPUT", "message": "Invalid input", "details": details})
    assert failure.names_port
    assert not failure.names_slug


def test_a_token_that_the_server_says_back_is_nowhere_in_the_failure() -> None:
    token = "abc+def/very-secret=="
    echo = f"Token {token} is not valid"
    body = {"code": f"X_{token}", "message": echo, "details": {token: [echo, {"a": echo}]}}
    headers = {"X-Request-Id": token, "Retry-After": token, "Location": f"https://x/?t={token}"}
    for status in (302, 400, 401, 404, 429, 500):
        for answer in (body, echo, f"<html>{echo}".encode()):
            assert "very-secret" not in repr(refused(status, answer, headers, secrets=(token,)))


@pytest.mark.parametrize("header", ["X-Request-Id", "CF-Ray"])
def test_what_to_quote_to_the_servers_people_is_kept(header: str) -> None:
    assert refused(500, None, {header: "8c1f-FRA"}).request_id == "8c1f-FRA"
    assert refused(404, PAGE, {header: "8c1f-FRA"}).request_id == "8c1f-FRA"
    assert refused(500).request_id is None


ANY_TEXT = st.text(st.characters(exclude_categories=[]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=20,
)
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=126)).map(str.strip)


@given(
    status=st.integers(100, 599).filter(lambda status: not 200 <= status < 300),
    body=st.binary() | JSON | st.dictionaries(st.sampled_from(["code", "message", "details"]), JSON),
    headers=st.dictionaries(
        st.sampled_from(["Retry-After", "Date", "X-RateLimit-Remaining", "X-Request-Id", "Location"]), HEADER
    ),
)
def test_any_answer_becomes_a_failure_that_can_be_shown(status: int, body: Any, headers: dict[str, str]) -> None:
    failure = refused(status, body, headers)
    for words in (failure.message, failure.told, said(failure)):
        assert words.isprintable()
    assert len(failure.message) <= 500
    assert len(said(failure)) <= 500
    assert failure.retry_after is None or 0 <= failure.retry_after <= RETRY_AFTER_MAX


def chained(outer: Exception, *inner: BaseException) -> Exception:
    """Return ``outer`` as if raised from the first of ``inner``, that from the second, and so on."""
    links: list[BaseException] = [outer, *inner]
    for link, cause in itertools.pairwise(links):
        link.__cause__ = cause
    return outer


CERTIFICATE = ssl.SSLCertVerificationError(1, "certificate verify failed")
CERTIFICATE.verify_message = "self-signed certificate"
REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


@pytest.mark.parametrize(
    ("exc", "code", "words"),
    [
        (chained(httpx.ConnectError("x"), CERTIFICATE), ErrorCode.SERVER_CERTIFICATE_INVALID, "self-signed"),
        (
            chained(httpx.ConnectError("x"), socket.gaierror(socket.EAI_NONAME, "Name or service not known")),
            ErrorCode.SERVER_NAME_UNKNOWN,
            "Name or service not known",
        ),
        (UnicodeError("label too long"), ErrorCode.SERVER_NAME_UNKNOWN, "label"),
        (
            chained(httpx.ConnectError("x"), OSError("y"), REFUSED),
            ErrorCode.SERVER_REFUSED_CONNECTION,
            "ECONNREFUSED",
        ),
        (
            chained(
                httpx.ConnectError("x"),
                OSError("y"),
                ExceptionGroup("all", [OSError(errno.ENETUNREACH, "away"), REFUSED]),
            ),
            ErrorCode.SERVER_REFUSED_CONNECTION,
            "refused",
        ),
        (httpx.ConnectTimeout("x"), ErrorCode.SERVER_TIMED_OUT, "timed out"),
        (
            chained(httpx.ConnectError("x"), TimeoutError(errno.ETIMEDOUT, "x")),
            ErrorCode.SERVER_TIMED_OUT,
            "timed out",
        ),
        (
            chained(httpx.ConnectError("x"), OSError(errno.ENETUNREACH, "Network is unreachable")),
            ErrorCode.SERVER_CONNECTION_BROKEN,
            "Network is unreachable",
        ),
        (
            chained(httpx.ConnectError("x"), ssl.SSLError(1, "WRONG_VERSION_NUMBER")),
            ErrorCode.SERVER_CONNECTION_BROKEN,
            "WRONG_VERSION_NUMBER",
        ),
        (httpx.ReadError(""), ErrorCode.SERVER_CONNECTION_BROKEN, "broke off"),
        (httpx.ProxyError("407 Proxy\r\nAuth"), ErrorCode.SERVER_CONNECTION_BROKEN, "407 Proxy Auth"),
        (
            httpx.RemoteProtocolError("Server disconnected without sending a response."),
            ErrorCode.SERVER_CONNECTION_BROKEN,
            "disconnected",
        ),
        (httpx.RemoteProtocolError("illegal status line"), ErrorCode.NOT_A_TUNNEL_SERVER, "not HTTP"),
    ],
    ids=repr,
)
def test_silences_are_told_apart(exc: Exception, code: ErrorCode, words: str) -> None:
    error = unreachable(exc)
    assert error.failure.code is code
    assert words in said(error.failure)
    assert error.failure.at is not None
    assert isinstance(error, NotATunnelServerError if code == "NOT_A_TUNNEL_SERVER" else ServerUnreachableError)


def test_causes_that_go_in_a_circle_come_to_an_end() -> None:
    one, other = httpx.ReadError("one"), OSError("other")
    one.__cause__, other.__cause__ = other, one
    assert unreachable(one).failure.code is ErrorCode.SERVER_CONNECTION_BROKEN
