"""The ways in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from build_scripts import sample_states as samples
from tunneldesk.domain.errors import ErrorCode, Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

SIGNED_OUT = samples.STATES["signed-out"]


class Ways:
    """The ways in as a user meets them."""

    def __init__(self, face: Any, qtbot: QtBot) -> None:
        self.face, self.qtbot = face, qtbot
        face.desktop.sign_in()
        self.widget = face.desktop.welcome
        self.server, self.token = self.widget.findChildren(QLineEdit)

    def press(self, words: str, *, in_: Any = None) -> None:
        buttons = (in_ or self.widget).findChildren(QPushButton)
        QTest.mouseClick(next(each for each in buttons if each.text() == words), Qt.MouseButton.LeftButton)

    def says(self, words: str) -> bool:
        return any(words in each.text() for each in self.widget.findChildren(QLabel))


@pytest.fixture
def ways(face: Callable[..., Any], qtbot: QtBot) -> Ways:
    return Ways(face(SIGNED_OUT), qtbot)


def test_a_token_signs_in_and_the_dialog_closes(ways: Ways) -> None:
    assert ways.server.text() == "https://api.example.com"
    assert ways.widget.focusWidget() is ways.token
    assert ways.token.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(ways.token, "secret")
    QTest.keyClick(ways.token, Qt.Key.Key_Return)
    assert ways.face.calls == [("dismiss_failure",), ("sign_in", "https://api.example.com", "secret", True)]
    assert not ways.token.isEnabled()
    ways.face.become(samples.STATES["empty"])
    assert not ways.widget.isVisible()
    assert ways.token.text() == ""


@pytest.mark.parametrize("server", ["http://example.com", "not a url", "ftp://example.com", ""])
def test_a_bad_server_address_is_named_before_anything_is_sent(ways: Ways, server: str) -> None:
    ways.server.setText(server)
    ways.token.setText("secret")
    ways.press("Sign in")
    assert ways.says("can't be a server address")
    assert ways.widget.focusWidget() is ways.server
    assert ways.face.calls == []


@pytest.mark.parametrize("token", ["", "two words", "tokén"])
def test_what_is_no_token_is_not_sent(ways: Ways, token: str) -> None:
    ways.token.setText(token)
    ways.press("Sign in")
    assert ways.says("access token")
    assert ways.face.calls == []
    QTest.keyClicks(ways.token, "x")
    assert not ways.says("That is not an access token.")


def test_a_refused_token_leaves_the_dialog_as_it_was(ways: Ways) -> None:
    ways.token.setText("secret")
    ways.press("Sign in")
    ways.face.become(replace(SIGNED_OUT, failure=Failure(ErrorCode.INVALID_TOKEN, status=401)))
    problem = ways.face.desktop.problems.dialog
    assert problem.parentWidget() is ways.widget
    ways.press("Sign in", in_=problem)
    assert ways.token.isEnabled()
    assert ways.token.text() == "secret"
    assert ways.widget.focusWidget() is ways.token


def test_a_server_out_of_reach_is_asked_again_with_the_same_token(ways: Ways) -> None:
    ways.token.setText("secret")
    ways.press("Sign in")
    ways.face.become(replace(SIGNED_OUT, failure=samples.OFFLINE))
    ways.press("Try again", in_=ways.face.desktop.problems.dialog)
    assert ways.face.calls[-1] == ("sign_in", "https://api.example.com", "secret", True)


def test_trying_it_on_this_computer_needs_nothing(ways: Ways) -> None:
    ways.press("Try it on this computer")
    assert ways.face.calls == [("dismiss_failure",), ("use_demo",)]
    ways.face.become(samples.in_demo())
    assert not ways.widget.isVisible()


def test_a_token_is_not_left_lying_in_a_field(ways: Ways) -> None:
    ways.token.setText("secret")
    ways.press("Not now")
    assert ways.token.text() == ""


def test_a_keyring_that_is_locked_before_the_sign_in_can_be_left_out(ways: Ways) -> None:
    ways.token.setText("secret")
    ways.press("Sign in")
    ways.face.become(replace(SIGNED_OUT, failure=Failure(ErrorCode.KEYRING_LOCKED)))
    ways.press("Only for this session", in_=ways.face.desktop.problems.dialog)
    assert ways.face.calls[-1] == ("sign_in", "https://api.example.com", "secret", False)
