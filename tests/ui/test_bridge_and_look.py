"""What the screens stand on: signals, links, colours."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent

from build_scripts import sample_states as samples
from tunneldesk.domain.preferences import Theme
from tunneldesk.ui.opened_links import OpenedLinks
from tunneldesk.ui.store_bridge import StoreBridge
from tunneldesk.ui.theme import DARK, LIGHT, Look, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tunneldesk.ui.theme import Tokens


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


def test_what_came_while_it_was_drawn_is_drawn_at_once(face: Callable[..., Any], qtbot: QtBot) -> None:
    store = face(samples.STATES["empty"]).store
    bridge = StoreBridge(store)
    seen: list[str] = []

    def change() -> None:
        store.become(replace(store.state, max_tunnels=store.state.max_tunnels + 1))
        QTimer.singleShot(6, lambda: seen.append("half a frame"))

    def draw() -> None:
        seen.append("drawn")
        if len(seen) == 1:
            time.sleep(0.02)  # longer than a frame
            change()

    bridge.changed.connect(draw)
    store.become(replace(store.state, max_tunnels=7))
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen == ["drawn", "drawn", "half a frame"]
    qtbot.wait(60)
    change()  # after a rest, what it has begun is sent before it is drawn
    qtbot.waitUntil(lambda: len(seen) == 5)
    assert seen[3:] == ["half a frame", "drawn"]
    bridge.close()


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
def test_text_and_edges_have_enough_contrast_in_both_themes(tokens: Tokens) -> None:
    grounds = (tokens.ground, tokens.surface, tokens.hover)
    quiet = (tokens.text, tokens.muted, tokens.accent)
    for ground in grounds:
        for colour in (*quiet, *tokens.marks.values()):
            assert contrast(colour, ground) >= 4.5, (colour, ground)
    for mark, tint in tokens.tints.items():
        for colour in (*quiet, tokens.marks[mark]):
            assert contrast(colour, tint) >= 4.5, (colour, tint)
    for ground in (*grounds, *tokens.tints.values()):  # a fault's buttons stand on its tint
        assert contrast(tokens.border, ground) >= 3, ground
    for accent in (tokens.accent, tokens.accent_hover):
        assert contrast(tokens.on_accent, accent) >= 4.5, accent


def test_the_theme_can_be_chosen_and_follows_the_system_again(look: Look, qapp: Any) -> None:
    try:
        look.choose(Theme.DARK)
        assert tokens_of(qapp.palette()) is DARK
        assert "@" not in qapp.styleSheet()
        look.choose(Theme.LIGHT)
        assert tokens_of(qapp.palette()) is LIGHT
    finally:
        look.choose(Theme.SYSTEM)


def test_links_that_macos_hands_over_are_followed(qapp: Any) -> None:
    followed: list[str] = []
    links = OpenedLinks(qapp, followed.append)
    for url in ("tunneldesk://expose?port=3000", "file:///tmp/some-file"):
        qapp.sendEvent(qapp, QFileOpenEvent(QUrl(url)))
    links.close()
    qapp.sendEvent(qapp, QFileOpenEvent(QUrl("tunneldesk://expose?port=4000")))
    assert followed == ["tunneldesk://expose?port=3000"]
