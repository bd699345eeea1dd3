"""The whole story of being signed in, on a real desktop with a real keyring and a real browser."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
import pytest

from tests.contract.server.signing_in import ANN
from tests.desktop import wait_for
from tests.e2e import real_browser, real_screen
from tests.e2e.person import SIGN_IN, WINDOW
from tests.e2e.real_screen import PAGE, Screen, answer, left_over
from tests.e2e.secret_service import kept, sign_ins, silent
from tests.e2e.sitting import Sitting, sitting
from tests.e2e.tray_user import Service, expose, picture, says

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import StartBackend
    from tests.e2e.real_browser import Opener, RealBrowser

    StartApp = Callable[..., subprocess.Popen[bytes]]

MISSING = [tool for tool in ("dbus-daemon", "gnome-keyring-daemon") if shutil.which(tool) is None]
MISSING += real_browser.MISSING + real_screen.MISSING

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

BOB = "bob@example.com"
KEYRING_LIMIT = 10.0


@pytest.fixture
def person(bare_screen: Screen, opener: Opener) -> Iterator[Sitting]:
    with sitting(bare_screen, opener) as person:
        yield person


def listening(child: subprocess.Popen[bytes]) -> list[int]:
    """Return the ports on which the app listens."""
    connections = psutil.Process(child.pid).net_connections(kind="tcp")
    return [each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN]


def allow(browser: RealBrowser, address: str) -> None:
    """Say yes on the identity page."""
    browser.go(address)
    browser.choose("allow")
    assert "You are signed in" in browser.text


@pytest.mark.timeout(240)
def test_whoever_signs_in_once_stays_signed_in_until_they_sign_out(
    person: Sitting, app: StartApp, browser: RealBrowser, start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend()
    with Service() as service:
        child = app()
        address = person.ask_to_sign_in(server.api_url, ANN)
        person.sees(SIGN_IN, "9:5")  # minutes and seconds left, counting down
        picture(person.screen, "desktop-waiting")
        allow(browser, address)
        person.gone(SIGN_IN)
        person.show_window()
        person.sees(WINDOW, ANN)
        picture(person.screen, "desktop-signed-in")

        exposed = expose(person.screen, person.tray, service.port, "my-app")
        assert answer(exposed) == PAGE
        person.tray.choose("Quit")
        assert child.wait(timeout=20) == 0
        assert left_over(tmp_path / "home") == []

        server.control("expire-access-token", {"email": ANN})
        ((_, before),) = sign_ins(person.bus).items()
        child = app()
        wait_for("another icon", lambda: len(person.tray.items) > 1)
        says(person.tray, "1 live: my-app")
        assert answer(exposed) == PAGE
        person.show_window()
        person.sees(WINDOW, ANN)
        ((_, token),) = sign_ins(person.bus).items()
        assert token != before, "the refresh token rotates"
        assert person.opener.idle, "nobody was sent to the browser again"
        assert not person.screen.window("^Sign in")

        person.tray.choose("Account", "Sign out")
        person.sees("Sign out", "my-app")
        picture(person.screen, "desktop-sign-out")
        person.press("Sign out", "Stop and sign out")
        wait_for("the keyring to be empty", lambda: kept(person.bus) == {})
        refused = server.call("POST", "/v1/auth/refresh", {"refreshToken": token}, token="")
        assert (refused.status_code, refused.json()["code"]) == (401, "INVALID_REFRESH_TOKEN")
        wait_for("the menu to offer it", lambda: person.tray.menu()[0].label.startswith("Sign in"))
        assert answer(exposed) != PAGE
        person.tray.choose("Quit")
        assert child.wait(timeout=20) == 0
        assert left_over(tmp_path / "home") == []


def test_whoever_cancels_is_waited_for_no_longer(
    person: Sitting, app: StartApp, browser: RealBrowser, start_backend: StartBackend
) -> None:
    server = start_backend()
    child = app()
    browser.go(person.ask_to_sign_in(server.api_url, ANN))
    assert listening(child)
    person.press(SIGN_IN, "Cancel")
    assert person.part(SIGN_IN, "text", "E-mail address").text == ANN
    wait_for("nobody to listen", lambda: not listening(child))
    browser.choose("allow")
    assert "ERR_CONNECTION_REFUSED" in browser.text
    assert kept(person.bus) == {}
    assert person.tray.menu()[0].label.startswith("Sign in")
    person.tray.choose("Quit")
    assert child.wait(timeout=20) == 0


def test_whoever_is_refused_is_told_why_and_may_try_again(
    person: Sitting, app: StartApp, browser: RealBrowser, start_backend: StartBackend
) -> None:
    server = start_backend()
    child = app()
    browser.go(person.ask_to_sign_in(server.api_url, ANN))
    browser.choose("deny")
    problem = "Sign-in was refused"
    person.sees(problem, "access was declined in the browser")
    picture(person.screen, "desktop-refused")
    assert kept(person.bus) == {}
    person.press(problem, "Try again")
    allow(browser, person.opener.address())
    person.gone(SIGN_IN)
    person.show_window()
    person.sees(WINDOW, ANN)
    person.tray.choose("Quit")
    assert child.wait(timeout=20) == 0


@pytest.mark.timeout(240)
def test_two_accounts_on_two_servers_live_side_by_side(
    person: Sitting, app: StartApp, browser: RealBrowser, start_backend: StartBackend, tmp_path: Path
) -> None:
    first, second = start_backend(), start_backend(data_dir=tmp_path / "second")
    with Service() as service:
        child = app()
        allow(browser, person.ask_to_sign_in(first.api_url, ANN))
        person.gone(SIGN_IN)
        exposed = expose(person.screen, person.tray, service.port, "of-ann")
        assert answer(exposed) == PAGE

        person.tray.choose("Account", "Add an account")
        allow(browser, person.ask_to_sign_in(second.api_url, BOB))
        person.gone(SIGN_IN)
        person.show_window()
        person.sees(WINDOW, BOB)
        other = expose(person.screen, person.tray, service.port, "of-bob")
        for server, its in ((first, exposed), (second, other)):
            assert urlsplit(its).port == urlsplit(server.edge_url).port
        says(person.tray, "2 live")
        assert [answer(each) for each in (exposed, other)] == [PAGE, PAGE]
        person.show_window()
        picture(person.screen, "desktop-two-accounts")
        assert len(sign_ins(person.bus)) == 2

        person.tray.choose("Account", ANN)
        person.sees(WINDOW, ANN)
        wait_for("her tunnels to be counted", lambda: "1 of 5" in person.tray.menu()[0].label)
        says(person.tray, "2 live")
        assert [answer(each) for each in (exposed, other)] == [PAGE, PAGE]
        person.tray.choose("Quit")
        assert child.wait(timeout=20) == 0


def test_a_keyring_that_never_answers_is_told_and_costs_nothing_but_the_next_start(
    person: Sitting, app: StartApp, browser: RealBrowser, start_backend: StartBackend
) -> None:
    server = start_backend()
    problem = "Can't store your sign-in safely"
    with Service() as service, silent(person.bus):
        child = app()
        allow(browser, person.ask_to_sign_in(server.api_url, ANN))
        began = time.monotonic()
        person.gone(SIGN_IN)
        assert time.monotonic() - began < KEYRING_LIMIT / 2, "nobody waits for it"
        says(person.tray, "sign-in not stored", KEYRING_LIMIT + 5)
        person.show_window()
        assert ANN in person.sees(WINDOW, problem)
        picture(person.screen, "desktop-keyring")
        person.press(WINDOW, "Only for this session")
        person.sees_no_more(WINDOW, problem)
        person.sees(WINDOW, ANN)
        exposed = expose(person.screen, person.tray, service.port, "my-app")
        assert answer(exposed) == PAGE
        person.tray.choose("Quit")
        assert child.wait(timeout=20) == 0
    assert kept(person.bus) == {}
