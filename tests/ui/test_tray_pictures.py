"""The tray's pictures are what their files say, for whoever reads SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from tunneldesk.resources import resource
from tunneldesk.ui import tray_pictures
from tunneldesk.ui.tray_pictures import INK, SIZES, tray_picture

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

NAMES = sorted(path.stem for path in resource("icons/tray/22").iterdir())

_A_SHADE = 4
"""Of 255: what two ways of drawing the same curve may differ by."""


def as_qt_reads_it(path: Path, edge: int, grid: int) -> QImage:
    image = QImage(edge, edge, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size, margin = edge // grid * grid, edge % grid // 2
    QSvgRenderer(str(path)).render(painter, QRectF(margin, margin, size, size))
    painter.end()
    return image


def colours(image: QImage) -> list[QColor]:
    return [image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width())]


@pytest.mark.parametrize(("edge", "grid"), SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_it_looks_as_the_file_says(qtbot: QtBot, name: str, edge: int, grid: int) -> None:  # noqa: ARG001
    drawn = colours(tray_picture(name, INK, INK, edge=edge, grid=grid).toImage())
    expected = colours(as_qt_reads_it(resource(f"icons/tray/{grid}/{name}.svg"), edge, grid))
    assert any(colour.alpha() == 255 for colour in expected)
    for ours, qts in zip(drawn, expected, strict=True):
        assert abs(ours.alpha() - qts.alpha()) <= _A_SHADE
        assert ours.alpha() < 128 or abs(ours.lightness() - qts.lightness()) <= _A_SHADE


def test_shapes_that_stand_out_have_a_colour_of_their_own(qtbot: QtBot) -> None:  # noqa: ARG001
    image = tray_picture("attention", "#ff0000", "#0000ff", edge=16, grid=16).toImage()
    assert image.pixelColor(5, 8).getRgb() == (255, 0, 0, 255)
    assert image.pixelColor(13, 13).getRgb() == (0, 0, 255, 255)


@pytest.mark.parametrize("step", ["L3 4", "a6 6 0 0 1 9 0", "a6 5 0 1 1 12 0", "Z1", "h3"])
def test_a_path_that_it_can_not_draw_is_no_picture(
    qtbot: QtBot,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    step: str,
) -> None:
    file = tmp_path / "new.svg"
    file.write_text(f'<svg>\n  <path class="ink" d="M2 15{step}"/>\n</svg>')
    monkeypatch.setattr(tray_pictures, "resource", lambda _: file)
    with pytest.raises(ValueError, match="a tray picture can't have"):
        tray_picture("new", INK, INK, edge=16, grid=16)
