"""Doctor, logs, diagnostics and about: the windows that help."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from build_scripts import sample_states as samples
from tunneldesk import __version__
from tunneldesk.domain.lines import Lines
from tunneldesk.ui.about_dialog import AboutDialog
from tunneldesk.ui.diagnostics_dialog import DiagnosticsDialog
from tunneldesk.ui.logs_window import LogsWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from pytestqt.qtbot import QtBot

    from tunneldesk.ui.theme import Look


def press(widget: QWidget, words: str) -> None:
    found = next(each for each in widget.findChildren(QPushButton) if each.text() == words and each.isVisible())
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def texts(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]


def examined(face: Callable[..., Any], *, over: bool) -> Any:
    made = face(samples.signed_in(samples.live("my-app", 3000)))
    made.desktop.intents.show_doctor()
    made.become(replace(samples.signed_in(samples.live("my-app", 3000)), checkup=samples.checkup(over=over)))
    return made


def test_the_doctor_tells_each_finding_as_it_comes(face: Callable[..., Any]) -> None:
    made = examined(face, over=False)
    assert made.calls == [("examine",)]
    doctor = made.desktop.help.doctor
    assert texts(doctor)[0] == "Looking: 5 of 11 checks are done."
    assert texts(doctor).count("Looking ...") == 6
    again = next(each for each in doctor.findChildren(QPushButton) if each.text() == "Look again")
    assert not again.isEnabled()
    made.become(replace(made.store.state, checkup=samples.checkup(over=True)))
    assert texts(doctor)[0] == "1 of 11 checks failed."
    assert "Looking ..." not in texts(doctor)
    press(doctor, "Look again")
    assert made.calls == [("examine",), ("examine",)]


def test_what_the_doctor_finds_has_its_ways_on(face: Callable[..., Any]) -> None:
    made = examined(face, over=True)
    doctor = made.desktop.help.doctor
    press(doctor, "Try again")  # of the keyring
    assert made.calls[-1] == ("examine",)
    press(doctor, "Choose file...")
    chooser = made.desktop.actions._chooser
    assert isinstance(chooser, QFileDialog)
    chooser.close()
    fewer = replace(samples.checkup(over=True), checks=samples.checkup(over=True).checks[:2])
    made.become(replace(made.store.state, checkup=replace(fewer, findings=fewer.findings[:2])))
    assert texts(doctor)[0] == "All is well."
    assert "Keyring" not in texts(doctor)


def test_a_log_is_chosen_from_the_apps_own_and_those_of_the_tunnels(
    qtbot: QtBot,
    look: Look,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    own = Lines()
    own.append("of our own")
    window = LogsWindow(own, lambda _key: samples.connector_lines(), Path("/logs"))
    qtbot.addWidget(window)
    window.show()
    window.render_tunnels((("a", "api"), ("b", "my-app")))
    assert window.view.text == "of our own"
    window.show_log("b")
    assert "Registered tunnel connection" in window.view.text
    combo = window.findChild(QComboBox)
    assert combo is not None
    window.render_tunnels((("c", "port 5000"),))
    choices = [combo.itemText(row) for row in range(combo.count())]
    assert choices == ["TunnelDesk", "Connector of my-app", "Connector of port 5000"]  # the one that is read stays
    window.render_tunnels((("c", "docs"),))
    window.show_log(None)
    window.render_tunnels((("c", "docs"),))
    assert [combo.itemText(row) for row in range(combo.count())] == ["TunnelDesk", "Connector of docs"]
    press(window, "Open folder")
    assert opened == ["/logs"]


def test_the_menu_opens_logs_and_the_problem_the_connectors(face: Callable[..., Any]) -> None:
    made = face(samples.signed_in(samples.live("my-app", 3000)))
    made.desktop.intents.show_logs()
    assert made.desktop.help.logs.view.text == ""
    made.desktop.help.show_logs("key-my-app")
    assert made.desktop.help.logs.view.text == "INF first\nERR last"
    made.desktop.help.close()
    assert not made.desktop.help.logs.isVisible()


def test_diagnostics_are_read_changed_and_saved(face: Callable[..., Any], tmp_path: Path) -> None:
    made = examined(face, over=True)
    press(made.desktop.help.doctor, "Export diagnostics...")
    (dialog,) = made.desktop.dialogs.open
    assert isinstance(dialog, DiagnosticsDialog)
    assert "my-app" not in dialog.text
    assert "ERR last" in dialog.text
    dialog._text.setPlainText("what I want to say")
    press(dialog, "Save...")
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    chooser.fileSelected.emit(str(tmp_path / "told.txt"))
    chooser.close()
    assert (tmp_path / "told.txt").read_text() == "what I want to say"
    assert f"Saved as {tmp_path / 'told.txt'}" in texts(dialog)
    dialog.save(str(tmp_path / "no" / "folder.txt"))
    assert any(words.startswith("It can't be saved there") for words in texts(dialog))
    press(dialog, "Copy")
    assert QGuiApplication.clipboard().text() == "what I want to say"


def test_about_says_what_it_is_made_of(face: Callable[..., Any]) -> None:
    made = face(samples.signed_in())
    made.desktop.intents.show_about()
    (dialog,) = made.desktop.dialogs.open
    assert isinstance(dialog, AboutDialog)
    assert f"TunnelDesk {__version__}" in texts(dialog)
    press(dialog, "Copy")
    assert QGuiApplication.clipboard().text().startswith(f"tunneldesk {__version__}\nPython ")


def test_whose_work_it_contains_can_be_read_and_searched(face: Callable[..., Any]) -> None:
    made = face(samples.signed_in())
    made.desktop.intents.show_about()
    press(made.desktop.dialogs.open[-1], "Licences...")
    dialog = made.desktop.dialogs.open[-1]
    text, field = dialog.findChild(QPlainTextEdit), dialog.findChild(QLineEdit)
    assert "httpx" in text.toPlainText()
    assert dialog.focusWidget() is field
    for words, found in (("httpx", True), ("HTTPX", True), ("no such words", False)):
        field.setText(words)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert bool(field.property("refused")) is not found
    field.setText("httpx")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert text.textCursor().selectedText().lower() == "httpx"
