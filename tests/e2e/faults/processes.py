"""The processes of one row, found by a mark in their environment, which every child inherits."""

from __future__ import annotations

import base64
import binascii
import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

MARK = "FAULT_ROW"
"""Inherited by whatever a row starts; none of TunnelDesk's own variables, which are not passed on."""


@dataclass(frozen=True)
class Process:
    """One living process, as /proc shows it.

    Attributes:
        pid: Its number.
        argv: Its command line.
        environ: Its environment at its start.
    """

    pid: int
    argv: tuple[str, ...]
    environ: dict[str, str] = field(repr=False)

    @property
    def is_connector(self) -> bool:
        """Whether it was started with a connector's token."""
        return "TUNNEL_TOKEN" in self.environ

    @property
    def line(self) -> str:
        """Its command line, to be read by a person."""
        return f"{self.pid}: {' '.join(self.argv)}"

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)


class Processes:
    """Looks for the processes of a row, and remembers what each look has shown.

    Attributes:
        command_lines: Every command line that was seen.
        connector_tokens: Every connector token that was seen, and the secret inside it.
        connectors: The numbers of all connectors that were seen.
        intruders: Connectors whose environment held what is none of their business.
    """

    def __init__(self, mark: str) -> None:
        self._entry = f"{MARK}={mark}".encode()
        self._strangers: dict[int, str] = {}
        self.command_lines: set[str] = set()
        self.connector_tokens: set[str] = set()
        self.connectors_seen: set[int] = set()
        self.intruders: set[str] = set()

    def living(self) -> list[Process]:
        """Return the row's processes; zombies are none."""
        found = []
        strangers: dict[int, str] = {}
        for entry in os.listdir("/proc"):  # noqa: PTH208 - many times a second: a tenth of the cost
            if not entry.isdecimal():
                continue
            pid = int(entry)
            try:
                born, state = _stat(pid)
                if self._strangers.get(pid) == born:
                    strangers[pid] = born
                    continue
                environ = Path(f"/proc/{pid}/environ").read_bytes()
                argv = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if self._entry not in environ.split(b"\0"):
                # An environment that can't be told yet: it is about to be another program.
                if environ:
                    strangers[pid] = born
            elif state != "Z":
                found.append(self._seen(pid, argv, environ))
        self._strangers = strangers
        return found

    def connectors(self) -> list[Process]:
        """Return the row's connectors."""
        return [process for process in self.living() if process.is_connector]

    def end(self) -> None:
        """End whatever is left."""
        for _ in range(3):
            for process in self.living():
                try:
                    process.send(signal.SIGCONT)
                    process.send(signal.SIGKILL)
                except ProcessLookupError:
                    continue
            if not self.living():
                return
            time.sleep(0.05)

    def _seen(self, pid: int, argv: bytes, environ: bytes) -> Process:
        words = tuple(argv.decode(errors="replace").rstrip("\0").split("\0"))
        pairs = (item.partition("=") for item in environ.decode(errors="replace").split("\0"))
        process = Process(pid, words, {name: value for name, _, value in pairs})
        self.command_lines.add(" ".join(words))
        if process.is_connector:
            self.connectors_seen.add(pid)
            self.connector_tokens |= _secrets_of(process.environ["TUNNEL_TOKEN"])
            if any(name.startswith("TUNNELDESK_") for name in process.environ):
                self.intruders.add(process.line)
        return process


def alive(pid: int) -> bool:
    """Whether a process is running; a zombie is not."""
    try:
        return _stat(pid)[1] != "Z"
    except OSError:
        return False


def _stat(pid: int) -> tuple[str, str]:
    """Return when a process was born, in ticks, and its state."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return fields[19], fields[0]


def _secrets_of(token: str) -> set[str]:
    try:
        inner = json.loads(base64.b64decode(token + "=="))["s"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return {token}
    return {token, inner}
