"""The main job in the terminal, everything real: server, edge, stand-in connector, origin, each its own process."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import pty
import queue
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

pytestmark = [pytest.mark.slow, pytest.mark.posix("sends signals")]

ROOT = Path(__file__).parents[2]
LIMIT = 20.0


@dataclass
class Server:
    """The paired server, run as anybody would."""

    api: str
    token: str
    home: Path
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        self.http = httpx.Client(base_url=self.api, headers=headers, trust_env=False, timeout=LIMIT)

    def control(self, what: str, **body: Any) -> Any:
        answer = self.http.post(f"/_control/{what}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def tunnels(self, *, inactive: bool = False) -> list[dict[str, Any]]:
        answer = self.http.get("/v1/tunnels", params={"includeInactive": "true"} if inactive else {})
        tunnels: list[dict[str, Any]] = answer.json()
        return tunnels

    def environ(self, **changes: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        kept |= {name: value for name, value in os.environ.items() if name.startswith(("COVERAGE", "COV_"))}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "TUNNELDESK_HOME": str(self.home),
            "TUNNELDESK_SERVER": self.api,
            "TUNNELDESK_ACCESS_TOKEN": self.token,
            **changes,
        }

    def run(self, *words: str, given: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command that ends by itself."""
        return subprocess.run(
            [sys.executable, "-m", "tunneldesk", *words],
            env=self.environ(**environ),
            input=given,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("terminal")
    words = ["--port", "0", "--edge-port", "0", "--data-dir", str(folder / "data"), "--control"]
    words += ["--create-rate", "10000", "--heartbeat-interval", "1", "--lease-timeout", "6"]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tunneldesk", "backend", *words],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    with process:
        assert process.stdout is not None
        try:
            ready = json.loads(process.stdout.readline())
            running = Server(ready["apiUrl"], ready["accessToken"], folder / "home")
            with running.http:
                yield running
        finally:
            process.terminate()
            process.wait(LIMIT)


@pytest.fixture(autouse=True)
def _clean(server: Server) -> Iterator[None]:
    yield
    server.http.delete("/_control/faults")
    assert server.tunnels() == []


@pytest.fixture(scope="module")
def origin() -> Iterator[int]:
    """Return the port of what the user has running."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"you asked for {self.path}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running.server_address[1]
        running.shutdown()
        thread.join()


class Expose:
    """A running `expose`, its lines of output, and its end."""

    def __init__(self, server: Server, *words: str, **environ: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tunneldesk", "expose", *words],
            env=server.environ(**environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.seen: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with contextlib.suppress(ValueError):  # closed by the test
            for line in self.process.stdout:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, wanted: Callable[[str], bool]) -> str:
        """Return the first line from here on that is wanted."""
        deadline = time.monotonic() + LIMIT
        while (line := self._lines.get(timeout=max(0.01, deadline - time.monotonic()))) is not None:
            self.seen.append(line)
            if wanted(line):
                return line
        raise AssertionError(f"ended without it: {self.seen} {self.process.communicate()[1]}")

    def event(self, **wanted: object) -> dict[str, Any]:
        """Return the first event from here on that has these values."""

        def fits(line: str) -> bool:
            event: dict[str, Any] = json.loads(line)
            return wanted.items() <= event.items()

        event: dict[str, Any] = json.loads(self.until(fits))
        return event

    def end(self, *signals: signal.Signals) -> int:
        """Send signals, if any, and return the exit status."""
        for number in signals:
            self.process.send_signal(number)
        status = self.process.wait(LIMIT)
        self._thread.join(LIMIT)
        while (line := self._lines.get(timeout=1)) is not None:
            self.seen.append(line)
        return status

    @property
    def phases(self) -> list[str]:
        """The phases seen so far."""
        events = [json.loads(line) for line in self.seen]
        return [event["phase"] for event in events if event["event"] == "phase"]

    @property
    def errors(self) -> str:
        """What was said on standard error; to be asked once, at the end."""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def close(self) -> None:
        self.process.kill()
        self.process.wait(LIMIT)
        self._thread.join(LIMIT)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def expose(server: Server) -> Iterator[Callable[..., Expose]]:
    running: list[Expose] = []

    def start(*words: str, **environ: str) -> Expose:
        running.append(Expose(server, *words, **environ))
        return running[-1]

    yield start
    for each in running:
        each.close()


def fetch(address: str, path: str = "/") -> tuple[int, str]:
    """Open an address of this computer, whose name the system may not look up."""
    url = httpx.URL(address)
    connection = http.client.HTTPConnection("127.0.0.1", url.port, timeout=LIMIT)
    try:
        connection.request("GET", path, headers={"Host": url.netloc.decode()})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def living(home: Path) -> list[str]:
    """Return the command lines of processes that were started for this home."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(home).encode() in (entry / "cmdline").read_bytes():
                found.append((entry / "cmdline").read_text().replace("\0", " "))
    return found


def test_a_port_is_exposed_serves_and_is_gone_again(
    server: Server, origin: int, expose: Callable[..., Expose]
) -> None:
    running = expose(str(origin), "--name", "my-app", "--json")
    online = running.event(event="phase", phase="online")
    assert running.phases == ["creating", "connecting", "online"]
    assert online["port"] == origin
    assert online["hostname"].startswith("my-app.tunnel.localhost:")
    assert online["address"] == f"http://{online['hostname']}"
    assert [tunnel["id"] for tunnel in server.tunnels()] == [online["tunnelId"]]
    assert fetch(online["address"], "/x?y=1") == (200, "you asked for /x?y=1")

    beat = running.event(event="heartbeat", ok=True)
    assert 0 < beat["rttMs"] < 5000
    assert 0 < beat["leaseLeftSec"] <= 6

    assert running.end(signal.SIGINT) == 0
    assert running.phases == ["creating", "connecting", "online", "stopping", "stopped"]
    assert server.tunnels() == []
    assert running.errors == ""
    assert living(server.home) == []


def test_sigterm_ends_it_as_well_and_two_interrupts_too(
    server: Server, origin: int, expose: Callable[..., Expose]
) -> None:
    first, second = expose(str(origin), "--json"), expose(str(origin), "--json")
    first.event(phase="online")
    second.event(phase="online")
    assert first.end(signal.SIGTERM) == 0
    assert second.end(signal.SIGINT, signal.SIGINT) == 0
    assert server.tunnels() == []


def test_an_interrupt_at_any_early_moment_leaves_nothing_behind(
    server: Server, origin: int, expose: Callable[..., Expose]
) -> None:
    server.control("faults", route="create", delaySec=0.5)
    running = expose(str(origin), "--json")
    running.event(phase="creating")
    assert running.end(signal.SIGINT) == 0
    assert running.phases[-1] == "stopped"
    assert server.tunnels() == []


def test_it_stops_by_itself_when_the_time_is_up(origin: int, expose: Callable[..., Expose]) -> None:
    running = expose(str(origin), "--for", "1s")
    address = running.until(lambda line: line.startswith("http://"))
    assert fetch(address)[0] == 200
    assert running.end() == 0
    assert running.seen[-1].endswith(f"Stopped; port {origin} is no longer exposed")


def test_the_demo_needs_neither_server_nor_token(
    server: Server, origin: int, expose: Callable[..., Expose], tmp_path: Path
) -> None:
    away = {"TUNNELDESK_SERVER": "", "TUNNELDESK_ACCESS_TOKEN": "", "TUNNELDESK_HOME": str(tmp_path)}
    running = expose(str(origin), "--demo", "--json", **away)
    online = running.event(phase="online")
    assert fetch(online["address"], "/demo") == (200, "you asked for /demo")
    assert running.end(signal.SIGINT) == 0
    assert living(tmp_path) == []
    assert server.tunnels() == []


def test_a_reader_that_has_seen_enough_ends_it_cleanly(server: Server, origin: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tunneldesk", "expose", str(origin), "--json"],
        env=server.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while '"online"' not in process.stdout.readline():
            assert process.poll() is None
        process.stdout.close()
        assert process.wait(LIMIT) == 0
        assert process.stderr.read() == ""


def test_a_list_that_nobody_reads_is_no_error(server: Server) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        ended = subprocess.run(
            [sys.executable, "-m", "tunneldesk", "list", "--all"],
            env=server.environ(),
            stdout=nobody,
            stderr=subprocess.PIPE,
            timeout=LIMIT,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_terminal_shows_the_address_alone_and_ctrl_c_ends_it(server: Server, origin: int) -> None:
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tunneldesk", "expose", str(origin), "--name", "shown"],
        env=server.environ(TERM="xterm", COLUMNS="80"),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=_own_terminal,
    )
    os.close(terminal)
    try:
        shown = _read_until(keyboard, "Your service", "Heartbeats ", "Ctrl-C stops the tunnel")
        lines = [re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line) for line in shown.splitlines()]
        (address,) = {line for line in lines if line.startswith("http://")}
        assert address.startswith("http://shown.tunnel.localhost:")
        assert fetch(address)[0] == 200
        os.write(keyboard, b"\x03")
        _read_until(keyboard, "is no longer exposed")
        assert process.wait(LIMIT) == 0
    finally:
        process.kill()
        process.wait(LIMIT)
        os.close(keyboard)


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(terminal: int, *wanted: str) -> str:
    shown = ""
    deadline = time.monotonic() + LIMIT
    while not all(text in shown for text in wanted):
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        assert ready, shown
        shown += os.read(terminal, 65536).decode()
    return shown


SLUG_DETAILS = {"fieldErrors": {"requestedSlug": ["reserved"]}}
PORT_DETAILS = {"fieldErrors": {"port": ["too large"]}}
RATE_500 = {"Retry-After": "7", "X-RateLimit-Remaining": "0"}

PROVOKED: list[tuple[dict[str, Any], int, str]] = [
    ({"code": "INVALID_INPUT"}, 2, "The server could not read the request"),
    ({"code": "INVALID_INPUT", "details": SLUG_DETAILS}, 2, '"my-app" can\'t be used as a name'),
    ({"code": "INVALID_INPUT", "details": PORT_DETAILS}, 2, "Port {port} can't be exposed"),
    ({"code": "INVALID_PORT"}, 2, "Port {port} can't be exposed"),
    ({"code": "INVALID_SLUG"}, 2, '"my-app" can\'t be used as a name'),
    ({"code": "INVALID_TUNNEL_ID"}, 2, "The server refused the request"),
    ({"code": "TUNNEL_SLUG_CONFLICT"}, 4, '"my-app" is taken'),
    ({"code": "TUNNEL_LIMIT_EXCEEDED", "details": {"maxActive": 3}}, 4, "All 3 tunnels are in use"),
    ({"code": "TUNNEL_LIMIT_REACHED"}, 4, "All 5 tunnels are in use"),
    ({"code": "SLUG_EXHAUSTED"}, 4, "The server found no free name"),
    ({"code": "RATE_LIMITED", "headers": {"Retry-After": "7"}}, 4, "Too many requests for now"),
    ({"status": 429, "body": ""}, 4, "Too many requests for now"),
    ({"code": "INTERNAL_ERROR", "headers": RATE_500}, 4, "Too many requests for now"),
    ({"code": "MISSING_AUTH"}, 3, "Sign in again"),
    ({"code": "INVALID_TOKEN"}, 3, "Sign in again"),
    ({"code": "INVALID_REFRESH_TOKEN", "status": 401}, 3, "Your session has ended"),
    ({"code": "FORBIDDEN"}, 3, "This account may not do that"),
    ({"code": "WORKSPACE_NOT_ALLOWED", "status": 403}, 3, "This account may not do that"),
    ({"code": "EMAIL_MISMATCH", "status": 403}, 3, "This account may not do that"),
    ({"code": "EMAIL_NOT_ALLOWED", "status": 403}, 3, "This account may not do that"),
    ({"code": "SLACK_OAUTH_DENIED", "status": 400}, 3, "Sign-in was refused"),
    ({"code": "SLACK_PROFILE_INCOMPLETE", "status": 400}, 3, "Sign-in was refused"),
    ({"code": "SLACK_OAUTH_FAILED", "status": 502}, 3, "Sign-in failed at the provider"),
    ({"code": "SLACK_PROFILE_FAILED", "status": 502}, 3, "Sign-in failed at the provider"),
    *(
        ({"code": code, "status": 400}, 3, "That sign-in is no longer valid")
        for code in (
            "INVALID_STATE",
            "OAUTH_EXPIRED",
            "OAUTH_ALREADY_USED",
            "MISSING_OAUTH_PARAMS",
            "INVALID_LOGIN_CODE",
            "LOGIN_CODE_USED",
            "LOGIN_CODE_EXPIRED",
            "INVALID_CODE_VERIFIER",
            "USER_NOT_FOUND",
        )
    ),
    ({"code": "CLOUDFLARE_ERROR"}, 4, "Cloudflare refused; the server will retry"),
    ({"code": "INTERNAL_ERROR"}, 4, "The server has a problem"),
    ({"code": "MELTDOWN", "status": 507}, 4, "The server has a problem"),
    ({"code": "TEAPOT", "status": 418}, 4, "The server refused the request"),
    ({"status": 200, "body": "<html>Welcome to the hotel</html>"}, 6, "That is not a TunnelDesk server"),
    ({"status": 200, "body": '{"tunnelId": 5}'}, 6, "That is not a TunnelDesk server"),
]


@pytest.mark.parametrize(("fault", "status", "title"), PROVOKED, ids=[str(row[0]) for row in PROVOKED])
def test_each_answer_of_a_server_has_its_own_title_status_and_way_on(
    server: Server, origin: int, fault: dict[str, Any], status: int, title: str
) -> None:
    server.control("faults", route="create", **fault)
    ended = server.run("expose", str(origin), "--name", "my-app")
    assert ended.stderr.splitlines()[0] == title.format(port=origin), ended.stderr
    assert "What you can do:" in ended.stderr
    assert ended.returncode == status

    server.control("faults", route="create", **fault)
    told = [json.loads(line) for line in server.run("expose", str(origin), "--json").stdout.splitlines()]
    assert [event["event"] for event in told] == ["phase", "problem", "phase"]
    assert told[1]["code"]
    assert told[1]["actions"]


def test_what_a_server_says_cannot_play_with_the_terminal(server: Server, origin: int) -> None:
    server.control("faults", route="create", code="FORBIDDEN", message="\x1b[2J\x1b]0;owned\x07<b>no</b>\u202e")
    ended = server.run("expose", str(origin))
    assert "\x1b" not in ended.stderr
    assert "\x07" not in ended.stderr
    assert "<b>no</b>" in ended.stderr


BAD_INPUT: list[tuple[Sequence[str], str]] = [
    *((["expose", port], "whole number from 1 to 65535") for port in ("0", "65536", "1.5", "abc")),
    *(
        (["expose", "3000", "--name", name], "lower-case letters, digits and hyphens")
        for name in ("My-App", "my.app", "a" * 33, "<b>x</b>")
    ),
    (["expose", "3000", "--for", "soon"], "Write it like 30s"),
    (["expose", "3000", "--server", "http://api.example.com"], "plain http:// is for this computer"),
    (["expose", "3000", "--server", "not a url"], "it is not a web address"),
    (["expose"], "PORT"),
    (["expose", "3000", "--frobnicate"], "frobnicate"),
]


@pytest.mark.parametrize(("words", "said"), BAD_INPUT, ids=[" ".join(row[0]) for row in BAD_INPUT])
def test_bad_input_is_refused_before_anything_happens(server: Server, words: Sequence[str], said: str) -> None:
    before = server.tunnels(inactive=True)
    ended = server.run(*words)
    assert ended.returncode == 2
    assert said in " ".join(ended.stderr.split())
    assert ended.stdout == ""
    (problem,) = [json.loads(line) for line in server.run(*words, "--json").stdout.splitlines()]
    assert problem["event"] == "problem"
    assert said in problem["text"] or said in problem["title"]
    assert server.tunnels(inactive=True) == before


def test_a_bad_address_in_the_environment_is_refused_as_well(server: Server) -> None:
    ended = server.run("expose", "3000", TUNNELDESK_SERVER="http://api.example.com")
    assert ended.returncode == 2
    assert ended.stderr.startswith("That server address can't be used\n")


def test_without_a_connector_nothing_is_created(server: Server, origin: int) -> None:
    before = server.tunnels(inactive=True)
    ended = server.run("expose", str(origin), "--connector", "/nowhere/cloudflared")
    assert ended.returncode == 5
    assert ended.stderr.startswith("cloudflared is needed\n")
    assert "tunneldesk install-cloudflared" in ended.stderr
    ended = server.run("expose", str(origin), TUNNELDESK_CLOUDFLARED="/nowhere/cloudflared")
    assert ended.returncode == 5
    assert server.tunnels(inactive=True) == before


def test_an_edge_that_refuses_the_connector_is_told_with_the_connectors_own_words(
    server: Server, origin: int
) -> None:
    server.control("edge/refuse", reason="Unauthorized: Invalid tunnel secret")
    try:
        ended = server.run("expose", str(origin))
    finally:
        server.control("edge/refuse", reason=None)
    assert ended.returncode == 5
    assert ended.stderr.startswith("Connected to the server, but not to Cloudflare\n")
    assert "Invalid tunnel secret" in " ".join(ended.stderr.split())


def test_a_revoked_token_and_none_at_all_say_how_to_sign_in(server: Server, origin: int) -> None:
    token = server.control("users")["accessToken"]
    server.control("revoke-token", accessToken=token)
    for given, title in ((token, "Sign in again"), ("", "You are not signed in")):
        ended = server.run("expose", str(origin), TUNNELDESK_ACCESS_TOKEN=given)
        assert ended.returncode == 3
        assert ended.stderr.startswith(f"{title}\n")
        assert "tunneldesk sign-in --email" in ended.stderr
        assert token not in ended.stderr + ended.stdout


def test_a_server_that_is_away_or_something_else_is_told_apart(server: Server, origin: int) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    ended = server.run("expose", str(origin), "--server", away)
    assert ended.returncode == 6
    assert ended.stderr.startswith(f"Can't reach {away.removeprefix('http://')}\n")
    ended = server.run("expose", str(origin), "--server", f"http://127.0.0.1:{origin}")
    assert ended.returncode == 6
    assert ended.stderr.startswith("That is not a TunnelDesk server\n")


def test_list_and_stop_reach_what_runs_in_another_terminal(
    server: Server, origin: int, expose: Callable[..., Expose]
) -> None:
    assert server.run("list").stdout == "There are no tunnels.\n"
    running = expose(str(origin), "--name", "my-app")
    address = running.until(lambda line: line.startswith("http://"))
    table = server.run("list").stdout.splitlines()
    assert table[0].split() == ["NAME", "PORT", "STATUS", "LEASE", "ADDRESS"]
    assert table[1].startswith("my-app")
    assert table[1].endswith(address)
    (listed,) = map(json.loads, server.run("list", "--json").stdout.splitlines())
    assert (listed["name"], listed["port"], listed["status"]) == ("my-app", origin, "active")

    unknown = server.run("stop", "nobody")
    assert unknown.returncode == 4
    assert "There is no tunnel nobody" in unknown.stderr
    stopped = server.run("stop", "my-app")
    assert (stopped.returncode, stopped.stdout) == (0, "my-app stopped\n")
    assert running.end() == 4
    assert running.errors.startswith('"my-app" was stopped elsewhere\n')
    assert server.run("stop", "--all").stdout == "There are no tunnels.\n"


def test_a_stop_that_the_server_puts_off_or_refuses_is_told(server: Server) -> None:
    server.http.post("/v1/tunnels", json={"port": 3000, "requestedSlug": "left"})
    server.control("faults", route="delete", code="INTERNAL_ERROR", apply=False, times=2)
    refused = server.run("stop", "left")
    assert refused.returncode == 4
    assert refused.stderr.startswith("The server has a problem\n")
    server.http.delete("/_control/faults")
    server.control("faults", route="delete", code="TUNNEL_CLOUDFLARE_DELETION_FAILED", apply=False)
    assert "no longer runs" in server.run("stop", "left").stdout
    assert server.run("stop", "--all").returncode == 0


def test_the_doctor_looks_at_everything(server: Server) -> None:
    ended = server.run("doctor", "--json")
    found = {line["check"]: line for line in map(json.loads, ended.stdout.splitlines())}
    assert ended.returncode == 0
    assert list(found) == [
        "server",
        "clock",
        "access token",
        "keyring",
        "connector",
        "edge",
        "tray",
        "folders",
        "disk space",
        "leftovers",
        "localhost names",
    ]
    assert found["access token"]["verdict"] == "ok"
    assert found["keyring"]["verdict"] == "warn"
    ended = server.run("doctor", TUNNELDESK_SERVER="", TUNNELDESK_ACCESS_TOKEN="")
    assert ended.returncode == 3
    assert "--server URL" in " ".join(ended.stdout.split())
    ended = server.run("doctor", TUNNELDESK_SERVER="http://api.example.com")
    assert ended.returncode == 2
    assert "plain http://" in " ".join(ended.stdout.split())


def test_signing_in_checks_the_token_and_says_where_it_could_not_be_kept(server: Server) -> None:
    wrong = server.run("sign-in", "--token-stdin", given="wrong\n")
    assert wrong.returncode == 3
    assert wrong.stderr.startswith("Sign in again\n")
    unkept = server.run("sign-in", "--token-stdin", given=server.token)
    assert unkept.returncode == 3
    assert unkept.stderr.startswith("Can't store your sign-in safely\n")
    assert server.token not in unkept.stdout + unkept.stderr
    assert server.run("sign-in", "--token-stdin", given="x", TUNNELDESK_SERVER="").returncode == 2


def test_a_kept_token_is_used_until_signing_out(server: Server, tmp_path: Path) -> None:
    (tmp_path / "plainring.py").write_text(_PLAIN_KEYRING)
    here = {
        "TUNNELDESK_HOME": str(tmp_path / "home"),
        "TUNNELDESK_ACCESS_TOKEN": "",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "PYTHON_KEYRING_BACKEND": "plainring.Keyring",
        "PLAINRING": str(tmp_path / "ring.json"),
    }
    assert server.run("sign-in", "--token-stdin", given=server.token, **here).returncode == 0
    without_server = here | {"TUNNELDESK_SERVER": ""}
    assert server.run("list", **without_server).stdout == "There are no tunnels.\n"
    assert server.run("sign-out", **without_server).stdout == f"Signed out of {server.api}.\n"
    assert server.run("list", **without_server).returncode == 3


def test_a_locked_keyring_is_told_as_the_reason(server: Server, origin: int, tmp_path: Path) -> None:
    (tmp_path / "lockedring.py").write_text(_LOCKED_KEYRING)
    here = {
        "TUNNELDESK_ACCESS_TOKEN": "",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "PYTHON_KEYRING_BACKEND": "lockedring.Keyring",
    }
    for words in (["expose", str(origin)], ["list"], ["sign-out"]):
        ended = server.run(*words, **here)
        assert ended.returncode == 3
        assert "keyring is locked" in " ".join(ended.stderr.split())


_LOCKED_KEYRING = '''
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

class Keyring(KeyringBackend):
    """Never gives anything, for tests."""
    priority = 1
    def get_password(self, service, username):
        raise KeyringLocked("locked")
    set_password = delete_password = get_password
'''

_PLAIN_KEYRING = '''
import json, os
from pathlib import Path
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    """Keeps everything in a file, for tests."""
    priority = 1
    file = Path(os.environ["PLAINRING"])
    def _all(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}
    def get_password(self, service, username):
        return self._all().get(f"{service}/{username}")
    def set_password(self, service, username, password):
        self.file.write_text(json.dumps(self._all() | {f"{service}/{username}": password}))
    def delete_password(self, service, username):
        self.file.write_text(json.dumps({k: v for k, v in self._all().items() if k != f"{service}/{username}"}))
'''


@pytest.mark.parametrize(
    "words",
    ["expose {port} --for 1s", "list", "stop --all", "doctor", "sign-out", "--version --verbose", "expose 0"],
)
def test_no_command_imports_qt_or_what_it_does_not_need(server: Server, origin: int, words: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tunneldesk", *words.format(port=origin).split()],
        # Not measured: coverage would import things of its own.
        env={name: value for name, value in server.environ().items() if not name.startswith("COV")},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in ended.stderr.splitlines()}
    assert "tunneldesk" in imported
    assert not imported & {"PySide6", "shiboken6", "qasync", "uvicorn", "starlette", "sqlite3", "yaml"}
    if words.startswith(("expose", "list", "stop")):
        assert "keyring" not in imported
