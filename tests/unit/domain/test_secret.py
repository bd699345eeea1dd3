"""A token is never shown by accident."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.domain.model import Grant
from tunneldesk.domain.secret import Secret

TEXT = "xyzzy-token-0451"


@pytest.fixture
def secret() -> Secret:
    return Secret(TEXT)


def test_whoever_needs_it_can_have_it(secret: Secret) -> None:
    assert secret.reveal() == TEXT


@pytest.mark.parametrize(
    "shown",
    [str, repr, ascii, "{}".format, "{!r}".format, "{:>40}".format, "%s".__mod__, "%r".__mod__],
    ids=["str", "repr", "ascii", "format", "format-r", "format-width", "percent-s", "percent-r"],
)
def test_it_is_not_in_any_text_made_of_it(secret: Secret, shown: object) -> None:
    assert callable(shown)
    text = shown(secret)
    assert TEXT not in text
    assert "***" in text


def test_it_is_not_in_what_holds_it(secret: Secret) -> None:
    grant = Grant("id", "a.example.com", secret, 20, 60, run_token=secret)
    assert TEXT not in repr(grant)
    assert TEXT not in repr(replace(grant, lease_timeout=30))
    assert TEXT not in repr([secret, {"token": secret}])


def test_it_is_not_in_a_log_line(secret: Secret, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("token %s and %r", secret, secret)
    assert TEXT not in caplog.text


def test_it_is_not_in_a_traceback_with_its_variables(secret: Secret) -> None:
    def refuse(token: Secret) -> None:
        raise ValueError(token)

    with pytest.raises(ValueError, match="Secret") as caught:
        refuse(secret)
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "Secret(***)" in shown
    assert TEXT not in shown.replace("TEXT", "")


@pytest.mark.parametrize("leave", [pickle.dumps, copy.deepcopy, json.dumps], ids=["pickle", "deepcopy", "json"])
def test_it_does_not_leave_as_data(secret: Secret, leave: object) -> None:
    assert callable(leave)
    with pytest.raises(TypeError):
        leave(secret)
    assert not hasattr(secret, "__dict__")


def test_an_empty_one_counts_as_none() -> None:
    assert not Secret("")
    assert Secret(" ")


@given(st.text(st.characters(exclude_categories=[])), st.text(st.characters(exclude_categories=[])))
def test_two_are_equal_when_their_texts_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)
    assert Secret(one) == Secret(one)
    assert hash(Secret(one)) == hash(Secret(one))


def test_it_is_not_equal_to_its_own_text(secret: Secret) -> None:
    assert secret != TEXT
