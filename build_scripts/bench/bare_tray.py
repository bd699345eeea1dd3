"""The smallest tray program there can be; with `--client`, one that could talk to a server, too."""

from __future__ import annotations

import signal
import sys

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QSystemTrayIcon


def main() -> None:
    """Show an icon until ended."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    app = QApplication(sys.argv[:1])
    pixmap = QPixmap(22, 22)
    pixmap.fill(QColor("black"))
    icon = QSystemTrayIcon(QIcon(pixmap))
    icon.show()
    if "--client" in sys.argv:
        import asyncio

        # Tools of the developers that httpx would import; no install has them.
        sys.modules |= {"rich": None, "pygments": None}  # type: ignore[dict-item] # None makes an import fail

        import httpx
        import qasync

        loop = qasync.QEventLoop(app)
        asyncio.set_event_loop(loop)
        client = httpx.AsyncClient()
        with loop:
            loop.run_forever()
        del client
    else:
        app.exec()


if __name__ == "__main__":
    main()
