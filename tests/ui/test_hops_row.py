"""The four hops on a card."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from build_scripts import sample_states as samples
from tunneldesk.domain.health import AddressState
from tunneldesk.presentation.status import Instant
from tunneldesk.presentation.translation import install_translator
from tunneldesk.presentation.window import window_view
from tunneldesk.ui import hops_row
from tunneldesk.ui.hops_row import HopsRow
from tunneldesk.ui.logs_window import LogsWindow
from tunneldesk.ui.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from tunneldesk.domain.model import AppState

KEY = "key-my-app"
REMEDY = 'server: { allowedHosts: ["my-app.example.com"] }'


def shown(face: Callable[..., Any], state: AppState) -> Any:
    made = face(state)
    made.desktop.intents.show_window()
    made.commands.calls.clear()
    return made


def row(made: Any) -> HopsRow:
    found: list[HopsRow] = [each for each in made.desktop.window.widget.findChildren(HopsRow) if each.isVisible()]
    return found[0]


def buttons(widget: QWidget) -> dict[str, QPushButton]:
    return {each.text(): each for each in widget.findChildren(QPushButton) if each.isVisible()}


def texts(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]


def press(widget: QWidget, words: str) -> None:
    QTest.mouseClick(buttons(widget)[words], Qt.MouseButton.LeftButton)


def test_all_well_is_four_hops_told_to_whoever_listens_as_well(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["all-well"])
    hops = row(made)
    assert texts(hops) == [
        *("Your service", "Answers"),
        *("Connector", "Connected"),
        *("Lease", "Renewed"),
        *("Address", "Reached 3 min ago"),
    ]
    named = {each.accessibleName() for each in hops.findChildren(QWidget)}
    assert {"Your service: Answers", "Connector: Connected", "Address: Reached 3 min ago"} <= named
    assert list(buttons(hops)) == ["Check again"]


def test_a_silent_service_offers_another_port(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["service-silent"])
    press(row(made), "Change port...")
    assert made.desktop.exposing.shows(KEY)
    assert made.calls == []


def test_a_connector_that_is_away_offers_its_log(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["reconnecting"])
    press(row(made), "Show log")
    log = next(each for each in QApplication.topLevelWidgets() if isinstance(each, LogsWindow) and each.isVisible())
    combo = log.findChild(QComboBox)
    assert combo is not None
    assert combo.currentText() == "Connector of my-app"


@pytest.mark.parametrize("name", ["reconnecting", "lease-not-renewed"])
def test_what_is_tried_again_by_itself_can_be_tried_at_once(
    face: Callable[..., Any], qtbot: QtBot, name: str
) -> None:
    made = shown(face, samples.STATES[name])
    pressed = buttons(row(made))["Try now"]
    assert pressed.accessibleName() == "Try now: my-app"
    press(row(made), "Try now")
    assert made.calls == [("try_now", KEY)]
    assert pressed.text() == "Trying ..."
    qtbot.waitUntil(lambda: pressed.text() == "Try now", timeout=5000)


def test_the_line_to_add_is_copied_with_one_click(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = shown(face, samples.STATES["host-refused"])
    hops = row(made)
    line = next(each for each in hops.findChildren(QLineEdit) if each.isVisible())
    assert (line.text(), line.isReadOnly(), line.accessibleName()) == (REMEDY, True, "Line to add")
    assert any("Add this line to vite.config.js" in words for words in texts(hops))
    copy = buttons(hops)["Copy line"]
    press(hops, "Copy line")
    assert QGuiApplication.clipboard().text(QClipboard.Mode.Clipboard) == REMEDY
    assert copy.text() == "Copied"
    qtbot.waitUntil(lambda: copy.text() == "Copy line", timeout=5000)


def test_a_clipboard_that_refuses_leaves_the_line_selected(
    face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hops_row, "copy", lambda _text: False)
    made = shown(face, samples.STATES["host-refused"])
    press(row(made), "Copy line")
    line = next(each for each in row(made).findChildren(QLineEdit) if each.isVisible())
    assert line.selectedText() == REMEDY


def test_a_look_is_asked_for_once_and_the_button_keeps_the_focus(face: Callable[..., Any]) -> None:
    tunnel = samples.live("my-app", 3000)
    made = shown(face, samples.signed_in(tunnel))
    check = buttons(row(made))["Check"]
    assert check.accessibleName() == "Check: my-app"
    check.setFocus()
    QTest.keyClick(check, Qt.Key.Key_Space)
    assert made.calls == [("check_address", KEY)]
    made.become(samples.signed_in(replace(tunnel, looking=True)))
    assert buttons(row(made)) == {"Checking ...": check}
    QTest.keyClick(check, Qt.Key.Key_Space)
    assert made.calls == [("check_address", KEY)]
    made.become(samples.signed_in(samples.looked_at(tunnel, AddressState.TIMED_OUT)))
    assert buttons(row(made)) == {"Check again": check}
    assert made.desktop.window.widget.focusWidget() is check
    made.become(samples.signed_in(samples.looked_at(tunnel, AddressState.OK, status=200)))
    assert not any("no answer in time" in words for words in texts(row(made)))


def test_what_came_from_outside_is_never_markup(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["host-refused"])
    assert all(each.textFormat() is Qt.TextFormat.PlainText for each in row(made).findChildren(QLabel))


def test_a_tunnel_that_has_ended_has_no_hops(face: Callable[..., Any]) -> None:
    made = shown(face, samples.STATES["all-well"])
    hops = row(made)
    made.become(samples.STATES["failed"])
    assert not hops.isVisible()


@pytest.fixture(params=["English", "longer"])
def width(request: pytest.FixtureRequest) -> Iterator[int | None]:
    """The narrowest window with English words, and the usual one with words half as long again."""
    if request.param == "longer":
        install_translator(lambda _context, text: f"{text} {text[: len(text) // 2].partition('{')[0]}")
    yield None if request.param == "longer" else 1
    install_translator(None)


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize(
    "name", ["all-well", "service-silent", "host-refused", "lease-not-renewed", "reconnecting"]
)
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_words_wrap_and_nothing_is_clipped(
    qtbot: QtBot, name: str, direction: Qt.LayoutDirection, width: int | None
) -> None:
    class Nothing:
        def __getattr__(self, _name: str) -> Callable[..., None]:
            return lambda *_args, **_named: None

    window = MainWindow(Nothing())  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.setLayoutDirection(direction)
    window.render_view(window_view(samples.STATES[name], Instant(samples.MONOTONIC, samples.NOW)))
    window.resize(width or window.width(), 600)
    window.show()
    for _ in range(3):  # words that wrap find their height once the buttons beside them have theirs
        QApplication.processEvents()
    hops = next(each for each in window.findChildren(HopsRow) if each.isVisible())
    for control in hops.findChildren(QWidget):
        if not control.isVisible():
            continue
        right = control.mapTo(window, control.rect().topRight()).x()
        left = control.mapTo(window, control.rect().topLeft()).x()
        assert 0 <= left <= right < window.width(), control.accessibleName()
        if isinstance(control, QLabel) and control.text() and control.hasHeightForWidth():
            assert control.height() >= control.heightForWidth(control.width()), control.text()
        if isinstance(control, QPushButton):
            assert control.width() >= control.sizeHint().width(), control.text()
