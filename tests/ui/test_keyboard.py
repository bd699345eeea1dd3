"""Whoever uses the keyboard: Enter does what the button in focus says, and Tab goes the way the eye does."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMetaMethod, QRect, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QWidget

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
    made.desktop.intents.quit()
    (dialog,) = made.desktop.dialogs.open
    with qtbot.waitActive(dialog):
        pass
    assert in_focus() == "Stop and quit"
    tab_to("Cancel")
    press(Qt.Key.Key_Return)
    assert made.calls == []
    assert not dialog.isVisible()


def test_enter_in_the_window_does_what_the_button_in_focus_says(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(LIVE)
    made.desktop.intents.show_window()
    with qtbot.waitActive(made.desktop.window.widget):
        pass
    tab_to("Expose a port...")
    press(Qt.Key.Key_Return)
    assert made.desktop.exposing.dialog.isVisible()


def test_enter_in_a_field_still_exposes(face: Callable[..., Any]) -> None:
    made = face(LIVE)
    made.desktop.intents.expose(3000, "other")
    dialog = made.desktop.exposing.dialog
    QTest.keyClick(dialog._name, Qt.Key.Key_Return)
    assert [call[0] for call in made.calls] == ["expose"]


def test_enter_in_a_field_of_the_settings_takes_what_was_typed_and_does_not_close_them(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = face(LIVE)
    made.desktop.intents.settings()
    dialog = made.desktop.settings.dialog
    dialog.pages.setCurrentIndex(3)
    with qtbot.waitActive(dialog):
        pass
    path = next(each for each in dialog.findChildren(QLineEdit) if each.isVisible())
    path.setFocus()
    QTest.keyClicks(path, "/opt/cloudflared")
    QTest.keyClick(path, Qt.Key.Key_Return)
    assert made.calls[-1] == ("prefer", Preferences(connector=Path("/opt/cloudflared")))
    assert dialog.isVisible()


# The menu


def words(menu: QMenu) -> list[str]:
    return [each.text() for each in menu.actions() if each.isVisible() and not each.isSeparator()]


def open_menu(made: Any, qtbot: QtBot) -> QMenu:
    made.desktop.intents.show_window()
    with qtbot.waitActive(made.desktop.window.widget):
        pass
    QTest.keyClick(made.desktop.window.widget, Qt.Key.Key_F10)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


@pytest.mark.parametrize("name", ["two-live", "accounts", "signed-out", "quitting"])
def test_without_a_tray_the_window_has_everything_the_menu_has(
    face: Callable[..., Any], qtbot: QtBot, name: str
) -> None:
    made = face(samples.STATES[name], tray=False)
    menu = open_menu(made, qtbot)
    assert words(menu) == [each for each in words(made.desktop.tray.menu) if each != "Open TunnelDesk"]
    for own, other in zip(menu.actions(), made.desktop.tray.menu.actions(), strict=True):
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
    QTest.mouseClick(made.desktop.window.widget.findChild(MenuButton), Qt.MouseButton.LeftButton)
    assert menu.isVisible()
    assert words(menu) == [each for each in words(made.desktop.tray.menu) if each != "Open TunnelDesk"]
    assert words(menu)[0] == "0 of 5 tunnels in use"
    menu.close()


def test_the_menu_button_opens_it_by_click_and_by_enter(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(LIVE)
    made.desktop.intents.show_window()
    with qtbot.waitActive(made.desktop.window.widget):
        pass
    button = made.desktop.window.widget.findChild(MenuButton)
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


# Tab


def walk(window: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Press Tab until it is where it began; return where it stopped on the way."""
    stops: list[QWidget] = []
    focus = QApplication.focusWidget()
    while focus is not None and focus not in stops:
        stops.append(focus)
        QTest.keyClick(focus, key)
        focus = QApplication.focusWidget()
    assert focus is stops[0], "the way round comes back to where it began"
    assert window.isAncestorOf(stops[0])
    return stops


def box(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def assert_by_sight(stops: list[QWidget], window: QWidget) -> None:
    """Each stop is below the one before, beside it to the right, or in it; only once it begins again at the top."""
    jumps = []
    for before, after in itertools.pairwise([*stops, stops[0]]):
        one, other = box(before, window), box(after, window)
        beside = other.left() >= one.right() and other.top() < one.bottom()
        below = other.top() >= one.bottom() - 1
        if not (beside or below or before.isAncestorOf(after)):
            jumps.append(f"{said(before)} {one} is followed by {said(after)} {other}")
    assert len(jumps) == 1, jumps


def said(widget: QWidget) -> str:
    return widget.accessibleName() or str(widget.property("text"))


def walked(window: QWidget, qtbot: QtBot) -> list[QWidget]:
    with qtbot.waitActive(window):
        pass
    window.resize(window.width(), 2000)  # so that nothing is scrolled on the way
    for _ in range(4):  # words that wrap find their height once what stands beside them has its width
        QApplication.processEvents()
    return walk(window)


def test_the_newest_card_stands_first_and_is_reached_first(face: Callable[..., Any], qtbot: QtBot) -> None:
    oldest, older, newest = (samples.live(name, 3000 + number) for number, name in enumerate("abc"))
    made = face(samples.signed_in(oldest, remote=(samples.ELSEWHERE,)))
    made.desktop.intents.show_window()
    made.become(samples.signed_in(oldest, older, remote=(samples.ELSEWHERE,)))
    made.become(samples.signed_in(oldest, older, newest, remote=(samples.ELSEWHERE,)))
    stops = walked(made.desktop.window.widget, qtbot)
    names = [name for name in (said(each).partition(": ")[2] for each in stops) if name]
    assert list(dict.fromkeys(names)) == ["c", "b", "a", "staging.example.com"]
    assert_by_sight(stops, made.desktop.window.widget)
    backwards = walk(made.desktop.window.widget, Qt.Key.Key_Backtab)
    assert backwards == [stops[0], *reversed(stops[1:])]


def test_what_comes_into_a_card_later_is_reached_where_it_stands(face: Callable[..., Any], qtbot: QtBot) -> None:
    older, newer = samples.live("api", 8000), samples.live("my-app", 3000)
    made = face(samples.signed_in(older, newer))
    made.desktop.intents.show_window()
    made.become(samples.signed_in(older, samples.silent("my-app", 3000)))
    made.desktop.window.widget.unfold(newer.key)
    made.desktop.window.widget.show_notice("my-app is live", "Its address", lambda: None, grave=False)
    stops = walked(made.desktop.window.widget, qtbot)
    assert {"Show: my-app is live", "Change port...: my-app", "Connector log of my-app"} <= set(map(said, stops))
    assert_by_sight(stops, made.desktop.window.widget)


def test_what_tab_leads_to_is_in_view(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(samples.signed_in(*(samples.live(f"app-{number}", 3000 + number) for number in range(6))))
    made.desktop.intents.show_window()
    window = made.desktop.window.widget
    with qtbot.waitActive(window):
        pass
    press(Qt.Key.Key_Tab)
    for _ in range(3):
        press(Qt.Key.Key_Backtab)  # over the top, to the last of the last card
        focus = QApplication.focusWidget()
        assert focus is not None
        assert not focus.visibleRegion().isEmpty(), said(focus)


def test_a_doctors_way_on_is_reached_where_it_stands(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(LIVE)
    made.desktop.intents.show_doctor()
    made.become(replace(LIVE, checkup=samples.checkup(over=False)))
    made.become(replace(LIVE, checkup=samples.checkup(over=True)))
    doctor = made.desktop.help.doctor
    stops = walked(doctor, qtbot)
    assert "Download it: Connector" in {said(each) for each in stops}
    assert_by_sight(stops, doctor)


def test_an_account_that_comes_later_is_reached_where_it_stands(face: Callable[..., Any], qtbot: QtBot) -> None:
    state = samples.STATES["accounts"]
    made = face(replace(state, accounts=state.accounts[:1]))
    made.desktop.intents.settings()
    dialog = made.desktop.settings.dialog
    dialog.pages.setCurrentIndex(1)
    made.become(state)
    stops = walked(dialog, qtbot)
    assert sum(said(each).startswith("Use ") for each in stops) == 2
    assert_by_sight(stops, dialog)


# Escape


@pytest.mark.parametrize("name", ["doctor", "logs"])
@pytest.mark.parametrize("key", [QKeySequence.StandardKey.Cancel, QKeySequence.StandardKey.Close])
def test_a_window_that_helps_closes_by_the_keys_that_close_windows(
    face: Callable[..., Any], qtbot: QtBot, name: str, key: QKeySequence.StandardKey
) -> None:
    made = face(LIVE)
    (made.desktop.intents.show_doctor if name == "doctor" else made.desktop.intents.show_logs)()
    window = getattr(made.desktop.help, name)
    with qtbot.waitActive(window):
        pass
    QTest.keySequence(window, QKeySequence(key))
    assert not window.isVisible()
