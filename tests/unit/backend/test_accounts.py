"""People and access tokens on a real SQLite file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from tunneldesk.backend.accounts import Accounts
    from tunneldesk.backend.clock import Clock


def test_the_same_address_is_the_same_user(accounts: Accounts, ann: str) -> None:
    assert accounts.add_user("Ann@Example.com") == ann


def test_an_access_token_is_good_until_it_is_revoked(accounts: Accounts, ann: str) -> None:
    token = accounts.mint_access_token(ann)
    assert accounts.user_of(token) == ann
    assert accounts.revoke(token)
    assert accounts.user_of(token) is None
    assert not accounts.revoke(token)


def test_an_access_token_ends_with_its_lifetime(accounts: Accounts, clock: Clock, ann: str) -> None:
    token = accounts.mint_access_token(ann, lifetime=900)
    clock.jump(899)
    assert accounts.user_of(token) == ann
    clock.jump(1)
    assert accounts.user_of(token) is None


def test_an_expiry_that_is_forced_is_felt_by_a_token_known_by_heart(accounts: Accounts, ann: str) -> None:
    token, other = accounts.mint_access_token(ann), accounts.mint_access_token(ann)
    assert accounts.user_of(token) == ann
    assert accounts.expire(token) == 1
    assert accounts.user_of(token) is None
    assert accounts.expire(token) == 0
    assert accounts.expire("tda_unknown") == 0
    assert accounts.user_of(other) == ann


def test_only_tokens_that_expired_a_while_ago_are_forgotten(accounts: Accounts, clock: Clock, ann: str) -> None:
    short, lasting = accounts.mint_access_token(ann, lifetime=10), accounts.mint_access_token(ann)
    clock.jump(3610)
    assert accounts.forget(10) == 0
    clock.jump(1)
    assert accounts.forget(10) == 1
    assert accounts.forget(10) == 0
    assert accounts.user_of(short) is None
    assert accounts.user_of(lasting) == ann


def test_no_access_token_is_kept_in_the_clear(accounts: Accounts, database: sqlite3.Connection, ann: str) -> None:
    token = accounts.mint_access_token(ann)
    assert token not in "\n".join(database.iterdump())
