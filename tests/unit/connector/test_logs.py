"""What lines of cloudflared's log mean, and what is kept out of ours."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tunneldesk.connector.logs import Dropped, LogEvent, MetricsAt, Refused, Registered, read_line, redact
from tunneldesk.domain.secret import Secret

AT = "2026-11-23T18:38:01Z"


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("INF Starting metrics server on 127.0.0.1:20241/metrics", MetricsAt("127.0.0.1:20241")),
        ("INF Starting metrics server on [::1]:20241/metrics", MetricsAt("[::1]:20241")),
        ("INF Starting metrics server on 203.0.113.9:80/metrics", None),
        (
            "INF Registered tunnel connection connIndex=0 connection=7654584d event=0 ip=127.0.0.1 location=LOC"
            " protocol=quic",
            Registered("0", "LOC", "quic"),
        ),
        (
            "INF Connection 7654584d-89ff-4ec7-bbc3-bc1006b9abb9 registered connIndex=2 location=AMS",
            Registered("2", "AMS", None),
        ),
        ("INF Unregistered tunnel connection connIndex=2 event=0", Dropped("2", "Unregistered tunnel connection")),
        ("INF Lost connection with the edge connIndex=0", Dropped("0", "Lost connection with the edge")),
        (
            'ERR Serve tunnel error error="connection with edge closed" connIndex=1 event=0',
            Dropped("1", "connection with edge closed"),
        ),
        (
            'WRN Connection terminated error="timeout: no recent \\"activity\\"" connIndex=3',
            Dropped("3", 'timeout: no recent "activity"'),
        ),
        (
            'ERR Register tunnel error from server side error="Unauthorized: Tunnel not found" connIndex=0',
            Refused("Unauthorized: Tunnel not found"),
        ),
        (
            'ERR failed to serve tunnel connection error="control stream encountered a failure while serving"',
            Refused(None),
        ),
        ("INF Retrying connection in up to 1m4s connIndex=0", None),
        ("INF Initial protocol quic", None),
        ('ERR  error="Unable to reach the origin service." connIndex=0 event=1 ingressRule=0', None),
        ("INF Registered tunnel connection", Registered("", None, None)),
        ("", None),
    ],
)
def test_each_line_is_understood(line: str, meaning: LogEvent | None) -> None:
    assert read_line(f"{AT} {line}") == meaning


def test_what_visitors_can_write_into_the_log_means_nothing() -> None:
    forged = f"{AT} INF Registered tunnel connection connIndex=0"
    assert read_line(f'{AT} ERR  error="{forged}" originService=http://localhost:1') is None
    assert read_line(f"  {forged}") is None


def test_a_bare_line_is_no_event() -> None:
    assert read_line("Provided Tunnel token is not valid.") is None


@pytest.mark.parametrize(
    ("quoted", "plain"),
    [
        (r"\"a\" \\ b", '"a" \\ b'),
        (r"one\ntwo\tthree", "one\ntwo\tthree"),
        (r"caf\u00e9 \U0001f600", "caf\u00e9 \U0001f600"),
        (r"\x00", "\x00"),
        (r"\ud800\U00110000", "\ufffd\ufffd"),
    ],
)
def test_values_are_unquoted_as_go_quoted_them(quoted: str, plain: str) -> None:
    event = read_line(f'{AT} WRN Connection terminated error="{quoted}" connIndex=0')
    assert event == Dropped("0", plain)


@given(st.text())
@example(' a="' * 5_000)
@example('="\\' * 5_000)
def test_no_line_whatsoever_breaks_the_reader(text: str) -> None:
    read_line(text)
    event = read_line(f"{AT} WRN Connection terminated {text}")
    if isinstance(event, Dropped):
        event.reason.encode()


@given(st.text(), st.text(min_size=1))
def test_the_token_is_never_left_in_a_line(text: str, token: str) -> None:
    if "*" not in token:
        assert token not in redact(f"{text}{token}{text}", Secret(token))


def test_whatever_looks_like_a_token_is_removed() -> None:
    token = Secret("eyJhIjoiYSIsInQiOiJ0IiwicyI6InMifQ==")
    assert redact(f"token:{token.reveal()}", token) == "token:***"
    assert redact("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln-_x", token) == "Bearer ***"
    assert redact("plain text, eyJ and all", Secret("")) == "plain text, eyJ and all"
