"""A user at a terminal of a desktop with a keyring."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.contract.server.signing_in import ANN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.backend_process import Backend

LIMIT = 60.0
"""Seconds that a command may take."""


class Terminal:
    """Runs commands in a home of its own.

    Attributes:
        environ: What the commands find around them.
        said: All that they have said so far.
    """

    def __init__(self, home: Path, desktop: dict[str, str]) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        kept |= {name: value for name, value in os.environ.items() if name.startswith(("COVERAGE", "COV_"))}
        self.environ = {**kept, **desktop, "HOME": str(home), "TUNNELDESK_HOME": str(home / "desk")}
        self.said: list[str] = []

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        argv = [sys.executable, "-m", "tunneldesk", *words]
        done = subprocess.run(argv, env=self.environ, capture_output=True, text=True, timeout=LIMIT, check=False)
        self.said += [done.stdout, done.stderr]
        return done

    @contextmanager
    def signing_in(self, server: Backend, email: str = ANN) -> Iterator[SigningIn]:
        """Start to sign in; the command has ended, one way or another, when the block has."""
        argv = [sys.executable, "-m", "tunneldesk", "sign-in", "--email", email, "--server", server.api_url]
        pipe = subprocess.PIPE
        with subprocess.Popen(argv, env=self.environ, stdout=pipe, stderr=pipe, text=True) as command:
            too_late = threading.Timer(LIMIT, command.kill)
            too_late.start()
            try:
                signing_in = SigningIn(command)
                yield signing_in
                signing_in.end()
            finally:
                command.kill()
                too_late.cancel()
        self.said.append(signing_in.said)


class SigningIn:
    """A `sign-in` that is under way.

    Attributes:
        command: The process.
        said: What it has said so far.
    """

    def __init__(self, command: subprocess.Popen[str]) -> None:
        self.command = command
        self.said = ""

    def address(self) -> str:
        """Wait until it says which address to open; return that."""
        return self.hears(r"^http\S+$")

    def hears(self, words: str) -> str:
        """Wait until it says what this expression matches; return that."""
        assert self.command.stderr is not None
        while not (found := re.search(words, self.said, re.MULTILINE)):
            line = self.command.stderr.readline()
            assert line, self.said
            self.said += line
        return found[0]

    def end(self) -> tuple[int, str]:
        """Wait for its end; return its exit status, and all that it has said."""
        if self.command.returncode is None:
            self.said += "".join(self.command.communicate())
        return self.command.returncode, self.said
