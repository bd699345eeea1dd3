"""What is painted by hand is mirrored for who reads from right to left, each picture the other's mirror image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from tunneldesk.domain.health import BEATS_SHOWN, BeatOutcome
from tunneldesk.presentation.details import MomentView
from tunneldesk.presentation.status import Mark, Status
from tunneldesk.presentation.window import Tick
from tunneldesk.ui.heartbeat_strip import HeartbeatStrip
from tunneldesk.ui.lease_gauge import LeaseGauge
from tunneldesk.ui.marks import StatusChip
from tunneldesk.ui.quota_meter import QuotaMeter
from tunneldesk.ui.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

WORDS = "\N{FULL BLOCK}"
"""In place of letters, which nobody mirrors; this looks the same from both sides."""

_SEEN = 48
"""So much of 255 a channel differs by where something is painted in one picture and not in the other."""


def strip() -> HeartbeatStrip:
    made = HeartbeatStrip()
    outcomes = (BeatOutcome.MISSED, BeatOutcome.LATE, BeatOutcome.OK, BeatOutcome.OK, BeatOutcome.MISSED)
    made.render_ticks(tuple(Tick(each, number / 5, f"beat {number}") for number, each in enumerate(outcomes)))
    return made


def full_strip() -> HeartbeatStrip:
    made = HeartbeatStrip()
    made.render_ticks(tuple(Tick(BeatOutcome.OK, number / BEATS_SHOWN, "") for number in range(BEATS_SHOWN)))
    return made


def gauge() -> LeaseGauge:
    made = LeaseGauge(237)
    made.render_lease(0.3, low=True)
    return made


def meter() -> QuotaMeter:
    made = QuotaMeter()
    made.render_quota(2, 5, WORDS)
    return made


def meter_without_slots() -> QuotaMeter:
    made = QuotaMeter()
    made.render_quota(2, 50, WORDS)
    return made


def chip() -> StatusChip:
    made = StatusChip()
    made.render_status(Status(Mark.ATTENTION, WORDS))
    return made


def line(moments: int = 4) -> Timeline:
    made = Timeline()
    marks = (Mark.LIVE, Mark.ATTENTION, Mark.PROBLEM, Mark.IDLE)
    made.render_moments(tuple(MomentView(marks[number % 4], WORDS, WORDS, "") for number in range(moments)))
    return made


def scrolled_line() -> Timeline:
    return line(12)


def seen(qtbot: QtBot, made: QWidget, direction: Qt.LayoutDirection) -> QImage:
    """Return what is painted of a widget."""
    qtbot.addWidget(made)
    made.setLayoutDirection(direction)
    size = made.sizeHint()
    made.resize(max(size.width(), 320) if isinstance(made, Timeline) else size.width(), size.height())
    made.show()
    QApplication.processEvents()
    return made.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def differing(one: QImage, other: QImage) -> list[tuple[int, int]]:
    """Return where something is painted in one picture only."""
    assert one.size() == other.size()

    def channels(image: QImage, x: int, y: int) -> tuple[int, ...]:
        colour = image.pixelColor(x, y)
        return colour.red(), colour.green(), colour.blue()

    return [
        (x, y)
        for x in range(one.width())
        for y in range(one.height())
        if max(abs(a - b) for a, b in zip(channels(one, x, y), channels(other, x, y), strict=True)) > _SEEN
    ]


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("make", [strip, full_strip, gauge, meter, meter_without_slots, chip, line, scrolled_line])
def test_the_picture_is_the_mirror_image(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    there = seen(qtbot, make(), Qt.LayoutDirection.LeftToRight)
    back = seen(qtbot, make(), Qt.LayoutDirection.RightToLeft)
    mirror = there.flipped(Qt.Orientation.Horizontal)
    assert differing(there, mirror), "it has two sides to be told apart"
    assert differing(back, mirror) == []


@pytest.mark.usefixtures("look")
def test_what_a_tick_stands_for_is_told_where_it_is_painted(qtbot: QtBot) -> None:
    there, back = strip(), strip()
    for each, direction in ((there, Qt.LayoutDirection.LeftToRight), (back, Qt.LayoutDirection.RightToLeft)):
        seen(qtbot, each, direction)
    # From the side where no tick is yet: a tip goes only a while after it is told to.
    width = there.width()
    said = [told(there, x) for x in range(width)]
    assert set(said) == {"", *(f"beat {number}" for number in range(5))}
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    assert [told(back, width - 1 - x) for x in range(width)] == said


def told(widget: QWidget, x: int) -> str:
    """Return what the tool tip says under the pointer."""
    place = QPoint(x, widget.height() // 2)
    QApplication.sendEvent(widget, QHelpEvent(QHelpEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    return QToolTip.text() if QToolTip.isVisible() else ""
