"""Whoever uses the keyboard: Enter does what the button in focus says, and Tab goes the way the eye does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMetaMethod, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from build_scripts import sample_states as samples
from build_scripts import screenshot_scenes
from tunneldesk.domain.preferences import Preferences
from tunneldesk.ui.menu_button import MenuButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

LIVE = samples.signed_in(samples.live("my-app", 3000))


def in_focus() -> str:
    focus = QApplication.focusWidget()
    return focus.text() if isinstance(focus, QPushButton) else type(focus).__name__


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def tab_to(words: str) -> None:
    """Press Tab until the button that says so has the focus."""
    for _ in range(40):
        if in_focus() == words:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not lead to {words}")


# Enter


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("name", dict(screenshot_scenes.all_scenes()))
def test_enter_presses_the_button_in_focus_and_no_other(qtbot: QtBot, name: str) -> None:
    widget = dict(screenshot_scenes.all_scenes())[name]()
    qtbot.addWidget(widget)
    widget.show()
    if isinstance(widget, QMenu):
        return
    buttons = [each for each in widget.findChildren(QPushButton) if each.isVisible() and each.isEnabled()]
    pressed: list[QPushButton] = []
    for each in buttons:
        # What it does is not the question here, and might take the others away.
        for signal in (each.clicked, each.pressed):
            if each.isSignalConnected(QMetaMethod.fromSignal(signal)):
                signal.disconnect()
        each.clicked.connect(lambda _checked, each=each: pressed.append(each))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        pressed.clear()
        for each in buttons:
            each.setFocus()
            QTest.keyClick(each, key)
        assert [each.text() for each in pressed] == [each.text() for each in buttons]
        assert pressed == buttons


def test_enter_on_cancel_cancels_quitting(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(replace(LIVE, preferences=Preferences(ask_on_quit=True)))
    made.desktop.quit()
    (dialog,) = made.desktop.help.dialogs
    with qtbot.waitActive(dialog):
        pass
    assert in_focus() == "Stop and quit"
    tab_to("Cancel")
    press(Qt.Key.Key_Return)
    assert made.calls == []
    assert not dialog.isVisible()


def test_enter_in_the_window_does_what_the_button_in_focus_says(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(LIVE)
    made.desktop.show_window()
    with qtbot.waitActive(made.desktop.window):
        pass
    tab_to("Expose a port...")
    press(Qt.Key.Key_Return)
    assert made.desktop.exposing.dialog.isVisible()


def test_enter_in_a_field_still_exposes(face: Callable[..., Any]) -> None:
    made = face(LIVE)
    made.desktop.expose(3000, "other")
    dialog = made.desktop.exposing.dialog
    QTest.keyClick(dialog._name, Qt.Key.Key_Return)
    assert [call[0] for call in made.calls] == ["expose"]


# The menu


def words(menu: QMenu) -> list[str]:
    return [each.text() for each in menu.actions() if each.isVisible() and not each.isSeparator()]


def open_menu(made: Any, qtbot: QtBot) -> QMenu:
    made.desktop.show_window()
    with qtbot.waitActive(made.desktop.window):
        pass
    QTest.keyClick(made.desktop.window, Qt.Key.Key_F10)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


@pytest.mark.parametrize("name", ["two-live", "accounts", "signed-out", "quitting"])
def test_without_a_tray_the_window_has_everything_the_menu_has(
    face: Callable[..., Any], qtbot: QtBot, name: str
) -> None:
    made = face(samples.STATES[name], tray=False)
    menu = open_menu(made, qtbot)
    assert words(menu) == [each for each in words(made.desktop.menu) if each != "Open TunnelDesk"]
    for own, other in zip(menu.actions(), made.desktop.menu.actions(), strict=True):
        inner, others = own.menu(), other.menu()
        if isinstance(inner, QMenu) and isinstance(others, QMenu):
            assert words(inner) == words(others)
    menu.close()


def test_the_menu_in_the_window_is_opened_by_f10_and_used_with_the_arrows(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = face(LIVE, tray=False)
    menu = open_menu(made, qtbot)
    QTest.keyClick(menu, Qt.Key.Key_Up)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert made.calls[-1] == ("quit",)
    assert not menu.isVisible()


def test_the_menu_in_the_window_follows_what_happens(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(LIVE, tray=False)
    menu = open_menu(made, qtbot)
    menu.close()
    made.become(samples.signed_in())
    QTest.mouseClick(made.desktop.window.findChild(MenuButton), Qt.MouseButton.LeftButton)
    assert menu.isVisible()
    assert words(menu) == [each for each in words(made.desktop.menu) if each != "Open TunnelDesk"]
    assert words(menu)[0] == "0 of 5 tunnels in use"
    menu.close()


def test_the_menu_button_opens_it_by_click_and_by_enter(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(LIVE)
    made.desktop.show_window()
    with qtbot.waitActive(made.desktop.window):
        pass
    button = made.desktop.window.findChild(MenuButton)
    before = button.size()
    tab_to("&Menu")
    press(Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert button.size() == before, "it is as large as before it had a menu"
    menu.close()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QApplication.activePopupWidget() is menu
    menu.close()
