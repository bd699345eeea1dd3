"""Signed in from the terminal with a browser, and signed in for every face from then on: a real Secret Service."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.contract.server.signing_in import ANN, Browser
from tests.contract.sign_in.browsing import in_the_browser
from tests.e2e.faults.place import session
from tests.e2e.terminal import LIMIT, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.conftest import StartBackend

MISSING = [tool for tool in ("dbus-daemon", "gnome-keyring-daemon") if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]


def signed_in(terminal: Terminal, server: Backend, choice: str) -> tuple[int, str]:
    """Sign in, and make this choice in the browser."""
    with terminal.signing_in(server) as signing_in:
        with Browser() as browser:
            browser.open(signing_in.address())
            browser.choose(choice)
        return signing_in.end()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with ExitStack() as stack:
        yield Terminal(tmp_path, session(stack, tmp_path / "session", unlocked=True))


@pytest.mark.parametrize("dialect", ["documented", "newer"])
def test_who_signs_in_once_stays_signed_in_until_they_sign_out(
    start_backend: StartBackend, terminal: Terminal, tmp_path: Path, dialect: str
) -> None:
    server = start_backend(dialect=dialect)
    assert terminal.run("list", "--server", server.api_url).returncode == 3
    status, said = signed_in(terminal, server, "allow")
    assert (status, f"Signed in to {server.api_url} as {ANN}." in said) == (0, True), said
    assert terminal.run("list").stdout.strip() == "There are no tunnels."
    server.control("expire-access-token", {"email": ANN})
    assert terminal.run("list").returncode == 0
    checked = terminal.run("doctor").stdout
    assert "The server accepts the access token" in checked
    terminal.environ["TUNNELDESK_ACCESS_TOKEN"] = "of-nobody"  # which is not what is signed out of
    signed_out = terminal.run("sign-out")
    assert f"as {ANN}" in signed_out.stdout
    assert "did not end" not in signed_out.stderr
    del terminal.environ["TUNNELDESK_ACCESS_TOKEN"]
    after = terminal.run("list")
    assert after.returncode == 3
    assert "sign-in" in after.stderr
    assert server.control("expire-access-token", {"email": ANN}) == {"expired": 0}
    assert server.control("expire-session", {"email": ANN}) == {"expired": 0}
    written = [path.read_text(errors="replace") for path in (tmp_path / "desk").rglob("*") if path.is_file()]
    for text in (*terminal.said, *written):
        assert not re.search(r"td[arl]_[A-Za-z0-9_-]{20,}", text)


def test_a_session_that_the_server_has_ended_is_told_by_its_name(
    start_backend: StartBackend, terminal: Terminal
) -> None:
    server = start_backend()
    assert signed_in(terminal, server, "allow")[0] == 0
    server.control("expire-session", {"email": ANN})
    for words in (("list",), ("expose", "9")):
        refused = terminal.run(*words)
        assert refused.returncode == 3
        assert "Your session has ended" in refused.stderr
        assert "tunneldesk sign-in" in refused.stderr
    signed_out = terminal.run("sign-out")
    assert (signed_out.returncode, signed_out.stderr) == (0, "")


def test_a_tunnel_whose_session_ends_says_so_at_once_and_goes_on_when_somebody_signs_in_beside_it(
    start_backend: StartBackend, terminal: Terminal
) -> None:
    """The beats of this server need the session; they wait for the next one as long as the lease lasts."""
    server = start_backend(heartbeat_interval=12, lease_timeout=36)
    assert signed_in(terminal, server, "allow")[0] == 0
    argv = [sys.executable, "-m", "tunneldesk", "expose", "9", "--json"]
    with subprocess.Popen(argv, env=terminal.environ, stdout=subprocess.PIPE, text=True) as exposing:
        too_late = threading.Timer(LIMIT, exposing.kill)
        too_late.start()
        try:
            assert exposing.stdout is not None
            events = (json.loads(line) for line in exposing.stdout)
            online = next(event for event in events if event.get("phase") == "online")
            server.control("expire-session", {"email": ANN})
            problem = next(event for event in events if event["event"] in {"problem", "phase"})
            assert (problem.get("code"), problem.get("title")) == (
                "INVALID_REFRESH_TOKEN",
                "Your session has ended",
            )
            assert signed_in(terminal, server, "allow")[0] == 0
            next(event for event in events if event["event"] == "heartbeat" and event["ok"])
            exposing.send_signal(signal.SIGINT)
            rest = [event["tunnelId"] for event in events if event["event"] == "phase"]
            assert rest[0] == online["tunnelId"]
            assert exposing.wait(LIMIT) == 0
        finally:
            exposing.kill()
            too_late.cancel()


def test_who_signs_out_at_a_terminal_while_tunnels_are_up_is_asked_first(
    start_backend: StartBackend, terminal: Terminal
) -> None:
    server = start_backend()
    assert signed_in(terminal, server, "allow")[0] == 0
    token = server.control("sessions", {"email": ANN})["accessToken"]
    server.call("POST", "/v1/tunnels", {"port": 9, "requestedSlug": "my-app"}, token=token)
    for typed, goes in ((b"\n", False), (b"y\n", True)):
        master, slave = os.openpty()
        try:
            os.write(master, typed)
            argv = [sys.executable, "-m", "tunneldesk", "sign-out"]
            done = subprocess.run(
                argv, env=terminal.environ, stdin=slave, capture_output=True, text=True, timeout=LIMIT, check=False
            )
        finally:
            os.close(master)
            os.close(slave)
        assert done.returncode == 0
        assert "Still up: my-app. To stop them first: tunneldesk stop --all" in done.stderr
        assert "Sign out all the same?" in done.stderr
        assert ("Signed out" in done.stdout, "You stay signed in." in done.stdout) == (goes, not goes)
        assert terminal.run("list").returncode == (3 if goes else 0)


def test_a_tunnel_goes_on_with_the_session_that_the_browser_has_brought(
    start_backend: StartBackend, terminal: Terminal
) -> None:
    server = start_backend(heartbeat_interval=1, lease_timeout=4, access_token_lifetime=32)
    assert signed_in(terminal, server, "allow")[0] == 0
    done = terminal.run("expose", "9", "--json", "--for", "6s")
    assert done.returncode == 0, done.stderr
    assert '"phase": "online"' in done.stdout
    assert '"reconnecting"' not in done.stdout


def test_who_is_refused_in_the_browser_is_told_in_the_terminal(
    start_backend: StartBackend, terminal: Terminal
) -> None:
    server = start_backend()
    status, said = signed_in(terminal, server, "deny")
    assert status == 3, said
    assert "refused" in said
    assert terminal.run("list", "--server", server.api_url).returncode == 3


def test_where_the_answer_comes_to_this_computer_somebody_without_a_screen_is_told(
    start_backend: StartBackend, terminal: Terminal
) -> None:
    """They may have opened the address on another computer, as they had been told they could."""
    with terminal.signing_in(start_backend(sign_in="callback")) as signing_in:
        address = signing_in.address()
        assert "within ten minutes, on this computer or another" in signing_in.said
        signing_in.hears("the browser has to be one here")
        in_the_browser(address, "allow")
        assert signing_in.end()[0] == 0


def test_whoever_gives_up_is_not_held(start_backend: StartBackend, terminal: Terminal) -> None:
    with terminal.signing_in(start_backend()) as signing_in:
        signing_in.address()
        signing_in.command.send_signal(signal.SIGINT)
        status, said = signing_in.end()
    assert status == 0
    assert "Traceback" not in said


def test_without_a_keyring_nobody_is_sent_to_the_browser_in_vain(
    start_backend: StartBackend, terminal: Terminal
) -> None:
    terminal.environ |= {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}
    done = terminal.run("sign-in", "--email", ANN, "--server", start_backend().api_url)
    assert done.returncode == 3
    assert "http://" not in done.stderr.split("keyring")[0]
    assert "TUNNELDESK_ACCESS_TOKEN" in done.stderr
