"""Runs inside a D-Bus session of its own: starts gnome-keyring, then keeps, reads and forgets a token.

``secret_service.py unlocked/locked HOME``; prints one JSON list of what came of each step.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import secretstorage

from tunneldesk.domain.errors import CredentialsError
from tunneldesk.domain.secret import Secret
from tunneldesk.storage.credentials import Credentials
from tunneldesk.storage.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SERVER = "https://api.example.com"


async def steps(home: str) -> list[str | None]:
    """Return what a fresh process would see at each step."""
    first, second = (Credentials(Paths.find({"TUNNELDESK_HOME": folder})) for folder in (home, f"{home}-other"))
    todo: list[Callable[[], Awaitable[Secret | None]]] = [
        lambda: first.get(SERVER),
        lambda: first.set(SERVER, Secret("token-1")),
        lambda: first.set(SERVER, Secret("token-2")),
        lambda: first.get(SERVER),
        lambda: second.get(SERVER),
        lambda: first.get("https://other.example.com"),
        lambda: first.forget(SERVER),
        lambda: first.forget(SERVER),
        lambda: first.get(SERVER),
    ]
    seen: list[str | None] = []
    for step in todo:
        try:
            answer = await step()
            seen.append(answer.reveal() if answer else None)
        except CredentialsError as error:
            seen.append(error.failure.code)
    return seen


def main() -> None:
    """Run the steps beside a keyring that is unlocked or locked."""
    state, home = sys.argv[1:]
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    if state == "unlocked":
        command.append("--unlock")
    daemon = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert daemon.stdin is not None
    daemon.stdin.write(b"password")
    daemon.stdin.close()
    try:
        connection = secretstorage.dbus_init()
        while not secretstorage.check_service_availability(connection):
            assert daemon.poll() is None
        connection.close()
        print(json.dumps(asyncio.run(steps(home))))  # noqa: T201 - for the test that started us
    finally:
        daemon.terminate()
        daemon.wait()


main()
