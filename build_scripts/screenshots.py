"""Draws every screen in every state, light and dark, so that a person can look at them all.

The pictures go to ``build/screenshots``; ``--readme`` refreshes the few of them that the README shows.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QApplication, QWidget

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "screenshots"
README = ROOT / "resources" / "screenshots"

FOR_README = ("window-mixed-light", "window-mixed-dark", "expose-connecting-light", "problem-taken-light")
"""Pictures the README shows, taken at twice the size."""

_NO_SCREEN = "This plugin does not support"


def main(arguments: list[str] | None = None) -> int:
    """Draw, each size in a process of its own, since Qt takes the scale at its start."""
    parser = argparse.ArgumentParser(description=__doc__, prog="screenshots")
    parser.add_argument("--readme", action="store_true", help="refresh resources/screenshots too")
    parser.add_argument("--scale", type=int, choices=(1, 2), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.scale is None:
        for scale in ("1", "2"):
            environ = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
            command = [sys.executable, "-m", "build_scripts.screenshots", "--scale", scale]
            subprocess.run(command, cwd=ROOT, env=environ, check=True)
        pictures = sorted(OUT.glob("*.png"))
        if options.readme:
            README.mkdir(parents=True, exist_ok=True)
            for name in FOR_README:
                (README / f"{name}.png").write_bytes((OUT / f"{name}@2x.png").read_bytes())
        print(f"{len(pictures)} pictures in {OUT}")
        return 0
    _draw("" if options.scale == 1 else "@2x")
    return 0


def _draw(suffix: str) -> None:
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from tunneldesk.domain.preferences import Theme
    from tunneldesk.launch import STYLE
    from tunneldesk.ui.theme import Look

    OUT.mkdir(parents=True, exist_ok=True)
    # Without a screen Qt says of every window that it can't be raised or resized by a window manager.
    qInstallMessageHandler(lambda _kind, _context, text: None if text.startswith(_NO_SCREEN) else print(text))
    app = QApplication(["screenshots", *STYLE])
    look = Look(app)
    for theme in (Theme.LIGHT, Theme.DARK):
        look.choose(theme)
        for name, draw in _scenes(app):
            picture = draw()
            if not picture.save(str(OUT / f"{name}-{theme.value}{suffix}.png")):
                raise OSError(f"{name} can't be written")


def _scenes(app: QApplication) -> Iterator[tuple[str, Callable[[], QPixmap]]]:
    from build_scripts import screenshot_scenes as scenes

    def shot(make: Callable[[], QWidget]) -> Callable[[], QPixmap]:
        def draw() -> QPixmap:
            widget = make()
            widget.show()
            app.processEvents()
            picture = widget.grab()
            widget.hide()
            widget.deleteLater()
            app.processEvents()
            return picture

        return draw

    for name, make in scenes.all_scenes():
        yield name, shot(make)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
