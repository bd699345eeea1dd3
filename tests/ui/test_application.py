"""The system asks the app to quit, or opens it again."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication

from build_scripts import sample_states as samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tunneldesk.ui.application import Application

ENDED_BY_THE_SYSTEM = """
import sys
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from tunneldesk import launch
from tunneldesk.desktop_options import DesktopOptions
from tunneldesk.ui.launches import Launches

begin = Launches.first

def quit_by_the_system():
    print("asked", flush=True)
    QCoreApplication.postEvent(QCoreApplication.instance(), QEvent(QEvent.Type.Quit))

def begin_and_quit(launches, options):
    begin(launches, options)
    QTimer.singleShot(300, quit_by_the_system)

Launches.first = begin_and_quit
sys.exit(launch.main(DesktopOptions(demo=True, background=True)))
"""


@pytest.mark.slow
def test_the_system_may_end_it_and_everything_is_taken_down_first(tmp_path: Path) -> None:
    environ = {**os.environ, "TUNNELDESK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, "-c", ENDED_BY_THE_SYSTEM],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout == "asked\n"
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr
    assert not (tmp_path / "logs" / "desktop.log").exists(), "there was nothing to tell"


def test_a_window_does_not_stand_in_the_way_of_the_sessions_end(
    face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = face(samples.STATES["one-live"], tray=False)
    monkeypatch.setattr(QGuiApplication, "isSavingSession", lambda _app: True)
    assert made.desktop.window.widget.close(), "else the desktop says that we hold it up"
    assert made.desktop.background._keep is None, "nothing is asked"


def test_quit_is_told_and_not_done(qapp: Application, qtbot: QtBot, face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.intents.show_window()
    with qtbot.waitSignal(qapp.quit_wanted):
        assert qapp.sendEvent(qapp, QEvent(QEvent.Type.Quit))
    assert made.desktop.window.widget.isVisible()


def test_opening_it_again_is_told_after_the_launch_itself(
    qapp: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    qapp.opened_again.connect(lambda: heard.append("again"))
    monkeypatch.setattr(qapp, "_was_active", False)
    states = Qt.ApplicationState
    for state, times in (
        (states.ApplicationActive, 0),  # the launch
        (states.ApplicationInactive, 0),
        (states.ApplicationActive, 1),
        (states.ApplicationActive, 2),
    ):
        monkeypatch.setattr(qapp, "applicationState", lambda state=state: state)
        qapp.sendEvent(qapp, QEvent(QEvent.Type.ApplicationStateChange))
        assert len(heard) == times


def test_opening_it_again_shows_the_window_unless_something_is_shown(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.intents.expose()
    made.desktop.launches.activated()
    assert made.desktop.window.shown is None, "what is there came to the front already"
    made.desktop.exposing.dialog.close()
    made.desktop.launches.activated()
    assert made.desktop.window.shown is not None
