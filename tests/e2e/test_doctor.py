"""`tunneldesk doctor` against a real server, a real keyring and a real tray."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.backend_process import Backend

pytestmark = [pytest.mark.slow, pytest.mark.linux("a screen, a keyring and a network of its own")]

ROOT = Path(__file__).parents[2]
LIMIT = 60.0
RING = shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")
TRAY = shutil.which("Xvfb") and shutil.which("trayer")

WITH_KEYRING = """
printf password | gnome-keyring-daemon --foreground --components=secrets --unlock >/dev/null 2>&1 &
daemon=$!
trap 'kill $daemon' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    printf %s "$TOKEN" | "$PYTHON" -m tunneldesk sign-in --token-stdin >/dev/null 2>&1 && break
done
unset TOKEN
"$PYTHON" -m tunneldesk doctor --json
"""


class Patient:
    """A home of its own, and the doctor called to it."""

    def __init__(self, home: Path, **environ: str) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        kept |= {name: value for name, value in os.environ.items() if name.startswith(("COVERAGE", "COV_"))}
        self.environ = kept | {
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "HOME": str(home),
            "TUNNELDESK_HOME": str(home / "desk"),
            **environ,
        }

    def examined(self, *words: str, **environ: str) -> tuple[int, dict[str, dict[str, Any]]]:
        """Return the exit status and the findings by check."""
        ended = subprocess.run(
            [sys.executable, "-m", "tunneldesk", "doctor", "--json", *words],
            env=self.environ | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert ended.stderr == ""
        return ended.returncode, found_in(ended.stdout)


def found_in(output: str) -> dict[str, dict[str, Any]]:
    return {line["check"]: line for line in map(json.loads, output.splitlines())}


@pytest.fixture
def patient(backend: Backend, tmp_path: Path) -> Patient:
    return Patient(tmp_path / "home", TUNNELDESK_SERVER=backend.api_url, TUNNELDESK_ACCESS_TOKEN=backend.token)


def test_a_good_server_is_found_so_and_no_token_is_printed(patient: Patient, backend: Backend) -> None:
    status, found = patient.examined()
    assert status == 0
    verdicts = {check: line["verdict"] for check, line in found.items()}
    assert {verdicts[check] for check in ("server", "clock", "access token", "connector", "folders")} == {"ok"}
    assert (verdicts["edge"], verdicts["tray"]) == ("skip", "skip")
    assert backend.token not in json.dumps(found)


def test_a_token_that_was_revoked_is_told_and_ends_with_the_status_of_sign_in(patient: Patient) -> None:
    status, found = patient.examined(TUNNELDESK_ACCESS_TOKEN="no-such-token")
    assert status == 3
    assert found["access token"]["verdict"] == "fail"
    assert "sign-in" in found["access token"]["fix"]


def test_the_port_and_the_address_that_were_named_are_looked_at(patient: Patient, backend: Backend) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        edge = backend.edge_url.rpartition(":")[2]
        status, found = patient.examined("--port", str(port), "--address", f"nobody.tunnel.localhost:{edge}")
    assert found["port"]["verdict"] == "ok"
    assert found["address"]["verdict"] == "fail"
    assert status == 1


def test_a_server_that_hangs_ends_with_the_limits(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = f"http://127.0.0.1:{silent.getsockname()[1]}"
        patient = Patient(tmp_path / "home", TUNNELDESK_SERVER=server, TUNNELDESK_ACCESS_TOKEN="t")
        started = time.monotonic()
        status, found = patient.examined()
    assert time.monotonic() - started < 25
    assert status == 6
    assert found["server"]["code"] == "SERVER_TIMED_OUT"
    assert found["access token"]["verdict"] == "skip"


def test_ctrl_c_ends_it_at_once_and_quietly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = f"http://127.0.0.1:{silent.getsockname()[1]}"
        patient = Patient(tmp_path / "home", TUNNELDESK_SERVER=server, TUNNELDESK_ACCESS_TOKEN="t")
        with subprocess.Popen(
            [sys.executable, "-m", "tunneldesk", "doctor"],
            env=patient.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            silent.settimeout(LIMIT)
            connection, _ = silent.accept()
            with connection:
                process.send_signal(signal.SIGINT)
                said, complained = process.communicate(timeout=5)
    assert (process.returncode, said, complained) == (0, "", "")


@pytest.mark.skipif(not RING, reason="not installed: gnome-keyring, dbus-run-session")
def test_a_real_keyring_gives_the_token_it_keeps(patient: Patient, backend: Backend) -> None:
    environ = {name: value for name, value in patient.environ.items() if not name.startswith("PYTHON_KEYRING")}
    del environ["TUNNELDESK_ACCESS_TOKEN"]
    Path(environ["HOME"]).mkdir()
    ended = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", WITH_KEYRING],  # noqa: S607 - found on the PATH
        env=environ | {"TOKEN": backend.token, "PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    found = found_in(ended.stdout)
    assert found["keyring"]["verdict"] == "ok", ended.stderr
    assert found["access token"]["verdict"] == "ok"
    assert backend.token not in ended.stdout


@pytest.fixture
def display() -> Iterator[str]:
    """Return the name of a screen of our own, without a tray."""
    read, write = os.pipe()
    argv = ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(argv, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as screen:
        try:
            os.close(write)
            # The number and the end of its line come one by one; to leave in between is fatal to the server.
            with os.fdopen(read) as said:
                yield f":{said.readline().strip()}"
        finally:
            screen.terminate()


@pytest.mark.skipif(not TRAY, reason="not installed: Xvfb, trayer")
def test_a_real_tray_is_seen_when_it_is_there(patient: Patient, display: str) -> None:
    bus = {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "DISPLAY": display}
    assert patient.examined(**bus)[1]["tray"]["verdict"] == "warn"
    with subprocess.Popen(["trayer"], env=patient.environ | bus, stderr=subprocess.DEVNULL) as trayer:  # noqa: S607
        try:
            ends = time.monotonic() + LIMIT
            while patient.examined(**bus)[1]["tray"]["verdict"] != "ok":
                assert time.monotonic() < ends
        finally:
            trayer.terminate()


def test_a_display_that_is_gone_is_no_crash_that_anybody_sees(patient: Patient) -> None:
    found = patient.examined(DISPLAY=":4711")[1]
    assert found["tray"]["verdict"] == "skip"
    assert "no display" in found["tray"]["reason"]
