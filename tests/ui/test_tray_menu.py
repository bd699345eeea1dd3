"""The tray: menu, icon and clicks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from build_scripts import sample_states as samples
from tunneldesk.domain.model import Wish
from tunneldesk.presentation.status import Instant, Mark
from tunneldesk.presentation.tray import tray_view
from tunneldesk.ui import addresses, background, tray_watch
from tunneldesk.ui.first_icon import show_first_icon
from tunneldesk.ui.icons import MONOCHROME, ON_DARK, ON_LIGHT, app_icon, tray_icon, tray_pixmap
from tunneldesk.ui.tray_icon import TrayIcon

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tunneldesk.ui.theme import Look

NOW = Instant(samples.MONOTONIC, samples.NOW)


def words(menu: QMenu) -> list[str]:
    return [each.text() for each in menu.actions() if each.isVisible() and not each.isSeparator()]


def entry(menu: QMenu, start: str) -> QAction:
    return next(each for each in menu.actions() if each.text().startswith(start))


def submenu(menu: QMenu, name: str) -> QMenu:
    found = next(each for each in menu.actions() if name in each.text()).menu()
    assert isinstance(found, QMenu)
    return found


def test_the_menu_stands_in_its_order(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["two-live"])
    assert words(made.desktop.tray.menu) == [
        "2 of 5 tunnels in use",
        "\N{BLACK CIRCLE}  my-app.example.com \N{RIGHTWARDS ARROW} :3000  (Live)",
        "\N{BLACK CIRCLE}  api.example.com \N{RIGHTWARDS ARROW} :8000  (Live)",
        "Expose a port...",
        "Expose again",
        "Stop all",
        "Open TunnelDesk",
        "Account",
        "Settings...",
        "Help",
        "Quit",
    ]
    assert words(submenu(made.desktop.tray.menu, "Help")) == ["Doctor...", "Logs...", "About TunnelDesk"]
    assert words(submenu(made.desktop.tray.menu, "my-app")) == [
        "Copy address",
        "Open in browser",
        "Show QR code",
        "Details",
        "Change port...",
        "Restart",
        "Stop",
    ]


def test_signed_out_the_first_line_is_sign_in(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["signed-out"])
    assert words(made.desktop.tray.menu)[0] == "Sign in..."
    entry(made.desktop.tray.menu, "Sign in").trigger()
    assert made.desktop.signing.welcome.isVisible()


def test_each_entry_does_what_it_says(face: Callable[..., Any]) -> None:
    tunnel = samples.live("my-app", 3000)
    made = face(samples.signed_in(tunnel))
    menu, own = made.desktop.tray.menu, submenu(made.desktop.tray.menu, "my-app")
    entry(own, "Copy address").trigger()
    assert QGuiApplication.clipboard().text() == tunnel.address
    entry(own, "Restart").trigger()
    entry(own, "Stop").trigger()
    entry(menu, "Stop all").trigger()
    entry(menu, "Quit").trigger()
    assert made.calls == [("revise", tunnel.key, tunnel.again), ("stop", tunnel.key), ("stop_all",), ("quit",)]
    entry(own, "Change port").trigger()
    assert made.desktop.exposing.shows(tunnel.key)
    entry(own, "Details").trigger()
    assert made.desktop.window.widget.isVisible()


def test_nothing_is_taken_away_from_under_the_pointer(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["two-live"])
    menu = made.desktop.tray.menu
    before = menu.actions()
    menu.aboutToShow.emit()
    made.become(samples.signed_in(samples.live("my-app", 3000)))
    assert menu.actions() == before
    assert not entry(menu, "\N{BLACK CIRCLE}  api").isEnabled()
    menu.aboutToHide.emit()
    assert len(menu.actions()) == len(before) - 1


def test_the_menu_is_left_alone_when_nothing_changed(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["one-live"])
    changed: list[QAction] = []
    for each in (*made.desktop.tray.menu.actions(), *submenu(made.desktop.tray.menu, "my-app").actions()):
        each.changed.connect(lambda each=each: changed.append(each))
    made.clock.passed = 5
    made.become(replace(made.store.state, remote=()))
    made.desktop.render_state()
    assert changed == []


def test_a_middle_click_copies_the_newest_address_and_a_left_one_opens_the_window(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["two-live"])
    made.tray.copy_wanted.emit()
    assert QGuiApplication.clipboard().text() == "https://my-app.example.com"
    assert made.tray.told == [("Address copied", "https://my-app.example.com")]
    made.tray.click()
    assert made.desktop.window.widget.unfolded == {"key-my-app"}
    made.desktop.window.widget.hide()
    made.tray.window_wanted.emit()
    assert made.desktop.window.widget.isVisible()


def test_an_address_copied_from_the_menu_is_told_to_be_in_the_clipboard(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["two-live"])
    entry(submenu(made.desktop.tray.menu, "api.example"), "Copy address").trigger()
    assert QGuiApplication.clipboard().text() == "https://api.example.com"
    assert made.tray.told == [("Address copied", "https://api.example.com")]


def test_what_the_clipboard_did_not_take_is_not_said_to_be_in_it(
    face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "copy", lambda _text: False)
    made = face(samples.STATES["two-live"])
    made.tray.copy_wanted.emit()
    assert made.tray.told == []
    assert made.desktop.addresses._dialog.isVisible()


def test_what_becomes_live_by_itself_is_told(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["connecting"])
    made.become(samples.signed_in(samples.live("my-app", 3000)))
    assert made.tray.told == [("my-app is live", "https://my-app.example.com")]
    made.tray.click()
    assert made.desktop.window.widget.isVisible()


def test_the_tooltip_counts_while_reconnecting(face: Callable[..., Any], qtbot: QtBot) -> None:
    made = face(samples.STATES["reconnecting"])
    assert made.tray.view.tooltip == "my-app: reconnecting, address still reserved (41 s)"
    made.clock.passed = 11
    qtbot.waitUntil(lambda: made.tray.view.tooltip.endswith("(30 s)"), timeout=5000)


@pytest.mark.parametrize("edge", [16, 22, 32, 44])
@pytest.mark.parametrize("tint", [ON_LIGHT, ON_DARK, MONOCHROME])
def test_every_state_has_a_shape_of_its_own_at_every_size(qapp: Any, edge: int, tint: Any) -> None:  # noqa: ARG001
    grid = 22 if edge % 22 == 0 else 16
    drawn = [tray_pixmap(mark, MONOCHROME, edge=edge, grid=grid) for mark in Mark]
    drawn += [tray_pixmap(Mark.LIVE, tint, edge=edge, grid=grid, count=count) for count in range(2, 11)]
    drawn += [tray_pixmap(Mark.WORKING, tint, edge=edge, grid=grid, frame=frame) for frame in (1, 2, 3)]
    images = [each.toImage() for each in drawn]
    assert not any(image == other for position, image in enumerate(images) for other in images[:position])


def test_the_template_icon_is_marked_as_one(qapp: Any) -> None:  # noqa: ARG001
    assert tray_icon(Mark.LIVE, MONOCHROME).isMask()
    assert not tray_icon(Mark.LIVE, ON_DARK).isMask()
    assert not app_icon().pixmap(64, 64).isNull()


def test_the_icon_moves_only_while_something_is_worked_on(
    look: Look, qtbot: QtBot, face: Callable[..., Any]
) -> None:
    icon = TrayIcon(look)
    made = face(samples.STATES["connecting"])
    try:
        icon.render_view(made.tray.view)
        before = icon._shown
        qtbot.waitUntil(lambda: icon._shown != before, timeout=5000)
        made.become(samples.STATES["one-live"])
        icon.render_view(made.tray.view)
        assert not icon._moving.isActive()
        assert icon._icon.toolTip() == "1 live: my-app"
    finally:
        icon.hide()


def test_clicks_follow_the_platform(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    icon = TrayIcon(look)
    reason = QSystemTrayIcon.ActivationReason
    icon.set_menu(QMenu())
    clicked: list[str] = []
    icon.window_wanted.connect(lambda: clicked.append("window"))
    icon.copy_wanted.connect(lambda: clicked.append("copy"))
    icon._icon.activated.emit(reason.Trigger)
    icon._icon.activated.emit(reason.MiddleClick)
    icon._icon.activated.emit(reason.Context)
    monkeypatch.setattr("sys.platform", "darwin")
    icon._icon.activated.emit(reason.Trigger)
    assert clicked == ["window", "copy"]
    told: list[str] = []
    icon.notify("title", "text", lambda: told.append("clicked"), grave=True)
    icon._icon.messageClicked.emit()
    assert told == ["clicked"]
    icon.hide()


def test_of_several_notifications_none_leads_to_the_wrong_tunnel(look: Look, qtbot: QtBot) -> None:
    icon = TrayIcon(look)
    led: list[str] = []
    icon.window_wanted.connect(lambda: led.append("window"))
    icon.notify("my-app is live", "", lambda: led.append("my-app"))
    icon.notify("api is live", "", lambda: led.append("api"))
    icon._icon.messageClicked.emit()
    assert led == ["window"]
    with qtbot.waitSignal(icon._on_screen.timeout):
        icon._on_screen.start(0)
    icon._icon.messageClicked.emit()
    assert led == ["window", "api"], "only the newest can be there still"
    icon.notify("shop is live", "", lambda: led.append("shop"))
    icon._icon.messageClicked.emit()
    assert led == ["window", "api", "shop"]
    icon.hide()


def again(made: Any) -> list[tuple[str, bool]]:
    menu = submenu(made.desktop.tray.menu, "Expose again")
    return [(action.text(), action.isEnabled()) for action in menu.actions()]


def test_what_was_exposed_lately_is_exposed_again_with_one_click(face: Callable[..., Any]) -> None:
    recent = (Wish(3000, "my-app"), Wish(8000, "api"), Wish(5173))
    made = face(replace(samples.signed_in(samples.live("my-app", 3000)), recent=recent))
    assert again(made) == [(":8000  api", True), (":5173  random name", True)]
    submenu(made.desktop.tray.menu, "Expose again").actions()[0].trigger()
    assert made.calls == [("expose", Wish(8000, "api"))]
    made.become(samples.signed_in())
    assert again(made) == []
    assert not submenu(made.desktop.tray.menu, "Expose again").menuAction().isEnabled()


class Tray:
    """The desktop's tray, there or not as the test wants it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, there: bool) -> None:
        self.there = there
        monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: self.there))
        monkeypatch.setattr(tray_watch, "_LOOK_EVERY_MS", 10)
        monkeypatch.setattr(tray_watch, "_LOOK_EVERY_WHILE_MISSING_MS", 10)


def test_a_tray_that_comes_late_gets_an_icon_of_its_own(
    look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tray = Tray(monkeypatch, there=False)
    icon = TrayIcon(look)
    menu = QMenu()
    icon.set_menu(menu)
    icon.render_view(tray_view(samples.STATES["one-live"], NOW))
    icon.watch()
    assert not icon.available
    first = icon._icon
    with qtbot.waitSignal(icon.appeared, timeout=5000):
        tray.there = True
    assert icon._icon is not first
    assert icon._icon.contextMenu() is menu
    assert icon._icon.toolTip() == "1 live: my-app"
    assert not icon._icon.icon().isNull()
    icon.hide()


def test_a_tray_that_came_while_everything_else_was_loaded_is_used(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    tray = Tray(monkeypatch, there=False)
    icon = TrayIcon(look)
    first = icon._icon
    tray.there = True
    icon.watch()
    assert icon._icon is not first
    icon.hide()


def test_a_tray_that_is_lost_is_told_of(look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    tray = Tray(monkeypatch, there=True)
    icon = TrayIcon(look)
    icon.watch()
    with qtbot.waitSignal(icon.vanished, timeout=5000):
        tray.there = False
    with qtbot.waitSignal(icon.appeared, timeout=5000):
        tray.there = True
    icon.hide()


def test_without_its_icon_the_window_shows_what_is_exposed(
    face: Callable[..., Any], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "_PANEL_RESTARTS_MS", 1)
    made = face(samples.STATES["one-live"])
    assert not made.desktop.window.widget.isVisible()
    made.tray.vanished.emit()
    qtbot.waitUntil(made.desktop.window.widget.isVisible, timeout=5000)


def test_a_panel_that_crashes_and_comes_back_is_nothing_to_make_a_fuss_about(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["one-live"])
    made.tray.vanished.emit()
    assert made.desktop.background._without_tray.isActive()
    made.tray.appeared.emit()
    assert not made.desktop.background._without_tray.isActive()
    assert not made.desktop.window.widget.isVisible()


@pytest.mark.parametrize("early", ["menu", "window"])
def test_a_click_on_the_first_icon_is_made_up_for(look: Look, qtbot: QtBot, early: str) -> None:
    first = show_first_icon()
    icon = TrayIcon(look, first)
    reason = QSystemTrayIcon.ActivationReason
    first.activated.emit(reason.Context if early == "menu" else reason.Trigger)
    menu, shown = QMenu(), []
    menu.addAction("Quit")
    menu.aboutToShow.connect(lambda: shown.append("menu"))
    icon.window_wanted.connect(lambda: shown.append("window"))
    icon.set_menu(menu)
    qtbot.waitUntil(lambda: shown == [early])
    menu.hide()
    icon.hide()
