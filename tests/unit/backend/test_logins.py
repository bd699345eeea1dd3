"""A sign-in from its start to its exchange, and every way to come too late or too often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tunneldesk.backend import tokens
from tunneldesk.backend.errors import ApiError
from tunneldesk.backend.logins import Login, Logins, Person, Standing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from tunneldesk.backend.clock import Clock

ANN = Person("ann@example.com", "U1", "T1")
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.fixture
def logins(database: sqlite3.Connection, clock: Clock) -> Logins:
    return Logins(database, clock)


@pytest.fixture
def state(logins: Logins) -> str:
    return logins.begin(ANN.email, CHALLENGE, None)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(ApiError) as caught:
        act()
    return caught.value.code


def test_the_challenge_is_that_of_the_rfc() -> None:
    assert tokens.challenge(VERIFIER) == CHALLENGE  # RFC 7636, appendix B


def test_a_sign_in_goes_its_way(logins: Logins, state: str) -> None:
    assert logins.standing(state) == Standing("pending")
    assert logins.unanswered(state) == Login(ANN.email, None)
    code = logins.authorize(state, ANN)
    assert [logins.standing(state) for _ in range(2)] == [Standing("authorized", code)] * 2
    assert logins.redeem(code, VERIFIER) == ANN
    assert logins.standing(state) == Standing("expired")


def test_a_state_has_one_answer(logins: Logins, state: str) -> None:
    logins.refuse(state, "SLACK_OAUTH_DENIED")
    assert refusal(lambda: logins.unanswered(state)) == "OAUTH_ALREADY_USED"
    assert refusal(lambda: logins.refuse(state, "EMAIL_MISMATCH")) == "OAUTH_ALREADY_USED"
    assert refusal(lambda: logins.authorize(state, ANN)) == "OAUTH_ALREADY_USED"
    assert logins.standing(state) == Standing("expired", refusal="SLACK_OAUTH_DENIED")


def test_a_state_is_good_for_ten_minutes(logins: Logins, clock: Clock, state: str) -> None:
    clock.jump(599)
    logins.unanswered(state)
    assert logins.standing(state).status == "pending"
    clock.jump(1)
    assert refusal(lambda: logins.authorize(state, ANN)) == "OAUTH_EXPIRED"
    assert logins.standing(state).status == "expired"


def test_a_state_nobody_gave_out(logins: Logins) -> None:
    for guess in ("", "guess", "\ud800", "é"):
        assert refusal(lambda guess=guess: logins.unanswered(guess)) == "INVALID_STATE"  # type: ignore[misc]
        assert refusal(lambda guess=guess: logins.standing(guess)) == "INVALID_STATE"  # type: ignore[misc]


def test_a_login_code_is_good_for_one_exchange(logins: Logins, state: str) -> None:
    code = logins.authorize(state, ANN)
    logins.redeem(code, VERIFIER)
    assert refusal(lambda: logins.redeem(code, VERIFIER)) == "LOGIN_CODE_USED"
    assert refusal(lambda: logins.redeem("tdl_guess", VERIFIER)) == "INVALID_LOGIN_CODE"


def test_a_login_code_is_good_for_two_minutes(logins: Logins, clock: Clock, state: str) -> None:
    code = logins.authorize(state, ANN)
    clock.jump(119)
    assert logins.standing(state).status == "authorized"
    clock.jump(1)
    assert logins.standing(state).status == "expired"
    assert refusal(lambda: logins.redeem(code, VERIFIER)) == "LOGIN_CODE_EXPIRED"


@pytest.mark.parametrize("verifier", ["", CHALLENGE, VERIFIER.lower(), VERIFIER + "=", "\ud800"])
def test_a_thief_without_the_verifier_neither_uses_nor_spoils_a_code(
    logins: Logins, state: str, verifier: str
) -> None:
    code = logins.authorize(state, ANN)
    assert refusal(lambda: logins.redeem(code, verifier)) == "INVALID_CODE_VERIFIER"
    assert logins.redeem(code, VERIFIER) == ANN


def test_two_sign_ins_have_nothing_in_common(logins: Logins, state: str) -> None:
    other = logins.begin("bob@example.com", tokens.challenge("another"), None)
    code, others = logins.authorize(state, ANN), logins.authorize(other, Person("bob@example.com", "U2", "T1"))
    assert len({state, other, code, others}) == 4
    assert refusal(lambda: logins.redeem(code, "another")) == "INVALID_CODE_VERIFIER"
    assert logins.redeem(others, "another").email == "bob@example.com"


def test_no_secret_is_kept_in_the_clear(logins: Logins, database: sqlite3.Connection, state: str) -> None:
    code = logins.authorize(state, ANN)
    dump = "\n".join(database.iterdump())
    for secret in (state, code, code.removeprefix("tdl_"), CHALLENGE, VERIFIER):
        assert secret not in dump
        assert secret not in repr(logins.standing(state))


def test_what_makes_a_code_is_gone_once_it_is_used(
    logins: Logins, database: sqlite3.Connection, state: str
) -> None:
    logins.redeem(logins.authorize(state, ANN), VERIFIER)
    assert database.execute("SELECT code_salt FROM logins").fetchall() == [(None,)]


def test_old_sign_ins_are_forgotten(logins: Logins, clock: Clock, state: str) -> None:
    clock.jump(3600)
    assert logins.forget(10) == 0
    fresh = logins.begin(ANN.email, CHALLENGE, None)
    clock.jump(1)
    assert [logins.forget(10) for _ in range(2)] == [1, 0]
    assert refusal(lambda: logins.standing(state)) == "INVALID_STATE"
    assert logins.standing(fresh).status == "pending"
