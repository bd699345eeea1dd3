"""A cloudflared that misbehaves as planned, and may become the genuine stand-in.

``unruly_cloudflared.py PLAN.json <cloudflared's arguments>``. The plan is a list of runs, the last of which is
repeated; each is

- an object: played by the connector tests' fake cloudflared, see there;
- ``"genuine"``: becomes the stand-in, which carries real traffic;
- ``"heard"``: the same, and somebody reads its log to the end: it does not die of its owner's closed pipe;
- ``"loose"``: the same again, having slipped what else ties it to its owner's life.

Beside the plan, ``starts.jsonl`` gets one line a start: pid and protocol.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from pathlib import Path

FAKE = Path(__file__).parents[2] / "contract" / "connector" / "fake_cloudflared.py"
_PR_SET_PDEATHSIG = 1

_RELAY = """
import os
while data := os.read(0, 65536):
    try:
        os.write(2, data)
    except OSError:
        pass
"""


def main(plan: Path, arguments: list[str]) -> None:
    """Play the next run of the plan."""
    if arguments == ["--version"]:
        sys.stdout.write("cloudflared version 2026.8.2 (built 2026-08-14-11:22 UTC)\n")
        return
    starts = plan.with_name("starts.jsonl")
    number = len(starts.read_text().splitlines()) if starts.exists() else 0
    with starts.open("a") as file:
        said = {"pid": os.getpid(), "protocol": os.environ.get("TUNNEL_TRANSPORT_PROTOCOL")}
        file.write(json.dumps(said) + "\n")
    runs = json.loads(plan.read_text())
    run = runs[min(number, len(runs) - 1)]
    if isinstance(run, str):
        if run == "loose":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, 0, 0, 0, 0)
        if run in {"heard", "loose"}:
            find_listener()
        program = ["-m", "tunneldesk.backend.connector"]
    else:
        script = plan.with_name(f"run-{number}") / "script.json"
        script.parent.mkdir()
        script.write_text(json.dumps([run]))
        program = [str(FAKE), str(script)]
    os.execv(sys.executable, [sys.executable, *program, *arguments])  # noqa: S606 - no shell is what is wanted


def find_listener() -> None:
    """Have stderr read by a process that goes on when nobody takes it any more."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.dup2(reading, 0)
        os.close(writing)
        environ = {name: value for name, value in os.environ.items() if name != "TUNNEL_TOKEN"}
        os.execve(sys.executable, [sys.executable, "-S", "-c", _RELAY], environ)  # noqa: S606 - no shell either
    os.dup2(writing, 2)
    os.close(reading)
    os.close(writing)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
