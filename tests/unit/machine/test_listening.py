"""What listens on this machine, and what it seems to be."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from tunneldesk.machine import listening
from tunneldesk.machine.listening import guess, listeners

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVE = """
import os, socket, time
server = socket.create_server(("127.0.0.1", 0))
print("port", server.getsockname()[1], flush=True)
print("pid", os.getpid(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def stranger() -> Iterator[int]:
    """Have a program listen that is no child of ours, since its parent has ended; the fixture is its port."""
    command = [sys.executable, "-c", SERVE, "-m", "http.server"]
    launcher = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.Popen({command!r})"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    said = dict(launcher.stdout.readline().split() for _ in range(2))
    launcher.wait(10)
    launcher.stdout.close()
    yield int(said["port"])
    os.kill(int(said["pid"]), signal.SIGTERM)


def test_a_program_that_listens_is_found_with_its_name_and_what_it_is(stranger: int) -> None:
    found = {each.port: each for each in listeners()}
    assert (found[stranger].process, found[stranger].framework) == ("python", "http.server")


def test_what_we_listen_on_ourselves_is_nobodys_choice() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert server.getsockname()[1] not in {each.port for each in listeners()}


def test_where_only_root_is_told_ones_own_programs_are_still_found(
    stranger: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_kind: str) -> Any:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", refuse)
    assert stranger in {each.port for each in listeners()}


def test_a_program_that_ends_while_it_is_looked_at_has_no_name() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert listening._described(ended.pid) == (None, None)


@pytest.mark.parametrize(
    ("command", "framework"),
    [
        ("node /home/me/app/node_modules/.bin/vite --port 3000", "Vite"),
        ("next-server (v15.1.0)", "Next.js"),
        ("node /app/node_modules/.bin/ng serve", "Angular"),
        ("python manage.py runserver 0.0.0.0:8000", "Django"),
        ("/usr/bin/python3 -m uvicorn app:app", "Uvicorn"),
        ("python3 -m http.server 8080", "http.server"),
        ("php -S localhost:8000", "built-in server"),
        ("ruby bin/rails server", "Rails"),
        ("/usr/lib/postgresql/15/bin/postgres -D /data", None),
        ("node /home/me/invite-server/main.js", None),
    ],
)
def test_a_command_line_tells_what_is_served(command: str, framework: str | None) -> None:
    assert guess(command.split(" ")) == framework
