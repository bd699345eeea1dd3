"""The window and its cards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from build_scripts import sample_states as samples
from build_scripts import screenshot_scenes
from tunneldesk.domain.model import Session, SessionStatus
from tunneldesk.ui.heartbeat_strip import HeartbeatStrip
from tunneldesk.ui.keep_running import KeepRunning
from tunneldesk.ui.marks import StatusChip
from tunneldesk.ui.tunnel_card import TunnelCard

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tunneldesk.domain.model import AppState


def shown(face: Callable[..., Any], state: AppState, **options: bool) -> Any:
    made = face(state, **options)
    made.desktop.intents.show_window()
    made.commands.calls.clear()
    return made


def cards(made: Any) -> list[TunnelCard]:
    found: list[TunnelCard] = [
        each for each in made.desktop.window.widget.findChildren(TunnelCard) if each.isVisible()
    ]
    return sorted(found, key=lambda card: card.y())


def button(widget: QWidget, words: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text() == words and each.isVisible())


def press(widget: QWidget, words: str) -> None:
    QTest.mouseClick(button(widget, words), Qt.MouseButton.LeftButton)


def texts(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]


def test_a_new_tunnel_finds_its_card_made_and_it_is_as_good_as_any_other(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = shown(face, samples.STATES["empty"])
    window = made.desktop.window.widget
    qtbot.waitUntil(lambda: window.findChildren(TunnelCard) != [])
    (spare,) = window.findChildren(TunnelCard)
    assert cards(made) == []
    made.store.become(samples.STATES["one-live"])
    made.desktop.render_state()
    assert cards(made) == [spare]
    press(spare, "Stop")
    assert made.commands.calls == [("stop", samples.STATES["one-live"].tunnels[0].key)]
    qtbot.waitUntil(lambda: len(window.findChildren(TunnelCard)) == 2)  # the next one


def test_a_card_per_tunnel_stands_there_newest_first(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["two-live"])
    assert [card.accessibleName() for card in cards(made)] == ["my-app: Live", "api: Live"]
    first = cards(made)[0]
    assert "https://my-app.example.com" in texts(first)
    assert "\N{RIGHTWARDS ARROW} localhost:3000" in texts(first)
    assert "Lease: 52 s left" in texts(first)


def test_a_card_is_filled_anew_and_never_rebuilt(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["two-live"])
    before = cards(made)
    made.become(samples.signed_in(samples.reconnecting("api", 8000), samples.live("my-app", 3000)))
    assert cards(made) == before
    assert [each.accessibleName() for each in before[1].findChildren(StatusChip)] == ["Reconnecting"]
    made.become(samples.signed_in(samples.live("my-app", 3000)))
    assert cards(made) == before[:1]


def test_the_buttons_of_a_card_do_what_they_say(face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    visited: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: visited.append(url.toString()))
    tunnel = samples.live("my-app", 3000)
    made = shown(face, samples.signed_in(tunnel))
    card = cards(made)[0]
    press(card, "Copy")
    assert QGuiApplication.clipboard().text() == tunnel.address
    assert button(card, "Copied").isVisible()
    press(card, "Open")
    assert visited == [tunnel.address]
    press(card, "Restart")
    press(card, "Stop")
    assert made.calls == [("revise", tunnel.key, tunnel.again), ("stop", tunnel.key)]
    made.become(samples.signed_in(samples.stopping("my-app", 3000)))
    press(card, "Stop at once")
    assert made.calls[-1] == ("stop", tunnel.key)
    made.become(samples.signed_in(replace(samples.failed("my-app", 3000, samples.TAKEN))))
    made.desktop.problems.close()
    press(card, "Remove")
    assert made.calls[-1] == ("dismiss", tunnel.key)


def test_a_failure_stands_on_the_card_with_the_likely_way_on(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["failed"])
    made.desktop.problems.close()
    card = cards(made)[0]
    assert '"my-app" is taken' in texts(card)
    press(card, "More...")
    assert made.desktop.problems.dialog is not None
    made.desktop.problems.close()
    press(card, 'Try "my-app-2"')
    assert made.calls[-1][0] == "revise"
    assert made.calls[-1][2].slug == "my-app-2"


def test_a_silent_service_is_named_on_the_card(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["service-silent"])
    assert any(words.startswith("Nothing answers on localhost:3000. ") for words in texts(cards(made)[0]))


def test_the_lease_counts_down_only_while_somebody_can_see_it(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = shown(face, samples.STATES["one-live"])
    made.clock.passed = 10
    qtbot.waitUntil(lambda: "Lease: 42 s left" in texts(cards(made)[0]), timeout=5000)
    made.desktop.window.widget.hide()
    assert not made.desktop.window.widget._clock.isActive()
    made.desktop.intents.show_window()
    made.become(samples.STATES["empty"])
    assert not made.desktop.window.widget._clock.isActive()


def test_the_strip_tells_how_many_heartbeats_were_answered(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["reconnecting"])
    strips = cards(made)[0].findChildren(HeartbeatStrip)
    assert [each.accessibleName() for each in strips] == ["Heartbeats: 16 of the last 18 answered"]


def test_tunnels_elsewhere_are_listed_apart_and_can_be_stopped(face: Callable[..., Any]) -> None:
    made = shown(face, samples.signed_in(remote=(samples.ELSEWHERE,)))
    assert "staging.example.com" in texts(made.desktop.window.widget)
    press(made.desktop.window.widget, "Stop")
    assert made.calls == [("stop_remote", "id-staging")]
    made.become(samples.signed_in())
    assert "staging.example.com" not in texts(made.desktop.window.widget)


def test_with_nothing_exposed_there_is_one_sentence_and_one_button(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["empty"])
    assert any(words.startswith("Nothing is exposed.") for words in texts(made.desktop.window.widget))
    press(made.desktop.window.widget, "Expose a port...")
    assert made.desktop.exposing.dialog.isVisible()


def test_signed_out_the_window_leads_to_the_ways_in(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["signed-out"])
    assert not made.desktop.signing.welcome.isVisible()
    press(made.desktop.window.widget, "Sign in...")
    assert made.desktop.signing.welcome.isVisible()


def test_the_first_run_opens_the_ways_in_by_itself(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["opening"])
    assert not made.desktop.signing.welcome.isVisible()
    made.become(replace(samples.STATES["opening"], session=Session(status=SessionStatus.SIGNED_OUT)))
    assert made.desktop.signing.welcome.isVisible()


def test_closing_hides_to_the_tray(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["one-live"])
    made.desktop.window.widget.close()
    assert not made.desktop.window.widget.isVisible()
    assert made.calls == []


def test_without_a_tray_the_window_opens_and_closing_asks(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["one-live"], tray=False)
    window = made.desktop.window.widget
    assert window.isVisible()
    window.close()
    asked = window.findChild(KeepRunning)
    assert asked.isVisible()
    press(asked, "Keep running")
    assert not window.isVisible()
    made.desktop.intents.show_window()
    window.close()
    press(made.desktop.background._keep, "Stop and quit")
    assert made.calls[-1] == ("quit",)


def test_without_a_tray_and_without_tunnels_closing_quits(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"], tray=False)
    made.desktop.window.widget.close()
    assert made.calls[-1] == ("quit",)


def test_settings_hold_at_once(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.intents.settings()
    dialog = made.desktop.settings.dialog
    box = next(each for each in dialog.findChildren(QAbstractButton) if each.text().startswith("Copy a new"))
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() - box.rect().center() / 2)
    combo = next(each for each in dialog.findChildren(QComboBox) if each.accessibleName() == "Theme")
    combo.setCurrentText("Dark")
    combo.activated.emit(combo.currentIndex())
    path = dialog.findChild(QLineEdit)
    path.setText("/opt/cloudflared")
    path.editingFinished.emit()
    preferred = made.calls[-1][1]
    assert (preferred.theme.value, str(preferred.connector)) == ("dark", str(Path("/opt/cloudflared")))
    assert not preferred.copy_when_live


@pytest.mark.parametrize("name", [name for name, _ in screenshot_scenes.all_scenes()])
def test_every_control_of_every_screen_has_a_name_and_none_is_clipped(qtbot: QtBot, look: Any, name: str) -> None:  # noqa: ARG001
    widget = dict(screenshot_scenes.all_scenes())[name]()
    qtbot.addWidget(widget)
    widget.show()
    QApplication.processEvents()
    for control in widget.findChildren(QWidget):
        if not control.isVisible() or control.objectName().startswith("qt_"):
            continue
        if isinstance(control, QPushButton):
            assert control.text()
            assert control.width() >= control.sizeHint().width(), control.text()
            assert control.height() >= control.sizeHint().height(), control.text()
        elif isinstance(control, QLineEdit | QComboBox):
            assert control.accessibleName()
        elif isinstance(control, QLabel) and control.text() and control.hasHeightForWidth():
            assert control.height() >= control.heightForWidth(control.width()), control.text()
