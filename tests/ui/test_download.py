"""cloudflared is fetched from where it is missed, and from the settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from build_scripts import sample_states as samples
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.model import AppState, Cloudflared, Download
from tunneldesk.domain.reasons import Because, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tunneldesk.ui.problem_dialog import ProblemDialog

KEY = "key-my-app"
MISSING = Failure(ErrorCode.CONNECTOR_MISSING, because=(Because(Reason.PROGRAM_NOWHERE),))
BUSY = Because(Reason.DOWNLOAD_REFUSED, {"host": "github.com", "status": "503"})
FAILED = Failure(ErrorCode.CONNECTOR_DOWNLOAD_FAILED, because=(BUSY,))
KNOWN = Cloudflared(offered="2026.7.1")


def without(failure: Failure | None = None, **changes: Any) -> AppState:
    """Return the state of a tunnel that failed for want of cloudflared."""
    state = samples.signed_in(samples.failed("my-app", 3000, MISSING))
    return replace(state, **{"cloudflared": KNOWN, "failure": failure, **changes})


def under_way(received: int = 0, total: int | None = None, **changes: Any) -> AppState:
    return without(download=Download("2026.7.1", received, total), **changes)


def button(widget: QWidget, words: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text() == words)


def press(widget: QWidget, words: str) -> None:
    QTest.mouseClick(button(widget, words), Qt.MouseButton.LeftButton)


def says(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget)]


def opened(face: Callable[..., Any]) -> tuple[Any, ProblemDialog]:
    made = face(replace(samples.signed_in(), cloudflared=KNOWN))
    made.desktop.intents.show_window()
    made.become(without())
    dialog = made.desktop.problems.dialog
    made.commands.calls.clear()
    return made, dialog


def test_download_it_shows_its_progress_where_it_was_pressed(face: Callable[..., Any]) -> None:
    made, dialog = opened(face)
    fetch = button(dialog, "Download it")
    fetch.setFocus()
    press(dialog, "Download it")
    assert made.calls == [("download_connector",)]
    made.become(under_way())
    assert made.desktop.problems.dialog is dialog
    assert dialog.isVisible()
    assert "Downloading cloudflared 2026.7.1 ..." in says(dialog)
    bar = dialog.findChild(QProgressBar)
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    made.become(under_way(9_500_000, 38_000_000))
    assert "Downloading cloudflared 2026.7.1 ... 9 of 38 MB" in says(dialog)
    assert bar.value() / bar.maximum() == 0.25
    assert "9 of 38 MB" in bar.accessibleName()
    assert not fetch.isEnabled()
    assert dialog.focusWidget() is button(dialog, "Cancel")
    assert button(dialog, "Choose file...").isEnabled()


def test_the_download_can_be_cancelled_with_the_keyboard_and_begun_anew(face: Callable[..., Any]) -> None:
    made, dialog = opened(face)
    button(dialog, "Download it").setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    made.become(under_way())
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)
    assert made.calls == [("download_connector",), ("cancel_download",)]
    made.become(without())
    assert not button(dialog, "Cancel").isVisible()
    assert dialog.focusWidget() is button(dialog, "Download it")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert made.calls[-1] == ("download_connector",)


def test_the_dialog_goes_when_the_tunnel_goes_on(face: Callable[..., Any]) -> None:
    made, dialog = opened(face)
    press(dialog, "Download it")
    made.become(under_way())
    made.become(without(tunnels=(samples.creating("my-app", 3000),)))
    assert made.desktop.problems.dialog is None
    assert not dialog.isVisible()


def test_a_download_that_fails_says_why_in_place_and_tries_again_there(face: Callable[..., Any]) -> None:
    made, dialog = opened(face)
    press(dialog, "Download it")
    made.become(under_way(1_000_000))
    made.become(without(FAILED))
    told = made.desktop.problems.dialog
    assert told is not dialog
    assert not dialog.isVisible()
    assert "cloudflared could not be downloaded" in says(told)
    assert any("github.com answered with HTTP 503." in words for words in says(told))
    press(told, "Try again")
    assert made.calls == [("download_connector",)] * 2
    made.become(under_way())  # what went wrong before has been put away with the new start
    assert made.desktop.problems.dialog is told
    assert "Downloading cloudflared 2026.7.1 ..." in says(told)
    made.become(without(FAILED))
    assert "cloudflared could not be downloaded" in says(made.desktop.problems.dialog)
    made.become(under_way())
    made.become(without(tunnels=(samples.creating("my-app", 3000),)))
    assert made.desktop.problems.dialog is None


def test_another_problem_still_waits_for_its_turn(face: Callable[..., Any]) -> None:
    made, dialog = opened(face)
    made.become(without(Failure(ErrorCode.KEYRING_LOCKED)))
    assert made.desktop.problems.dialog is dialog


def test_a_download_goes_on_when_its_dialog_is_closed_and_shows_when_it_is_opened_again(
    face: Callable[..., Any],
) -> None:
    made, dialog = opened(face)
    press(dialog, "Download it")
    made.become(under_way())
    dialog.reject()
    assert ("cancel_download",) not in made.calls
    made.become(under_way(19_000_000, 38_000_000))
    made.desktop.intents.show_problem(KEY)
    assert "Downloading cloudflared 2026.7.1 ... 19 of 38 MB" in says(made.desktop.problems.dialog)


def test_a_download_asked_for_on_the_card_is_shown(face: Callable[..., Any]) -> None:
    made, dialog = opened(face)
    dialog.reject()
    press(made.desktop.window.widget, "Download it")
    assert made.calls == [("download_connector",)]
    made.become(under_way())
    assert "Downloading cloudflared 2026.7.1 ..." in says(made.desktop.problems.dialog)


def test_where_nothing_can_be_verified_the_release_page_opens(
    face: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    visited: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: visited.append(url.toString()))
    made, dialog = opened(face)
    made.become(without(cloudflared=Cloudflared()))
    press(dialog, "Download it")
    made.desktop.intents.settings()
    press(made.desktop.settings.dialog, "Open the release page")
    assert visited == ["https://github.com/cloudflare/cloudflared/releases"] * 2
    assert made.calls == []
    assert dialog.isVisible()  # the file is still to be chosen


def test_the_settings_say_which_one_is_used_and_offer_what_is_newer(face: Callable[..., Any]) -> None:
    old = Cloudflared(Path("/usr/bin/cloudflared"), "2025.2.0", "2026.7.1")
    made = face(replace(samples.signed_in(), cloudflared=old))
    made.desktop.intents.settings()
    dialog = made.desktop.settings.dialog
    dialog.pages.setCurrentIndex(3)
    assert "cloudflared 2025.2.0 is used." in says(dialog)
    button(dialog, "Update to 2026.7.1").setFocus()
    press(dialog, "Update to 2026.7.1")
    made.become(replace(samples.signed_in(), cloudflared=old, download=Download("2026.7.1", 0, 38_000_000)))
    assert "Downloading cloudflared 2026.7.1 ... 0 of 38 MB" in says(dialog)
    assert dialog.focusWidget() is button(dialog, "Cancel")
    press(dialog, "Cancel")
    assert made.calls == [("download_connector",), ("cancel_download",)]
    made.become(replace(samples.signed_in(), cloudflared=old))
    assert button(dialog, "Update to 2026.7.1").isVisible()
    assert dialog.focusWidget() is button(dialog, "Update to 2026.7.1")
    new = Cloudflared(Path("/home/me/cloudflared"), "2026.7.1", "2026.7.1")
    made.become(replace(samples.signed_in(), cloudflared=new))
    assert "cloudflared 2026.7.1 is used." in says(dialog)
    assert not [each for each in dialog.findChildren(QPushButton) if each.isVisible() and "2026" in each.text()]


def test_a_download_that_the_doctor_offers_is_shown_there_and_looked_at_when_it_is_over(
    face: Callable[..., Any],
) -> None:
    made = face(replace(samples.signed_in(), cloudflared=KNOWN))
    made.desktop.intents.show_doctor()
    doctor = made.desktop.help.doctor
    made.become(replace(made.store.state, checkup=samples.checkup(over=True)))
    press(doctor, "Download it")
    assert made.calls == [("examine",), ("download_connector",)]
    made.become(replace(made.store.state, download=Download("2026.7.1", 9_500_000, 38_000_000)))
    assert "Downloading cloudflared 2026.7.1 ... 9 of 38 MB" in says(doctor)
    press(doctor, "Cancel")
    assert made.calls[-1] == ("cancel_download",)
    made.become(replace(made.store.state, download=None))
    assert not button(doctor, "Cancel").isVisible()
    assert made.calls[-1] == ("examine",)


def test_a_download_that_fails_is_told_in_a_dialog_to_whoever_looks_at_the_doctor(face: Callable[..., Any]) -> None:
    made = face(replace(samples.signed_in(), cloudflared=KNOWN))
    made.desktop.intents.show_doctor()
    made.become(replace(made.store.state, failure=FAILED))
    assert "cloudflared could not be downloaded" in says(made.desktop.problems.dialog)
