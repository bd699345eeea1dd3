"""What the screens stand on: signals, single instance, colours."""

from __future__ import annotations

import socket
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from build_scripts import sample_states as samples
from tunneldesk.domain.preferences import Theme
from tunneldesk.ui.opened_links import OpenedLinks
from tunneldesk.ui.single_instance import Handover, SingleInstance
from tunneldesk.ui.store_bridge import StoreBridge
from tunneldesk.ui.theme import DARK, LIGHT, Look, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot


class Sender(QObject):
    told = Signal(bool, object)


def test_twenty_thousand_signals_do_no_harm(qapp: Any) -> None:  # noqa: ARG001
    """PySide6 6.12.0 aborts Python 3.11 after some 1,500 of them: it loses references to True and None."""
    sender, heard = Sender(), [0]

    def hear(flag: bool, value: object) -> None:
        heard[0] += flag and value is None

    sender.told.connect(hear)
    for _ in range(20_000):
        sender.told.emit(True, None)
    assert heard == [20_000]


def test_however_often_the_state_changes_it_is_drawn_once_a_turn(face: Callable[..., Any], qtbot: QtBot) -> None:
    store = face(samples.STATES["empty"]).store
    bridge = StoreBridge(store)
    drawn: list[int] = []
    bridge.changed.connect(lambda: drawn.append(bridge.state.max_tunnels))
    with qtbot.waitSignal(bridge.changed, timeout=5000):
        for number in range(100):
            store.become(replace(store.state, max_tunnels=number))
    assert drawn == [99]
    bridge.close()
    store.become(samples.STATES["empty"])
    qtbot.wait(20)
    assert drawn == [99]


def luminance(colour: str) -> float:
    def linear(part: str) -> float:
        share = int(part, 16) / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[start : start + 2]) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_enough_contrast_in_both_themes(tokens: Any) -> None:
    for ground in (tokens.ground, tokens.surface, tokens.hover):
        assert contrast(tokens.text, ground) >= 4.5
        assert contrast(tokens.muted, ground) >= 4.5
        assert contrast(tokens.border, ground) >= 3 or ground == tokens.hover
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.on_accent, tokens.accent_hover) >= 4.5
    for mark, colour in tokens.marks.items():
        assert contrast(colour, tokens.surface) >= 4.5
        assert contrast(colour, tokens.tints[mark]) >= 4.5
        assert contrast(tokens.text, tokens.tints[mark]) >= 4.5


def test_the_theme_can_be_chosen_and_follows_the_system_again(look: Look, qapp: Any) -> None:
    try:
        look.choose(Theme.DARK)
        assert tokens_of(qapp.palette()) is DARK
        assert "@" not in qapp.styleSheet()
        look.choose(Theme.LIGHT)
        assert tokens_of(qapp.palette()) is LIGHT
    finally:
        look.choose(Theme.SYSTEM)


@pytest.fixture
def key(tmp_path: Path) -> str:
    return f"test-{abs(hash(tmp_path)):x}"


def test_a_second_launch_hands_over_what_it_was_asked_to_do(qtbot: QtBot, key: str) -> None:
    first = SingleInstance(key)
    assert first.claim(Handover())
    launch = (
        "from PySide6.QtCore import QCoreApplication\n"
        "from tunneldesk.ui.single_instance import Handover, SingleInstance\n"
        "app = QCoreApplication([])\n"
        f"raise SystemExit(SingleInstance({key!r}).claim(Handover(3000, 'my-app')))"
    )
    with (
        qtbot.waitSignal(first.launched_again, timeout=20_000) as heard,
        subprocess.Popen([sys.executable, "-c", launch]) as second,
    ):
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert second.returncode == 0
    assert heard.args == [Handover(3000, "my-app")]
    first.release()


def test_a_socket_left_behind_by_a_crash_never_wins(qapp: Any, key: str) -> None:  # noqa: ARG001
    dead = QLocalServer()
    assert dead.listen(f"tunneldesk-{key}")
    path = dead.fullServerName()
    dead.close()
    left = socket.socket(socket.AF_UNIX)
    left.bind(path)
    left.close()
    new = SingleInstance(key)
    assert new.claim(Handover())
    new.release()


@pytest.mark.parametrize(
    "said",
    [
        b"nonsense\n",
        b"[]\n",
        b'{"port": true}\n',
        b'{"name": 1}\n',
        b'{"link": 1}\n',
        b'{"quit": 1}\n',
        b"x" * 5000,
    ],
)
def test_nonsense_on_the_socket_is_answered_by_hanging_up(qtbot: QtBot, key: str, said: bytes) -> None:
    first = SingleInstance(key)
    assert first.claim(Handover())
    heard: list[object] = []
    first.launched_again.connect(heard.append)
    stranger = QLocalSocket()
    stranger.connectToServer(f"tunneldesk-{key}")
    stranger.write(said)
    qtbot.waitUntil(lambda: stranger.state() is QLocalSocket.LocalSocketState.UnconnectedState, timeout=5000)
    assert heard == []
    first.release()


def test_another_launch_is_carried_out_by_the_first(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launched_again(Handover())
    assert made.desktop.window.isVisible()
    made.desktop.launched_again(Handover(3000, "my-app"))
    assert made.desktop.exposing.dialog.isVisible()


def test_an_installer_can_have_the_app_quit(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launched_again(Handover(quit=True))
    assert made.commands.calls == [("quit",)]
    assert not made.desktop.window.isVisible()


def test_asking_an_app_to_quit_that_is_not_there_is_done_at_once(qapp: Any, key: str) -> None:  # noqa: ARG001
    assert SingleInstance(key).end_first(0.0)


def test_an_app_that_does_not_quit_is_told_of(qapp: Any, key: str) -> None:  # noqa: ARG001
    deaf = QLocalServer()
    assert deaf.listen(f"tunneldesk-{key}")
    assert not SingleInstance(key).end_first(0.0)
    deaf.close()


def test_a_link_is_asked_about_and_never_just_done(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launched_again(Handover(link="tunneldesk://expose?port=3000&name=my-app"))
    dialog = made.desktop.exposing.dialog
    assert dialog.isVisible()
    assert made.commands.calls == []


def test_a_link_that_can_not_be_followed_says_why(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launched_again(Handover(link="tunneldesk://expose?port=<b>80</b>"))
    assert not made.desktop.exposing.dialog.isVisible()
    assert made.desktop.problems.dialog.problem.title == "That link can't be followed"
    assert '"<b>80</b>" is not a port' in made.desktop.problems.dialog.problem.text


def test_links_that_macos_hands_over_are_followed(qapp: Any) -> None:
    followed: list[str] = []
    links = OpenedLinks(qapp, followed.append)
    for url in ("tunneldesk://expose?port=3000", "file:///tmp/some-file"):
        qapp.sendEvent(qapp, QFileOpenEvent(QUrl(url)))
    links.close()
    qapp.sendEvent(qapp, QFileOpenEvent(QUrl("tunneldesk://expose?port=4000")))
    assert followed == ["tunneldesk://expose?port=3000"]
