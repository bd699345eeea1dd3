"""What is accepted as a port, a name, a server address and a host name."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tunneldesk.domain.errors import ErrorCode, InvalidValueError
from tunneldesk.domain.validation import (
    is_loopback,
    parse_email,
    parse_hostname,
    parse_port,
    parse_server,
    parse_slug,
    server_is_loopback,
    shown,
    suggest_slug,
)
from tunneldesk.presentation.reasons import said

SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
ANY_TEXT = st.text(st.characters(exclude_categories=[]))


@given(st.integers(1, 65535))
def test_every_port_is_a_port(port: int) -> None:
    assert parse_port(f" {port} ") == port


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "65536", "70000", "1.5", "abc", "-1", "+80", "1e3", "0x50", "٣٠٠٠", "²", "80 80", "8" * 5000],
)
def test_what_is_no_port_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse_port(text)
    assert caught.value.failure.code is ErrorCode.INVALID_PORT
    assert caught.value.value == text
    assert shown(text) in said(caught.value.failure)
    assert len(said(caught.value.failure)) < 150


@given(ANY_TEXT)
def test_any_text_is_a_port_or_a_refusal(text: str) -> None:
    try:
        port = parse_port(text)
    except InvalidValueError:
        return
    assert str(port) == text.strip().lstrip("0")


@pytest.mark.parametrize("text", ["a", "7", "my-app", "a--b", "x" * 32, " padded "])
def test_a_name_within_the_rule_is_taken(text: str) -> None:
    assert parse_slug(text) == text.strip()


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_no_name_means_a_random_one(text: str) -> None:
    assert parse_slug(text) is None


@pytest.mark.parametrize(
    "text",
    ["My-App", "a.b", "x" * 33, "<b>x</b>", "-a", "a-", "-", "a_b", "a b", "a\nb", "ä", "\u017fa", "a\n"[:1] + "!"],
)
def test_a_name_against_the_rule_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse_slug(text)
    assert caught.value.failure.code is ErrorCode.INVALID_SLUG
    assert shown(text) in said(caught.value.failure)


@given(ANY_TEXT | st.from_regex(SLUG, fullmatch=True))
def test_any_text_is_a_name_by_the_contract_or_none_or_a_refusal(text: str) -> None:
    try:
        slug = parse_slug(text)
    except InvalidValueError:
        assert not SLUG.fullmatch(text.strip())
    else:
        assert slug is None or SLUG.fullmatch(slug)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("My App", "my-app"),
        ("app.example", "app-example"),
        ("--x--", "x"),
        ("x" * 40, "x" * 32),
        ("a" * 31 + "-b", "a" * 31),
        ("!!!", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_suggested(text: str, slug: str | None) -> None:
    assert suggest_slug(text) == slug


@given(ANY_TEXT)
def test_what_is_suggested_is_accepted(text: str) -> None:
    slug = suggest_slug(text)
    assert slug is None or parse_slug(slug) == slug


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("api.example.com", "https://api.example.com"),
        (" https://api.example.com/ ", "https://api.example.com"),
        ("HTTPS://API.Example.com", "https://api.example.com"),
        ("https://api.example.com:8443/base//", "https://api.example.com:8443/base"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
        ("http://localhost:8787", "http://localhost:8787"),
        ("http://api.tunnel.localhost", "http://api.tunnel.localhost"),
        ("http://[::1]:8787", "http://[::1]:8787"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("192.0.2.7:8443", "https://192.0.2.7:8443"),
    ],
)
def test_a_server_address_is_brought_into_its_one_form(text: str, server: str) -> None:
    assert parse_server(text) == server


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a web address"),
        ("  ", "not a web address"),
        ("two words", "not a web address"),
        ("https://a\x00b.example", "not a web address"),
        ("https://[::1", "not a web address"),
        ("https://host:99999", "not a web address"),
        ("https://host:abc", "not a web address"),
        ("ftp://api.example.com", "ftp://"),
        ("file:///etc/passwd", "file://"),
        ("https://", "no host name"),
        ("https://host:0", "no host name"),
        ("https://-bad-.example", "no host name"),
        ("https://a..b", "no host name"),
        ("https://" + "a" * 64 + ".example", "no host name"),
        ("https://" + "a." * 130 + "example", "no host name"),
        ("https://\u017ferver.example", "no host name"),  # a long s is not an s
        ("https://me:secret@api.example.com", "user name or password"),
        ("https://me@api.example.com", "user name or password"),
        ("https://api.example.com/?a=b", "? or #"),
        ("https://api.example.com/#x", "? or #"),
        ("http://api.example.com", "this computer only"),
        ("http://192.168.1.5:8787", "this computer only"),
        ("http://localhost.example.com", "this computer only"),
    ],
)
def test_a_server_address_that_will_not_do_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse_server(text)
    assert why in said(caught.value.failure)
    assert caught.value.failure.code is ErrorCode.INVALID_SERVER_ADDRESS


@pytest.mark.parametrize(
    "text",
    [
        "https://me:hunter2@api.example.com",
        "me:hunter2@api.example.com",
        "https://me:hunt/er2@api.example.com",
        "https://me:hunt er2@api.example.com",
        "https://hunter2@api.example.com?q",
        "ftp://me:p@hunter2@api.example.com",
    ],
)
def test_a_password_typed_into_a_server_address_is_repeated_nowhere(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse_server(text)
    for words in (said(caught.value.failure), str(caught.value), repr(caught.value.failure)):
        assert "er2" not in words
    assert "...@api.example.com" in said(caught.value.failure)


@given(ANY_TEXT | st.from_regex(r"(https?://)?[a-z0-9.\[\]:%@/?#\\-]{1,30}", fullmatch=True))
@example("https://[::1%25eth0]")
@example("https://[::1%eth0]")
def test_an_accepted_server_address_is_stable_and_never_sends_a_token_in_the_clear(text: str) -> None:
    try:
        server = parse_server(text)
    except InvalidValueError:
        return
    assert parse_server(server) == server
    assert not server.endswith("/")
    assert urlsplit(server).scheme == "https" or server_is_loopback(server)


@pytest.mark.parametrize(
    ("text", "hostname"),
    [
        ("my-app.example.com", "my-app.example.com"),
        ("My-App.Example.COM", "my-app.example.com"),
        ("my-app.tunnel.localhost:8788", "my-app.tunnel.localhost:8788"),
    ],
)
def test_a_tunnels_host_name_may_carry_a_port(text: str, hostname: str) -> None:
    assert parse_hostname(text) == hostname


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nodots",
        "https://my-app.example.com",
        "my-app.example.com/path",
        "my-app.example.com:",
        "my-app.example.com:0",
        "my-app.example.com:65536",
        "my-app.example.com:999999",
        "my-app.example.com:80:80",
        "my-app.example.com:٨",
        "user@my-app.example.com",
        "my-app.example.com\n",
        "my app.example.com",
        "<b>.example.com",
        "my-app.example.com.",
        ".example.com",
        "xn--.\u017f.com",
        "a" * 64 + ".example.com",
        "a." * 127 + "aa",
    ],
)
def test_nothing_but_a_host_name_passes_for_one(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse_hostname(text)
    assert caught.value.failure.code is ErrorCode.NOT_A_TUNNEL_SERVER


@given(ANY_TEXT | st.from_regex(r"[a-zA-Z0-9.:-]{1,40}", fullmatch=True))
def test_an_accepted_host_name_makes_an_address_that_leads_there(text: str) -> None:
    try:
        hostname = parse_hostname(text)
    except InvalidValueError:
        return
    parts = urlsplit(f"https://{hostname}")
    assert parts.netloc == hostname
    assert (parts.path, parts.query, parts.username) == ("", "", None)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LocalHost", "a.b.LOCALHOST"]
)
def test_this_machine_is_recognised(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "10.0.0.1", "localhost.com", "notlocalhost", "example.com", "::"])  # noqa: S104 - a host to be told apart
def test_no_other_machine_passes_for_this_one(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("server", "local"), [("http://[::1]:8787", True), ("https://api.example.com", False), ("", False)]
)
def test_a_server_on_this_machine_is_recognised(server: str, local: bool) -> None:
    assert server_is_loopback(server) is local


@given(ANY_TEXT)
def test_a_quoted_value_is_printable_and_short(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text)) <= 43


@pytest.mark.parametrize("text", ["ann@example.com", " ann+x@mail.example.co.uk "])
def test_an_email_address_is_taken_as_it_is(text: str) -> None:
    assert parse_email(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "ann", "ann@", "@example.com", "ann@localhost", "an n@example.com", "a\n@b.c"]
)
def test_what_is_no_email_address_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse_email(text)
    assert "is not an e-mail address" in said(caught.value.failure)
    assert caught.value.failure.code is ErrorCode.INVALID_INPUT
