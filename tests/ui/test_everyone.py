"""Everybody can use every screen: whatever the language, its direction, and the size of the letters."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QTabBar,
    QWidget,
)

from build_scripts import screenshot_scenes
from tunneldesk.presentation.translation import install_translator
from tunneldesk.ui.language import speak
from tunneldesk.ui.marks import StatusChip
from tunneldesk.ui.tunnel_card import TunnelCard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAccessibleInterface
    from pytestqt.qtbot import QtBot

SCENES = dict(screenshot_scenes.all_scenes())

ROLE = QAccessible.Role
NAMED = {
    ROLE.PushButton,
    ROLE.CheckBox,
    ROLE.ComboBox,
    ROLE.EditableText,
    ROLE.List,
    ROLE.ListItem,
    ROLE.PageTab,
    ROLE.ProgressBar,
    ROLE.MenuItem,
    ROLE.Link,
    ROLE.Graphic,
    ROLE.Slider,
    ROLE.SpinBox,
}


def longer(text: str) -> str:
    """Return half as many letters again in words of the usual length, as German and Finnish have them."""
    if not text.strip() or text.startswith("{"):
        return text
    words = text.split(" ")
    return " ".join(word if "{" in word else word + word[: (len(word) + 1) // 2].lower() for word in words)


class Longer(QTranslator):
    """Every text of Qt's in a language that has longer words."""

    def translate(self, _context: str, text: str, _comment: str | None = None, _number: int = -1) -> str:
        return longer(text)

    def isEmpty(self) -> bool:
        return False


@contextmanager
def living(mode: str) -> Iterator[None]:
    """Let the application be as this person has it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    font, translator = app.font(), Longer()
    if mode == "large letters":
        larger = app.font()
        larger.setPointSizeF(font.pointSizeF() * 2)
        app.setFont(larger)
    if mode == "long words":
        app.installTranslator(translator)
        install_translator(lambda _context, text: longer(text))
    if mode == "German":
        assert speak(app, ["de-AT"]) == "de"
    if mode == "right to left":
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        yield
    finally:
        app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        for each in (translator, *app.findChildren(QTranslator)):
            app.removeTranslator(each)
        install_translator(None)
        app.setFont(font)


def shown(name: str, qtbot: QtBot) -> QWidget:
    widget = SCENES[name]()
    qtbot.addWidget(widget)
    widget.show()
    for _ in range(4):  # words that wrap find their height once what stands beside them has its width
        QApplication.processEvents()
    return widget


def tree(interface: QAccessibleInterface | None) -> Iterator[QAccessibleInterface]:
    """Yield everything that whoever listens can come to."""
    if interface is None or not interface.isValid() or interface.state().invisible:
        return
    yield interface
    for number in range(interface.childCount()):
        yield from tree(interface.child(number))


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("name", SCENES)
def test_whoever_listens_is_told_what_every_control_is(qtbot: QtBot, name: str) -> None:
    widget = shown(name, qtbot)
    if isinstance(widget, QMenu):
        assert all(action.text() or action.isSeparator() for action in widget.actions())
        return
    nameless = [
        f"{each.role()} {each.object()}"
        for each in tree(QAccessible.queryAccessibleInterface(widget))
        if each.role() in NAMED and not each.text(QAccessible.Text.Name).strip() and not inner(each)
    ]
    assert nameless == []
    unsaid = [
        label.text()
        for label in widget.findChildren(QLabel)
        if label.isVisible() and label.accessibleName() and label.text() not in label.accessibleName()
    ]
    assert unsaid == [], "what can be read can be heard"


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("name", [name for name in SCENES if name.startswith("window-")])
def test_whoever_listens_can_tell_the_buttons_of_one_card_from_those_of_another(qtbot: QtBot, name: str) -> None:
    window = shown(name, qtbot)
    cards = [card for card in window.findChildren(TunnelCard) if card.isVisible()]
    heard = [
        {each.accessibleName() or each.text() for each in card.findChildren(QPushButton) if each.isVisible()}
        for card in cards
    ]
    alike = set().union(*(one & other for one, other in itertools.combinations(heard, 2)))
    assert alike == set()


def inner(interface: QAccessibleInterface) -> bool:
    """Whether it is a part of a control that Qt itself makes, and whose whole has a name."""
    return bool(getattr(interface.object(), "objectName", str)().startswith("qt_"))


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("mode", ["long words", "large letters", "right to left", "German"])
def test_nothing_is_clipped(qtbot: QtBot, name: str, mode: str) -> None:
    with living(mode):
        widget = shown(name, qtbot)
        assert clipped(widget) == []
        widget.hide()


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("name", [name for name in SCENES if name.startswith("window-")])
@pytest.mark.parametrize("mode", ["as it is", "long words", "large letters"])
def test_nothing_is_clipped_in_the_narrowest_window(qtbot: QtBot, name: str, mode: str) -> None:
    with living(mode):
        window = shown(name, qtbot)
        window.resize(window.minimumSizeHint().width(), window.height())
        for _ in range(4):
            QApplication.processEvents()
        assert clipped(window) == []
        window.hide()


def clipped(window: QWidget) -> list[str]:
    """Return what can't be read whole."""
    found = []
    for control in window.findChildren(QWidget):
        if not control.isVisible() or control.objectName().startswith("qt_"):
            continue
        words = words_of(control)
        if not words:
            continue
        if isinstance(control, QLabel) and control.wordWrap():
            if control.height() < control.heightForWidth(control.width()):
                found.append(f"too low: {words}")
        elif control.width() < wanted(control):
            found.append(f"too narrow: {words} ({control.width()} < {wanted(control)})")
        area = holder(control, window)
        left = control.mapTo(area, control.rect().topLeft()).x()
        right = control.mapTo(area, control.rect().topRight()).x()
        if left < 0 or right > area.width():
            found.append(f"beside the window: {words} ({left}-{right} of {area.width()})")
    return found


def words_of(control: QWidget) -> str:
    if isinstance(control, QLabel | QPushButton | QCheckBox):
        return control.text()
    if isinstance(control, QTabBar | QComboBox | QLineEdit | StatusChip):
        return control.accessibleName() or type(control).__name__
    return ""


def wanted(control: QWidget) -> int:
    """How wide it has to be; a field scrolls, and a chip shortens its words and tells them to whoever hovers."""
    if isinstance(control, QLineEdit | StatusChip | QLabel) and not isinstance(control, QLabel):
        return 0
    if (
        isinstance(control, QLabel)
        and control.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    ):
        return 0  # an address: it is selected and copied, and shown whole to whoever hovers
    return control.minimumSizeHint().width() if isinstance(control, QTabBar) else control.sizeHint().width()


def holder(control: QWidget, window: QWidget) -> QWidget:
    """Return what it must not stand out of sideways: no page scrolls that way, but lists and texts do."""
    parent = control.parentWidget()
    while parent is not None and parent is not window:
        if isinstance(parent, QAbstractScrollArea) and not isinstance(parent, QScrollArea):
            return control
        parent = parent.parentWidget()
    return window
