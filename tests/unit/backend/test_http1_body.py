"""Where a body ends, however it arrives."""

from __future__ import annotations

import contextlib

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.backend.http1 import Framing, MessageError
from tunneldesk.backend.http1_body import (
    LAST_CHUNK,
    BodyReader,
    ChunkedBody,
    LengthBody,
    UntilCloseBody,
    body_reader,
    chunk,
)

CUTS = st.lists(st.integers(0, 10_000), max_size=12)
PIECES = st.lists(st.binary(min_size=1, max_size=60), max_size=6)


def read(body: BodyReader, wire: bytes, cuts: list[int]) -> tuple[bytes, bytes]:
    """Return the payload, and what follows the body."""
    payload = b""
    at = 0
    for cut in [*sorted(cut % (len(wire) + 1) for cut in cuts), len(wire)]:
        if cut > at:
            pieces, used = body.feed(wire[at:cut])
            payload += b"".join(pieces)
            at += used
            if at < cut:
                break
    return payload, wire[at:] if body.done else b""


def coded(pieces: list[bytes], extension: bytes = b"", trailers: bytes = b"") -> bytes:
    chunks = b"".join(b"%x%b\r\n%b\r\n" % (len(piece), extension, piece) for piece in pieces)
    return chunks + b"0\r\n" + trailers + b"\r\n"


@given(PIECES, st.sampled_from([b"", b";a=b", b"; q"]), st.sampled_from([b"", b"X: 1\r\nY: 2\r\n"]), CUTS)
def test_a_chunked_body_in_any_pieces(
    pieces: list[bytes], extension: bytes, trailers: bytes, cuts: list[int]
) -> None:
    body = ChunkedBody()
    payload, rest = read(body, coded(pieces, extension, trailers) + b"GET / next", cuts)
    assert (payload, rest, body.done) == (b"".join(pieces), b"GET / next", True)


@given(st.binary(max_size=100), st.binary(max_size=20), CUTS)
def test_a_body_of_known_length_in_any_pieces(payload: bytes, rest: bytes, cuts: list[int]) -> None:
    body = LengthBody(len(payload))
    assert read(body, payload + rest, cuts) == (payload, rest)
    assert body.done


class Judge:
    """What httptools makes of a chunked body."""

    def __init__(self) -> None:
        self.body = b""
        self.whole = False

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.whole = True


@given(
    st.lists(
        st.sampled_from([b"0", b"1", b"a", b"\r\n", b"\n", b"\r", b" ", b"x: 1\r\n", b"0\r\n\r\n", b"1\r\nz\r\n"])
    )
)
def test_never_more_lenient_than_httptools(parts: list[bytes]) -> None:
    """Whatever ends as a body here ends for llhttp too, at the same payload."""
    wire = b"".join(parts)
    body = ChunkedBody()
    try:
        payload, _ = read(body, wire, [])
    except MessageError:
        return
    if body.done:
        judge = Judge()
        with contextlib.suppress(httptools.HttpParserError):  # what follows the body is not looked at here
            httptools.HttpRequestParser(judge).feed_data(
                b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + wire
            )
        assert judge.whole
        assert judge.body.startswith(payload)


@pytest.mark.parametrize(
    "wire",
    [
        b"g\r\n",
        b"\r\n",
        b"-1\r\n",
        b"+1\r\n",
        b"0x1\r\n",
        b"1\n",
        b"1\r\nab",
        b"1\r\na\nb",
        b"1" * 16 + b"\r\n",
        b"1;" + b"x" * 5000,
    ],
)
def test_what_is_no_chunked_body_is_refused(wire: bytes) -> None:
    with pytest.raises(MessageError):
        ChunkedBody().feed(wire)


def test_trailers_without_end_are_refused() -> None:
    body = ChunkedBody()
    body.feed(b"0\r\n")
    with pytest.raises(MessageError, match="trailers"):
        body.feed((b"X: " + b"y" * 1000 + b"\r\n") * 100)


def test_which_bodies_are_whole_when_the_stream_ends() -> None:
    length = LengthBody(2)
    assert not length.ends_with_stream()
    length.feed(b"ab")
    assert length.ends_with_stream()
    assert not ChunkedBody().ends_with_stream()
    until_close = UntilCloseBody()
    assert until_close.feed(b"ab") == ([b"ab"], 2)
    assert until_close.ends_with_stream()


def test_a_reader_for_each_framing() -> None:
    assert body_reader(Framing.NONE, 0) is None
    assert body_reader(Framing.LENGTH, 0) is None
    assert isinstance(body_reader(Framing.LENGTH, 1), LengthBody)
    assert isinstance(body_reader(Framing.CHUNKED, 0), ChunkedBody)
    assert isinstance(body_reader(Framing.UNTIL_CLOSE, 0), UntilCloseBody)


@given(PIECES)
def test_what_is_chunked_here_reads_back(pieces: list[bytes]) -> None:
    wire = b"".join(chunk(list(pieces))) + LAST_CHUNK
    assert read(ChunkedBody(), wire, []) == (b"".join(pieces), b"")


def test_nothing_makes_no_chunk() -> None:
    assert chunk([]) == chunk([b""]) == []
