"""The screens that are drawn, each in its states."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from build_scripts import sample_states as samples
from build_scripts.sample_failures import sample_failure
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.lines import Lines
from tunneldesk.domain.model import AppState, Cloudflared, Download
from tunneldesk.domain.preferences import Preferences
from tunneldesk.presentation.account import account_rows
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.diagnostics import Circumstances, diagnostics
from tunneldesk.presentation.doctor import doctor_view
from tunneldesk.presentation.download import connector_view, download_view
from tunneldesk.presentation.expose import expose_view, listener_rows
from tunneldesk.presentation.notices import WORTH_TELLING, Notices
from tunneldesk.presentation.problem import ActionKind, Subject
from tunneldesk.presentation.status import Instant, Mark
from tunneldesk.presentation.tray import tray_view
from tunneldesk.presentation.window import room, window_view
from tunneldesk.ui.about_dialog import AboutDialog
from tunneldesk.ui.address_dialog import AddressDialog
from tunneldesk.ui.diagnostics_dialog import DiagnosticsDialog
from tunneldesk.ui.doctor_window import DoctorWindow
from tunneldesk.ui.expose_dialog import ExposeDialog
from tunneldesk.ui.icons import MONOCHROME, ON_DARK, ON_LIGHT, tray_pixmap
from tunneldesk.ui.intents import Field
from tunneldesk.ui.keep_running import KeepRunning
from tunneldesk.ui.logs_window import LogsWindow
from tunneldesk.ui.main_window import MainWindow
from tunneldesk.ui.notices_dialog import NoticesDialog
from tunneldesk.ui.problem_dialog import ProblemDialog
from tunneldesk.ui.qr_dialog import QrDialog
from tunneldesk.ui.quit_dialog import QuitDialog
from tunneldesk.ui.settings_dialog import SettingsDialog
from tunneldesk.ui.sign_out_dialog import SignOutDialog
from tunneldesk.ui.tray_menu import TrayMenu
from tunneldesk.ui.update_row import UpdateRow
from tunneldesk.ui.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QPaintEvent


NOW = Instant(samples.MONOTONIC, samples.NOW)
MISSING = sample_failure(ErrorCode.CONNECTOR_MISSING)
SUBJECT = Subject(port=3000, slug="my-app", server="https://api.example.com", max_tunnels=5)


class Nothing:
    """Takes every intent and command, and does nothing about it: pictures are looked at, not used."""

    def connector_log(self, _key: str) -> Lines:
        """Return what a connector says."""
        return samples.connector_lines()

    def __getattr__(self, _name: str) -> Callable[..., Any]:
        return lambda *_args, **_named: None


def all_scenes() -> Iterator[tuple[str, Callable[[], QWidget]]]:
    """Yield every scene's name and what makes its widget."""
    for name, state in samples.STATES.items():
        yield f"window-{name}", partial(_window, state)
    yield "window-update-unfolded", _what_is_new
    for name, state in samples.STATES.items():
        yield f"menu-{name}", partial(_menu, state)
    yield "window-unfolded", lambda: _window(samples.STATES["eventful"], frozenset({"key-my-app"}))
    yield "tray-icons", Icons
    yield "qr", lambda: QrDialog("https://my-app.example.com", here_only=False)
    yield "qr-here-only", lambda: QrDialog("http://my-app.tunnel.localhost:8788", here_only=True)
    yield "address-to-copy", lambda: AddressDialog("https://my-app.example.com")
    yield "expose-empty", lambda: _expose(None)
    yield "expose-typed", lambda: _expose(None, port="3000", name="my-app")
    yield "expose-nothing-listens", lambda: _expose(None, listening=False)
    yield "expose-port-refused", lambda: _expose(None, port="65536")
    yield "expose-name-refused", lambda: _expose(None, port="3000", name="My.App")
    yield "expose-more", lambda: _expose(None, port="3000", name="my-app", more=True)
    yield "expose-change", lambda: _expose(None, port="3000", name="my-app", changing="my-app")
    yield "expose-reserving", lambda: _expose("key-my-app", samples.signed_in(samples.creating("my-app", 3000)))
    yield "expose-connecting", lambda: _expose("key-my-app", samples.STATES["connecting"])
    for code in ErrorCode:
        failure = sample_failure(code)
        if problem(failure, SUBJECT).actions:  # the others are told on a card, and never by a dialog
            yield f"problem-{code.lower().replace('_', '-')}", partial(_problem, failure)
    yield "problem-taken", lambda: _problem(samples.TAKEN, details=True)
    yield "problem-limit", lambda: _problem(samples.LIMIT)
    yield "problem-rate", lambda: _problem(samples.RATE, countdown=38.0)
    yield "welcome", lambda: _welcome(AppState())
    yield "welcome-filled", lambda: _welcome(AppState(session=samples.AS_ANN), refuse=True)
    yield "welcome-server-refused", lambda: _welcome(AppState(), server="http://api.example.com")
    asking = replace(samples.WAITING_FOR_BROWSER, address=None)
    yield "welcome-asking", lambda: _welcome(AppState(signing_in=asking))
    yield "welcome-waiting", lambda: _welcome(AppState(signing_in=samples.WAITING_FOR_BROWSER))
    yield "welcome-no-browser", lambda: _welcome(AppState(signing_in=samples.WAITING_FOR_BROWSER), browser=False)
    yield "sign-out", lambda: SignOutDialog("ann@example.com", ("my-app", "api"))
    yield "settings-accounts", lambda: _settings(page=1, state=samples.STATES["accounts"])
    yield "settings-account-here-only", lambda: _settings(page=1, state=samples.STATES["here-only"])
    yield "settings-account-ended", lambda: _settings(page=1, state=samples.STATES["session-ended"])
    yield "problem-fetching", lambda: _problem(MISSING, download=Download("2026.7.1", 12_600_000, 38_000_000))
    yield "problem-fetching-unknown", lambda: _problem(MISSING, download=Download("2026.7.1"))
    for page, name in enumerate(("general", "account", "notifications", "connector", "help")):
        yield f"settings-{name}", partial(_settings, page=page)
    yield "settings-general-asked", lambda: _settings(page=0, preferences=Preferences(ask_on_close=False))
    yield "window-notice", _with_notice
    yield "quit", lambda: QuitDialog(("my-app", "api"), reopens=True)
    yield "quit-for-good", lambda: QuitDialog(("my-app", "api"), reopens=False)
    yield "settings-update", lambda: _settings(Cloudflared(Path("/usr/bin/cloudflared"), "2025.2.0", "2026.7.1"))
    yield (
        "settings-fetching",
        lambda: _settings(Cloudflared(offered="2026.7.1"), Download("2026.7.1", 12_600_000, 38_000_000)),
    )
    yield "logs", _log
    yield "doctor-looking", lambda: _doctor(over=False)
    yield "doctor-found", lambda: _doctor(over=True)
    yield "doctor-download", lambda: _doctor(over=True, download=Download("2026.7.1", 9_500_000, 38_000_000))
    yield "diagnostics", _diagnostics
    yield "about", lambda: AboutDialog(samples.VERSIONS, lambda: None)
    yield "notices", lambda: NoticesDialog(samples.NOTICES)
    yield "keep-running", _keep_running


def _window(state: AppState, unfolded: frozenset[str] = frozenset()) -> QWidget:
    window = MainWindow(Nothing())
    window.render_view(window_view(state, NOW, unfolded))
    # As for a person: words that wrap find their height once the style has given the buttons beside them theirs.
    window.show()
    QApplication.processEvents()
    return window


def _what_is_new() -> QWidget:
    window = _window(samples.STATES["update"])
    row = window.findChild(UpdateRow)
    assert row is not None  # noqa: S101 - for the type checker
    row.unfold()
    return window


def _with_notice() -> QWidget:
    window = _window(samples.STATES["one-live"])
    assert isinstance(window, MainWindow)  # noqa: S101 - for the type checker
    notices = Notices()
    for state, seconds in (("one-live", 0), ("reconnecting", 0), ("reconnecting", WORTH_TELLING)):
        instant = Instant(NOW.monotonic + seconds, NOW.now + timedelta(seconds=seconds))
        notes = notices.hear(samples.STATES[state], instant)
    window.show_notice(notes[0].title, notes[0].text, lambda: None, grave=notes[0].grave)
    return window


def _menu(state: AppState) -> QWidget:
    menu = TrayMenu(Nothing())
    menu.render_view(tray_view(state, NOW))
    return menu


def _expose(
    key: str | None,
    state: AppState | None = None,
    *,
    port: str = "",
    name: str = "",
    listening: bool = True,
    more: bool = False,
    changing: str | None = None,
) -> QWidget:
    shown = state or samples.signed_in(samples.live("api", 8000))
    dialog = ExposeDialog(lambda: shown, lambda: None)
    dialog.render_listeners(listener_rows(replace(shown, listeners=samples.LISTENERS if listening else ())))
    dialog.ask_for(changing)
    dialog.fill(3000 if key else None, "my-app" if key else None)
    port_field, name_field = dialog.findChildren(QLineEdit)[:2]
    if key is None:
        port_field.setText(port)
        name_field.setText(name)
    dialog.render_view(expose_view(shown, key))
    if key is None:
        dialog.focus(Field.PORT)
    if more:
        dialog.show()
        next(each for each in dialog.findChildren(QPushButton) if each.isCheckable()).click()
    return dialog


def _problem(
    failure: Failure, *, details: bool = False, countdown: float | None = None, download: Download | None = None
) -> QWidget:
    shown = problem(failure, SUBJECT)
    dialog = ProblemDialog(shown)
    if any(action.kind is ActionKind.MAKE_ROOM for action in shown.actions):
        dialog.render_room(room(samples.STATES["elsewhere"], None))
    dialog.render_countdown(countdown if countdown is not None else shown.countdown)
    dialog.render_download(download_view(download))
    if details:
        # As for a person: what is unfolded takes its size from the style, which comes with the screen.
        dialog.show()
        dialog.unfold()
    return dialog


def _welcome(state: AppState, *, refuse: bool = False, server: str = "", browser: bool = True) -> QWidget:
    welcome = Welcome(Nothing(), samples.SampleClock(), lambda _: browser)
    welcome.fill(state if state.signing_in is None else AppState(session=samples.AS_ANN))
    address, email = welcome.findChildren(QLineEdit)[:2]
    if refuse:
        email.setText("ann at example.com")
    if server:
        address.setText(server)
    if refuse or server or state.signing_in is not None:
        email.returnPressed.emit()
        welcome.render_state(state)
    return welcome


def _settings(
    known: Cloudflared | None = None,
    download: Download | None = None,
    *,
    page: int = 3,
    state: AppState | None = None,
    preferences: Preferences | None = None,
) -> QWidget:
    dialog = SettingsDialog(Nothing(), Nothing())
    dialog.render_preferences(preferences or Preferences())
    known = known or Cloudflared(offered="2026.7.1")
    dialog.render_connector(connector_view(AppState(cloudflared=known, download=download)))
    dialog.account.render_accounts(account_rows(state or AppState()))
    dialog.pages.setCurrentIndex(page)
    return dialog


def _log() -> QWidget:
    window = LogsWindow(Lines(), lambda _key: samples.connector_lines(), Path())
    window.render_tunnels((("key-my-app", "my-app"),))
    window.show_log("key-my-app")
    return window


def _doctor(*, over: bool, download: Download | None = None) -> QWidget:
    window = DoctorWindow()
    window.render_view(doctor_view(samples.checkup(over=over), "https://api.example.com"))
    window.render_download(download_view(download))
    return window


def _diagnostics() -> QWidget:
    state = replace(samples.STATES["eventful"], checkup=samples.checkup(over=True))
    logs = {"Log of the connector of my-app": tuple(samples.connector_lines())}
    around = Circumstances(samples.NOW, samples.VERSIONS, "/home/me", logs)
    return DiagnosticsDialog(diagnostics(state, around))


def _keep_running() -> QWidget:
    return KeepRunning()


class Icons(QWidget):
    """All tray icons, at the sizes trays have, on the grounds trays have."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(760, 480)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's own name
        """Paint three bands: for a light tray, a dark one, and without colours."""
        painter = QPainter(self)
        palette = QPalette()
        painter.fillRect(self.rect(), palette.window())
        shown: list[tuple[Mark, int, int]] = [(mark, 1, 0) for mark in Mark if mark is not Mark.WORKING]
        shown += [(Mark.LIVE, count, 0) for count in (2, 5, 9, 12)]
        shown += [(Mark.WORKING, 0, frame) for frame in range(4)]
        for band, (tint, ground) in enumerate(
            ((ON_LIGHT, "#ffffff"), (ON_DARK, "#20252b"), (MONOCHROME, "#c8ced5"))
        ):
            painter.fillRect(0, band * 160, self.width(), 160, ground)
            top = band * 160 + 10
            for edge, grid in ((16, 16), (22, 22), (32, 16), (44, 22)):
                for position, (mark, count, frame) in enumerate(shown):
                    picture = tray_pixmap(mark, tint, edge=edge, grid=grid, count=count, frame=frame)
                    painter.drawPixmap(10 + position * 58, top, picture)
                top += edge + 10
