"""A desktop face over a hand-made store and commands that write down what they are told; no screen needed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QMenu

from build_scripts.sample_states import SampleClock
from tunneldesk.domain.lines import Lines
from tunneldesk.domain.preferences import TrayStyle
from tunneldesk.launch import STYLE
from tunneldesk.ui.application import Application
from tunneldesk.ui.desktop import Desktop
from tunneldesk.ui.store_bridge import StoreBridge
from tunneldesk.ui.theme import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from tunneldesk.domain.account import Account
    from tunneldesk.domain.model import AppState, Wish
    from tunneldesk.domain.preferences import Preferences
    from tunneldesk.domain.secret import Secret
    from tunneldesk.presentation.tray import TrayView


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a screen Qt says of every window that it can't be raised, and of every tray that there is none."""
    for item in items:
        if "/ui/" in str(item.path):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", "systemTrayWindowChanged"))


class FakeStore:
    """Holds a state and tells subscribers, as the service's store does."""

    def __init__(self, state: AppState) -> None:
        self.state = state
        self.subscribers: list[Callable[[AppState], None]] = []

    def subscribe(self, subscriber: Callable[[AppState], None], /) -> Callable[[], None]:
        self.subscribers.append(subscriber)
        return lambda: self.subscribers.remove(subscriber)

    def become(self, state: AppState) -> None:
        """Replace the state and tell of it."""
        self.state = state
        for subscriber in tuple(self.subscribers):
            subscriber(state)


class RecordingCommands:
    """Writes down each command with what it was given; a token only as what it reveals."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.key = "key-new"
        self.looked = 0
        self.lines = Lines()
        for line in ("INF first", "ERR last"):
            self.lines.append(line)

    def expose(self, wish: Wish) -> str:
        self.calls.append(("expose", wish))
        return self.key

    def revise(self, key: str, wish: Wish) -> None:
        self.calls.append(("revise", key, wish))

    def stop(self, key: str) -> None:
        self.calls.append(("stop", key))

    def stop_all(self) -> None:
        self.calls.append(("stop_all",))

    def try_now(self, key: str) -> None:
        self.calls.append(("try_now", key))

    def dismiss(self, key: str) -> None:
        self.calls.append(("dismiss", key))

    def stop_remote(self, tunnel_id: str) -> None:
        self.calls.append(("stop_remote", tunnel_id))

    def make_room(self, key: str, tunnel_id: str) -> None:
        self.calls.append(("make_room", key, tunnel_id))

    def refresh(self) -> None:
        self.calls.append(("refresh",))

    def sign_in(self, server: str, token: Secret, *, remember: bool) -> None:
        self.calls.append(("sign_in", server, token.reveal(), remember))

    def sign_in_by_browser(self, server: str, email: str, *, remember: bool) -> None:
        self.calls.append(("sign_in_by_browser", server, email, remember))

    def cancel_sign_in(self) -> None:
        self.calls.append(("cancel_sign_in",))

    def session_only(self) -> None:
        self.calls.append(("session_only",))

    def use_account(self, account: Account) -> None:
        self.calls.append(("use_account", account))

    def sign_out(self) -> None:
        self.calls.append(("sign_out",))

    def use_demo(self, *, stay: bool = True) -> None:
        self.calls.append(("use_demo",) if stay else ("use_demo", "for this run"))

    def prefer(self, preferences: Preferences) -> None:
        self.calls.append(("prefer", preferences))

    def check_address(self, key: str) -> None:
        self.calls.append(("check_address", key))

    def find_listeners(self) -> None:
        self.looked += 1

    def examine(self) -> None:
        self.calls.append(("examine",))

    def download_connector(self) -> None:
        self.calls.append(("download_connector",))

    def cancel_download(self) -> None:
        self.calls.append(("cancel_download",))

    def dismiss_update(self) -> None:
        self.calls.append(("dismiss_update",))

    def dismiss_failure(self) -> None:
        self.calls.append(("dismiss_failure",))

    def try_again(self) -> None:
        self.calls.append(("try_again",))

    def connector_log(self, key: str) -> Lines:
        self.calls.append(("connector_log", key))
        return self.lines

    def count_traffic(self, key: str) -> None:
        self.calls.append(("count_traffic", key))

    def quit(self) -> None:
        self.calls.append(("quit",))


class FakeTray(QObject):
    """Takes the place of the icon, which needs a desktop with a tray."""

    window_wanted = Signal()
    copy_wanted = Signal()
    appeared = Signal()
    vanished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.available = True
        self.tells = True
        self.style = TrayStyle.SYSTEM
        self.view: TrayView | None = None
        self.menu: QMenu | None = None
        self.told: list[tuple[str, str]] = []
        self.click: Callable[[], None] | None = None

    def choose_style(self, style: TrayStyle) -> None:
        self.style = style

    def watch(self) -> None:
        """There is nothing to watch."""

    def set_menu(self, menu: QMenu) -> None:
        self.menu = menu

    def render_view(self, view: TrayView) -> None:
        self.view = view

    def notify(self, title: str, text: str, clicked: Callable[[], None], *, grave: bool = False) -> None:  # noqa: ARG002
        self.told.append((title, text))
        self.click = clicked


class Face:
    """A desktop face with everything around it in the test's hands."""

    def __init__(self, qtbot: QtBot, look: Look, state: AppState, *, tray: bool = True, **options: Any) -> None:
        self.qtbot = qtbot
        self.store = FakeStore(state)
        self.commands = RecordingCommands()
        self.clock = SampleClock()
        self.tray = FakeTray()
        self.tray.available = tray
        self.bridge = StoreBridge(self.store)
        self.desktop = Desktop(self.bridge, self.commands, self.clock, look=look, tray=self.tray, **options)  # type: ignore[arg-type]

    def become(self, state: AppState) -> None:
        """Replace the state and wait until it is drawn."""
        with self.qtbot.waitSignal(self.bridge.changed, timeout=5000):
            self.store.become(state)

    @property
    def calls(self) -> list[tuple[object, ...]]:
        """What was commanded so far."""
        return self.commands.calls


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["tests", *STYLE]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """Have pytest-qt make the application that the tray app has."""
    return Application


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """Return the application's look, made once."""
    made = qapp.findChild(Look)
    return made if isinstance(made, Look) else Look(qapp)


@pytest.fixture
def face(qtbot: QtBot, look: Look) -> Iterator[Callable[..., Face]]:
    """Return a maker of desktop faces; they are taken off the screen at the end."""
    made: list[Face] = []

    def make(state: AppState, *, tray: bool = True, **options: Any) -> Face:
        made.append(Face(qtbot, look, state, tray=tray, **options))
        return made[-1]

    yield make
    for each in made:
        each.desktop.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
