"""The accounts that are known here, and which is in use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tunneldesk.domain.account import Account
from tunneldesk.storage.accounts import Accounts, AccountsFile

if TYPE_CHECKING:
    from pathlib import Path

HERE, THERE = "https://here.example.com", "https://there.example.com"
ANN, BOB, TOKEN = Account(HERE, "ann@example.com"), Account(HERE, "bob@example.com"), Account(THERE)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = AccountsFile(tmp_path / "accounts.json")
    assert file.read() == Accounts()
    for account in (ANN, TOKEN, BOB, ANN):
        file.change(lambda accounts, account=account: accounts.using(account))  # type: ignore[misc]
    assert file.read() == Accounts((ANN, TOKEN, BOB), ANN)
    assert file.change(lambda accounts: accounts.without(TOKEN)) == Accounts((ANN, BOB), ANN) == file.read()
    assert file.change(Accounts.staying_here) == Accounts((ANN, BOB), ANN, here=True) == file.read()
    assert file.change(lambda accounts: accounts.using(BOB)) == Accounts((ANN, BOB), BOB) == file.read()


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        (Accounts((ANN, BOB, TOKEN), BOB), BOB),
        (Accounts((ANN, BOB, TOKEN), TOKEN), ANN),
        (Accounts((TOKEN, BOB), ANN), BOB),  # whoever signed out last is not to be used
        (Accounts((TOKEN,), ANN), ANN),  # but is still the one to suggest
        (Accounts((TOKEN,), TOKEN), Account(HERE)),
        (Accounts(), Account(HERE)),
    ],
)
def test_a_server_that_is_named_means_the_account_last_used_there(accounts: Accounts, expected: Account) -> None:
    assert accounts.on(HERE) == expected


@pytest.mark.parametrize(
    "bad", [None, 5, "x", [], {}, {"server": 7}, {"server": "http://a.example"}, {"server": HERE, "email": 3}]
)
def test_what_makes_no_sense_costs_itself_only(tmp_path: Path, bad: object) -> None:
    path = tmp_path / "accounts.json"
    AccountsFile(path).change(lambda accounts: accounts.using(ANN))
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({"known": [bad, *stored["known"], *stored["known"]], "current": bad}))
    assert AccountsFile(path).read() == Accounts((ANN,))
    path.write_text(json.dumps(stored | {"known": bad}))
    assert AccountsFile(path).read() == Accounts((), ANN)
