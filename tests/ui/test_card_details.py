"""What a card unfolds, and the code for a phone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import segno
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget

from build_scripts import sample_states as samples
from tunneldesk.domain.health import Traffic
from tunneldesk.ui.heartbeat_strip import HeartbeatStrip
from tunneldesk.ui.lease_gauge import LeaseGauge
from tunneldesk.ui.qr_dialog import QrCode, QrDialog
from tunneldesk.ui.timeline import Timeline
from tunneldesk.ui.tunnel_card import TunnelCard

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tunneldesk.ui.theme import Look

KEY = "key-my-app"


class Paints(QObject):
    """Counts how often what it watches is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.seen += event.type() is QEvent.Type.Paint
        return False


def opened(face: Callable[..., Any]) -> Any:
    made = face(samples.signed_in(samples.eventful("my-app", 3000)))
    made.desktop.intents.show_window()
    return made


def card(made: Any) -> TunnelCard:
    found = made.desktop.window.widget.findChild(TunnelCard)
    assert isinstance(found, TunnelCard)
    return found


def press(widget: QWidget, words: str) -> None:
    found = next(each for each in widget.findChildren(QPushButton) if each.text() == words)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_a_card_unfolds_its_time_line_and_its_connectors_log(face: Callable[..., Any]) -> None:
    made = opened(face)
    assert card(made).findChild(Timeline) is None
    press(card(made), "Details")
    line = card(made).findChild(Timeline)
    assert line is not None
    assert line.item(0).text() == "59 min ago  Connected: FRA"
    text = card(made).findChild(QPlainTextEdit)
    assert text is not None
    assert text.toPlainText() == "INF first\nERR last"
    press(card(made), "Hide details")
    assert not line.isVisible()
    press(card(made), "Details")
    assert card(made).findChildren(Timeline) == [line]


def test_requests_are_counted_while_somebody_looks_and_no_longer(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = opened(face)
    press(card(made), "Details")
    assert ("count_traffic", KEY) in made.calls
    made.become(samples.signed_in(replace(samples.eventful("my-app", 3000), traffic=Traffic(1, 0))))
    words = [each.text() for each in card(made).findChildren(QLabel)]
    assert "Requests: 1, not answered by your service: 0" in words
    made.calls.clear()
    qtbot.waitUntil(lambda: ("count_traffic", KEY) in made.calls, timeout=5000)
    made.desktop.window.widget.hide()
    made.calls.clear()
    qtbot.wait(50)
    assert made.calls == []


def test_the_menus_details_show_the_card_unfolded(face: Callable[..., Any]) -> None:
    made = opened(face)
    made.desktop.window.widget.hide()
    made.desktop.intents.show_details(KEY)
    assert card(made).findChild(Timeline) is not None
    made.become(samples.signed_in())
    assert made.desktop.window.widget.unfolded == frozenset()


def test_a_moment_that_is_told_changes_in_place(face: Callable[..., Any]) -> None:
    made = opened(face)
    made.desktop.intents.show_details(KEY)
    line = card(made).findChild(Timeline)
    assert line is not None
    first = line.item(0)
    made.clock.passed = 120
    made.desktop.window.widget.time_passed.emit()
    assert line.item(0) is first
    assert first.text().startswith("1 h 1 min ago")
    fewer = replace(samples.eventful("my-app", 3000), timeline=())
    made.become(samples.signed_in(fewer))
    assert line.count() == 0


def test_the_strip_is_not_painted_again_when_nothing_changed(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = opened(face)
    strip = card(made).findChild(HeartbeatStrip)
    assert strip is not None
    qtbot.waitUntil(strip.isVisible, timeout=5000)
    qtbot.wait(50)  # what the first showing still paints
    watch = Paints()
    strip.installEventFilter(watch)
    for seconds in range(1, 4):
        made.clock.passed = seconds
        made.desktop.window.widget.time_passed.emit()
        qtbot.wait(20)
    assert watch.seen == 0
    made.become(samples.signed_in(replace(samples.eventful("my-app", 3000), beats=samples.beats("..x"))))
    qtbot.waitUntil(lambda: watch.seen > 0, timeout=5000)


def test_the_code_that_is_painted_is_the_code_of_the_address(qtbot: QtBot, look: Look) -> None:  # noqa: ARG001
    address = "https://my-app.example.com"
    code = QrCode(address)
    qtbot.addWidget(code)
    code.resize(code.sizeHint())
    picture = code.grab().toImage()
    matrix = segno.make_qr(address, error="m").matrix
    modules = len(matrix) + 8
    scale = picture.width() // modules
    for y, row in enumerate(matrix):
        for x, black in enumerate(row):
            pixel = picture.pixelColor((x + 4) * scale + scale // 2, (y + 4) * scale + scale // 2)
            assert (pixel.lightness() < 128) == bool(black), (x, y)
    assert picture.pixelColor(scale, scale).lightness() == 255


def test_a_tunnel_shows_its_code_with_its_address_to_copy(face: Callable[..., Any]) -> None:
    made = opened(face)
    press(card(made), "QR code")
    dialog = made.desktop.dialogs.open[-1]
    assert isinstance(dialog, QrDialog)
    notes = [each for each in dialog.findChildren(QLabel) if "this computer only" in each.text()]
    assert [each.isVisible() for each in notes] == [False]
    press(dialog, "Copy address")
    assert QGuiApplication.clipboard().text() == "https://my-app.example.com"
    press(dialog, "Close")


def warned(made: Any, key: str) -> bool:
    made.desktop.intents.show_qr(key)
    dialog = made.desktop.dialogs.open[-1]
    return any("this computer only" in each.text() and each.isVisible() for each in dialog.findChildren(QLabel))


def test_a_code_that_no_phone_can_use_says_so(face: Callable[..., Any]) -> None:
    assert warned(face(samples.STATES["one-live"]), KEY)


def test_that_goes_by_the_address_and_not_by_who_is_signed_in_now(face: Callable[..., Any]) -> None:
    here = replace(samples.live("here", 3000, domain="tunnel.localhost:8788"), account=samples.DEMO.account)
    public = replace(samples.live("public", 8000), account=samples.ANN)
    made = face(replace(samples.signed_in(here, public), session=samples.AS_ANN))
    assert warned(made, here.key)
    assert not warned(made, public.key)
    made.become(samples.in_demo(here, public))
    assert warned(made, here.key)
    assert not warned(made, public.key)


def test_the_lease_gets_shorter_by_the_pixel(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = opened(face)
    gauge = card(made).findChild(LeaseGauge)
    assert gauge is not None
    qtbot.waitUntil(gauge.isVisible, timeout=5000)
    qtbot.wait(50)  # what the first showing still paints
    watch = Paints()
    gauge.installEventFilter(watch)
    before = coloured(gauge)
    assert 0 < before < gauge.width()
    watch.seen = 0
    made.desktop.window.widget.time_passed.emit()
    qtbot.wait(20)
    assert watch.seen == 0
    made.clock.passed = 30
    made.desktop.window.widget.time_passed.emit()
    qtbot.waitUntil(lambda: watch.seen > 0, timeout=5000)
    assert before - coloured(gauge) == pytest.approx(gauge.width() / 2, abs=2)


def coloured(gauge: LeaseGauge) -> int:
    """Return how many pixels of the whole are painted as left."""
    image = gauge.grab().toImage()
    middle = image.height() // 2
    rest = image.pixelColor(image.width() - 3, middle)
    return sum(image.pixelColor(x, middle) != rest for x in range(2, image.width() - 2))


def described(widget: QWidget) -> str:
    """Return what a screen reader adds to what the widget is called."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Description)


def test_what_is_exact_for_whoever_hovers_is_heard_too(face: Callable[..., Any]) -> None:
    tunnel = replace(samples.eventful("my-app", 3000), beats=samples.beats(".x.."))
    made = face(samples.signed_in(tunnel))
    made.desktop.intents.show_details(tunnel.key)
    shown = card(made)
    labels = {each.text().partition(" ")[0]: each for each in shown.findChildren(QLabel)}
    view = made.desktop.window.widget._view.cards[0]
    assert described(labels["Up"]) == labels["Up"].toolTip() == view.uptime_exact
    assert described(labels["Lease:"]) == view.lease.exact
    strip, line = shown.findChild(HeartbeatStrip), shown.findChild(Timeline)
    assert strip is not None
    assert line is not None
    assert described(strip) == f"{view.ticks[3].words}; {view.ticks[1].words}"
    newest = QAccessible.queryAccessibleInterface(line).child(0)
    assert newest.text(QAccessible.Text.Name).startswith(view.details.moments[0].ago)
    assert newest.text(QAccessible.Text.Description) == view.details.moments[0].exact
    cells = [
        described(each) for each in shown.findChildren(QWidget) if each.accessibleName().startswith("Connector:")
    ]
    assert cells == ["Connected at FRA"]
