"""The button that opens the tray's menu in the window: there may be no tray, and no tray is for the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionButton

from tunneldesk.ui.parts import PushButton

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from tunneldesk.presentation.tray import TrayView
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.tray_menu import TrayMenu


class MenuButton(PushButton):
    """Shows a `TrayView` as the tray does; the menu is made when it is first opened."""

    def __init__(self, intents: Intents) -> None:
        super().__init__("")
        self.setText(self.tr("&Menu"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._intents = intents
        self._view: TrayView | None = None
        self._made: TrayMenu | None = None
        self.pressed.connect(self._open_first)

    def render_view(self, view: TrayView) -> None:
        """Have this in the menu."""
        self._view = view
        if self._made is not None:
            self._made.render_view(view)

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Look like what opens a menu before there is one, too."""
        super().initStyleOption(option)
        option.features |= QStyleOptionButton.ButtonFeature.HasMenu

    def sizeHint(self) -> QSize:
        """Room for the arrow, which Qt leaves only where there is a menu."""
        hint = super().sizeHint()
        if self._made is None:
            option = QStyleOptionButton()
            self.initStyleOption(option)
            arrow = self.style().pixelMetric(QStyle.PixelMetric.PM_MenuButtonIndicator, option, self)
            hint.setWidth(hint.width() + arrow)
        return hint

    def _open_first(self) -> None:
        from tunneldesk.ui.tray_menu import TrayMenu

        self.pressed.disconnect(self._open_first)  # from now on Qt opens it
        self._made = TrayMenu(self._intents, self)
        if self._view is not None:
            self._made.render_view(self._view)
        self.setMenu(self._made)
        self.showMenu()
