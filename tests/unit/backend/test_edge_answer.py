"""How an answer is framed, for each kind of visitor."""

from __future__ import annotations

import pytest

from tunneldesk.backend import link
from tunneldesk.backend.edge_answer import Answer, WholeAnswer
from tunneldesk.backend.edge_pages import Fault, fault_of_status, page
from tunneldesk.backend.edge_request import origin_form, origin_lines, public_host
from tunneldesk.backend.http1 import Framing, MessageError, RequestHead, parse_request
from tunneldesk.backend.link import LinkError, ResponseFrame

LINES = b"HTTP/1.1 200 OK\r\n"


def request(method: str = "GET", version: str = "1.1", headers: str = "", host: str = "a.test") -> RequestHead:
    return parse_request(f"{method} / HTTP/{version}\r\nHost: {host}\r\n{headers}\r\n".encode())


def wire(answer: Answer, framing: Framing, length: int, *pieces: bytes) -> bytes:
    head = answer.head(200, framing, length, LINES)
    return head + b"".join(b"".join(answer.body(piece)) for piece in pieces) + answer.end()


def test_length() -> None:
    assert wire(Answer(request()), Framing.LENGTH, 4, b"ab", b"cd") == LINES + b"Content-Length: 4\r\n\r\nabcd"


def test_chunks_for_http_1_1_and_none_for_1_0() -> None:
    chunked = wire(Answer(request()), Framing.UNTIL_CLOSE, 0, b"ab", b"", b"c")
    assert chunked == LINES + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    old = Answer(request(version="1.0", headers="Connection: keep-alive\r\n"))
    assert wire(old, Framing.UNTIL_CLOSE, 0, b"ab", b"c") == LINES + b"Connection: close\r\n\r\nabc"
    assert not old.keep_alive


def test_head_gets_the_head_only() -> None:
    assert wire(Answer(request("HEAD")), Framing.LENGTH, 2, b"ab") == LINES + b"Content-Length: 2\r\n\r\n"


def test_keep_alive_is_said_where_it_is_not_understood() -> None:
    assert b"Connection" not in wire(Answer(request()), Framing.LENGTH, 0)
    old = Answer(request(version="1.0", headers="Connection: keep-alive\r\n"))
    assert b"Connection: keep-alive\r\n" in wire(old, Framing.LENGTH, 0)
    assert b"Connection: close\r\n" in wire(Answer(None), Framing.LENGTH, 0)


@pytest.mark.parametrize("pieces", [(b"abc",), (b"a",), ()])
def test_a_connector_that_miscounts_is_found_out(pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(LinkError):
        wire(Answer(request()), Framing.LENGTH, 2, *pieces)


def test_a_connector_that_leaves_out_the_body_is_found_out() -> None:
    with pytest.raises(LinkError):
        Answer(request()).head(200, Framing.NONE, 0, LINES)


def test_only_a_whole_answer_that_begins_alike_is_passed_on_at_once() -> None:
    frame = ResponseFrame(200, Framing.LENGTH, 3, LINES)
    known = WholeAnswer.of(request(), frame, b"head ", keep_alive=True)
    assert known is not None
    begins = link.frame(link.RESPONSE, frame.encode()) + link.opening(link.BODY, 3, last=True)
    assert known.passed(begins + b"abc") == b"head abc"
    assert known.passed(begins + b"ab") is None
    assert known.passed(begins + b"abcd") is None
    assert known.passed(begins.replace(b"200 OK", b"201 OK") + b"abc") is None


@pytest.mark.parametrize(
    ("method", "framing", "length"),
    [
        ("GET", Framing.UNTIL_CLOSE, 0),
        ("GET", Framing.UNTIL_CLOSE, 3),
        ("GET", Framing.NONE, 0),
        ("HEAD", Framing.LENGTH, 3),
    ],
)
def test_an_answer_without_a_body_of_known_length_has_to_be_read(
    method: str, framing: Framing, length: int
) -> None:
    assert WholeAnswer.of(request(method), ResponseFrame(200, framing, length, LINES), b"", keep_alive=True) is None


@pytest.mark.parametrize("fault", list(Fault))
def test_every_page_is_whole_and_free_of_what_it_was_given(fault: Fault) -> None:
    shown = page(fault, host='<img src="x">&$broken', origin_port=3000)
    text = shown.body.decode()
    assert "<img" not in text
    assert text.count("$") == text.count("$broken")  # the visitor's own
    assert text.endswith("</html>\n")
    assert f"X-TunnelDesk-Error: {fault.value}\r\n".encode() in shown.lines
    assert shown.lines.startswith(f"HTTP/1.1 {shown.status} ".encode())


def test_a_page_without_a_host() -> None:
    assert "this address" in page(Fault.UNKNOWN_NAME).body.decode()
    assert fault_of_status(418) is Fault.BAD_REQUEST


@pytest.mark.parametrize(
    ("host", "name"), [("A.Test:80", "a.test"), ("a.test.", "a.test"), ("[::1]:8", "[::1]"), ("a_b", "a_b")]
)
def test_hosts(host: str, name: str) -> None:
    assert public_host(request(host=host)) == name


@pytest.mark.parametrize("host", ["", "a b", "a/b", "a@b", "a:b", "a,b", "a" * 300])
def test_no_hosts(host: str) -> None:
    with pytest.raises(MessageError):
        public_host(request(host=host))


@pytest.mark.parametrize(
    ("line", "target"),
    [("GET /a?b", b"/a?b"), ("OPTIONS *", b"*"), ("GET HTTP://A.test/x", b"/x"), ("GET http://a.test?q", b"/?q")],
)
def test_targets(line: str, target: bytes) -> None:
    assert origin_form(parse_request(f"{line} HTTP/1.1\r\nHost: a.test\r\n\r\n".encode())) == target


@pytest.mark.parametrize("line", ["GET *", "GET https://a.test/", "GET http://b.test/", "GET http://a.test:1/"])
def test_no_targets(line: str) -> None:
    with pytest.raises(MessageError):
        origin_form(parse_request(f"{line} HTTP/1.1\r\nHost: a.test\r\n\r\n".encode()))


def test_an_empty_upload_stays_one() -> None:
    head = origin_lines(request("POST", headers="Content-Length: 0\r\n"), b"/", "1.2.3.4")
    assert b"\r\nContent-Length: 0\r\n" in head
