"""Message heads are read one way only."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.backend.http1 import (
    HEAD_LIMIT,
    Framing,
    MessageError,
    RequestHead,
    head_end,
    parse_request,
    parse_response,
)

TOKENS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=1, max_size=20)
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40)
HEADERS = st.lists(st.tuples(TOKENS.map("X-{}".format), VALUES), max_size=8)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Build whole request heads with the three framings."""
    method, version = draw(st.sampled_from(["GET", "POST", "PUT"])), draw(st.sampled_from(["1.0", "1.1"]))
    lines = [f"{method} /{draw(TOKENS)} HTTP/{version}"]
    lines += ["Host: app.test", *(f"{name}: {value}" for name, value in draw(HEADERS))]
    lines += draw(st.sampled_from([[], ["Content-Length: 7"], ["Connection: close"], ["Connection: keep-alive"]]))
    return "\r\n".join([*lines, "", ""]).encode()


def read(wire: bytes, cuts: list[int]) -> tuple[RequestHead, bytes]:
    """Read a head from a stream that comes in pieces."""
    inbox = b""
    at = 0
    for cut in [*sorted(cut % (len(wire) + 1) for cut in cuts), len(wire)]:
        searched = len(inbox)
        inbox += wire[at:cut]
        at = cut
        end = head_end(inbox, searched)
        if end >= 0:
            return parse_request(inbox[:end]), inbox[end:] + wire[at:]
    raise AssertionError("the head never ended")


@given(requests(), st.binary(max_size=30), st.lists(st.integers(0, 10_000), max_size=12))
def test_however_a_request_arrives_in_pieces_it_reads_the_same(head: bytes, rest: bytes, cuts: list[int]) -> None:
    assert read(head + rest, cuts) == read(head + rest, []) == (parse_request(head), rest)


@given(HEADERS)
def test_headers_pass_in_order_and_spelling(headers: list[tuple[str, str]]) -> None:
    text = "".join(f"{name}: {value}\r\n" for name, value in headers)
    head = parse_request(f"GET / HTTP/1.1\r\nHost: a\r\n{text}\r\n".encode())
    assert b"".join(head.lines).decode() == text


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parsers(junk: bytes) -> None:
    for parse in (parse_request, parse_response):
        with contextlib.suppress(MessageError):
            parse(junk + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("headers", "framing", "length"),
    [
        ("", Framing.NONE, 0),
        ("Content-Length: 0\r\n", Framing.NONE, 0),
        ("Content-Length: 12\r\n", Framing.LENGTH, 12),
        ("Transfer-Encoding: Chunked\r\n", Framing.CHUNKED, 0),
    ],
)
def test_request_framing(headers: str, framing: Framing, length: int) -> None:
    head = parse_request(f"POST / HTTP/1.1\r\nHost: a\r\n{headers}\r\n".encode())
    assert (head.framing, head.length) == (framing, length)


@pytest.mark.parametrize(
    ("status", "headers", "framing", "reusable"),
    [
        (200, "Content-Length: 5\r\n", Framing.LENGTH, True),
        (200, "Content-Length: 5\r\nConnection: close\r\n", Framing.LENGTH, False),
        (200, "Transfer-Encoding: chunked\r\n", Framing.CHUNKED, True),
        (200, "", Framing.UNTIL_CLOSE, False),
        (204, "", Framing.NONE, True),
        (304, "Content-Length: 5\r\n", Framing.NONE, True),
        (103, "", Framing.NONE, True),
    ],
)
def test_response_framing(status: int, headers: str, framing: Framing, reusable: bool) -> None:
    head = parse_response(f"HTTP/1.1 {status} Some Words\r\n{headers}\r\n".encode())
    assert (head.status, head.reason) == (status, b"Some Words")
    assert (head.framing, head.keep_alive) == (framing, reusable)


def test_the_answer_to_head_has_no_body() -> None:
    head = parse_response(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", to_head_request=True)
    assert head.framing is Framing.NONE
    assert head.fields[b"content-length"] == [b"5"]


@pytest.mark.parametrize(
    "headers",
    ["Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "Content-Length: x\r\n"],
)
def test_an_answer_whose_end_can_not_be_told_is_refused(headers: str) -> None:
    with pytest.raises(MessageError):
        parse_response(f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode())


def test_what_the_connection_header_names_goes_no_further() -> None:
    head = parse_request(
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-One\r\nX-One: 1\r\nX-Two: 2\r\nTE: x\r\n\r\n"
    )
    assert head.lines == [b"X-Two: 2\r\n"]
    assert not head.keep_alive
    assert head.passed(b"x-two") == b"2"


@pytest.mark.parametrize(
    ("version", "headers", "upgrade"),
    [
        ("1.1", "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n", b"websocket"),
        ("1.1", "Upgrade: websocket\r\n", None),
        ("1.0", "Connection: Upgrade\r\nUpgrade: websocket\r\n", None),
    ],
)
def test_an_upgrade_needs_both_headers_and_http_1_1(version: str, headers: str, upgrade: bytes | None) -> None:
    assert parse_request(f"GET / HTTP/{version}\r\nHost: a\r\n{headers}\r\n".encode()).upgrade == upgrade


def test_the_size_of_a_head_is_limited() -> None:
    assert head_end(b"x" * HEAD_LIMIT) == -1
    for head in (b"x" * (HEAD_LIMIT + 1), b"x" * (HEAD_LIMIT + 1) + b"\r\n\r\n"):
        with pytest.raises(MessageError) as refused:
            head_end(head)
        assert refused.value.status == 431
