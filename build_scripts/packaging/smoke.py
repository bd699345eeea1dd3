"""The smoke test of a TunnelDesk that somebody can start: an installed one, a frozen folder, or the source tree.

    python3 build_scripts/packaging/smoke.py [--tray] [--version 1.2.3] [--home DIR] -- COMMAND ...

It starts, tells its version, lets the doctor look, exposes a port in demo mode and fetches the address, first in
the terminal and then (``--tray``, which needs a screen) in the tray, quits, and looks that no process is left.
Standard library only, so that it runs on a machine that has nothing of ours but the installed program.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import http.client
import http.server
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")

PAGE = b"<title>smoke</title>the page on the user's own port"
NAME = "smoke"
WINDOWS: bool = sys.platform == "win32"
LINUX: bool = sys.platform == "linux"

_PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>


class SmokeError(Exception):
    """Something is not as it should be."""


class Target:
    """The TunnelDesk under test, with a home of its own."""

    def __init__(self, command: Sequence[str], home: Path) -> None:
        self.command = list(command)
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TUNNEL", "PYTHON"))}
        self.environ = {**kept, "TUNNELDESK_HOME": str(home)}

    def run(self, *words: str, statuses: tuple[int, ...] = (0,)) -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            [*self.command, *words], env=self.environ, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode not in statuses:
            raise SmokeError(f"{' '.join(words)}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command until the block ends; whoever still runs then is killed."""
        options: dict[str, Any] = {}
        if sys.platform == "win32":
            options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
        with (self.home / "stderr.txt").open("w", encoding="utf-8") as errors:
            started = subprocess.Popen(
                [*self.command, *words],
                env=self.environ,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                **options,
            )
            try:
                yield started
            finally:
                if started.poll() is None:
                    started.kill()
                started.wait()
                if started.stdout is not None:
                    started.stdout.close()

    def end(self, running: subprocess.Popen[str]) -> None:
        """Ask it to end as the system does, and see that it ends well."""
        # Windows has no gentle signal for a program without a console; there the installer closes its window.
        running.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM) if WINDOWS else signal.SIGTERM)
        status = running.wait(30)
        if status != 0 and not WINDOWS:
            raise SmokeError(f"it ended with status {status}\n{self.said_on_stderr()}")

    def said_on_stderr(self) -> str:
        """Return what the last long command has complained about."""
        return (self.home / "stderr.txt").read_text(encoding="utf-8")


def check_version(target: Target, version: str | None) -> str:
    """See that it starts and which version it is."""
    said = target.run("--version").strip()
    if not said.startswith("tunneldesk ") or (version and said != f"tunneldesk {version}"):
        raise SmokeError(f"it calls itself {said!r}")
    return said


def check_doctor(target: Target) -> str:
    """See that the doctor looks at everything; on a fresh home it finds things to mend."""
    said = target.run("doctor", "--json", statuses=tuple(range(7)))
    findings = [json.loads(line) for line in said.splitlines()]
    if not findings or not all(isinstance(each, dict) for each in findings):
        raise SmokeError(f"the doctor says {said!r}")
    return f"{len(findings)} findings"


def check_terminal(target: Target, port: int) -> str:
    """Do the main job in the terminal."""
    with target.running("expose", str(port), "--demo", "--name", NAME, "--for", "60s", "--json") as running:
        address = _address_from(target, running)
        _fetch(address)
        target.end(running)
    return address


def check_tray(target: Target, port: int) -> str:
    """Do the main job in the tray."""
    with target.running("--demo", "--expose", str(port), "--name", f"{NAME}-tray") as running:

        def where() -> str | None:
            if running.poll() is not None:
                raise SmokeError(f"it ended with status {running.returncode}\n{target.said_on_stderr()}")
            for file in target.home.rglob("ports.json"):
                with contextlib.suppress(ValueError, KeyError):
                    return f"http://{NAME}-tray.tunnel.localhost:{json.loads(file.read_text())['edge']}"
            return None

        address = _wait("the embedded server", where)
        _wait("the page behind the address", lambda: _serves(address))
        target.run("--quit")
        status = running.wait(30)
        if status != 0:
            raise SmokeError(f"it ended with status {status}\n{target.said_on_stderr()}")
    return address


def check_nothing_left() -> str:
    """See that every process has ended."""
    return _wait("the end of every process", lambda: None if processes_left() else "no process")


def processes_left() -> list[str]:
    """Return what still runs of all that was started."""
    if LINUX:
        # We are the reaper of every orphan among our descendants, so what is left is a child of ours.
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
        return [_describe(int(child)) for child in children if not _is_zombie(int(child))]
    listing = ["tasklist", "/fo", "csv", "/nh"] if WINDOWS else ["ps", "-axo", "comm"]
    said = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    return [line for line in said.splitlines() if "tunneldesk" in line.lower()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every check and say what came of it; status 1 at the first that fails."""
    parser = argparse.ArgumentParser(prog="smoke", description=__doc__.partition("\n")[0])
    parser.add_argument("--tray", action="store_true", help="do the main job in the tray, too")
    parser.add_argument("--version", help="the version it must have")
    parser.add_argument("--home", type=Path, help="folder for its data, which it may write (default: a new one)")
    parser.add_argument("command", nargs="+", help="how TunnelDesk is started, after --")
    options = parser.parse_args(arguments)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="tunneldesk-smoke-") as folder, _serving() as port:
        target = Target(options.command, options.home or Path(folder))
        checks: list[tuple[str, Callable[[], str]]] = [
            ("version", lambda: check_version(target, options.version)),
            ("doctor", lambda: check_doctor(target)),
            ("terminal", lambda: check_terminal(target, port)),
        ]
        if options.tray:
            checks.append(("tray", lambda: check_tray(target, port)))
        checks.append(("nothing left", check_nothing_left))
        try:
            for name, check in checks:
                started = time.monotonic()
                found = check()
                print(f"ok    {name:<13} {time.monotonic() - started:5.1f} s  {found}", flush=True)
        except (SmokeError, OSError, subprocess.SubprocessError, ValueError) as error:
            print(f"FAIL  {name}: {error}\nleft: {processes_left()}", flush=True)
            return 1
    return 0


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def _serving() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _address_from(target: Target, running: subprocess.Popen[str]) -> str:
    for line in running.stdout or ():
        event = json.loads(line)
        if event.get("phase") == "online":
            return str(event["address"])
        if event.get("event") == "problem":
            raise SmokeError(f"a problem: {line}")
    raise SmokeError(f"it ended before it was online\n{target.said_on_stderr()}")


def _fetch(address: str) -> None:
    if not _serves(address):
        raise SmokeError(f"{address} does not show the page")


def _serves(address: str) -> bool:
    """Fetch the page the way a browser does, which knows by itself where `*.localhost` is."""
    host = address.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection("127.0.0.1", int(host.rpartition(":")[2]), timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": host})
        answer = connection.getresponse()
        return answer.status == 200 and answer.read() == PAGE
    except OSError:
        return False
    finally:
        connection.close()


def _wait(what: str, look: Callable[[], T | None], seconds: float = 30.0) -> T:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise SmokeError(f"waited {seconds:.0f} s for {what}")


def _is_zombie(process: int) -> bool:
    """Reap it if it has ended; return whether it had."""
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(process, os.WNOHANG)[0] == process
    return True


def _describe(process: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return str(process)


if __name__ == "__main__":
    sys.exit(main())
