"""How long an answer takes says nothing of a secret: secrets are compared by their fingerprints only."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

import pytest

from tunneldesk.backend import control, identity, logins, store
from tunneldesk.backend.errors import ApiError
from tunneldesk.backend.identity import Identity
from tunneldesk.backend.logins import Logins, Person
from tunneldesk.backend.one_shot import OneShot
from tunneldesk.backend.sessions import Sessions
from tunneldesk.backend.tokens import challenge

if TYPE_CHECKING:
    import sqlite3

    from tunneldesk.backend.accounts import Accounts
    from tunneldesk.backend.clock import Clock
    from tunneldesk.backend.store import Store

ANN = Person("ann@example.com", "U1", "T1")
VERIFIER = "a-verifier"


class Given(str):
    """What an attacker sends: whoever compares or looks up the text itself is found out."""

    __slots__ = ()

    def _compared(self, *_: object) -> bool:
        raise AssertionError("a secret was compared letter by letter")

    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __contains__ = startswith = endswith = _compared

    def __hash__(self) -> int:
        raise AssertionError("a secret was looked up as it is")


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how long what was compared was, each time: always in the same time, and always a whole fingerprint."""
    lengths: list[int] = []

    def compare(one: bytes, other: bytes) -> bool:
        lengths.append(len(one))
        return hmac.compare_digest(one, other)

    class Watched:
        compare_digest = staticmethod(compare)

    for module in (control, identity, logins, store):
        monkeypatch.setattr(module, "hmac", Watched)
    return lengths


@pytest.mark.parametrize("good", [True, False])
def test_tokens_states_and_codes_are_found_by_their_fingerprints(
    database: sqlite3.Connection, clock: Clock, accounts: Accounts, good: bool, compared: list[int]
) -> None:
    sessions, signing_in = Sessions(database, clock, accounts), Logins(database, clock)

    def given(secret: str) -> Any:
        return Given(secret if good else secret[:-1] + "?")

    granted = sessions.begin(ANN)
    assert (accounts.user_of(given(granted.access_token)) is not None) is good
    assert (sessions.of_refresh_token(given(granted.refresh_token)) is not None) is good
    assert (sessions.refresh(given(granted.refresh_token)) is not None) is good
    state = signing_in.begin(ANN.email, challenge(VERIFIER), None)
    code = signing_in.authorize(state, ANN)
    if not good:
        for ask in (signing_in.standing, signing_in.unanswered):
            with pytest.raises(ApiError, match="INVALID_STATE"):
                ask(given(state))
        with pytest.raises(ApiError, match="INVALID_LOGIN_CODE"):
            signing_in.redeem(given(code), VERIFIER)
        with pytest.raises(ApiError, match="INVALID_CODE_VERIFIER"):
            signing_in.redeem(code, given(VERIFIER))
    else:
        assert signing_in.standing(given(state)).login_code == code
        assert signing_in.redeem(given(code), given(VERIFIER)) == ANN
    assert compared == [32]
    kept: OneShot[str] = OneShot(clock, lifetime=60)
    assert (kept.take(given(kept.give("meaning"))) is not None) is good


@pytest.mark.parametrize("good", [True, False])
def test_a_connectors_secret_is_compared_in_constant_time(
    store: Store, ann: str, good: bool, compared: list[int]
) -> None:
    created = store.create(ann, 3000, ["my-app"], max_active=5)
    secret = created.secret if good else created.secret[:-1] + "?"
    assert (store.admit(created.id, Given(secret)) is not None) is good
    assert store.run_token_of(Given(created.run_token)) is not None
    assert compared == [32]


def test_a_code_of_the_provider_is_of_one_state(clock: Clock, compared: list[int]) -> None:
    provider = Identity(clock, "http://127.0.0.1:1")
    with pytest.raises(identity.NotConfirmed):
        provider.redeem(Given("guess"), Given("state"))
    assert compared == []
