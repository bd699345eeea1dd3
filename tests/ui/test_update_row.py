"""A newer version is told of in the window, and never pressed on anybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QPushButton

from build_scripts import sample_states as samples
from tunneldesk.domain.model import Update
from tunneldesk.domain.preferences import Preferences
from tunneldesk.ui.update_row import UpdateRow

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

PAGE = "https://github.com/a/b/releases/tag/v9.8.7"
NEWER = replace(samples.signed_in(), update=Update("9.8.7", PAGE, "<b>New</b>"))


def button(row: UpdateRow, words: str) -> QPushButton:
    return next(each for each in row.findChildren(QPushButton) if each.text() == words)


def shown(face: Callable[..., Any]) -> tuple[Any, UpdateRow]:
    made = face(NEWER)
    made.desktop.intents.show_window()
    return made, made.desktop.window.widget.findChild(UpdateRow)


def test_it_says_which_version_there_is_and_what_is_new(face: Callable[..., Any]) -> None:
    made, row = shown(face)
    assert row.isVisible()
    assert any("TunnelDesk 9.8.7 is available." in each.text() for each in row.findChildren(QLabel))
    (notes,) = row.findChildren(QPlainTextEdit)
    assert not notes.isVisible()
    button(row, "What is new").click()
    assert notes.isVisible()
    assert notes.toPlainText() == "<b>New</b>"
    button(row, "Later").click()
    assert ("dismiss_update",) in made.commands.calls
    made.become(replace(NEWER, update=None))
    assert not row.isVisible()


def test_its_page_is_opened_and_nothing_else_is_done(
    face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    _, row = shown(face)
    button(row, "Open its page").click()
    assert opened == [QUrl(PAGE)]


def test_one_without_notes_has_nothing_to_unfold(face: Callable[..., Any]) -> None:
    made = face(replace(NEWER, update=Update("9.8.7", "https://example.com")))
    made.desktop.intents.show_window()
    assert not button(made.desktop.window.widget.findChild(UpdateRow), "What is new").isVisible()


def test_who_wants_no_such_news_gets_none(face: Callable[..., Any]) -> None:
    made = face(NEWER)
    made.desktop.intents.show_window()
    made.desktop.intents.settings()
    box = next(box for box in made.desktop.settings.dialog.findChildren(QCheckBox) if "newer" in box.text())
    box.click()
    unwanted = Preferences(look_for_updates=False)
    assert ("prefer", unwanted) in made.commands.calls
    made.become(replace(NEWER, preferences=unwanted))
    assert not made.desktop.window.widget.findChild(UpdateRow).isVisible()
