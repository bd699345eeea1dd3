"""Colours, spacing and style, light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from tunneldesk.domain.preferences import Theme
from tunneldesk.presentation.status import Mark
from tunneldesk.resources import resource

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

SPACE = 8
"""The grid: every distance is a multiple of this, or half of it."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, by their use.

    Attributes:
        ground: Behind everything.
        surface: Cards, fields and menus.
        text: Text on both.
        muted: Text that may be overlooked.
        line: Lines that separate.
        border: Edges of controls.
        accent: Primary buttons, links and focus.
        accent_hover: The same under the pointer.
        on_accent: Text on the accent.
        hover: A control under the pointer.
        marks: Colour of each mark, readable as text on ground, surface, hover and its own tint.
        tints: Quiet background for each mark.
    """

    ground: str
    surface: str
    text: str
    muted: str
    line: str
    border: str
    accent: str
    accent_hover: str
    on_accent: str
    hover: str
    marks: dict[Mark, str]
    tints: dict[Mark, str]


LIGHT = Tokens(
    ground="#f4f6f8",
    surface="#ffffff",
    text="#1c2128",
    muted="#57606a",
    line="#d8dee4",
    border="#7e868f",
    accent="#0b5cc4",
    accent_hover="#084b9f",
    on_accent="#ffffff",
    hover="#eef1f4",
    marks={
        Mark.IDLE: "#57606a",
        Mark.WORKING: "#0b5cc4",
        Mark.LIVE: "#116b3c",
        Mark.ATTENTION: "#854800",
        Mark.PROBLEM: "#b3261e",
    },
    tints={
        Mark.IDLE: "#eceff2",
        Mark.WORKING: "#e3eefb",
        Mark.LIVE: "#dff4e7",
        Mark.ATTENTION: "#fdeed3",
        Mark.PROBLEM: "#fce8e6",
    },
)

DARK = Tokens(
    ground="#181c21",
    surface="#22282f",
    text="#eef1f4",
    muted="#a8b2bd",
    line="#363f49",
    border="#7b8794",
    accent="#6cb0ff",
    accent_hover="#8fc3ff",
    on_accent="#06203f",
    hover="#2d353e",
    marks={
        Mark.IDLE: "#a8b2bd",
        Mark.WORKING: "#6cb0ff",
        Mark.LIVE: "#5bd899",
        Mark.ATTENTION: "#ffb84d",
        Mark.PROBLEM: "#ff8a80",
    },
    tints={
        Mark.IDLE: "#303841",
        Mark.WORKING: "#1c3654",
        Mark.LIVE: "#173a2a",
        Mark.ATTENTION: "#423214",
        Mark.PROBLEM: "#482625",
    },
)


def tokens_of(palette: QPalette) -> Tokens:
    """Return the colours that go with a widget's palette."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


class Look(QObject):
    """Keeps the application's windows in the theme that was chosen, following the system where that was.

    The style is chosen where the application is made, see `launch`.

    Signals:
        changed: Other colours hold now.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = Theme.SYSTEM
        self._tokens: Tokens | None = None
        app.styleHints().colorSchemeChanged.connect(self._apply)
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The colours that hold now."""
        return DARK if self.dark else LIGHT

    @property
    def dark(self) -> bool:
        """Whether it is dark."""
        if self._choice is not Theme.SYSTEM:
            return self._choice is Theme.DARK
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def choose(self, choice: Theme) -> None:
        """Use this theme from now on."""
        if choice is self._choice:
            return
        self._choice = choice
        scheme = {
            Theme.SYSTEM: Qt.ColorScheme.Unknown,
            Theme.LIGHT: Qt.ColorScheme.Light,
            Theme.DARK: Qt.ColorScheme.Dark,
        }[choice]
        QGuiApplication.styleHints().setColorScheme(scheme)
        self._apply()

    def _apply(self) -> None:
        if self._tokens is self.tokens:
            return
        self._tokens = self.tokens
        self._app.setPalette(palette_for(self._tokens))
        self._app.setStyleSheet(style_sheet(self._tokens))
        self.changed.emit()


def palette_for(tokens: Tokens) -> QPalette:
    """Return the palette of a theme."""
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in {
        role.Window: tokens.ground,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.ground,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.marks[Mark.PROBLEM],
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Mid: tokens.border,
        role.Midlight: tokens.line,
        role.Dark: tokens.border,
        role.Light: tokens.surface,
        role.Shadow: tokens.line,
        role.Accent: tokens.accent,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.muted))
    return palette


def style_sheet(tokens: Tokens) -> str:
    """Return the style sheet of a theme: `resources/theme/desktop.qss` with its colours filled in."""
    sheet = resource("theme/desktop.qss").read_text(encoding="utf-8")
    arrow = resource("theme/arrow-dark.svg" if tokens is DARK else "theme/arrow-light.svg")
    check = resource("theme/check-dark.svg" if tokens is DARK else "theme/check-light.svg")
    colours = {
        "arrow": arrow.as_posix(),
        "check": check.as_posix(),
        "ground": tokens.ground,
        "surface": tokens.surface,
        "text": tokens.text,
        "muted": tokens.muted,
        "line": tokens.line,
        "border": tokens.border,
        "accent": tokens.accent,
        "accent-hover": tokens.accent_hover,
        "on-accent": tokens.on_accent,
        "hover": tokens.hover,
        "problem": tokens.marks[Mark.PROBLEM],
        "attention": tokens.marks[Mark.ATTENTION],
        "problem-tint": tokens.tints[Mark.PROBLEM],
        "attention-tint": tokens.tints[Mark.ATTENTION],
        "live-tint": tokens.tints[Mark.LIVE],
    }
    # The longest names first, so that none is taken for the beginning of another.
    for name in sorted(colours, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", colours[name])
    return sheet
