"""The stand-in connector with much to say: `chatty_connector.py LINES_A_SECOND <cloudflared's arguments>`.

A child writes lines as cloudflared writes them, into the same log, and dies with the connector.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from datetime import UTC, datetime

_PR_SET_PDEATHSIG = 1
_BURSTS = 50
"""Times a second at which lines are written."""


def main(lines_a_second: int, arguments: list[str]) -> None:
    """Talk beside the stand-in."""
    if arguments == ["--version"]:
        sys.stdout.write("cloudflared version 2026.8.2 (built 2026-08-14-11:22 UTC)\n")
        return
    connector = os.getpid()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == connector:
            _talk(lines_a_second)
        os._exit(0)
    program = [sys.executable, "-m", "tunneldesk.backend.connector", *arguments]
    os.execv(sys.executable, program)  # noqa: S606 - no shell is what is wanted


def _talk(lines_a_second: int) -> None:
    burst = max(1, lines_a_second // _BURSTS)
    due = time.monotonic()
    number = 0
    while True:
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        lines = []
        for _ in range(burst):
            number += 1
            lines.append(
                f"{now} DBG GET /assets/chunk-{number}.js connIndex=0 content-length=0 originService=http\n"
            )
        try:
            os.write(2, "".join(lines).encode())
        except OSError:
            return
        due += burst / lines_a_second
        time.sleep(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
