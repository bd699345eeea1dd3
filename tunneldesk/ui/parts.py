"""The few parts that every screen is put together from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from tunneldesk.ui.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent


def label(text: str = "", *, role: str = "", wrap: bool = False, selectable: bool = False) -> QLabel:
    """Return a label that shows its text as it is, never as markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


def scale_font(widget: QWidget, factor: float, *, bold: bool = False) -> None:
    """Make a widget's letters larger, relative to what the user has set."""
    font = widget.font()
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setBold(bold)
    widget.setFont(font)


class PushButton(QPushButton):
    """A push button that Enter presses while it has the focus, in a window as in a dialog.

    Qt's own way, `autoDefault`, would also let Enter in any field press the first button of a dialog that has no
    default one on purpose.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter before the dialog does, which would press its default button."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)


def button(text: str, pressed: Callable[[], object], *, primary: bool = False, flat: bool = False) -> QPushButton:
    """Return a push button; in a dialog Enter anywhere but on a button presses the one that is made the default."""
    made = PushButton(text)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    if primary:
        made.setProperty("primary", True)
    if flat:
        made.setProperty("flat", True)
    made.clicked.connect(lambda: pressed())
    return made


class FieldGrid(QGridLayout):
    """Fields under each other, their names before them on the same line."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(SPACE * 2)
        self.setVerticalSpacing(SPACE)
        self.setColumnStretch(1, 1)

    def add_field(self, name: str, field: QWidget, *, beside: QWidget | None = None) -> QLabel:
        """Add a field, return its name; that may mark a letter with ``&``, which leads to the field with Alt."""
        row = self.rowCount()
        named = QLabel(name)
        named.setBuddy(field)
        self.addWidget(named, row, 0)
        if beside is None:
            self.addWidget(field, row, 1)
            return named
        together = QHBoxLayout()
        together.setSpacing(SPACE)
        together.addWidget(field, 1)
        together.addWidget(beside)
        self.addLayout(together, row, 1)
        return named

    def add_below(self, widget: QWidget) -> None:
        """Add something that belongs to the field above it."""
        self.addWidget(widget, self.rowCount(), 1)


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and have it looked at again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_text(widget: QLabel | QPushButton | QCheckBox, text: str) -> None:
    """Change a text only when it is another, so that selections and screen readers are left in peace."""
    if widget.text() != text:
        widget.setText(text)
