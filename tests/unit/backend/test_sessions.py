"""Refresh tokens: one rotation however often it is asked for, and the end of the family when one was copied."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tunneldesk.backend.accounts import Accounts
from tunneldesk.backend.database import open_database
from tunneldesk.backend.errors import ApiError
from tunneldesk.backend.logins import Logins, Person
from tunneldesk.backend.sessions import IDLE_SEC, Sessions
from tunneldesk.backend.tokens import fingerprint

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from tunneldesk.backend.clock import Clock
    from tunneldesk.backend.sessions import Grant

ANN = Person("ann@example.com", "U1", "T1")


@pytest.fixture
def sessions(database: sqlite3.Connection, clock: Clock, accounts: Accounts) -> Sessions:
    return Sessions(database, clock, accounts)


@pytest.fixture
def first(sessions: Sessions) -> Grant:
    return sessions.begin(ANN)


def renewed(sessions: Sessions, token: str) -> Grant:
    grant = sessions.refresh(token)
    assert grant is not None
    return grant


def ended(sessions: Sessions, accounts: Accounts, *grants: Grant) -> bool:
    """Tell whether nothing of what was granted is good any more."""
    return not any(
        accounts.user_of(grant.access_token) or sessions.of_refresh_token(grant.refresh_token) for grant in grants
    )


def test_a_session_is_of_the_user_with_that_address(accounts: Accounts, first: Grant, ann: str) -> None:
    assert accounts.user_of(first.access_token) == ann
    assert first.person == ANN


def test_a_refresh_brings_two_fresh_tokens(sessions: Sessions, accounts: Accounts, first: Grant, ann: str) -> None:
    second = renewed(sessions, first.refresh_token)
    third = renewed(sessions, second.refresh_token)
    assert len({grant.refresh_token for grant in (first, second, third)}) == 3
    assert len({grant.access_token for grant in (first, second, third)}) == 3
    assert accounts.user_of(third.access_token) == ann
    assert third.person == ANN


def test_an_access_token_outlives_its_refresh_and_not_its_lifetime(
    sessions: Sessions, accounts: Accounts, clock: Clock, first: Grant, ann: str
) -> None:
    clock.jump(870)
    renewed(sessions, first.refresh_token)
    assert accounts.user_of(first.access_token) == ann
    clock.jump(30)
    assert accounts.user_of(first.access_token) is None


def test_an_answer_that_was_lost_can_be_had_again(sessions: Sessions, clock: Clock, first: Grant) -> None:
    answers = [renewed(sessions, first.refresh_token)]
    for _ in range(4):
        clock.jump(7)
        answers.append(renewed(sessions, first.refresh_token))
    assert len({grant.refresh_token for grant in answers}) == 1
    assert len({grant.access_token for grant in answers}) == 5
    renewed(sessions, answers[0].refresh_token)


def test_used_again_after_its_successor_was_it_ends_the_family(
    sessions: Sessions, accounts: Accounts, first: Grant
) -> None:
    second = renewed(sessions, first.refresh_token)
    third = renewed(sessions, second.refresh_token)
    assert sessions.refresh(first.refresh_token) is None
    assert ended(sessions, accounts, first, second, third)
    assert sessions.refresh(third.refresh_token) is None


def test_used_again_after_half_a_minute_it_ends_the_family(
    sessions: Sessions, accounts: Accounts, clock: Clock, first: Grant
) -> None:
    second = renewed(sessions, first.refresh_token)
    clock.jump(30)
    assert sessions.refresh(first.refresh_token) is None
    assert ended(sessions, accounts, first, second)


def test_without_grace_it_ends_the_family_at_once(
    database: sqlite3.Connection, clock: Clock, accounts: Accounts
) -> None:
    strict = Sessions(database, clock, accounts, grace=0)
    first = strict.begin(ANN)
    second = renewed(strict, first.refresh_token)
    assert strict.refresh(first.refresh_token) is None
    assert ended(strict, accounts, first, second)


def test_the_end_of_one_family_is_nobody_elses(sessions: Sessions, accounts: Accounts, first: Grant) -> None:
    elsewhere, lasting = sessions.begin(ANN), accounts.mint_access_token(accounts.add_user(ANN.email))
    second = renewed(sessions, renewed(sessions, first.refresh_token).refresh_token)
    assert sessions.refresh(first.refresh_token) is None
    assert ended(sessions, accounts, first, second)
    assert accounts.user_of(lasting)
    renewed(sessions, elsewhere.refresh_token)


def test_a_token_nobody_gave_out_ends_nothing(sessions: Sessions, first: Grant) -> None:
    for guess in ("", "tds_guess", first.refresh_token[:-1], first.access_token, "\ud800"):
        assert sessions.refresh(guess) is None
    renewed(sessions, first.refresh_token)


def test_the_sessions_of_a_user_can_be_told(sessions: Sessions, first: Grant) -> None:
    others = sessions.begin(Person("bob@example.com", "U2", "T1"))
    mine, theirs = (sessions.of_refresh_token(grant.refresh_token) for grant in (first, others))
    assert sessions.of_user("Ann@example.com") == [mine]
    assert set(sessions.of_user()) == {mine, theirs}
    assert sessions.of_user("nobody@example.com") == []


def test_a_session_nobody_refreshed_for_long_has_ended(
    sessions: Sessions, accounts: Accounts, clock: Clock, first: Grant
) -> None:
    forgotten = sessions.begin(ANN)
    clock.jump(IDLE_SEC)
    assert sessions.refresh(first.refresh_token) is None
    assert ended(sessions, accounts, first)
    fresh = sessions.begin(ANN)
    clock.jump(1)
    assert [sessions.forget(10) for _ in range(2)] == [1, 0]
    assert ended(sessions, accounts, forgotten)
    renewed(sessions, fresh.refresh_token)


def test_a_session_in_use_does_not_grow_for_ever(
    sessions: Sessions, database: sqlite3.Connection, clock: Clock, first: Grant
) -> None:
    token = first.refresh_token
    for _ in range(20):
        clock.jump(IDLE_SEC / 4)
        token = renewed(sessions, token).refresh_token
    (count,) = database.execute("SELECT count(*) FROM refresh_tokens").fetchone()
    assert count <= 6


def test_no_secret_is_kept_in_the_clear(sessions: Sessions, database: sqlite3.Connection, first: Grant) -> None:
    second = renewed(sessions, first.refresh_token)
    dump = "\n".join(database.iterdump())
    for grant in (first, second):
        for secret in (grant.access_token, grant.refresh_token, grant.refresh_token.removeprefix("tds_")):
            assert secret not in dump
            assert secret not in repr(grant)


def test_what_a_stranger_sends_reaches_the_database_as_a_fingerprint_only(
    sessions: Sessions, accounts: Accounts, database: sqlite3.Connection, clock: Clock
) -> None:
    """So no comparison can tell by its time how much of a guess is right."""
    logins, guess = Logins(database, clock), "a-guess-of-a-stranger"
    ask: list[Callable[[], object]] = [
        lambda: accounts.user_of(guess),
        lambda: accounts.session_of(guess),
        lambda: accounts.revoke(guess),
        lambda: sessions.refresh(guess),
        lambda: sessions.of_refresh_token(guess),
        lambda: logins.standing(guess),
        lambda: logins.unanswered(guess),
        lambda: logins.redeem(guess, guess),
    ]
    asked: list[str] = []
    database.set_trace_callback(asked.append)
    for question in ask:
        with contextlib.suppress(ApiError):
            question()
    database.set_trace_callback(None)
    assert sum(fingerprint(guess).hex() in statement.lower() for statement in asked) == len(ask)
    assert not [statement for statement in asked if guess in statement]


def test_what_makes_a_successor_is_gone_once_it_is_used(
    sessions: Sessions, database: sqlite3.Connection, first: Grant
) -> None:
    second = renewed(sessions, first.refresh_token)
    renewed(sessions, second.refresh_token)
    (salts,) = database.execute("SELECT count(salt) FROM refresh_tokens").fetchone()
    assert salts == 1


def test_every_question_is_answered_from_an_index(
    sessions: Sessions, accounts: Accounts, database: sqlite3.Connection, first: Grant
) -> None:
    asked: list[str] = []
    database.set_trace_callback(asked.append)
    second = renewed(sessions, first.refresh_token)
    renewed(sessions, first.refresh_token)
    accounts.session_of(second.access_token)
    sessions.forget(10)
    accounts.forget(10)
    renewed(sessions, second.refresh_token)
    sessions.refresh(first.refresh_token)
    database.set_trace_callback(None)
    for statement in asked:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            for row in database.execute(f"EXPLAIN QUERY PLAN {statement}"):
                assert not row[3].startswith("SCAN"), (statement, row[3])


def test_whatever_the_order_of_uses_the_rule_holds(tmp_path: Path, clock: Clock) -> None:
    """A model of the rule beside the real thing: any token used at any time gets what the rule says."""

    class Family(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.accounts = Accounts(connection, clock)
            self.sessions = Sessions(connection, clock, self.accounts)
            self.tokens = [self.sessions.begin(ANN).refresh_token]
            self.replaced_at: list[float] = []
            self.alive = True

        @rule(age=st.integers(0, 3))
        def use(self, age: int) -> None:
            index = max(0, len(self.tokens) - 1 - age)
            age = len(self.tokens) - 1 - index
            grant = self.sessions.refresh(self.tokens[index])
            if self.alive and age == 0:
                assert grant is not None
                self.tokens.append(grant.refresh_token)
                self.replaced_at.append(clock.now())
            elif self.alive and age == 1 and clock.now() - self.replaced_at[-1] < 30:
                assert grant is not None
                assert grant.refresh_token == self.tokens[-1]
            else:
                assert grant is None
                self.alive = False

        @rule(seconds=st.sampled_from([1, 10, 29, 30, 900]))
        def wait(self, seconds: int) -> None:
            clock.jump(seconds)

        @invariant()
        def the_family_lives_as_it_should(self) -> None:
            assert (self.sessions.of_refresh_token(self.tokens[-1]) is not None) == self.alive

    with open_database(tmp_path / "model") as connection:
        run_state_machine_as_test(Family, settings=settings(max_examples=60, stateful_step_count=12))
