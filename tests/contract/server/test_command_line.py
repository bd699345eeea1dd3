"""``tunneldesk backend`` as a person or a script starts and stops it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.backend_process import STOPPED, command_line
from tests.contract.server.accounts import Account, code

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from tests.conftest import StartBackend


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tunneldesk.backend", *arguments],
        capture_output=True,
        text=True,
        timeout=20,
        env=os.environ | environment,
        check=False,
    )


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("--port", "65536"),
        ("--port", "-1"),
        ("--port", "http"),
        ("--edge-port", "1.5"),
        ("--base-domain", "not a domain"),
        ("--base-domain", "-a.localhost"),
        ("--heartbeat-interval", "0"),
        ("--lease-timeout", "nan"),
        ("--reaper-interval", "inf"),
        ("--max-tunnels", "0"),
        ("--create-rate", "-1"),
        ("--dialect", "older"),
        ("--sign-in", "maybe"),
        ("--allow-email-domain", "@example.com"),
        ("--access-token-lifetime", "0"),
        ("--refresh-grace", "-1"),
        ("--start-rate", "-1"),
        ("--poll-rate", "1.5"),
        ("--exchange-rate", "many"),
    ],
)
def test_a_bad_value_is_named(switch: str, value: str) -> None:
    ran = run(f"{switch}={value}")
    assert ran.returncode == 2
    last = ran.stderr.splitlines()[-1]
    assert last.startswith("tunneldesk backend: error: ")
    assert switch in last
    assert repr(value) in last
    assert ran.stdout == ""


@pytest.mark.parametrize("switch", ["--port", "--edge-port"])
def test_a_busy_port_is_named_and_the_way_out_told(tmp_path: Path, switch: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        ran = run("--port=0", "--edge-port=0", switch, port, "--data-dir", str(tmp_path))
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert f"Port {port} on 127.0.0.1 is in use" in line
    assert switch in line


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1"])
def test_an_address_of_nobody_here_is_named(tmp_path: Path, host: str) -> None:
    ran = run("--host", host, "--port=0", "--data-dir", str(tmp_path))
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert host in line
    assert "--host" in line


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    ran = run("--port=0", "--edge-port=0", "--data-dir", str(in_the_way))
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert str(in_the_way) in line
    assert "--data-dir" in line


def test_two_servers_do_not_share_a_data_folder(start_backend: StartBackend) -> None:
    backend = start_backend()
    ran = run("--port=0", "--edge-port=0", "--data-dir", str(backend.data_dir))
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert f"Another TunnelDesk server is using the data folder {backend.data_dir}" in line


def test_the_ready_line_is_all_that_is_said_on_stdout(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with subprocess.Popen(
        [sys.executable, "-m", "tunneldesk.backend", "--port=0", "--edge-port=0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"TUNNELDESK_HOME": str(home)},
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert list(ready) == ["event", "apiUrl", "edgeUrl", "accessToken", "pid"]
        assert ready["event"] == "ready"
        assert ready["pid"] == process.pid
        assert (home / "backend" / "backend.sqlite3").exists()
        process.terminate()
        assert process.stdout.read() == ""
        assert process.wait(10) == STOPPED


def test_no_token_is_ever_logged(start_backend: StartBackend) -> None:
    backend = start_backend(dialect="newer")
    account = Account(backend)
    created = account.create()
    secrets = [backend.token, account.token, created["cloudflaredToken"], created["tunnelRunToken"]]
    for token in secrets:
        account.beat(created["tunnelId"], token=token)
    account.call("POST", "", content=b"rubbish")
    backend.control("revoke-token", {"accessToken": account.token})
    backend.stop()
    log = backend.log.read_text()
    assert "POST /_control/revoke-token 200" in log
    assert not [secret for secret in secrets if secret in log]


@pytest.mark.posix("sends signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_and_soon_whoever_is_connected(
    start_backend: StartBackend,
    dial: Callable[[dict[str, Any]], tuple[socket.socket, bytes]],
    number: signal.Signals,
) -> None:
    backend = start_backend(dialect="newer")
    account = Account(backend)
    created = account.create()
    connector, _ = dial(created)
    address = ("127.0.0.1", urlsplit(backend.api_url).port or 0)
    answers = []
    deleting = threading.Thread(target=lambda: answers.append(account.delete(created["tunnelId"])))
    with socket.create_connection(address), socket.create_connection(address) as half, connector:
        half.sendall(b"POST /v1/tunnels HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n")
        deleting.start()
        while [tunnel["status"] for tunnel in account.tunnels()] != ["stopping"]:
            assert deleting.is_alive()
        started = time.monotonic()
        backend.process.send_signal(number)
        assert backend.process.wait(10) == 0
        assert time.monotonic() - started < 4
    deleting.join(10)
    assert [code(answer) for answer in answers] == [(503, "INTERNAL_ERROR")]
    assert "Traceback" not in backend.log.read_text()


@pytest.mark.posix("sends signals")
def test_a_signal_at_any_moment_of_the_start_ends_it(tmp_path: Path) -> None:
    for delay in (0.05, 0.15, 0.25, 0.35, 0.5):
        with subprocess.Popen(
            command_line(data_dir=tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(delay)
            process.terminate()
            assert process.wait(10) in (0, -signal.SIGTERM)


def test_starting_it_loads_nothing_of_the_client() -> None:
    check = (
        "import sys, tunneldesk.backend.__main__, tunneldesk.backend.server;"
        "loaded = [name for name, module in sys.modules.items() if module is not None];"
        "print(*[name for name in loaded if name.startswith(('PySide6', 'tunneldesk.', 'httpx', 'yaml'))])"
    )
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, timeout=20, check=True)
    strangers = [
        name for name in ran.stdout.split() if not name.startswith(("tunneldesk.backend", "tunneldesk.resources"))
    ]
    assert strangers == []
