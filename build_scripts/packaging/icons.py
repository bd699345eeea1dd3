"""The application's icon in the forms that desktops and installers want, all drawn from the one SVG."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SVG = Path(__file__).resolve().parents[2] / "resources" / "icons" / "tunneldesk.svg"
THEME_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_ICO_SIZES = (16, 24, 32, 48, 64, 256)
_ICNS_TYPES: Mapping[int, bytes] = {
    16: b"icp4",
    32: b"icp5",
    64: b"icp6",
    128: b"ic07",
    256: b"ic08",
    512: b"ic09",
    1024: b"ic10",
}


def png(size: int) -> bytes:
    """Return the icon as PNG, ``size`` pixels wide and high."""
    from PySide6.QtCore import QBuffer, QIODevice, QRectF
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(SVG)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload] # PySide's stubs want bytes, Qt a text
        raise OSError("the icon can't be drawn")
    return bytes(buffer.data().data())


def ico() -> bytes:
    """Return the icon for Windows: several PNGs behind one table."""
    pictures = [(size, png(size)) for size in _ICO_SIZES]
    table = [struct.pack("<HHH", 0, 1, len(pictures))]
    start = 6 + 16 * len(pictures)
    for size, picture in pictures:
        edge = size % 256  # 256 is written as 0
        table.append(struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(picture), start))
        start += len(picture)
    return b"".join(table) + b"".join(picture for _, picture in pictures)


def icns() -> bytes:
    """Return the icon for macOS: several PNGs, each behind its type and length."""
    parts = b""
    for size, kind in _ICNS_TYPES.items():
        picture = png(size)
        parts += kind + struct.pack(">I", 8 + len(picture)) + picture
    return b"icns" + struct.pack(">I", 8 + len(parts)) + parts
