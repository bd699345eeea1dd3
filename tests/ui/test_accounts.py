"""Accounts in the tray, in the settings, and on the way out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton

from build_scripts import sample_states as samples
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.model import SessionStatus
from tunneldesk.domain.preferences import Preferences
from tunneldesk.ui.sign_out_dialog import SignOutDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu, QWidget
    from pytestqt.qtbot import QtBot

ACCOUNTS, ENDED, HERE = (samples.STATES[name] for name in ("accounts", "session-ended", "here-only"))


def submenu(menu: QMenu, label: str) -> QMenu:
    found = next(action for action in menu.actions() if action.text() == label).menu()
    assert found is not None
    return found  # type: ignore[return-value] # Qt's stubs say QObject


def entries(menu: QMenu) -> list[QAction]:
    return [action for action in submenu(menu, "Account").actions() if action.isCheckable()]


def press(widget: QWidget, words: str) -> None:
    button = next(each for each in widget.findChildren(QPushButton) if each.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def texts(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]


# The tray


def test_the_menu_names_the_accounts_and_marks_the_one_in_use(face: Callable[..., Any]) -> None:
    menu = face(ACCOUNTS).tray.menu
    assert [(entry.text(), entry.isChecked()) for entry in entries(menu)] == [
        ("ann@example.com \N{EN DASH} api.example.com", True),
        ("bob@example.net \N{EN DASH} tunnels.example.net", False),
        ("Access token \N{EN DASH} api.example.com", False),
    ]


def test_another_account_is_used_by_a_click_and_ticked_when_it_is_in_use(face: Callable[..., Any]) -> None:
    made = face(ACCOUNTS)
    entries(made.tray.menu)[1].trigger()
    assert made.calls == [("use_account", samples.BOB)]
    assert [entry.isChecked() for entry in entries(made.tray.menu)] == [True, False, False]
    made.become(
        replace(ACCOUNTS, session=replace(samples.AS_ANN, server=samples.BOB.server, email=samples.BOB.email))
    )
    assert [entry.isChecked() for entry in entries(made.tray.menu)] == [False, True, False]


def test_a_click_on_the_account_in_use_changes_nothing(face: Callable[..., Any]) -> None:
    made = face(ACCOUNTS)
    entries(made.tray.menu)[0].trigger()
    assert made.calls == []
    assert [entry.isChecked() for entry in entries(made.tray.menu)] == [True, False, False]


def test_without_any_account_the_menu_leads_to_the_first(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["signed-out"])
    account = submenu(made.tray.menu, "Account")
    assert account.menuAction().isVisible()
    assert [each.text() for each in account.actions() if each.isVisible() and each.isEnabled()] == [
        "Add an account..."
    ]
    account.actions()[-2].trigger()
    assert made.desktop.signing.welcome.isVisible()


def test_an_open_menu_is_not_changed_under_the_pointer(face: Callable[..., Any]) -> None:
    made = face(ACCOUNTS)
    made.tray.menu.aboutToShow.emit()
    made.become(replace(ACCOUNTS, accounts=(samples.ANN,)))
    assert len(entries(made.tray.menu)) == 3
    made.tray.menu.aboutToHide.emit()
    assert len(entries(made.tray.menu)) == 1


# This computer only


def test_whoever_tries_it_on_this_computer_finds_that_among_the_accounts(face: Callable[..., Any]) -> None:
    made = face(HERE)
    assert [(entry.text(), entry.isChecked()) for entry in entries(made.tray.menu)] == [
        ("This computer only", True),
        ("ann@example.com \N{EN DASH} api.example.com", False),
    ]
    entries(made.tray.menu)[1].trigger()
    assert made.calls == [("use_account", samples.ANN)]
    made.become(replace(ACCOUNTS, accounts=(samples.ANN,)))
    assert [entry.text() for entry in entries(made.tray.menu)] == ["ann@example.com \N{EN DASH} api.example.com"]


def test_from_this_computer_the_window_and_the_settings_lead_to_the_ways_in(face: Callable[..., Any]) -> None:
    made = face(HERE)
    made.desktop.intents.show_window()
    header = next(
        each
        for each in made.desktop.window.widget.findChildren(QPushButton)
        if each.text() == "Sign in..." and each.isVisible()
    )
    QTest.mouseClick(header, Qt.MouseButton.LeftButton)
    assert made.desktop.signing.welcome.isVisible()
    made.desktop.signing.welcome.hide()
    made.desktop.intents.settings()
    made.desktop.settings.dialog.pages.setCurrentIndex(1)
    account = made.desktop.settings.dialog.account
    assert "No account needed." in texts(account)
    press(account, "Sign in...")
    assert made.desktop.signing.welcome.isVisible()
    made.become(ACCOUNTS)
    assert not header.isVisible()


def test_a_server_on_this_computer_that_does_not_run_is_not_said_to(face: Callable[..., Any]) -> None:
    made = face(replace(HERE, session=replace(samples.DEMO, status=SessionStatus.SIGNED_OUT)))
    made.desktop.intents.settings()
    made.desktop.settings.dialog.pages.setCurrentIndex(1)
    said = texts(made.desktop.settings.dialog.account)
    assert "Not running." in said
    assert "No account needed." not in said


# The way out


def test_signing_out_asks_about_the_tunnels_it_would_stop(face: Callable[..., Any]) -> None:
    made = face(ACCOUNTS)
    next(
        action for action in submenu(made.tray.menu, "Account").actions() if action.text() == "Sign out..."
    ).trigger()
    (dialog,) = made.desktop.dialogs.open
    assert isinstance(dialog, SignOutDialog)
    said = " ".join(texts(dialog))
    assert "my-app" in said
    assert "api." not in said  # that is bob's
    assert made.calls == []
    press(dialog, "Cancel")
    assert made.calls == []
    made.desktop.intents.sign_out()
    press(made.desktop.dialogs.open[-1], "Stop and sign out")
    assert made.calls == [("sign_out",)]


def test_without_tunnels_signing_out_asks_nothing(face: Callable[..., Any]) -> None:
    made = face(replace(ACCOUNTS, tunnels=()))
    made.desktop.intents.sign_out()
    assert made.calls == [("sign_out",)]


# The settings


@pytest.fixture
def page(face: Callable[..., Any]) -> Any:
    made = face(ACCOUNTS)
    made.desktop.intents.settings()
    made.desktop.settings.dialog.pages.setCurrentIndex(1)
    return made


def test_the_settings_say_who_is_signed_in_where_and_how(page: Any) -> None:
    said = texts(page.desktop.settings.dialog.account)
    for words in ("ann@example.com", "bob@example.net", "tunnels.example.net", "Access token"):
        assert words in said
    assert "Signed in; kept in the system's keyring." in said
    page.become(replace(ACCOUNTS, session=replace(samples.AS_ANN, stored=False)))
    assert "Signed in until TunnelDesk ends." in texts(page.desktop.settings.dialog.account)


def test_accounts_are_chosen_added_and_left_in_the_settings(page: Any) -> None:
    account = page.desktop.settings.dialog.account
    press(account, "Use")
    assert page.calls == [("use_account", samples.BOB)]
    press(account, "Add an account...")
    assert page.desktop.signing.welcome.isVisible()
    assert page.desktop.signing.welcome.findChildren(QLineEdit)[0].text() == ""
    press(account, "Sign out...")
    assert isinstance(page.desktop.dialogs.open[-1], SignOutDialog)


def test_a_session_that_has_ended_is_signed_in_to_again_from_the_settings(page: Any) -> None:
    page.become(ENDED)
    account = page.desktop.settings.dialog.account
    assert "The session has ended." in texts(account)
    press(account, "Sign in...")
    assert page.desktop.signing.welcome.isVisible()
    assert page.desktop.signing.welcome.findChildren(QLineEdit)[1].text() == "ann@example.com"


def test_a_companys_certificate_is_chosen_and_removed(page: Any) -> None:
    desktop = page.desktop
    press(desktop.settings.dialog.account, "Choose...")
    (chooser,) = [
        each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog) and each.isVisible()
    ]
    chooser.fileSelected.emit("/etc/company.pem")
    chooser.close()
    assert page.calls[-1] == ("prefer", replace(Preferences(), authority=Path("/etc/company.pem")))
    page.become(replace(ACCOUNTS, preferences=Preferences(authority=Path("/etc/company.pem"))))
    account = desktop.settings.dialog.account
    assert account.findChild(QLineEdit).text() == str(Path("/etc/company.pem"))
    press(account, "Remove")
    assert page.calls[-1] == ("prefer", Preferences())


def test_once_a_certificate_is_chosen_what_failed_for_want_of_it_is_tried_again(face: Callable[..., Any]) -> None:
    made = face(replace(ACCOUNTS, failure=Failure(ErrorCode.SERVER_CERTIFICATE_INVALID)))
    made.desktop.actions.trust("/etc/company.pem", None)
    assert [call[0] for call in made.calls] == ["prefer", "try_again"]


# A session that ends by itself


def test_a_session_that_ends_is_told_once_and_the_window_says_what_that_means(face: Callable[..., Any]) -> None:
    made = face(ACCOUNTS)
    made.become(ENDED)
    made.become(replace(ENDED, recent=()))
    assert [title for title, _ in made.tray.told] == ["Your session has ended"]
    made.tray.click()
    assert made.desktop.window.widget.isVisible()
    assert any("Your session has ended." in text for text in texts(made.desktop.window.widget))
    press(made.desktop.window.widget, "Sign in again")
    assert made.desktop.signing.welcome.isVisible()


def test_a_card_says_whose_it_is_where_it_is_not_the_sessions(face: Callable[..., Any]) -> None:
    made = face(ACCOUNTS)
    made.desktop.intents.show_window()
    said = " ".join(texts(made.desktop.window.widget))
    assert "bob@example.net" in said
    assert said.count("ann@example.com") == 1  # in the header


def test_the_focus_stays_where_an_account_was_chosen(page: Any, qtbot: QtBot) -> None:
    dialog = page.desktop.settings.dialog
    with qtbot.waitActive(dialog):
        pass
    use = next(each for each in dialog.account.findChildren(QPushButton) if each.text() == "Use")
    use.setFocus()
    QTest.keyClick(use, Qt.Key.Key_Space)
    page.become(
        replace(ACCOUNTS, session=replace(samples.AS_ANN, server=samples.BOB.server, email=samples.BOB.email))
    )
    focus = QApplication.focusWidget()
    assert isinstance(focus, QPushButton)
    assert focus.isVisible()
    assert focus.text() == "Sign out..."
