"""A log that is followed, filtered and copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit

from tunneldesk.domain.lines import LINES_KEPT, Lines
from tunneldesk.ui.log_view import LogView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tunneldesk.ui.theme import Look


@pytest.fixture
def lines() -> Lines:
    made = Lines()
    for number in range(100):
        made.append(f"INF line {number}")
    return made


@pytest.fixture
def view(qtbot: QtBot, look: Look, lines: Lines) -> LogView:  # noqa: ARG001 - the look is the application's
    made = LogView(lines, "Log")
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def test_what_was_said_is_there_and_what_is_said_follows(qtbot: QtBot, view: LogView, lines: Lines) -> None:
    assert view.text.startswith("INF line 0\n")
    lines.append("ERR something new")
    qtbot.waitUntil(lambda: view.text.endswith("ERR something new"), timeout=5000)
    text = view.findChild(QPlainTextEdit)
    assert text is not None
    assert text.verticalScrollBar().value() == text.verticalScrollBar().maximum()


def test_only_lines_with_the_words_are_shown_whatever_their_case(qtbot: QtBot, view: LogView, lines: Lines) -> None:
    field = view.findChild(QLineEdit)
    assert field is not None
    field.setText("LINE 4")
    qtbot.waitUntil(lambda: view.text.splitlines()[:2] == ["INF line 4", "INF line 40"], timeout=5000)
    lines.append("ERR something else")
    lines.append("ERR line 4 again")
    qtbot.waitUntil(lambda: view.text.endswith("ERR line 4 again"), timeout=5000)
    assert "something else" not in view.text
    assert view.copy_all()
    assert QGuiApplication.clipboard().text() == view.text
    field.clear()
    qtbot.waitUntil(lambda: "something else" in view.text, timeout=5000)


def test_a_text_that_is_read_stands_still_and_says_what_has_come(qtbot: QtBot, view: LogView, lines: Lines) -> None:
    follow = view.findChild(QCheckBox)
    assert follow is not None
    follow.click()
    before = view.text
    for number in range(3):
        lines.append(f"new {number}")
    qtbot.waitUntil(lambda: follow.text() == "Follow (3 new)", timeout=5000)
    lines.append("new 3")
    qtbot.waitUntil(lambda: follow.text() == "Follow (4 new)", timeout=5000)
    assert view.text == before
    follow.click()
    assert view.text.endswith("new 3")
    assert follow.text() == "Follow"


def test_scrolling_away_stops_following_and_back_at_the_end_goes_on(qtbot: QtBot, view: LogView) -> None:
    text, follow = view.findChild(QPlainTextEdit), view.findChild(QCheckBox)
    assert text is not None
    assert follow is not None
    bar = text.verticalScrollBar()
    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    qtbot.waitUntil(lambda: not follow.isChecked(), timeout=5000)
    bar.triggerAction(bar.SliderAction.SliderToMaximum)
    qtbot.waitUntil(follow.isChecked, timeout=5000)


def test_nothing_is_drawn_where_nobody_looks(qtbot: QtBot, view: LogView, lines: Lines) -> None:
    view.hide()
    lines.append("unseen")
    assert not view._frame.isActive()
    view.show()
    qtbot.waitUntil(lambda: view.text.endswith("unseen"), timeout=5000)


def test_other_lines_take_their_place(view: LogView) -> None:
    other = Lines()
    other.append("of another")
    view.turn_to(other, "Other log")
    assert view.text == "of another"


def test_ten_thousand_lines_a_second_are_drawn_once_a_frame_and_nothing_stalls(
    qtbot: QtBot, view: LogView, lines: Lines
) -> None:
    drawn: list[int] = []
    view._frame.timeout.connect(lambda: drawn.append(1))
    clock, longest, fed = QElapsedTimer(), [0], [0]
    since_last = QElapsedTimer()

    def feed() -> None:
        longest[0] = max(longest[0], since_last.restart())
        wanted = clock.elapsed() * 10
        for number in range(fed[0], wanted):
            lines.append(f"INF request {number} GET /static/app.js 200 connIndex=1")
        fed[0] = wanted

    feeding = QTimer(interval=4)
    feeding.timeout.connect(feed)
    clock.start()
    since_last.start()
    feeding.start()
    qtbot.waitUntil(lambda: fed[0] >= 10_000, timeout=20_000)
    feeding.stop()
    last = f"INF request {fed[0] - 1} "
    qtbot.waitUntil(lambda: last in view.text[-200:], timeout=5000)
    assert len(drawn) <= clock.elapsed() / 16 + 2
    assert longest[0] < 250  # a frame is some milliseconds; busy machines of CI get patience
    assert view.text.count("\n") < LINES_KEPT
