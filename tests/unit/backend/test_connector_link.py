"""The wire between connector and edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.backend import link
from tunneldesk.backend.http1 import Framing, parse_request

KINDS = st.sampled_from([link.REQUEST, link.RESPONSE, link.BODY, link.FAILED, link.NOTE])
FRAMES = st.lists(st.tuples(KINDS, st.binary(max_size=80), st.booleans()), max_size=6)


def merged(frames: list[link.Frame]) -> list[tuple[int, bytes, bool]]:
    """Put the pieces of a body back together."""
    whole: list[tuple[int, bytes, bool]] = []
    for kind, payload, last in frames:
        if kind == link.BODY and whole and whole[-1][0] == link.BODY and not whole[-1][2]:
            whole[-1] = (kind, whole[-1][1] + bytes(payload), last)
        else:
            whole.append((kind, bytes(payload), last))
    return whole


@given(FRAMES, st.lists(st.integers(0, 1000), max_size=12))
def test_frames_arrive_whole_however_they_are_cut(frames: list[tuple[int, bytes, bool]], cuts: list[int]) -> None:
    wire = b"".join(link.frame(kind, payload, last=last) for kind, payload, last in frames)
    reader = link.FrameReader()
    got: list[link.Frame] = []
    at = 0
    for cut in [*sorted(cut % (len(wire) + 1) for cut in cuts), len(wire)]:
        if cut > at:
            got += reader.feed(wire[at:cut])
        at = cut
    assert merged(got) == merged(list(frames))


def test_a_body_passes_before_it_is_whole() -> None:
    reader = link.FrameReader()
    assert reader.feed(link.opening(link.BODY, 10**12, last=True)) == []
    assert reader.feed(b"some") == [(link.BODY, b"some", False)]


@given(FRAMES, st.integers(0, 600))
def test_it_is_known_whether_a_frame_is_under_way(frames: list[tuple[int, bytes, bool]], cut: int) -> None:
    wires = [link.frame(kind, payload, last=last) for kind, payload, last in frames]
    ends = {len(b"".join(wires[:count])) for count in range(len(wires) + 1)}
    reader = link.FrameReader()
    for at, byte in enumerate(b"".join(wires)[:cut], 1):
        reader.feed(bytes([byte]))
        assert reader.between_frames is (at in ends)


@pytest.mark.parametrize("wire", [link.opening(9, 1), link.opening(0, 1), link.opening(link.NOTE, 10**9)])
def test_another_protocol_is_noticed(wire: bytes) -> None:
    with pytest.raises(link.LinkError):
        link.FrameReader().feed(wire)


def test_a_response_head_reads_back() -> None:
    response = link.ResponseFrame(200, Framing.LENGTH, 7, b"HTTP/1.1 200 OK\r\nX: 1\r\n")
    assert link.ResponseFrame.decode(response.encode()) == response


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        link.ResponseFrame(200, Framing.NONE, 0, b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n").encode(),
        link.ResponseFrame(200, Framing.NONE, 0, b"HTTP/1.1 200 OK").encode(),
        b"\x00\xc8\x09" + bytes(8) + b"\r\n",
    ],
)
def test_what_is_not_one_response_head_is_refused(payload: bytes) -> None:
    with pytest.raises(link.LinkError):
        link.ResponseFrame.decode(payload)


def test_notes_read_back_and_junk_does_not() -> None:
    [(kind, payload, _)] = link.FrameReader().feed(link.note("dial", count=3))
    assert kind == link.NOTE
    assert link.read_note(payload) == {"note": "dial", "count": 3}
    for junk in (b"{", b"[]", b"\xff"):
        with pytest.raises(link.LinkError):
            link.read_note(junk)


def test_the_secret_travels_in_a_header_only() -> None:
    head = parse_request(link.hello("edge:1", "tunnel", "secret", "me", 2, link.ROLE_CARRIER))
    assert head.target == link.PATH
    assert head.upgrade == link.PROTOCOL
    assert head.passed(b"authorization") == b"Tunnel tunnel secret"
    assert head.passed(b"connector-index") == b"2"
