"""Text from a server is shown plain, short and without our secrets."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.api.plain import MESSAGE_MAX, plain, plain_details
from tunneldesk.domain.secret import Secret

ANY_TEXT = st.text(st.characters(exclude_categories=[]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=40,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The name is taken.", "The name is taken."),
        ("", ""),
        ("  two\r\n\tlines ", "two lines"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("bell\x07 null\x00", "bell null"),
        ("turned \u202eround", "turned round"),
        ("half a pair \ud83d", "half a pair"),
        ("<b>markup</b> stays as it is", "<b>markup</b> stays as it is"),
        ("名前は使用中です 🙂", "名前は使用中です 🙂"),
    ],
)
def test_what_is_no_plain_text_becomes_a_space(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("length", [MESSAGE_MAX + 1, 1_000_000])
def test_a_long_text_is_cut(length: int) -> None:
    assert plain("x" * MESSAGE_MAX) == "x" * MESSAGE_MAX
    cut = plain("x" * length)
    assert len(cut) == MESSAGE_MAX
    assert cut.endswith("x...")


def test_a_text_that_begins_with_a_lot_of_nothing_does_not_take_long() -> None:
    assert plain("\x00" * 4_000_000 + "late") == ""


@given(ANY_TEXT, st.integers(10, 60))
def test_any_text_comes_out_printable_and_within_the_limit(text: str, limit: int) -> None:
    shown = plain(text, limit=limit)
    assert shown.isprintable()
    assert len(shown) <= limit
    assert plain(shown, limit=limit) == shown


@given(before=st.text(max_size=600), token=st.from_regex(r"[A-Za-z0-9+/=]{12,60}", fullmatch=True), after=st.text())
def test_a_secret_is_masked_wherever_it_stands(before: str, token: str, after: str) -> None:
    for form in (token, quote(token, safe="")):
        shown = plain(f"{before}{form}{after}", [Secret(token)], limit=5000)
        assert token not in shown or token in before + after


def test_a_secret_is_masked_before_the_text_is_cut() -> None:
    shown = plain("x" * (MESSAGE_MAX - 10) + "very-secret-token", [Secret("very-secret-token")])
    assert "very" not in shown


def test_a_secret_that_begins_with_another_is_masked_whole() -> None:
    assert plain("Bearer abc123.", [Secret("abc"), Secret("abc123"), Secret("")]) == "Bearer ***."


def test_details_keep_their_form_and_lose_what_is_not_for_eyes() -> None:
    details = {
        "fieldErrors": {"port": ["too\nbig", 5]},
        "activeCount": 5,
        "ok": True,
        "none": None,
        "who": "tok-tok",
    }
    assert plain_details(details, [Secret("tok-tok")]) == {
        "fieldErrors": {"port": ["too big", 5]},
        "activeCount": 5,
        "ok": True,
        "none": None,
        "who": "***",
    }


@pytest.mark.parametrize("details", [None, [], "text", 5, True])
def test_details_that_are_no_object_say_nothing(details: object) -> None:
    assert plain_details(details) == {}


def test_details_without_bottom_or_end_are_cut() -> None:
    assert plain_details({"a": {"a": {"a": {"a": {"a": 1}}}}}) == {"a": {"a": {"a": {"a": None}}}}
    assert len(plain_details({str(number): number for number in range(1000)})) == 50
    assert plain_details({"a": list(range(1000)), "b": object()}) == {"a": list(range(50)), "b": None}


@given(JSON)
def test_any_details_can_be_tidied(details: object) -> None:
    assert isinstance(plain_details({"details": details}, [Secret("a")]), dict)
