"""The faces of TunnelDesk as processes: `expose --json`, whose lines are what is observed, and the tray app."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import signal
    from collections.abc import Mapping, Sequence

END_WITHIN = 12.0


@dataclass(frozen=True)
class Said:
    """One event and when it came (monotonic seconds)."""

    at: float
    event: dict[str, Any]


@dataclass
class Face:
    """A running face.

    Attributes:
        process: It.
        asked_to_end: Whether it was told to.
        killed: Whether it was ended without a chance to clean up.
        said: The events it has printed, oldest first.
        spoilt: Lines on standard output that are no JSON.
        complaints: Lines on standard error.
    """

    process: subprocess.Popen[str]
    asked_to_end: bool = False
    killed: bool = False
    said: list[Said] = field(default_factory=list)
    spoilt: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    @classmethod
    def start(cls, argv: Sequence[str], environ: Mapping[str, str]) -> Face:
        """Start one."""
        pipe = subprocess.PIPE
        face = cls(
            subprocess.Popen(
                argv, env=environ, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True, errors="replace"
            )
        )
        for read in (face._read, face._read_errors):
            face._threads.append(threading.Thread(target=read, daemon=True))
            face._threads[-1].start()
        return face

    def _read(self) -> None:
        assert self.process.stdout is not None
        with contextlib.suppress(ValueError):  # closed meanwhile
            for line in self.process.stdout:
                try:
                    self.said.append(Said(time.monotonic(), json.loads(line)))
                except ValueError:
                    self.spoilt.append(line)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        with contextlib.suppress(ValueError):
            for line in self.process.stderr:
                self.complaints.append(line)

    @property
    def command(self) -> str:
        """Its command line."""
        return " ".join(map(str, cast("list[str]", self.process.args)))

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    @property
    def errors(self) -> str:
        """What it has said on standard error."""
        return "".join(tuple(self.complaints))

    @property
    def output(self) -> str:
        """All it has said, to be searched."""
        return self.errors + "".join(self.spoilt) + "\n".join(json.dumps(each.event) for each in tuple(self.said))

    def events(self, kind: str, since: float = 0.0, **wanted: object) -> list[dict[str, Any]]:
        """Return the events of this kind since then, with these values."""
        return [
            each.event
            for each in tuple(self.said)
            if each.at >= since and each.event["event"] == kind and wanted.items() <= each.event.items()
        ]

    @property
    def phase(self) -> str | None:
        """The phase it said last."""
        phases = self.events("phase")
        return phases[-1]["phase"] if phases else None

    def phases(self, since: float = 0.0) -> list[str]:
        """The phases it has been through since then."""
        return [event["phase"] for event in self.events("phase", since)]

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it without a chance to clean up."""
        self.killed = True
        self.process.kill()
        self.process.wait(END_WITHIN)

    def wait(self, within: float = END_WITHIN) -> int:
        """Wait for its end; return its exit status."""
        status = self.process.wait(within)
        for thread in self._threads:
            thread.join(END_WITHIN)
        return status

    def end(self, within: float = END_WITHIN) -> int:
        """Ask it to end as a user would, unless it has, and return its exit status."""
        self.asked_to_end = True
        if self.running:
            self.process.terminate()
        return self.wait(within)

    def close(self) -> None:
        """Leave nothing of it."""
        if self.running:
            self.process.kill()
        self.wait()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
