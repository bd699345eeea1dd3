"""Signed in from the terminal with a real browser, which the desktop opens, and a real Secret Service."""

from __future__ import annotations

import shutil
import signal
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.contract.server.signing_in import ANN
from tests.e2e import real_browser
from tests.e2e.faults.place import session
from tests.e2e.secret_service import kept, silent
from tests.e2e.terminal import Terminal
from tests.e2e.tray_user import PICTURES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import StartBackend
    from tests.e2e.real_browser import Opener, RealBrowser

MISSING = [tool for tool in ("dbus-daemon", "gnome-keyring-daemon") if shutil.which(tool) is None]
MISSING += real_browser.MISSING

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

KEYRING_LIMIT = 10.0


@pytest.fixture
def terminal(tmp_path: Path, opener: Opener) -> Iterator[Terminal]:
    """A terminal on a desktop: there is a screen, by its name, and what the desktop opens addresses with."""
    with ExitStack() as stack:
        desktop = session(stack, tmp_path / "session", unlocked=True)
        terminal = Terminal(tmp_path / "home", desktop)
        terminal.environ = opener.beside({**terminal.environ, "DISPLAY": ":none"})
        yield terminal


@pytest.fixture
def bus(terminal: Terminal) -> str:
    return terminal.environ["DBUS_SESSION_BUS_ADDRESS"]


def test_whoever_says_yes_in_the_browser_is_signed_in_and_stays_so(
    start_backend: StartBackend, terminal: Terminal, opener: Opener, browser: RealBrowser, bus: str
) -> None:
    server = start_backend()
    with terminal.signing_in(server) as signing_in:
        address = opener.address()
        assert signing_in.address() == address
        browser.go(address)
        assert browser.title == "Who are you?"
        assert f"Continue as {ANN}" in browser.text
        browser.picture(PICTURES / "identity.png")
        browser.choose("allow")
        assert browser.title == "TunnelDesk"
        assert "You are signed in" in browser.text
        assert browser.complaints() == []
        browser.picture(PICTURES / "allowed.png")
        status, said = signing_in.end()
    assert (status, f"Signed in to {server.api_url} as {ANN}." in said) == (0, True), said

    assert terminal.run("list").stdout.strip() == "There are no tunnels."
    ((_, before),) = kept(bus).items()
    server.control("expire-access-token", {"email": ANN})
    assert terminal.run("list").returncode == 0
    ((_, after),) = kept(bus).items()
    assert after != before, "the refresh token rotates"

    assert terminal.run("sign-out").returncode == 0
    assert kept(bus) == {}
    assert terminal.run("list").returncode == 3
    assert opener.idle, "one browser was opened, once"


def test_an_older_server_sends_the_browser_back_to_the_terminal(
    start_backend: StartBackend, terminal: Terminal, opener: Opener, browser: RealBrowser
) -> None:
    server = start_backend(sign_in="callback")
    with terminal.signing_in(server) as signing_in:
        browser.go(opener.address())
        browser.choose("allow")
        there = urlsplit(browser.url)
        assert (there.hostname, there.port == urlsplit(server.api_url).port) == ("127.0.0.1", False)
        assert "You are signed in\nClose this page, and return to TunnelDesk." in browser.text
        status, said = signing_in.end()
    assert (status, f"Signed in to {server.api_url} as {ANN}." in said) == (0, True), said
    assert terminal.run("list").returncode == 0


@pytest.mark.parametrize(
    ("choice", "fields", "page", "told"),
    [
        ("deny", {}, "The sign-in was denied at the provider.", "access was declined in the browser"),
        ("wrong-email", {"email": "bob@example.com"}, "has another e-mail address.", "with another e-mail address"),
        ("wrong-workspace", {}, "may not sign in here.", "accounts of certain Slack workspaces only"),
    ],
)
def test_whoever_is_refused_in_the_browser_is_told_there_and_in_the_terminal(
    start_backend: StartBackend,
    terminal: Terminal,
    opener: Opener,
    browser: RealBrowser,
    bus: str,
    choice: str,
    fields: dict[str, str],
    page: str,
    told: str,
) -> None:
    server = start_backend()
    with terminal.signing_in(server) as signing_in:
        browser.go(opener.address())
        browser.choose(choice, **fields)
        assert browser.title == "You are not signed in"
        assert page in browser.text
        assert "start again" in browser.text
        browser.picture(PICTURES / f"{choice}.png")
        status, said = signing_in.end()
    assert status == 3, said
    assert told in " ".join(said.split())
    assert kept(bus) == {}
    assert terminal.run("list", "--server", server.api_url).returncode == 3


def test_a_page_that_was_left_open_is_good_for_nothing_once_its_sign_in_was_given_up(
    start_backend: StartBackend, terminal: Terminal, opener: Opener, browser: RealBrowser, bus: str
) -> None:
    server = start_backend(sign_in="callback")
    with terminal.signing_in(server) as signing_in:
        browser.go(opener.address())
        signing_in.command.send_signal(signal.SIGINT)
        assert signing_in.end()[0] == 0
    browser.choose("allow")
    assert "ERR_CONNECTION_REFUSED" in browser.text, "nobody listens for it any more"
    assert kept(bus) == {}
    assert terminal.run("list", "--server", server.api_url).returncode == 3


def test_a_keyring_that_never_answers_is_told_before_any_browser_opens(
    start_backend: StartBackend, terminal: Terminal, opener: Opener, bus: str
) -> None:
    server = start_backend()
    began = time.monotonic()
    with silent(bus):
        done = terminal.run("sign-in", "--email", ANN, "--server", server.api_url)
    assert time.monotonic() - began < KEYRING_LIMIT + 5
    assert done.returncode == 3
    assert "Can't store your sign-in safely" in done.stderr
    assert opener.idle


def test_a_keyring_that_stops_answering_meanwhile_is_told_and_leaves_no_session_behind(
    start_backend: StartBackend, terminal: Terminal, opener: Opener, browser: RealBrowser, bus: str
) -> None:
    server = start_backend()
    with terminal.signing_in(server) as signing_in:
        browser.go(opener.address())
        with silent(bus):
            browser.choose("allow")
            assert "You are signed in" in browser.text
            began = time.monotonic()
            status, said = signing_in.end()
            assert time.monotonic() - began < KEYRING_LIMIT + 5
    assert status == 3
    assert "Can't store your sign-in safely" in said
    assert server.control("expire-access-token", {"email": ANN}) == {"expired": 0}
    assert kept(bus) == {}
