"""Asking somebody at a terminal who they are."""

from __future__ import annotations

import io

import pytest

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.terminal.signing_in import ask_email, ask_whether_to_leave


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "suggested", "asked", "expected"),
    [
        ("ann@example.com\n", None, "E-mail: ", "ann@example.com"),
        ("  ann@example.com \n", "bob@example.com", "E-mail [bob@example.com]: ", "ann@example.com"),
        ("\n", "bob@example.com", "E-mail [bob@example.com]: ", "bob@example.com"),
    ],
)
def test_a_person_is_asked_for_the_e_mail_address(
    typed: str, suggested: str | None, asked: str, expected: str
) -> None:
    said = io.StringIO()
    assert ask_email(Terminal(typed), said, suggested=suggested) == expected
    assert said.getvalue() == asked


@pytest.mark.parametrize("typed", ["", "\n", "ann\n"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValueError):
        ask_email(Terminal(typed), io.StringIO(), suggested=None)


@pytest.mark.parametrize(
    ("typed", "leaves"),
    [("y\n", True), (" YES \n", True), ("\n", False), ("", False), ("no\n", False), ("q\n", False)],
)
def test_a_person_who_does_not_say_yes_stays(typed: str, leaves: bool) -> None:
    said = io.StringIO()
    assert ask_whether_to_leave(Terminal(typed), said) is leaves
    assert said.getvalue().endswith("Sign out all the same? [y/N] ")


def test_a_script_is_told_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InvalidValueError, match="--token-stdin"):
        ask_email(io.StringIO("ann@example.com\n"), io.StringIO(), suggested=None)
    assert capsys.readouterr().out == ""
