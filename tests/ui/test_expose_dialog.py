"""Exposing a port, as a user does it."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QListWidget, QPushButton

from build_scripts import sample_states as samples
from tunneldesk.domain.listening import Listener
from tunneldesk.domain.model import Wish
from tunneldesk.domain.preferences import Preferences
from tunneldesk.ui import addresses, clipboard
from tunneldesk.ui.intents import Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

NEW = "key-new"


class Dialog:
    """The expose dialog as a user meets it: fields, notes and buttons."""

    def __init__(self, qtbot: QtBot, face: Any) -> None:
        self.qtbot = qtbot
        self.face = face
        self.widget = face.desktop.exposing.dialog
        self.port, self.name = self.widget.findChildren(QLineEdit)[:2]
        self.more, self.cancel, self.expose = self.widget.findChildren(QPushButton)

    def type(self, field: QLineEdit, words: str) -> None:
        field.clear()
        QTest.keyClicks(field, words)

    def press(self, pressed: QPushButton) -> None:
        QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)

    def says(self, words: str) -> bool:
        return any(words in each.text() for each in self.widget.findChildren(QLabel))


@pytest.fixture
def dialog(face: Callable[..., Any], qtbot: QtBot) -> Dialog:
    made = face(samples.signed_in(samples.live("api", 8000)))
    made.desktop.intents.expose()
    return Dialog(qtbot, made)


def becomes(dialog: Dialog, tunnel: Any) -> None:
    dialog.face.become(samples.signed_in(samples.live("api", 8000), replace(tunnel, key=NEW)))


def test_it_opens_on_the_port_and_enter_exposes_from_anywhere(dialog: Dialog) -> None:
    assert dialog.widget.focusWidget() is dialog.port
    assert not dialog.expose.isEnabled()
    dialog.type(dialog.port, "3000")
    dialog.type(dialog.name, "my-app")
    assert dialog.says("my-app.example.com")
    dialog.press(dialog.more)
    box = dialog.widget.findChild(QCheckBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert dialog.face.calls == [("expose", Wish(3000, "my-app"))]


def test_a_time_to_stop_is_part_of_the_wish(dialog: Dialog) -> None:
    dialog.type(dialog.port, "3000")
    combo = dialog.widget.findChild(QComboBox)
    assert not combo.isVisible()
    dialog.press(dialog.more)
    assert combo.isVisible()
    combo.setCurrentText("1 hour")
    dialog.press(dialog.expose)
    assert dialog.face.calls == [("expose", Wish(3000, None, 3600))]


@pytest.mark.parametrize("port", ["0", "65536", "1.5", "abc", "-1", "<b>80</b>"])
def test_a_port_that_is_none_is_refused_as_it_is_typed(dialog: Dialog, port: str) -> None:
    dialog.type(dialog.port, port)
    assert dialog.says("is not a port")
    assert not dialog.expose.isEnabled()
    dialog.type(dialog.port, "3000")
    assert not dialog.says("is not a port")
    assert dialog.expose.isEnabled()


@pytest.mark.parametrize("name", ["My-App", "a.b", "x" * 33, "-a", "a-", "<b>x</b>"])
def test_a_name_against_the_rule_is_refused_as_it_is_typed(dialog: Dialog, name: str) -> None:
    dialog.type(dialog.port, "3000")
    dialog.type(dialog.name, name)
    assert dialog.says("can't be used as a name")
    assert not dialog.expose.isEnabled()
    dialog.type(dialog.name, "fine")
    assert dialog.expose.isEnabled()


def test_a_silent_port_is_a_quiet_warning_and_a_listening_one_none(dialog: Dialog, qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        free = listening.getsockname()[1]
        dialog.type(dialog.port, str(free))
        with qtbot.waitSignal(dialog.widget._probe.answered, timeout=5000) as answered:
            pass
        assert answered.args == [free, True]
        assert not dialog.says("Nothing answers")
    dialog.type(dialog.port, str(free))
    qtbot.waitUntil(lambda: dialog.says(f"Nothing answers on localhost:{free} yet."), timeout=5000)
    assert dialog.expose.isEnabled()


def test_the_name_last_used_for_a_port_comes_back_unless_one_was_typed(
    face: Callable[..., Any], qtbot: QtBot
) -> None:
    made = face(replace(samples.signed_in(), recent=(Wish(3000, "my-app"),)))
    made.desktop.intents.expose()
    dialog = Dialog(qtbot, made)
    dialog.type(dialog.port, "3000")
    assert dialog.name.text() == "my-app"
    dialog.type(dialog.name, "own")
    dialog.type(dialog.port, "4000")
    dialog.type(dialog.port, "3000")
    assert dialog.name.text() == "own"


def test_progress_is_in_the_button_and_when_live_the_address_is_in_the_clipboard(dialog: Dialog) -> None:
    clipboard.copy("before")
    dialog.type(dialog.port, "3000")
    dialog.press(dialog.expose)
    becomes(dialog, samples.creating("my-app", 3000))
    assert dialog.expose.text() == "Reserving name ..."
    assert not dialog.port.isEnabled()
    becomes(dialog, samples.connecting("my-app", 3000))
    assert dialog.expose.text() == "Starting connector ..."
    becomes(dialog, samples.live("my-app", 3000))
    assert not dialog.widget.isVisible()
    assert QGuiApplication.clipboard().text() == "https://my-app.example.com"
    assert dialog.face.tray.told == [("my-app is live", "https://my-app.example.com is in the clipboard.")]


def test_copied_is_only_said_when_it_is_true(dialog: Dialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "copy", lambda _text: False)
    dialog.type(dialog.port, "3000")
    dialog.press(dialog.expose)
    becomes(dialog, samples.live("my-app", 3000))
    assert dialog.face.tray.told == [("my-app is live", "https://my-app.example.com")]
    shown = dialog.face.desktop.addresses._dialog
    field = shown.findChild(QLineEdit)
    assert field.selectedText() == "https://my-app.example.com"
    dialog.press(next(each for each in shown.findChildren(QPushButton)))
    assert QGuiApplication.clipboard().text() == "https://my-app.example.com"
    assert not shown.isVisible()


def test_the_address_is_left_out_of_the_clipboard_on_request(dialog: Dialog) -> None:
    clipboard.copy("before")
    dialog.widget.findChild(QCheckBox).setChecked(False)
    dialog.type(dialog.port, "3000")
    dialog.press(dialog.expose)
    becomes(dialog, samples.live("my-app", 3000))
    assert QGuiApplication.clipboard().text() == "before"


@pytest.mark.parametrize("stage", [samples.creating, samples.connecting])
def test_cancel_stops_it_at_every_stage(dialog: Dialog, stage: Callable[[str, int], Any]) -> None:
    dialog.type(dialog.port, "3000")
    dialog.press(dialog.expose)
    becomes(dialog, stage("my-app", 3000))
    dialog.press(dialog.cancel)
    assert dialog.face.calls[-1] == ("stop", NEW)
    assert not dialog.widget.isVisible()


def test_what_was_typed_stays_when_it_is_refused_and_the_right_field_has_the_focus(dialog: Dialog) -> None:
    dialog.type(dialog.port, "3000")
    dialog.type(dialog.name, "my-app")
    dialog.press(dialog.expose)
    becomes(dialog, samples.failed("my-app", 3000, samples.TAKEN))
    problem = dialog.face.desktop.problems.dialog
    assert problem.parentWidget() is dialog.widget
    QTest.keyClick(problem, Qt.Key.Key_Escape)
    assert dialog.widget.isVisible()
    assert (dialog.port.text(), dialog.name.text()) == ("3000", "my-app")
    assert dialog.widget.focusWidget() is dialog.name
    dialog.type(dialog.name, "another")
    dialog.press(dialog.expose)
    assert dialog.face.calls[-1] == ("revise", NEW, Wish(3000, "another"))


def test_taking_the_offered_name_goes_on_in_the_dialog(dialog: Dialog) -> None:
    dialog.type(dialog.port, "3000")
    dialog.type(dialog.name, "my-app")
    dialog.press(dialog.expose)
    becomes(dialog, samples.failed("my-app", 3000, samples.TAKEN))
    problem = dialog.face.desktop.problems.dialog
    offered = next(each for each in problem.findChildren(QPushButton) if each.text() == 'Try "my-app-2"')
    QTest.mouseClick(offered, Qt.MouseButton.LeftButton)
    assert dialog.face.calls[-1] == ("revise", NEW, Wish(3000, "my-app-2"))
    assert dialog.name.text() == "my-app-2"
    assert dialog.widget.isVisible()


def test_giving_up_a_refused_one_leaves_nothing_behind(dialog: Dialog) -> None:
    dialog.type(dialog.port, "3000")
    dialog.press(dialog.expose)
    becomes(dialog, samples.failed(None, 3000, samples.OFFLINE))
    QTest.keyClick(dialog.face.desktop.problems.dialog, Qt.Key.Key_Escape)
    dialog.press(dialog.cancel)
    assert dialog.face.calls[-1] == ("dismiss", NEW)


def test_changing_a_live_tunnel_waits_for_the_new_one(face: Callable[..., Any], qtbot: QtBot) -> None:
    running = samples.live("my-app", 3000)
    made = face(samples.signed_in(running))
    made.desktop.intents.change(running.key, Field.PORT)
    dialog = Dialog(qtbot, made)
    assert (dialog.port.text(), dialog.name.text()) == ("3000", "my-app")
    dialog.type(dialog.port, "4000")
    dialog.press(dialog.expose)
    assert made.calls == [("revise", running.key, Wish(4000, "my-app"))]
    made.become(samples.signed_in(replace(running, location="AMS")))
    assert dialog.widget.isVisible()
    made.become(samples.signed_in(samples.stopping("my-app", 3000)))
    assert dialog.expose.text() == "Stopping ..."
    since = samples.NOW
    made.become(samples.signed_in(replace(running, online_since=since)))
    assert not dialog.widget.isVisible()


@pytest.mark.parametrize("wanted", [True, False])
def test_an_address_asked_for_without_the_dialog_is_copied_too_where_that_is_wanted(
    face: Callable[..., Any], wanted: bool
) -> None:
    preferences = Preferences(copy_when_live=wanted)
    made = face(replace(samples.signed_in(), preferences=preferences))
    clipboard.copy("before")
    made.desktop.intents.expose_again(Wish(3000, "my-app"))
    for tunnel in (samples.connecting("my-app", 3000), samples.live("my-app", 3000), samples.live("my-app", 3000)):
        made.become(replace(samples.signed_in(replace(tunnel, key=NEW)), preferences=preferences, remote=None))
    address = "https://my-app.example.com"
    assert QGuiApplication.clipboard().text() == (address if wanted else "before")
    assert len(made.tray.told) == 1
    assert ("clipboard" in made.tray.told[0][1]) is wanted
    clipboard.copy("something else")
    made.become(samples.signed_in(replace(samples.reconnecting("my-app", 3000), key=NEW)))
    made.become(samples.signed_in(replace(samples.live("my-app", 3000), key=NEW, online_since=samples.NOW)))
    assert QGuiApplication.clipboard().text() == "something else"  # that came back by itself


def test_another_name_chosen_from_a_problem_is_copied_when_it_is_live(face: Callable[..., Any]) -> None:
    taken = samples.failed("my-app", 3000, samples.TAKEN)
    made = face(samples.signed_in(taken))
    clipboard.copy("before")
    made.desktop.exposing.revise(taken.key, replace(taken.wish, slug="my-app-2"))
    made.become(samples.signed_in(replace(samples.live("my-app-2", 3000), key=taken.key)))
    assert QGuiApplication.clipboard().text() == "https://my-app-2.example.com"


def test_a_change_says_what_is_changed(face: Callable[..., Any], qtbot: QtBot) -> None:
    running = samples.live("my-app", 3000)
    made = face(samples.signed_in(running))
    made.desktop.intents.change(running.key, Field.PORT)
    dialog = Dialog(qtbot, made)
    assert (dialog.widget.windowTitle(), dialog.expose.text()) == ("Change my-app", "Change")
    dialog.press(dialog.cancel)
    assert made.calls == []
    made.desktop.intents.expose()
    assert (dialog.widget.windowTitle(), dialog.expose.text()) == ("Expose a port", "Expose")


@pytest.mark.parametrize("came_to", [samples.connecting, samples.creating, samples.stopping, None])
def test_who_thinks_better_of_a_change_has_the_tunnel_back_as_it_was(
    face: Callable[..., Any], qtbot: QtBot, came_to: Callable[..., Any] | None
) -> None:
    running = samples.live("my-app", 3000)
    made = face(samples.signed_in(running))
    made.desktop.intents.change(running.key, Field.PORT)
    dialog = Dialog(qtbot, made)
    dialog.type(dialog.port, "4000")
    dialog.type(dialog.name, "taken")
    dialog.press(dialog.expose)
    after = came_to("taken", 4000) if came_to else samples.failed("taken", 4000, samples.TAKEN)
    made.become(samples.signed_in(replace(after, key=running.key)))
    if made.desktop.problems.dialog is not None:
        QTest.keyClick(made.desktop.problems.dialog, Qt.Key.Key_Escape)
    dialog.press(dialog.cancel)
    assert made.calls[-1] == ("revise", running.key, Wish(3000, "my-app"))
    assert not dialog.widget.isVisible()


def test_a_tunnel_stopped_elsewhere_meanwhile_leaves_the_dialog_ready_to_send_again(dialog: Dialog) -> None:
    dialog.type(dialog.port, "3000")
    dialog.press(dialog.expose)
    becomes(dialog, samples.creating(None, 3000))
    dialog.face.become(samples.signed_in())
    assert dialog.expose.text() == "Expose"
    dialog.press(dialog.expose)
    assert [call[0] for call in dialog.face.calls] == ["expose", "expose"]


def test_the_preference_decides_whether_copying_is_on(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(replace(samples.signed_in(), preferences=Preferences(copy_when_live=False)))
    made.desktop.intents.expose(3000, "my-app")
    dialog = Dialog(qtbot, made)
    assert not dialog.widget.findChild(QCheckBox).isChecked()
    assert (dialog.port.text(), dialog.name.text()) == ("3000", "my-app")


def shows_listeners(dialog: Dialog) -> QListWidget:
    state = samples.signed_in(samples.live("api", 8000))
    dialog.face.become(replace(state, listeners=samples.LISTENERS))
    found = dialog.widget.findChild(QListWidget)
    assert isinstance(found, QListWidget)
    return found


def rows(listing: QListWidget) -> list[str]:
    return [listing.item(row).text() for row in range(listing.count()) if not listing.item(row).isHidden()]


def test_what_listens_is_looked_for_as_long_as_the_dialog_is_open(dialog: Dialog, qtbot: QtBot) -> None:
    assert dialog.face.commands.looked == 1
    qtbot.waitUntil(lambda: dialog.face.commands.looked > 1, timeout=5000)
    dialog.press(dialog.cancel)
    seen = dialog.face.commands.looked
    assert not dialog.widget.findChild(QListWidget).isVisible()
    dialog.face.desktop.intents.expose()
    assert dialog.face.commands.looked == seen + 1


def test_a_click_on_what_listens_fills_the_port(dialog: Dialog) -> None:
    listing = shows_listeners(dialog)
    assert rows(listing)[:2] == ["3000  node (Vite)", "8000  python (Django) - exposed as api"]
    place = listing.visualItemRect(listing.item(1)).center()
    QTest.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.port.text() == "3000"


def test_the_arrow_down_leads_to_what_listens_and_enter_exposes_it(dialog: Dialog) -> None:
    listing = shows_listeners(dialog)
    QTest.keyClick(dialog.port, Qt.Key.Key_Down)
    assert dialog.port.text() == "3000"
    QTest.keyClick(listing, Qt.Key.Key_Down)
    assert dialog.port.text() == "8000"
    QTest.keyClick(listing, Qt.Key.Key_Return)
    assert dialog.face.calls == [("expose", Wish(8000, None))]


def test_the_choice_stays_when_the_list_changes_and_goes_when_one_types(dialog: Dialog) -> None:
    listing = shows_listeners(dialog)
    listing.setFocus()
    QTest.keyClick(dialog.port, Qt.Key.Key_Down)
    state = samples.signed_in(samples.live("api", 8000))
    dialog.face.become(replace(state, listeners=(Listener(2000, "ruby", "Rails"), *samples.LISTENERS)))
    assert listing.currentItem().text() == "3000  node (Vite)"
    dialog.type(dialog.port, "4")
    assert listing.currentItem() is None


def test_where_nothing_listens_it_says_so(dialog: Dialog) -> None:
    listing = dialog.widget.findChild(QListWidget)
    assert rows(listing) == ["Looking what listens on this machine ..."]
    dialog.face.become(replace(samples.signed_in(), listeners=()))
    assert rows(listing) == ["Nothing listens on this machine yet."]
    QTest.keyClick(dialog.port, Qt.Key.Key_Down)
    assert dialog.widget.focusWidget() is dialog.port


def test_a_port_that_speaks_tls_is_named(dialog: Dialog, qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        dialog.type(dialog.port, str(port))
        server.setblocking(False)
        taken: list[socket.socket] = []

        def greeted() -> bool:
            with suppress(BlockingIOError):
                taken.append(server.accept()[0])
            return bool(taken)

        qtbot.waitUntil(greeted, timeout=5000)
        with taken[0] as connection:
            connection.setblocking(False)
            heard = bytearray()

            def greets() -> bool:
                with suppress(BlockingIOError):
                    heard.extend(connection.recv(1))
                return bool(heard)

            qtbot.waitUntil(greets, timeout=5000)
            assert heard == b"\x16"  # how a greeting of TLS begins
            connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")
            qtbot.waitUntil(lambda: dialog.says(f"localhost:{port} speaks TLS"), timeout=5000)


def test_a_plain_server_is_not_taken_for_one_of_tls(dialog: Dialog, qtbot: QtBot) -> None:
    probe = dialog.widget._probe
    told: list[int] = []
    probe.speaks_tls.connect(told.append)
    with socket.create_server(("127.0.0.1", 0)) as server:
        dialog.type(dialog.port, str(server.getsockname()[1]))
        qtbot.waitUntil(lambda: probe._greeting, timeout=5000)
        with server.accept()[0] as connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            qtbot.waitUntil(lambda: not probe._greeting, timeout=5000)
    assert told == []
    assert not dialog.says("Nothing answers")


def test_tab_leads_from_the_port_to_the_name_and_at_last_to_what_listens(dialog: Dialog) -> None:
    shows_listeners(dialog)
    dialog.type(dialog.port, "3000")
    dialog.press(dialog.more)
    dialog.port.setFocus()
    seen = []
    for _ in range(8):
        QTest.keyClick(dialog.widget.focusWidget(), Qt.Key.Key_Tab)
        seen.append(dialog.widget.focusWidget())
    assert seen[0] is dialog.name
    assert seen[1] is dialog.more
    assert [type(each) for each in seen[2:5]] == [QComboBox, QCheckBox, QCheckBox]
    assert isinstance(seen[5], QListWidget)
    assert seen[6:] == [dialog.cancel, dialog.expose]


def test_what_is_not_as_usual_is_in_sight_when_the_dialog_opens(face: Callable[..., Any], qtbot: QtBot) -> None:
    tunnel = samples.live("my-app", 3000)
    made = face(samples.signed_in(replace(tunnel, wish=replace(tunnel.wish, stop_after=3600.0))))
    made.desktop.intents.change(tunnel.key, Field.PORT)
    dialog = Dialog(qtbot, made)
    assert dialog.more.text() == "Less"
    assert dialog.widget.findChild(QComboBox).isVisible()
    QTest.keyClick(dialog.more, Qt.Key.Key_Space)
    assert dialog.more.text() == "More"
    assert not dialog.widget.findChild(QComboBox).isVisible()
