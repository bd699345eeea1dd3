"""What this is, and of what it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from tunneldesk.ui.clipboard import copy
from tunneldesk.ui.fitting_dialog import FittingDialog
from tunneldesk.ui.flow import flowing
from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.parts import button, label, scale_font
from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable


class AboutDialog(FittingDialog):
    """Shows names and versions, to be copied into a report."""

    def __init__(
        self,
        versions: tuple[tuple[str, str], ...],
        show_notices: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        """Show versions.

        Args:
            versions: Names and versions, our own first.
            show_notices: Shows whose work it contains.
            parent: The window it belongs to.
        """
        super().__init__(parent)
        self._versions = versions
        self.setWindowTitle(self.tr("About TunnelDesk"))
        self.setWindowIcon(app_icon())
        picture = label()
        picture.setPixmap(app_icon().pixmap(SPACE * 9, SPACE * 9))
        picture.setAccessibleName("TunnelDesk")
        title = label(f"TunnelDesk {versions[0][1]}", selectable=True)
        scale_font(title, 1.4, bold=True)
        what = label(self.tr("Puts a port of this computer on a public address, and keeps it there."), wrap=True)
        what.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE * 2)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setColumnStretch(1, 1)
        for row, (name, version) in enumerate(versions[1:]):
            grid.addWidget(label(name, role="muted"), row, 0)
            grid.addWidget(label(version, selectable=True), row, 1)
        self._copy = button(self.tr("Copy"), self._copy_all)
        self._copy.setAccessibleName(self.tr("Copy the versions"))
        close = button(self.tr("Close"), self.accept, primary=True)
        close.setDefault(True)
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 45)
        column.setContentsMargins(SPACE * 3, SPACE * 3, SPACE * 3, SPACE * 2)
        column.setSpacing(SPACE * 3 // 2)
        for each in (picture, title):
            column.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(what)
        column.addSpacing(SPACE)
        column.addLayout(grid)
        column.addWidget(flowing(self._copy, button(self.tr("Licences..."), show_notices), close, last_apart=True))
        close.setFocus()

    def _copy_all(self) -> None:
        if copy("\n".join(f"{name} {version}" for name, version in self._versions)):
            self._copy.setText(self.tr("Copied"))
