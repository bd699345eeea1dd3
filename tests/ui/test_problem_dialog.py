"""Every problem of the catalogue as a dialog, and every button of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QLineEdit, QPushButton

from build_scripts import sample_states as samples
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.presentation.problem import Action, ActionKind
from tunneldesk.presentation.window import problem_of
from tunneldesk.ui.clipboard import copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tunneldesk.domain.model import AppState
    from tunneldesk.ui.problem_dialog import ProblemDialog

KEY = "key-my-app"

FAILURES = {
    **{code.value: replace(samples.TAKEN, code=code) for code in ErrorCode},
    "INVALID_INPUT about the name": replace(
        samples.TAKEN, code=ErrorCode.INVALID_INPUT, details={"field": "requestedSlug"}
    ),
    "INVALID_INPUT about the port": replace(
        samples.TAKEN, code=ErrorCode.INVALID_INPUT, details={"fieldErrors": {"port": ["too large"]}}
    ),
    "a code nobody knows, 5xx": Failure(ErrorCode.UNKNOWN_CODE, raw_code="TEAPOT", status=503),
}


def failed(failure: Failure) -> AppState:
    return samples.signed_in(samples.live("other", 8000), samples.failed("my-app", 3000, failure))


def opened(face: Callable[..., Any], failure: Failure) -> tuple[Any, ProblemDialog]:
    made = face(samples.signed_in())
    made.desktop.intents.show_window()
    made.become(failed(failure))
    made.desktop.intents.show_problem(KEY)
    dialog = made.desktop.problems.dialog
    assert dialog is not None
    made.commands.calls.clear()
    return made, dialog


def button(dialog: QDialog, words: str) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.text() == words)


def press(pressed: QPushButton) -> None:
    QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)


def texts(dialog: QDialog) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel)]


def wish(**changes: Any) -> Any:
    return replace(samples.failed("my-app", 3000, samples.TAKEN).wish, **changes)


@pytest.mark.parametrize("name", FAILURES)
def test_each_problem_is_shown_with_its_own_title_text_and_buttons(face: Callable[..., Any], name: str) -> None:
    state = failed(FAILURES[name])
    expected = problem_of(state, state.tunnels[1])
    assert expected is not None
    _, dialog = opened(face, FAILURES[name])
    assert expected.title in texts(dialog)
    assert expected.text in texts(dialog)
    assert all(each.textFormat() is Qt.TextFormat.PlainText for each in dialog.findChildren(QLabel))
    for action in expected.actions:
        if action.kind is not ActionKind.MAKE_ROOM:
            assert button(dialog, action.label).isVisible()
    listed = [each.text() for each in dialog.findChildren(QPushButton)].count("Stop")
    makes_room = any(action.kind is ActionKind.MAKE_ROOM for action in expected.actions)
    assert listed == (1 if makes_room else 0)


ALL_ACTIONS = [
    pytest.param(name, action, id=f"{name}: {action.label}")
    for name, failure in FAILURES.items()
    for shown in [problem_of(failed(failure), failed(failure).tunnels[1])]
    if shown is not None
    for action in shown.actions
    if action.kind is not ActionKind.MAKE_ROOM
]


@pytest.mark.parametrize(("name", "action"), ALL_ACTIONS)
def test_each_button_of_each_problem_does_what_it_says(
    face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, name: str, action: Action
) -> None:
    visited: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: visited.append(url.toString()))
    made, dialog = opened(face, FAILURES[name])
    copy("before")
    press(button(dialog, action.label))
    desktop, calls = made.desktop, made.calls
    kind = ActionKind
    if action.kind in {kind.TRY_AGAIN, kind.EXPOSE_AGAIN}:
        assert calls == [("revise", KEY, wish())]
    elif action.kind is kind.USE_NAME:
        assert calls == [("revise", KEY, wish(slug="my-app-2"))]
    elif action.kind is kind.USE_RANDOM_NAME:
        assert calls == [("revise", KEY, wish(slug=None))]
    elif action.kind in {kind.EDIT, kind.CHANGE_PORT, kind.CHANGE_NAME}:
        field = "Name" if action.kind is kind.CHANGE_NAME else "Port"
        assert desktop.exposing.shows(KEY)
        assert desktop.exposing.dialog.focusWidget().accessibleName() == field
        assert calls == []
    elif action.kind in {kind.SIGN_IN, kind.USE_ANOTHER_ACCOUNT, kind.CHECK_SERVER}:
        field = "Server address" if action.kind is kind.CHECK_SERVER else "E-mail address"
        assert desktop.signing.welcome.isVisible()
        assert desktop.signing.welcome.focusWidget().accessibleName() == field
    elif action.kind in {kind.DOWNLOAD_CONNECTOR, kind.OPEN_CONNECTOR_PAGE}:
        # Nothing is offered for download in these states; see test_download.py.
        assert calls == []
        assert visited == ["https://github.com/cloudflare/cloudflared/releases"]
    elif action.kind is kind.CHOOSE_CONNECTOR:
        chooser = next(each for each in desktop.window.widget.findChildren(QFileDialog))
        chooser.fileSelected.emit("/opt/cloudflared")
        chooser.close()
        assert [call[0] for call in calls] == ["prefer"]
        assert calls[0][1].connector == Path("/opt/cloudflared")
    elif action.kind is kind.CHOOSE_AUTHORITY:
        chooser = next(each for each in desktop.window.widget.findChildren(QFileDialog))
        chooser.fileSelected.emit("/etc/company.pem")
        chooser.close()
        assert [call[0] for call in calls] == ["prefer", "revise"]
        assert calls[0][1].authority == Path("/etc/company.pem")
    elif action.kind is kind.SHOW_LOG:
        assert calls == [("connector_log", KEY)]
    elif action.kind is kind.COPY_DETAILS:
        assert dialog.isVisible()
        assert dialog.problem.title in QGuiApplication.clipboard().text()
    elif action.kind is kind.SESSION_ONLY:
        assert ("session_only",) in calls
    else:
        assert action.kind is kind.CANCEL
        assert not [call for call in calls if call[0] != "stop"]


def test_stopping_a_listed_tunnel_makes_room_for_the_refused_one(face: Callable[..., Any]) -> None:
    made, dialog = opened(face, samples.LIMIT)
    press(button(dialog, "Stop"))
    assert made.calls == [("make_room", KEY, "id-other")]
    assert made.desktop.problems.dialog is None


def test_markup_of_a_server_is_shown_as_it_is(face: Callable[..., Any]) -> None:
    _, dialog = opened(face, replace(samples.TAKEN, message="<b>bold</b><img src=x>"))
    press(button(dialog, "Details"))
    assert "<b>bold</b><img src=x>" in texts(dialog)


def test_a_second_problem_of_the_same_tunnel_replaces_the_first(face: Callable[..., Any]) -> None:
    made, first = opened(face, samples.TAKEN)
    made.become(failed(samples.LIMIT))
    second = made.desktop.problems.dialog
    assert second is not first
    assert not first.isVisible()
    assert second.problem.code is ErrorCode.TUNNEL_LIMIT_EXCEEDED


def test_problems_of_two_tunnels_come_one_after_the_other(face: Callable[..., Any]) -> None:
    made, first = opened(face, samples.TAKEN)
    another = samples.failed("second", 4000, samples.OFFLINE)
    made.become(replace(made.store.state, tunnels=(*made.store.state.tunnels, another)))
    assert made.desktop.problems.dialog is first
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert made.desktop.problems.dialog.problem.code is ErrorCode.SERVER_NAME_UNKNOWN


def test_a_problem_that_is_over_takes_its_dialog_along(face: Callable[..., Any]) -> None:
    made, dialog = opened(face, samples.TAKEN)
    made.become(samples.signed_in(samples.live("my-app", 3000)))
    assert made.desktop.problems.dialog is None
    assert not dialog.isVisible()


def test_while_nobody_looks_a_problem_is_a_notification_and_a_click_opens_the_dialog(
    face: Callable[..., Any],
) -> None:
    made = face(samples.signed_in())
    made.become(failed(samples.TAKEN))
    assert not QApplication.modalWindow()
    assert made.tray.told[0][0] == '"my-app" is taken'
    assert made.tray.view.mark.value == "problem"
    made.tray.click()
    assert '"my-app" is taken' in texts(made.desktop.problems.dialog)


def test_a_rate_limit_counts_down_while_the_service_waits_and_cancel_stops_it(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = face(samples.signed_in())
    made.desktop.intents.show_window()
    made.become(samples.signed_in(samples.waiting("my-app", 3000, samples.RATE, seconds=38)))
    dialog = made.desktop.problems.dialog
    assert "TunnelDesk tries again by itself in 38 s." in texts(dialog)
    made.clock.passed = 20
    qtbot.waitUntil(lambda: "TunnelDesk tries again by itself in 18 s." in texts(dialog), timeout=5000)
    made.commands.calls.clear()
    press(button(dialog, "Cancel"))
    assert made.calls == [("stop", KEY)]


def test_a_rate_limit_nobody_waits_for_is_tried_again_when_its_time_is_over(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made, _ = opened(face, samples.RATE)
    made.clock.passed = 39
    qtbot.waitUntil(lambda: made.calls == [("revise", KEY, wish())], timeout=5000)
    assert made.desktop.problems.dialog is None


def test_a_fault_of_our_own_is_shown_and_can_be_dismissed(face: Callable[..., Any]) -> None:
    made = face(samples.signed_in())
    made.desktop.intents.show_window()
    made.desktop.report(Failure(ErrorCode.UNEXPECTED, "ValueError"))
    dialog = made.desktop.problems.dialog
    assert "Something unexpected happened" in texts(dialog)
    press(button(dialog, "OK"))
    assert made.desktop.problems.dialog is None
    made.become(samples.signed_in(samples.live("my-app", 3000)))
    assert made.desktop.problems.dialog is None


def test_the_embedded_server_is_started_again_on_demand(face: Callable[..., Any]) -> None:
    made = face(samples.signed_in())
    made.desktop.intents.show_window()
    made.become(replace(samples.in_demo(), failure=Failure(ErrorCode.EMBEDDED_SERVER_FAILED, "port in use")))
    made.commands.calls.clear()
    press(button(made.desktop.problems.dialog, "Try again"))
    assert made.calls == [("try_again",)]


def test_a_keyring_that_fails_leaves_the_session_for_this_run(face: Callable[..., Any]) -> None:
    made = face(samples.signed_in())
    made.desktop.intents.show_window()
    made.become(replace(samples.signed_in(), failure=Failure(ErrorCode.KEYRING_LOCKED)))
    made.commands.calls.clear()
    press(button(made.desktop.problems.dialog, "Only for this session"))
    assert made.calls == [("session_only",)]


def signed_in_with_the_browser(face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a face whose user has signed in with the browser; the ways in have closed."""
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    made = face(samples.STATES["signed-out"])
    made.desktop.intents.show_window()
    made.desktop.intents.sign_in()
    welcome = made.desktop.signing.welcome
    welcome.findChildren(QLineEdit)[1].setText("ann@example.com")
    press(button(welcome, "Sign in"))
    made.become(samples.STATES["accounts"])
    assert not welcome.isVisible()
    made.commands.calls.clear()
    return made


@pytest.mark.parametrize("code", [ErrorCode.SERVER_TIMED_OUT, ErrorCode.INTERNAL_ERROR, ErrorCode.KEYRING_REFUSED])
def test_trying_again_does_what_failed_and_signs_nobody_in_behind_the_users_back(
    face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, code: ErrorCode
) -> None:
    made = signed_in_with_the_browser(face, monkeypatch)
    made.become(replace(samples.STATES["accounts"], failure=Failure(code)))
    press(button(made.desktop.problems.dialog, "Try again"))
    assert made.calls == [("try_again",)]
    assert not made.desktop.signing.welcome.isVisible()


def test_a_rate_limit_of_the_app_does_what_was_refused_when_its_time_is_over(
    face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    made = signed_in_with_the_browser(face, monkeypatch)
    made.become(replace(samples.STATES["accounts"], failure=samples.RATE))
    made.clock.passed = 39
    qtbot.waitUntil(lambda: made.calls == [("try_again",)], timeout=5000)
    assert not made.desktop.signing.welcome.isVisible()


@pytest.mark.parametrize("name", ["TAKEN", "LIMIT"])
def test_the_keyboard_reaches_every_button_and_enter_presses_the_likely_one(
    face: Callable[..., Any], name: str
) -> None:
    _, dialog = opened(face, getattr(samples, name))
    buttons = {each for each in dialog.findChildren(QPushButton) if each.isVisible()}
    reached = set()
    for _ in range(len(buttons) + 4):  # the texts can be selected, and are stops of their own
        reached.add(dialog.focusWidget())
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert buttons <= reached
    chosen: list[Action] = []
    dialog.chosen.connect(chosen.append)
    dialog._buttons[0].setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert chosen == [next(each for each in dialog.problem.actions if each.kind is not ActionKind.MAKE_ROOM)]


def test_escape_leaves_a_problem_as_it_is(face: Callable[..., Any]) -> None:
    made, dialog = opened(face, samples.TAKEN)
    made.calls.clear()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert made.desktop.problems.dialog is None
    assert made.calls == []
