"""Notifications, settings, quitting, and what is remembered of the window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QWidget

from build_scripts import sample_states as samples
from tunneldesk.domain.preferences import EdgeProtocol, Notice, Preferences, TrayStyle
from tunneldesk.ui import background
from tunneldesk.ui.help import Ours
from tunneldesk.ui.icons import ON_DARK, ON_LIGHT, PLAIN_ON_DARK, PLAIN_ON_LIGHT
from tunneldesk.ui.notice_bar import NoticeBar
from tunneldesk.ui.quit_dialog import QuitDialog
from tunneldesk.ui.tray_icon import TrayIcon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tunneldesk.domain.model import AppState
    from tunneldesk.ui.theme import Look

KEY = "key-my-app"
LIVE = samples.signed_in(samples.live("my-app", 3000))
AWAY = samples.signed_in(samples.reconnecting("my-app", 3000))


def press(widget: QWidget, words: str) -> None:
    found = next(each for each in widget.findChildren(QPushButton) if each.text() == words and each.isVisible())
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def so_it_is(_state: AppState) -> bool:
    return True


def test_a_connection_that_stays_away_is_told_when_its_time_has_come(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = face(LIVE)
    made.become(AWAY)
    assert made.tray.told == []
    assert made.desktop.telling._due.remainingTime() > 9_000
    made.clock.passed = 10
    made.desktop.telling._due.start(0)
    qtbot.waitUntil(lambda: bool(made.tray.told), timeout=5000)
    assert made.tray.told[0][0] == "my-app has lost its connection"
    made.tray.click()
    assert made.desktop.window.widget.unfolded == {KEY}
    made.become(LIVE)
    assert made.tray.told[1][0] == "my-app is connected again"


def test_where_the_system_shows_none_the_window_does(face: Callable[..., Any]) -> None:
    made = face(samples.signed_in(samples.connecting("my-app", 3000)))
    made.tray.tells = False
    made.desktop.intents.show_window()
    made.become(LIVE)
    bar = made.desktop.window.widget.findChild(NoticeBar)
    assert bar.isVisible()
    assert [each.text() for each in bar.findChildren(QLabel)] == ["my-app is live", "https://my-app.example.com"]
    press(bar, "Show")
    assert not bar.isVisible()
    assert made.desktop.window.widget.unfolded == {KEY}
    made.desktop.telling.tell("A problem", "of the app", lambda: None, so_it_is, grave=True)
    assert bar.property("grave") is True
    press(bar, "Dismiss")
    assert not bar.isVisible()
    assert made.tray.told == []


def test_live_is_not_told_where_the_user_does_not_want_it(face: Callable[..., Any]) -> None:
    quiet = Preferences(notices=frozenset())
    made = face(replace(samples.signed_in(samples.connecting("my-app", 3000)), preferences=quiet))
    made.become(replace(LIVE, preferences=quiet))
    assert made.tray.told == []


def test_settings_hold_at_once_on_every_page(face: Callable[..., Any]) -> None:
    made = face(samples.signed_in())
    made.desktop.intents.settings()
    dialog = made.desktop.settings.dialog
    boxes = {box.text(): box for box in dialog.findChildren(QCheckBox)}
    boxes["Start at login, quietly in the tray"].click()
    assert made.calls[-1][1].start_at_login
    boxes["Ask before quitting stops tunnels"].click()
    assert made.calls[-1][1].ask_on_quit
    dialog.pages.setCurrentIndex(2)
    boxes["A tunnel is live"].click()
    assert made.calls[-1][1].notices == frozenset(Notice) - {Notice.LIVE}
    combo = next(each for each in dialog.findChildren(QComboBox) if each.accessibleName() == "Tray icon")
    combo.setCurrentText("For a dark panel")
    combo.activated.emit(combo.currentIndex())
    assert made.calls[-1][1].tray_style is TrayStyle.DARK
    made.become(replace(samples.signed_in(), preferences=made.calls[-1][1]))
    assert made.tray.style is TrayStyle.DARK
    dialog.pages.setCurrentIndex(3)
    combo = next(each for each in dialog.findChildren(QComboBox) if each.accessibleName() == "Protocol")
    assert combo.currentText() == "QUIC, or HTTP/2 where it is blocked"
    combo.setCurrentText("HTTP/2 only")
    combo.activated.emit(combo.currentIndex())
    assert made.calls[-1][1].protocol is EdgeProtocol.HTTP2
    made.calls.clear()
    dialog.pages.setCurrentIndex(4)
    press(dialog, "Doctor...")
    assert made.calls == [("examine",)]
    press(dialog, "Logs...")
    assert made.desktop.help.logs.isVisible()
    press(dialog, "Export diagnostics...")
    assert len(made.desktop.dialogs.open) == 1


@pytest.mark.parametrize(
    ("style", "dark", "light"),
    [
        (TrayStyle.SYSTEM, ON_DARK, ON_LIGHT),
        (TrayStyle.LIGHT, ON_LIGHT, ON_LIGHT),
        (TrayStyle.DARK, ON_DARK, ON_DARK),
        (TrayStyle.PLAIN, PLAIN_ON_DARK, PLAIN_ON_LIGHT),
    ],
)
def test_the_icon_is_coloured_for_its_panel(look: Look, style: TrayStyle, dark: object, light: object) -> None:
    icon = TrayIcon(look)
    icon.choose_style(style)
    assert icon._tint() == (dark if look.dark else light)
    icon.hide()


def test_quitting_asks_only_whoever_wants_to_be_asked(face: Callable[..., Any]) -> None:
    made = face(LIVE)
    made.desktop.intents.quit()
    assert made.calls == [("quit",)]
    made.calls.clear()
    asks = Preferences(ask_on_quit=True)
    made.become(replace(LIVE, preferences=asks))
    made.desktop.intents.quit()
    assert made.calls == []
    (dialog,) = made.desktop.dialogs.open
    assert isinstance(dialog, QuitDialog)
    assert any("my-app" in each.text() for each in dialog.findChildren(QLabel))
    assert any("They are exposed again at the next start." in each.text() for each in dialog.findChildren(QLabel))
    press(dialog, "Cancel")
    assert made.calls == []
    made.become(replace(LIVE, preferences=replace(asks, reopen_at_start=False)))
    made.desktop.intents.quit()
    said = [each.text() for each in made.desktop.dialogs.open[-1].findChildren(QLabel)]
    assert any("The next start does not expose them again." in words for words in said)
    press(made.desktop.dialogs.open[-1], "Stop and quit")
    assert made.calls == [("quit",)]
    made.become(replace(samples.signed_in(), preferences=asks))
    made.desktop.intents.quit()
    assert made.calls == [("quit",), ("quit",)]


def test_the_window_comes_back_where_it_was(face: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "state" / "window.ini"
    made = face(LIVE, ours=Ours(window_file=file))
    made.desktop.intents.show_window()
    made.desktop.window.widget.setGeometry(60, 50, 700, 400)
    made.desktop.window.close()
    again = face(LIVE, ours=Ours(window_file=file))
    again.desktop.intents.show_window()
    assert again.desktop.window.widget.geometry() == QRect(60, 50, 700, 400)
    file.write_text("no settings at all")
    assert face(LIVE, ours=Ours(window_file=file)).desktop.window.widget.width() > 0


def test_at_login_a_tray_that_is_late_is_waited_for(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(LIVE, tray=False, quietly=True)
    assert not made.desktop.window.widget.isVisible()
    assert made.desktop.background._without_tray.remainingTime() > background._LOGIN_MS / 2
    made.desktop.background._without_tray.start(0)
    qtbot.waitUntil(made.desktop.window.widget.isVisible, timeout=5000)


def test_at_login_without_a_tray_the_window_comes_with_the_first_tunnel(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = face(samples.STATES["opening"], tray=False, quietly=True)
    made.become(LIVE)
    assert made.desktop.window.shown is None, "a tray may yet come"
    made.become(samples.signed_in())
    with qtbot.waitSignal(made.desktop.background._without_tray.timeout):
        made.desktop.background._without_tray.start(0)
    assert made.desktop.window.shown is None, "there is nothing to show"
    made.become(samples.signed_in(samples.creating("my-app", 3000)))
    assert made.desktop.window.widget.isVisible()


def test_a_window_that_was_closed_for_good_comes_back_for_what_is_new_only(face: Callable[..., Any]) -> None:
    made = face(LIVE, tray=False)
    window = made.desktop.window.widget
    window.close()
    press(made.desktop.background._keep, "Keep running")
    made.become(AWAY)
    made.become(LIVE)
    assert not window.isVisible()
    made.become(samples.signed_in(samples.live("my-app", 3000), samples.live("api", 8000)))
    assert window.isVisible()


def without_tray(face: Callable[..., Any], **options: bool) -> Any:
    made = face(LIVE, tray=False, **options)
    made.tray.tells = False
    return made


def test_what_is_grave_is_told_in_the_window_where_nothing_else_is_seen(face: Callable[..., Any]) -> None:
    made = without_tray(face)
    window = made.desktop.window.widget
    window.close()
    press(made.desktop.background._keep, "Keep running")
    made.desktop.telling.tell("my-app is connected again", "It was away.", lambda: None, so_it_is)
    assert not window.isVisible(), "good news can wait until somebody looks"
    made.become(AWAY)
    made.clock.passed = 10
    made.desktop.telling.render_state(AWAY)
    assert window.isVisible()
    bar = window.findChild(NoticeBar)
    assert bar.isVisible()
    assert "my-app has lost its connection" in [each.text() for each in bar.findChildren(QLabel)]
    window.showMinimized()
    made.desktop.telling.tell("A problem", "of the app", lambda: None, so_it_is, grave=True)
    assert not window.isMinimized()


def test_at_login_what_is_grave_waits_for_a_tray_as_long_as_one_may_come(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = without_tray(face, quietly=True)
    made.become(samples.signed_in())
    made.desktop.telling.tell("A problem", "of the app", lambda: None, so_it_is, grave=True)
    assert made.desktop.window.shown is None
    with qtbot.waitSignal(made.desktop.background._without_tray.timeout):
        made.desktop.background._without_tray.start(0)
    assert made.desktop.window.widget.isVisible()
    assert made.desktop.window.widget.findChild(NoticeBar).isVisible()


def test_an_icon_without_notifications_is_enough_to_see_what_is_grave(face: Callable[..., Any]) -> None:
    made = face(LIVE)
    made.tray.tells = False
    made.desktop.telling.tell("A problem", "of the app", lambda: None, so_it_is, grave=True)
    assert made.desktop.window.shown is None


def test_what_closing_means_is_asked_once(face: Callable[..., Any]) -> None:
    made = face(LIVE, tray=False)
    window = made.desktop.window.widget
    made.calls.clear()
    window.close()
    press(made.desktop.background._keep, "Cancel")
    assert window.isVisible()
    assert made.calls == []
    window.close()
    press(made.desktop.background._keep, "Keep running")
    assert made.calls == [("prefer", Preferences(ask_on_close=False))]
    made.become(replace(LIVE, preferences=made.calls[-1][1]))
    made.desktop.intents.show_window()
    window.close()
    assert not window.isVisible()
    assert not made.desktop.background._keep.isVisible()


def test_that_question_comes_back_from_the_settings(face: Callable[..., Any]) -> None:
    made = face(LIVE)
    made.desktop.intents.settings()
    dialog = made.desktop.settings.dialog
    words = "Ask before the window closes where there is no tray"
    box = next(each for each in dialog.findChildren(QCheckBox) if each.text() == words)
    assert not box.isVisible(), "nobody was asked yet"
    made.become(replace(LIVE, preferences=Preferences(ask_on_close=False)))
    assert box.isVisible()
    box.click()
    assert made.calls[-1] == ("prefer", Preferences())
    made.become(LIVE)
    assert box.isVisible(), "it does not go from under the pointer"
