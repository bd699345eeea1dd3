"""Links of our own, by friend and foe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.domain.errors import ErrorCode, InvalidValueError
from tunneldesk.domain.link import is_link, parse_link
from tunneldesk.domain.model import Wish
from tunneldesk.presentation.reasons import said


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("tunneldesk://expose?port=3000", Wish(3000, None)),
        ("tunneldesk://expose/?port=3000&name=my-app", Wish(3000, "my-app")),
        ("TunnelDesk://expose?name=&port=1", Wish(1, None)),
        ("tunneldesk://expose?port=65535&colour=blue", Wish(65535, None)),
        ("tunneldesk://expose?port=%33000", Wish(3000, None)),
    ],
)
def test_a_link_suggests_a_port_and_perhaps_a_name(text: str, wish: Wish) -> None:
    assert is_link(text)
    assert parse_link(text) == wish


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://expose?port=3000", "none of ours"),
        ("tunneldesk://expose", "one port"),
        ("tunneldesk://[expose?port=1", "can't be read"),
        ("tunneldesk://expose?" + "a=1&" * 30 + "port=1", "can't be read"),
        ("tunneldesk://stop?port=3000", "all that a link can ask for"),
        ("tunneldesk://user@expose?port=3000", "all that a link can ask for"),
        ("tunneldesk://expose/now?port=3000", "all that a link can ask for"),
        ("tunneldesk:expose?port=3000", "all that a link can ask for"),
        ("tunneldesk://expose?name=my-app", "one port"),
        ("tunneldesk://expose?port=1&port=2", "one port"),
        ("tunneldesk://expose?port=1&x=" + "a" * 500, "none of ours"),
        ("tunneldesk://expose?port=70000", '"70000" is not a port'),
        ("tunneldesk://expose?port=1&name=No Way", "can't be used as a name"),
    ],
)
def test_what_is_no_such_link_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse_link(text)
    assert why in said(caught.value.failure)
    assert caught.value.failure.code is ErrorCode.INVALID_LINK


@given(st.text() | st.text().map("tunneldesk://expose?".__add__) | st.text().map("tunneldesk:".__add__))
def test_whatever_a_page_holds_nothing_but_a_refusal_comes_of_it(text: str) -> None:
    refused: InvalidValueError | None = None
    try:
        wish = parse_link(text)
    except InvalidValueError as error:
        refused = error
    if refused is None:
        assert is_link(text)
        assert 1 <= wish.port <= 65535
    else:
        assert said(refused.failure).isprintable()


def test_what_only_begins_like_one_is_none() -> None:
    assert not is_link("tunneldesk")
    assert not is_link("expose")
