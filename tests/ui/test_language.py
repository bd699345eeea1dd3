"""The user's own language, where it is known."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QListWidget, QTabWidget, QWidget

from build_scripts import sample_states as samples
from build_scripts.sample_failures import QUOTED, THEIRS
from build_scripts.screenshot_scenes import all_scenes
from build_scripts.translations import FOLDER, collect, release, untranslated
from tunneldesk.domain.errors import ErrorCode
from tunneldesk.presentation.reasons import SENTENCES
from tunneldesk.presentation.texts import facts_in
from tunneldesk.presentation.translation import install_translator
from tunneldesk.ui.language import speak
from tunneldesk.ui.problem_dialog import ProblemDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

FILES = sorted(FOLDER.glob("*.ts"))
SCENES = dict(all_scenes())

WORD = re.compile(r"[A-Za-z\u00c0-\u017f]+(?:'[a-z]+)?")
DATA = re.compile(r"\w+://\S+|(?<![\w.])/[\w./-]+|\S+@\S+|[\w-]+\.\w[\w.-]*")
"""Addresses, files and names in the sample states."""


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
def test_whatever_is_found_can_be_said_in_it(file: Path) -> None:
    """The sentences stand in a table, and what the collecting tool overlooks there nobody would translate."""
    assert set(SENTENCES.values()) <= {source for source, _ in messages(file)}


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
    made.desktop.intents.show_window()
    assert made.desktop.tray.menu.actions()[0].text() == "0 von 5 Tunneln benutzt"
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


def words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(DATA.sub(" ", re.sub(r"\{\w+\}", " ", text)))}


@pytest.fixture(scope="session")
def only_english() -> frozenset[str]:
    """Return the words that our English texts have and our German ones never."""
    both = messages(FOLDER / "tunneldesk_de.ts")
    english = {word for source, _ in both for word in words(source)}
    german = {word for _, translation in both for word in words(translation)}
    return frozenset(word for word in english - german if len(word) > 1)


_SHOWN = ("text", "title", "windowTitle", "toolTip", "placeholderText", "accessibleName", "accessibleDescription")


def texts_on(widget: QWidget) -> Iterator[str]:
    """Yield what a person reads on a screen, or hears; logs, diagnostics and licences are English for everybody."""
    for each in (widget, *widget.findChildren(QWidget), *widget.findChildren(QAction)):
        for name in _SHOWN:
            shown = getattr(each, name, None)
            if callable(shown):
                yield shown()
        if isinstance(each, QComboBox):
            yield from map(each.itemText, range(each.count()))
        elif isinstance(each, QTabWidget):
            yield from map(each.tabText, range(each.count()))
        elif isinstance(each, QListWidget):
            yield from (each.item(row).text() for row in range(each.count()))


def in_english(texts: Iterable[str], only_english: frozenset[str]) -> list[str]:
    """Return the texts that hold a word of ours in English; what others said, and codes, are not ours."""
    found = []
    for text in texts:
        ours = text
        for quoted in THEIRS:
            ours = ours.replace(quoted, " ")
        if ours not in ErrorCode.__members__ and words(ours) & only_english:
            found.append(text)
    return found


@pytest.mark.parametrize("scene", SCENES)
def test_no_screen_of_a_german_speaks_english(app: QApplication, scene: str, only_english: frozenset[str]) -> None:
    speak(app, ["de"])
    widget = SCENES[scene]()
    widget.show()
    app.processEvents()
    try:
        assert in_english(texts_on(widget), only_english) == []
    finally:
        widget.hide()
        widget.deleteLater()


def test_a_text_of_ours_that_was_forgotten_would_be_seen(only_english: frozenset[str]) -> None:
    forgotten = ["The answer is not JSON.", "stopping", f"It says: {QUOTED}"]
    assert in_english([*forgotten, QUOTED, "Die Antwort ist kein JSON.", "UNEXPECTED"], only_english) == forgotten


def test_what_was_typed_is_refused_in_german(app: QApplication) -> None:
    speak(app, ["de"])
    welcome = SCENES["welcome-server-refused"]()
    shown = " ".join(texts_on(welcome))
    assert '"http://api.example.com" kann keine Serveradresse sein: http:// ohne' in shown
    dialog = SCENES["problem-invalid-slug"]()
    assert isinstance(dialog, ProblemDialog)
    assert dialog.problem.title == '"my-app" ist als Name nicht verwendbar'
    assert dialog.problem.text.startswith("Ein Name besteht aus 1 bis 32")
    for widget in (welcome, dialog):
        widget.deleteLater()
