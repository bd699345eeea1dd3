"""A cloudflared that does as a script tells it, warts first.

``fake_cloudflared.py SCRIPT.json tunnel ... run``. The script is a list of runs, the last of which is repeated;
each is an object with, all optional:

- ``say``: pairs of seconds to wait and a line for stderr, ``{metrics}`` standing for the metrics address;
- ``ready``: triples of seconds since the start, status and readyConnections; status 0 does not answer at all.
  Without it, ``/ready`` is honest: 200 as soon as a line with "Registered" has been said;
- ``help``: text for stdout;
- ``exit``: status to end with once all is said; without it, it stays until SIGTERM;
- ``stubborn``: SIGTERM is ignored; ``flood``: stderr is flooded once all is said.

Beside the script, ``starts.jsonl`` gets one line a start: pid, arguments, environment and config file.
"""

from __future__ import annotations

import http.server
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

STARTED = time.monotonic()


def main() -> int:
    """Play the next run of the script."""
    script = Path(sys.argv[1])
    arguments = sys.argv[2:]
    starts = script.with_name("starts.jsonl")
    count = len(starts.read_text().splitlines()) if starts.exists() else 0
    runs: list[dict[str, Any]] = json.loads(script.read_text())
    run = runs[min(count, len(runs) - 1)]
    config = Path(arguments[arguments.index("--config") + 1])
    start = {
        "pid": os.getpid(),
        "arguments": arguments,
        "environment": dict(os.environ),
        "config": config.read_text(),
        "folder": str(config.parent),
    }
    with starts.open("a") as file:
        file.write(json.dumps(start) + "\n")
    if run.get("stubborn"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    answers = run.get("ready", [[0, 503, 0]])
    metrics = serve_metrics(answers)
    sys.stdout.write(run.get("help", ""))
    sys.stdout.flush()
    for wait, line in run.get("say", []):
        time.sleep(wait)
        sys.stderr.write(line.replace("{metrics}", metrics) + "\n")
        sys.stderr.flush()
        if "ready" not in run and "Registered" in line:
            answers.append([0, 200, 1])
    while run.get("flood"):
        sys.stderr.write("2026-11-23T18:38:01Z INF " + "blah " * 40 + "\n")
    if "exit" in run:
        return int(run["exit"])
    while True:
        time.sleep(3600)


def serve_metrics(answers: list[list[float]]) -> str:
    """Serve ``/ready`` as the script says, and return where."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            since = time.monotonic() - STARTED
            _, status, connections = [answer for answer in answers if answer[0] <= since][-1]
            if not status:
                time.sleep(3600)
            self.send_response(int(status))
            self.end_headers()
            self.wfile.write(json.dumps({"status": status, "readyConnections": connections}).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"127.0.0.1:{server.server_port}"


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)
