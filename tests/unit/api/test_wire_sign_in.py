"""The answers of a sign-in, as they are and as they should not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.api import pkce
from tunneldesk.api.wire import WireError
from tunneldesk.api.wire_sign_in import read_granted, read_start, read_status, start_body
from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.secret import Secret
from tunneldesk.domain.sign_in import SignInStage

GRANTED = {"accessToken": "a", "refreshToken": "r", "expiresInSec": 900, "profile": {"email": "ann@example.com"}}
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["authorizeUrl", "state", "status", "loginCode", "error", *GRANTED]


def test_a_challenge_is_that_of_the_standard() -> None:
    verifier = Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")  # RFC 7636, appendix B
    assert pkce.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert 43 <= len(pkce.new_verifier().reveal()) <= 128
    assert pkce.new_verifier() != pkce.new_verifier()


def test_a_start_names_a_page_and_a_state() -> None:
    started = read_start({"authorizeUrl": "https://id.example.com/a?b=c", "state": "s"})
    assert (started.authorize_url, started.state) == ("https://id.example.com/a?b=c", Secret("s"))
    assert read_start({"authorizeUrl": "http://127.0.0.1:1/a", "state": "s"}).state == Secret("s")
    assert start_body("a@b.c", "x", None) == {"email": "a@b.c", "codeChallenge": "x"}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://id.example.com/",
        "https://",
        "https://[",
        "https://id.example.com/a b",
        "https://id.example.com/\u202e",
        "https://id.example.com/" + "x" * 9000,
    ],
)
def test_nothing_but_a_web_page_is_opened(url: str) -> None:
    with pytest.raises(WireError):
        read_start({"authorizeUrl": url, "state": "s"})


def test_a_status_comes_with_its_code_or_its_reason() -> None:
    assert read_status({"status": "pending", "loginCode": "too early"}).login_code is None
    assert read_status({"status": "authorized", "loginCode": "c"}).login_code == Secret("c")
    expired = read_status({"status": "expired", "error": {"code": "EMAIL_MISMATCH", "message": "<b>no</b>"}})
    assert expired.stage is SignInStage.EXPIRED
    assert expired.failure is not None
    assert expired.failure.code is ErrorCode.EMAIL_MISMATCH
    strange = read_status({"status": "expired", "error": {"code": "NEW_ONE"}}).failure
    assert strange is not None
    assert strange.code is ErrorCode.UNKNOWN_CODE
    for wrong in ({"status": "maybe"}, {"status": "authorized"}, {}):
        with pytest.raises(WireError):
            read_status(wrong)


def test_tokens_come_with_their_time_within_reason() -> None:
    granted = read_granted(GRANTED)
    assert (granted.access_token, granted.refresh_token) == (Secret("a"), Secret("r"))
    assert (granted.expires_in, granted.email) == (900, "ann@example.com")
    assert read_granted({**GRANTED, "expiresInSec": -1, "profile": None}).expires_in == 5
    assert read_granted({**GRANTED, "expiresInSec": 1e12, "profile": {}}).email is None
    with pytest.raises(WireError):
        read_granted({**GRANTED, "refreshToken": ""})


@given(JSON | st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_answer_does_more_than_make_no_sense(body: object) -> None:
    for read in (read_start, read_status, read_granted):
        try:
            read(body)
        except WireError as error:
            assert str(error)  # noqa: PT017 - either is fine
