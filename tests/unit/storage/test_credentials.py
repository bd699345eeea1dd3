"""Tokens in the system's keyring: a real one, none, a locked one, and ones that should not be used."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import PasswordSetError

from tunneldesk.domain.errors import CredentialsError, ErrorCode
from tunneldesk.domain.secret import Secret
from tunneldesk.presentation.reasons import said
from tunneldesk.storage.credentials import LONGEST, Credentials
from tunneldesk.storage.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER, TOKEN = "https://api.example.com", Secret("token-0451")
ROOT = Path(__file__).resolve().parents[3]
SESSION = (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")) or ""


@pytest.fixture(autouse=True)
def _users_keyring_untouched() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    return Credentials(Paths.find({"TUNNELDESK_HOME": str(tmp_path)}), time_limit=0.2)


async def failure(credentials: Credentials) -> ErrorCode:
    with pytest.raises(CredentialsError) as caught:
        await credentials.set(SERVER, TOKEN)
    assert TOKEN.reveal() not in str(caught.value)
    return caught.value.failure.code


class Plain(KeyringBackend):
    """One that works as it should, or as a test tells it to."""

    priority: float = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.hold = threading.Event()
        self.hold.set()

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.hold.wait(30)
        if self.error is not None:
            raise self.error
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class InPlainFiles(Plain):
    """What keyrings.alt would be: it works, and anybody can read it."""

    priority = 0.5


@pytest.fixture
def backend() -> Plain:
    backend = Plain()
    keyring.set_keyring(backend)
    return backend


async def test_what_is_kept_is_found_again_and_can_be_forgotten(credentials: Credentials, backend: Plain) -> None:
    assert await credentials.get(SERVER) is None
    await credentials.set(SERVER, TOKEN)
    assert await credentials.get(SERVER) == TOKEN
    await credentials.forget(SERVER)
    await credentials.forget(SERVER)
    assert backend.kept == {}


async def test_two_homes_never_see_each_others_tokens(
    credentials: Credentials, backend: Plain, tmp_path: Path
) -> None:
    await credentials.set(SERVER, TOKEN)
    other = Credentials(Paths.find({"TUNNELDESK_HOME": str(tmp_path / "other")}))
    assert await other.get(SERVER) is None
    ((service, user),) = backend.kept
    assert service.startswith("dev.tunneldesk.TunnelDesk")
    assert user == SERVER


@pytest.mark.parametrize("useless", [fail.Keyring, null.Keyring, InPlainFiles])
async def test_a_keyring_that_keeps_no_secrets_is_none(
    credentials: Credentials, useless: type[KeyringBackend]
) -> None:
    keyring.set_keyring(useless())
    assert await failure(credentials) is ErrorCode.KEYRING_MISSING


async def test_a_keyring_that_refuses_is_told_apart(credentials: Credentials, backend: Plain) -> None:
    backend.error = PasswordSetError("the vault is full")
    assert await failure(credentials) is ErrorCode.KEYRING_REFUSED


async def test_a_fault_of_a_backends_own_is_a_refusal(credentials: Credentials, backend: Plain) -> None:
    backend.error = ValueError("D-Bus said something")
    assert await failure(credentials) is ErrorCode.KEYRING_REFUSED


async def test_a_keyring_that_waits_for_its_user_holds_nothing_up(credentials: Credentials, backend: Plain) -> None:
    backend.hold.clear()
    await credentials.forget(SERVER)  # imports what there is to import
    asking = asyncio.create_task(failure(credentials))
    longest = 0.0
    while not asking.done():
        before = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - before)
    assert await asking is ErrorCode.KEYRING_LOCKED
    assert longest < 0.15
    assert await credentials.get(SERVER) is None  # the next question is not queued behind the first
    backend.hold.set()


def test_a_keyring_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    code = f"""
import asyncio, keyring, time
from keyring.backend import KeyringBackend
from tunneldesk.domain.errors import CredentialsError
from tunneldesk.storage.credentials import Credentials
from tunneldesk.storage.paths import Paths

class Hanging(KeyringBackend):
    priority: float = 5
    def get_password(self, service, username): time.sleep(60)
    def set_password(self, service, username, password): ...
    def delete_password(self, service, username): ...

keyring.set_keyring(Hanging())
try:
    asyncio.run(Credentials(Paths.find({{"TUNNELDESK_HOME": {str(tmp_path)!r}}}), time_limit=0.1).get("https://a"))
except CredentialsError as error:
    print(error.failure.code)
"""
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=15, check=True, cwd=ROOT
    )
    assert (said.stdout, said.stderr) == ("KEYRING_LOCKED\n", "")


@pytest.mark.skipif(not SESSION, reason="needs dbus-run-session and gnome-keyring-daemon")
@pytest.mark.parametrize(
    ("state", "seen"),
    [
        ("unlocked", [None, None, None, "token-2", None, None, None, None, None]),
        ("locked", ["KEYRING_LOCKED"] * 9),
    ],
)
def test_the_secret_service_of_a_real_desktop(tmp_path: Path, state: str, seen: list[str | None]) -> None:
    script = Path(__file__).with_name("secret_service.py")
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    said = subprocess.run(
        [SESSION, "--", sys.executable, str(script), state, str(tmp_path / "home")],
        env={**environment, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout.splitlines()[-1]) == seen


@pytest.mark.parametrize(("length", "kept"), [(1280, True), (1281, False)])
async def test_what_is_too_long_for_the_keyring_is_told_before_it_is_cut_off(
    tmp_path: Path, length: int, kept: bool
) -> None:
    ring = Plain()
    keyring.set_keyring(ring)
    credentials = Credentials(Paths.find({"TUNNELDESK_HOME": str(tmp_path)}), longest=LONGEST["win32"])
    secret = Secret("x" * length)
    if kept:
        await credentials.set(SERVER, secret)
        assert await credentials.get(SERVER) == secret
    else:
        with pytest.raises(CredentialsError) as caught:
            await credentials.set(SERVER, secret)
        assert caught.value.failure.code is ErrorCode.KEYRING_REFUSED
        assert "1281 characters" in said(caught.value.failure)
        assert ring.kept == {}
