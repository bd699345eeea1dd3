"""The main job, from start to end, in the terminal and in the tray."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import json
import threading
from typing import TYPE_CHECKING

from build_scripts.packaging.smoke.target import SmokeError, wait

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from build_scripts.packaging.smoke.target import Target

PAGE = b"<title>smoke</title>the page on the user's own port"
NAME = "smoke"


def check_version(target: Target, version: str | None) -> str:
    """See that it starts and which version it is."""
    said = target.run("--version").stdout.strip()
    if not said.startswith("tunneldesk ") or (version and said != f"tunneldesk {version}"):
        raise SmokeError(f"it calls itself {said!r}")
    return said


def check_doctor(target: Target) -> str:
    """See that the doctor looks at everything; on a fresh home it finds things to mend."""
    said = target.run("doctor", "--json", statuses=range(7)).stdout
    findings = [json.loads(line) for line in said.splitlines()]
    if not findings or not all(isinstance(each, dict) for each in findings):
        raise SmokeError(f"the doctor says {said!r}")
    return f"{len(findings)} findings"


def check_terminal(target: Target, port: int) -> str:
    """Do the main job in the terminal."""
    with target.running("expose", str(port), "--demo", "--name", NAME, "--for", "60s", "--json") as running:
        address = address_from(target, running)
        if not _serves(address):
            raise SmokeError(f"{address} does not show the page")
        target.end(running)
    return address


def check_tray(target: Target, port: int) -> str:
    """Do the main job in the tray."""
    with target.running("--demo", "--expose", str(port), "--name", f"{NAME}-tray") as running:

        def where() -> str | None:
            target.see_that_it_runs(running)
            for file in target.home.rglob("ports.json"):
                with contextlib.suppress(ValueError, KeyError):
                    return f"http://{NAME}-tray.tunnel.localhost:{json.loads(file.read_text())['edge']}"
            return None

        address = wait("the embedded server", where)
        wait("the page behind the address", lambda: _serves(address))
        target.quit(running)
    return address


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """Serve the user's own page; the block gets its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def address_from(target: Target, running: subprocess.Popen[str]) -> str:
    """Return the address once the command says that it is online."""
    for line in running.stdout or ():
        event = json.loads(line)
        if event.get("phase") == "online":
            return str(event["address"])
        if event.get("event") == "problem":
            raise SmokeError(f"a problem: {line}")
    raise SmokeError(f"it ended before it was online\n{target.said_on_stderr()}")


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


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
