"""The tray's pictures, drawn from the SVG family in `resources/icons/tray` at whole pixels.

There are two masters of each, on a grid of 16 and of 22 units, so that the usual tray sizes are whole multiples of
one of them and every edge falls on a pixel. They know two classes of shapes, ``ink`` and ``spot``.

Of SVG they have no more than is read here: circles, and paths of upright and level lines with half circles over
them. Qt's own SVG would be more than two megabytes in an app that shows nothing but its icon.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPixmap

from tunneldesk.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QBrush

SIZES: tuple[tuple[int, int], ...] = (
    # edge of the picture in pixels, grid it is drawn from
    (16, 16),
    (22, 22),
    (24, 22),
    (32, 16),
    (44, 22),
    (48, 16),
    (64, 16),
    (88, 22),
    (128, 16),
)

INK = "#24292f"
"""What the files themselves are coloured with."""

_SHAPE = re.compile(r"<(?:path|circle) ([^>]*)/>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")


def tray_picture(name: str, ink: str, spot: str, *, edge: int, grid: int) -> QPixmap:
    """Return one size of a picture; what is left over of ``edge`` is an even margin.

    Args:
        name: Of its file.
        ink: Colour of the shapes.
        spot: Colour of those that stand out.
        edge: Width and height in pixels.
        grid: The master it is drawn from.
    """
    shapes = _shapes(name, grid)
    scale = edge // grid
    margin = (edge - grid * scale) // 2
    pixmap = QPixmap(edge, edge)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(margin, margin)
    painter.scale(scale, scale)
    for kind, outline in shapes:
        painter.fillPath(outline, _brush(ink if kind == "ink" else spot))
    painter.end()
    return pixmap


def _brush(colour: str) -> QBrush:
    """Return a brush out of a palette: to make one, PySide would make all of `Qt`, and the icon would be late."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor(colour))
    return palette.brush(QPalette.ColorRole.Text)


@cache
def _shapes(name: str, grid: int) -> tuple[tuple[str, QPainterPath], ...]:
    """Return the classes and outlines of a file's shapes."""
    text = resource(f"icons/tray/{grid}/{name}.svg").read_text(encoding="utf-8")
    found = [dict(_ATTRIBUTE.findall(shape)) for shape in _SHAPE.findall(text)]
    return tuple((attributes["class"], _outline(attributes)) for attributes in found)


def _outline(attributes: Mapping[str, str]) -> QPainterPath:
    outline = QPainterPath()  # where it overlaps itself it is empty, as ``evenodd`` says
    if "d" not in attributes:
        x, y, radius = (float(attributes[each]) for each in ("cx", "cy", "r"))
        outline.addEllipse(x - radius, y - radius, 2 * radius, 2 * radius)
        return outline
    for letter, words in _STEP.findall(attributes["d"]):
        at, numbers = outline.currentPosition(), [float(word) for word in words.split()]
        match letter, numbers:
            case "M", [x, y]:
                outline.moveTo(x, y)
            case "H", [x]:
                outline.lineTo(x, at.y())
            case "V", [y]:
                outline.lineTo(at.x(), y)
            case "a", [radius, _, 0.0, 0.0, 1.0, width, 0.0] if width == 2 * radius:
                outline.arcTo(at.x(), at.y() - radius, width, width, 180, -180)
            case "Z", []:
                outline.closeSubpath()
            case _:
                raise ValueError(f"a tray picture can't have {letter}{words}")
    return outline
