"""The icons: the application's own, and that in the tray with its colours and its count."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from tunneldesk.presentation.status import Mark
from tunneldesk.resources import resource
from tunneldesk.ui.tray_pictures import INK, SIZES, tray_picture

WORKING_FRAMES = 4
"""Pictures in the moving icon of a tunnel being set up."""


@dataclass(frozen=True, slots=True)
class Tint:
    """How a tray icon is coloured: the shapes themselves, and per mark the part that carries a colour."""

    ink: str
    live: str
    attention: str
    problem: str
    template: bool = False

    def spot(self, mark: Mark) -> str:
        """Return the colour of the part that stands out."""
        return {Mark.LIVE: self.live, Mark.ATTENTION: self.attention, Mark.PROBLEM: self.problem}.get(
            mark, self.ink
        )


ON_LIGHT = Tint(ink=INK, live="#116b3c", attention="#a85b00", problem="#b3261e")
ON_DARK = Tint(ink="#f0f3f6", live="#5bd899", attention="#ffb84d", problem="#ff8a80")
PLAIN_ON_LIGHT = Tint(ink=INK, live=INK, attention=INK, problem=INK)
PLAIN_ON_DARK = Tint(ink="#f0f3f6", live="#f0f3f6", attention="#f0f3f6", problem="#f0f3f6")
MONOCHROME = Tint(ink="#000000", live="#000000", attention="#000000", problem="#000000", template=True)

# Digits on 5 by 7 cells, a row per number, the highest bit on the left: at these sizes no font is sharp.
_DIGITS: dict[str, tuple[int, ...]] = {
    "2": (0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111),
    "3": (0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110),
    "4": (0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010),
    "5": (0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110),
    "6": (0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110),
    "7": (0b11111, 0b00001, 0b00010, 0b00100, 0b00100, 0b01000, 0b01000),
    "8": (0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110),
    "9": (0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100),
    "+": (0b00000, 0b00100, 0b00100, 0b11111, 0b00100, 0b00100, 0b00000),
}
_DIGIT_WIDTH, _DIGIT_HEIGHT = 5, 7


def app_icon() -> QIcon:
    """Return the application's own icon."""
    return QIcon(str(resource("icons/tunneldesk.svg")))


def tray_icon(mark: Mark, tint: Tint, *, count: int = 0, frame: int = 0) -> QIcon:
    """Return the tray icon: 140 kB in all its sizes, which is why none is kept for another time.

    Args:
        mark: What it says.
        tint: How it is coloured.
        count: Live tunnels; written into the corner from 2 up.
        frame: Which picture of the moving icon, from 0; ignored unless ``mark`` is WORKING.
    """
    icon = QIcon()
    for edge, grid in SIZES:
        icon.addPixmap(tray_pixmap(mark, tint, edge=edge, grid=grid, count=count, frame=frame))
    icon.setIsMask(tint.template)
    return icon


def tray_pixmap(mark: Mark, tint: Tint, *, edge: int, grid: int, count: int = 0, frame: int = 0) -> QPixmap:
    """Return one size of the tray icon; what is left over of ``edge`` is an even margin."""
    counted = mark is Mark.LIVE and count >= 2
    name = (
        "live-many" if counted else f"working-{frame % WORKING_FRAMES + 1}" if mark is Mark.WORKING else mark.value
    )
    pixmap = tray_picture(name, tint.ink, tint.spot(mark), edge=edge, grid=grid)
    if counted:
        _paint_digit(pixmap, str(count) if count <= 9 else "+", grid, QColor(tint.ink))
    return pixmap


def _paint_digit(pixmap: QPixmap, digit: str, grid: int, colour: QColor) -> None:
    """Write the digit into the lower right corner; on the larger grid its upright strokes are two cells wide."""
    scale = pixmap.width() // grid
    margin = (pixmap.width() - grid * scale) // 2
    painter = QPainter(pixmap)
    painter.translate(margin, margin)
    painter.scale(scale, scale)
    stroke = 1 if grid < 22 else 2
    left, top = grid - _DIGIT_WIDTH - stroke + 1, grid - _DIGIT_HEIGHT
    for y, row in enumerate(_DIGITS[digit]):
        for x in range(_DIGIT_WIDTH):
            if row >> (_DIGIT_WIDTH - 1 - x) & 1:
                painter.fillRect(left + x, top + y, stroke, 1, colour)
    painter.end()
