"""The user's own language, where it is known."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator

from build_scripts import sample_states as samples
from build_scripts.translations import FOLDER, collect, release, untranslated
from tunneldesk.presentation.texts import facts_in
from tunneldesk.presentation.translation import install_translator
from tunneldesk.ui.language import speak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

FILES = sorted(FOLDER.glob("*.ts"))


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """Return the application; it speaks English again afterwards."""
    yield qapp
    for each in qapp.findChildren(QTranslator):
        qapp.removeTranslator(each)
        each.deleteLater()
    install_translator(None)


def messages(file: Path) -> list[tuple[str, str]]:
    found = ElementTree.parse(file).getroot().iter("message")  # noqa: S314 - our own file
    return [(each.findtext("source") or "", each.findtext("translation") or "") for each in found]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_text_is_translated_and_what_the_app_loads_is_up_to_date(file: Path, tmp_path: Path) -> None:
    again = tmp_path / file.name
    shutil.copy(file, again)
    collect(again)
    assert untranslated(again) == [], "run: python3 build_scripts/dev.py translations"
    assert messages(again) == messages(file)
    release(file, tmp_path / "made.qm")
    assert (tmp_path / "made.qm").read_bytes() == file.with_suffix(".qm").read_bytes()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_translation_tells_the_same_facts(file: Path) -> None:
    for source, translation in messages(file):
        if re.search(r"\{\w+\}", source):
            assert facts_in(translation) == facts_in(source), source
        assert source.endswith("...") == translation.endswith("..."), source
        assert source.count("&") == translation.count("&"), source


def test_windows_and_problems_speak_the_users_language(app: QApplication, face: Callable[..., Any]) -> None:
    assert speak(app, ["de-AT", "en-US"]) == "de"
    made = face(samples.STATES["failed"])
    made.desktop.show_window()
    assert made.desktop.menu.actions()[0].text() == "0 von 5 Tunneln benutzt"
    made.desktop.problems.show("key-my-app")
    assert made.desktop.problems.dialog.problem.title == '"my-app" ist vergeben'


@pytest.mark.parametrize("languages", [["en-GB", "de-DE"], ["xx"], []])
def test_it_speaks_english_to_whoever_prefers_that_or_speaks_what_it_does_not(
    app: QApplication, languages: list[str]
) -> None:
    assert speak(app, languages) == "en"
    assert app.translate("TrayMenu", "Quit") == "Quit"


def test_the_next_language_is_taken_where_the_first_is_not_known(app: QApplication) -> None:
    assert speak(app, ["xx", "de"]) == "de"
    assert app.translate("TrayMenu", "Quit") == "Beenden"
