"""The ways in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QProgressBar, QPushButton

from build_scripts import sample_states as samples
from tunneldesk.domain.account import SigningIn
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.model import AppState, Session, SessionStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

SIGNED_OUT = samples.STATES["signed-out"]
SERVER, ANN = "https://api.example.com", "ann@example.com"


class Ways:
    """The ways in as a user meets them."""

    def __init__(self, face: Any, qtbot: QtBot) -> None:
        self.face, self.qtbot = face, qtbot
        face.desktop.intents.sign_in()
        self.widget = face.desktop.signing.welcome
        self.server, self.email, self.token, self.address = self.widget.findChildren(QLineEdit)

    def press(self, words: str, *, in_: Any = None) -> None:
        buttons = (in_ or self.widget).findChildren(QPushButton)
        QTest.mouseClick(
            next(each for each in buttons if each.text() == words and each.isVisible()), Qt.MouseButton.LeftButton
        )

    def says(self, words: str) -> bool:
        return any(words in each.text() and each.isVisible() for each in self.widget.findChildren(QLabel))

    def ask(self, email: str = ANN) -> None:
        self.email.setText(email)
        QTest.keyClick(self.email, Qt.Key.Key_Return)

    def wait(self, address: str | None = samples.WAITING_FOR_BROWSER.address) -> None:
        self.face.become(replace(SIGNED_OUT, signing_in=replace(samples.WAITING_FOR_BROWSER, address=address)))


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the browser was sent."""
    visited: list[str] = []

    def visit(url: Any) -> bool:
        visited.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", visit)
    return visited


@pytest.fixture
def ways(face: Callable[..., Any], qtbot: QtBot) -> Ways:
    return Ways(face(SIGNED_OUT), qtbot)


# With an access token


def test_a_token_signs_in_and_the_dialog_closes(ways: Ways) -> None:
    assert ways.server.text() == SERVER
    assert ways.widget.focusWidget() is ways.email
    assert ways.token.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(ways.token, "secret")
    QTest.keyClick(ways.token, Qt.Key.Key_Return)
    assert ways.face.calls == [("dismiss_failure",), ("sign_in", SERVER, "secret", True)]
    assert not ways.token.isEnabled()
    ways.face.become(samples.STATES["empty"])
    assert not ways.widget.isVisible()
    assert ways.token.text() == ""


@pytest.mark.parametrize("way", ["Sign in", "Use this token"])
@pytest.mark.parametrize("server", ["http://example.com", "not a url", "ftp://example.com", ""])
def test_a_bad_server_address_is_named_before_anything_is_sent(ways: Ways, server: str, way: str) -> None:
    ways.server.setText(server)
    ways.email.setText(ANN)
    ways.token.setText("secret")
    ways.press(way)
    assert ways.says("can't be a server address")
    assert ways.widget.focusWidget() is ways.server
    assert ways.face.calls == []
    assert (ways.email.text(), ways.token.text()) == (ANN, "secret")


@pytest.mark.parametrize("token", ["", "two words", "tokén"])
def test_what_is_no_token_is_not_sent(ways: Ways, token: str) -> None:
    ways.token.setText(token)
    ways.press("Use this token")
    assert ways.says("access token")
    assert ways.face.calls == []
    QTest.keyClicks(ways.token, "x")
    assert not ways.says("access token")


def test_a_refused_token_leaves_the_dialog_as_it_was(ways: Ways) -> None:
    ways.token.setText("secret")
    ways.press("Use this token")
    ways.face.become(replace(SIGNED_OUT, failure=Failure(ErrorCode.INVALID_TOKEN, status=401)))
    problem = ways.face.desktop.problems.dialog
    assert problem.parentWidget() is ways.widget
    ways.press("Sign in", in_=problem)
    assert ways.token.isEnabled()
    assert ways.token.text() == "secret"
    assert ways.widget.focusWidget() is ways.token


def test_a_server_out_of_reach_is_asked_again_with_the_same_token(ways: Ways) -> None:
    ways.token.setText("secret")
    ways.press("Use this token")
    ways.face.become(replace(SIGNED_OUT, failure=samples.OFFLINE))
    ways.press("Try again", in_=ways.face.desktop.problems.dialog)
    assert ways.face.calls[-1] == ("sign_in", SERVER, "secret", True)


def test_a_token_is_not_left_lying_in_a_field(ways: Ways) -> None:
    ways.token.setText("secret")
    ways.press("Not now")
    assert ways.token.text() == ""


def test_a_keyring_that_is_locked_before_the_sign_in_can_be_left_out(ways: Ways) -> None:
    ways.token.setText("secret")
    ways.press("Use this token")
    ways.face.become(replace(SIGNED_OUT, failure=Failure(ErrorCode.KEYRING_LOCKED)))
    ways.press("Only for this session", in_=ways.face.desktop.problems.dialog)
    assert ways.face.calls[-1] == ("sign_in", SERVER, "secret", False)


def test_a_keyring_that_is_locked_at_the_start_opens_no_browser_by_itself(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = face(replace(SIGNED_OUT, session=replace(SIGNED_OUT.session, email=ANN)))
    ways = Ways(made, qtbot)
    ways.press("Not now")
    made.desktop.intents.show_window()
    made.become(replace(made.store.state, failure=Failure(ErrorCode.KEYRING_LOCKED)))
    ways.press("Only for this session", in_=made.desktop.problems.dialog)
    assert made.calls == [("dismiss_failure",)]
    assert ways.widget.isVisible()
    assert ways.email.text() == ANN
    ways.press("Sign in")
    assert made.calls[-1] == ("sign_in_by_browser", SERVER, ANN, False)


def test_who_did_not_want_to_be_remembered_is_not_when_trying_again(ways: Ways) -> None:
    ways.token.setText("secret")
    ways.widget.findChild(QCheckBox).setChecked(False)
    ways.press("Use this token")
    ways.face.become(replace(SIGNED_OUT, failure=samples.OFFLINE))
    ways.press("Try again", in_=ways.face.desktop.problems.dialog)
    assert ways.face.calls[-1] == ("sign_in", SERVER, "secret", False)


def test_who_goes_in_no_more_is_not_asked_about_what_failed_on_the_way(ways: Ways) -> None:
    ways.ask()
    ways.face.become(replace(SIGNED_OUT, failure=samples.OFFLINE))
    ways.face.desktop.problems.dialog.hide()
    ways.face.calls.clear()
    ways.press("Not now")
    assert ways.face.calls == [("dismiss_failure",)]


def test_what_fails_beside_a_sign_in_is_not_tried_again_by_signing_in(ways: Ways) -> None:
    ways.email.setText(ANN)
    ways.face.become(replace(SIGNED_OUT, failure=Failure(ErrorCode.FILE_NOT_WRITTEN)))
    ways.press("Try again", in_=ways.face.desktop.problems.dialog)
    assert ways.face.calls == [("try_again",)]


# On this computer


def test_trying_it_on_this_computer_needs_nothing(ways: Ways) -> None:
    ways.press("Try it on this computer")
    assert ways.face.calls == [("dismiss_failure",), ("use_demo",)]
    ways.face.become(samples.in_demo())
    assert not ways.widget.isVisible()


def test_a_server_on_this_computer_that_did_not_start_is_started_again_where_it_was_asked_for(ways: Ways) -> None:
    ways.email.setText(ANN)
    ways.press("Try it on this computer")
    ways.face.become(replace(SIGNED_OUT, failure=Failure(ErrorCode.EMBEDDED_SERVER_FAILED)))
    ways.press("Try again", in_=ways.face.desktop.problems.dialog)
    assert ways.face.calls[-1] == ("use_demo",)
    assert not ways.email.isEnabled()


# With the browser


def test_the_browser_is_sent_where_the_server_says_once_and_the_dialog_waits(
    ways: Ways, visited: list[str]
) -> None:
    ways.ask()
    assert ways.face.calls == [("dismiss_failure",), ("sign_in_by_browser", SERVER, ANN, True)]
    ways.wait(address=None)
    assert ways.says("Asking api.example.com ...")
    assert visited == []
    ways.wait()
    ways.face.become(replace(ways.face.store.state, remote=()))
    assert visited == [samples.WAITING_FOR_BROWSER.address]
    assert ways.says("Waiting for your browser")
    assert ways.says(ANN)
    assert ways.address.text() == visited[0]
    assert ways.says("9:41 left")
    ways.face.become(samples.STATES["accounts"])
    assert not ways.widget.isVisible()


def test_the_time_left_is_counted_while_somebody_looks(ways: Ways, visited: list[str]) -> None:
    ways.ask()
    ways.wait()
    bar = ways.widget.findChild(QProgressBar)
    before = bar.value()
    ways.face.clock.passed = 60.0
    ways.qtbot.waitUntil(lambda: ways.says("8:41 left"), timeout=5000)
    assert bar.value() == before - 60
    assert bar.accessibleDescription() == "8:41 left"
    assert len(visited) == 1


def test_the_address_can_be_copied_and_opened_again(ways: Ways, visited: list[str]) -> None:
    ways.ask()
    ways.wait()
    ways.press("Copy address")
    assert QGuiApplication.clipboard().text() == visited[0]
    ways.press("Open again")
    assert visited == [samples.WAITING_FOR_BROWSER.address] * 2


def test_where_no_browser_opens_that_is_said(ways: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    ways.ask()
    ways.wait()
    assert ways.says("No browser could be opened.")


@pytest.mark.parametrize("how", ["button", "escape"])
def test_waiting_can_be_given_up_and_what_was_typed_is_still_there(
    ways: Ways, visited: list[str], how: str
) -> None:
    ways.ask()
    ways.wait()
    if how == "button":
        ways.press("Cancel")
    else:
        QTest.keyClick(ways.widget, Qt.Key.Key_Escape)
    assert ways.face.calls[-1] == ("cancel_sign_in",)
    assert ways.widget.isVisible()
    assert ways.email.isVisible()
    assert ways.email.text() == ANN
    assert ways.widget.focusWidget() is ways.email
    ways.ask()
    ways.wait()
    assert len(visited) == 2


@pytest.mark.parametrize("email", ["", "ann", "ann at example.com", "@"])
def test_what_is_no_e_mail_address_is_named_and_not_sent(ways: Ways, email: str) -> None:
    ways.ask(email)
    assert ways.says("e-mail address")
    assert ways.email.accessibleDescription()
    assert ways.widget.focusWidget() is ways.email
    assert ways.face.calls == []
    ways.email.clear()
    QTest.keyClicks(ways.email, "b")
    assert not ways.says("is not an e-mail address")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (ErrorCode.SLACK_OAUTH_FAILED, "Try again"),
        (ErrorCode.SERVER_TIMED_OUT, "Try again"),
    ],
)
def test_a_sign_in_that_failed_is_tried_again_the_same_way(
    ways: Ways, visited: list[str], code: ErrorCode, words: str
) -> None:
    ways.ask()
    ways.wait()
    ways.face.become(replace(SIGNED_OUT, failure=Failure(code)))
    assert ways.email.isVisible()
    ways.press(words, in_=ways.face.desktop.problems.dialog)
    assert ways.face.calls[-1] == ("sign_in_by_browser", SERVER, ANN, True)
    assert len(visited) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (ErrorCode.OAUTH_EXPIRED, "Start again"),
        (ErrorCode.EMAIL_MISMATCH, "Use another account"),
        (ErrorCode.SLACK_OAUTH_DENIED, "Use another account"),
    ],
)
def test_a_sign_in_that_leads_nowhere_leads_back_to_who_is_asking(
    ways: Ways, visited: list[str], code: ErrorCode, words: str
) -> None:
    ways.ask()
    ways.wait()
    ways.face.become(replace(SIGNED_OUT, failure=Failure(code)))
    ways.press(words, in_=ways.face.desktop.problems.dialog)
    ways.face.become(SIGNED_OUT)
    assert ways.widget.isVisible()
    assert ways.widget.focusWidget() is ways.email
    assert ways.email.selectedText() == ANN
    assert len(visited) == 1


def test_signed_in_without_a_keyring_the_dialog_closes_and_the_problem_can_be_agreed_to(
    ways: Ways, visited: list[str]
) -> None:
    ways.ask()
    ways.wait()
    state = replace(samples.STATES["accounts"], failure=Failure(ErrorCode.KEYRING_REFUSED))
    ways.face.become(state)
    assert not ways.widget.isVisible()
    ways.face.desktop.intents.show_window()
    ways.face.desktop.intents.show_problem(None)
    ways.press("Only for this session", in_=ways.face.desktop.problems.dialog)
    assert ways.face.calls[-1] == ("session_only",)
    assert len(visited) == 1


def test_enter_after_the_server_leads_to_who_is_asking(face: Callable[..., Any], qtbot: QtBot) -> None:
    ways = Ways(face(AppState()), qtbot)
    assert ways.widget.focusWidget() is ways.server
    QTest.keyClicks(ways.server, "api.example.com")
    QTest.keyClick(ways.server, Qt.Key.Key_Return)
    assert ways.widget.focusWidget() is ways.email
    QTest.keyClicks(ways.email, ANN)
    QTest.keyClick(ways.server, Qt.Key.Key_Return)
    assert ways.face.calls[-1] == ("sign_in_by_browser", SERVER, ANN, True)


def test_enter_after_the_server_uses_a_token_where_there_is_one(ways: Ways) -> None:
    ways.token.setText("secret")
    QTest.keyClick(ways.server, Qt.Key.Key_Return)
    assert ways.face.calls[-1] == ("sign_in", SERVER, "secret", True)


def test_somebody_elses_sign_in_is_none_of_the_dialogs(ways: Ways, visited: list[str]) -> None:
    ways.face.become(replace(SIGNED_OUT, signing_in=SigningIn(samples.BOB, samples.MONOTONIC, "https://x.example")))
    assert ways.email.isVisible()
    assert visited == []


def test_another_account_starts_from_empty_fields(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(samples.STATES["accounts"])
    ways = Ways(made, qtbot)
    assert (ways.server.text(), ways.email.text()) == (SERVER, ANN)
    made.desktop.intents.add_account()
    assert (ways.server.text(), ways.email.text()) == ("", "")
    assert ways.widget.focusWidget() is ways.server


# At a login


NEW = replace(SIGNED_OUT, session=Session())


def test_whoever_is_new_is_welcomed_at_once(face: Callable[..., Any]) -> None:
    assert face(NEW).desktop.signing.welcome.isVisible()


def test_whoever_is_new_finds_the_server_filled_in_that_the_environment_names(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = face(replace(SIGNED_OUT, newcomer=True))
    assert made.desktop.signing.welcome.isVisible()
    ways = Ways(made, qtbot)
    assert ways.server.text() == SERVER
    assert ways.widget.focusWidget() is ways.email


def test_whoever_has_signed_out_knows_the_way(face: Callable[..., Any]) -> None:
    assert face(SIGNED_OUT).desktop.signing.dialog is None


def test_nobody_is_welcomed_at_a_login_until_they_turn_to_it(face: Callable[..., Any]) -> None:
    """An administrator has installed it for everybody, started at login."""
    made = face(replace(NEW, session=Session(status=SessionStatus.OPENING)), quietly=True)
    made.become(NEW)
    assert made.desktop.in_background()
    made.tray.window_wanted.emit()
    assert made.desktop.signing.welcome.isVisible()
    made.desktop.signing.welcome.reject()
    made.become(replace(NEW, max_tunnels=9))
    assert not made.desktop.signing.welcome.isVisible(), "once is enough"
