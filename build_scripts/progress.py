"""Telling what the set-up is doing while it does it: one line a step, and how long it took."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class SetUpError(Exception):
    """The set-up can't go on; the text says what happened and what to do, ready to be shown.

    Attributes:
        output: The last lines of the program that failed, if one did.
    """

    def __init__(self, text: str, output: str = "") -> None:
        super().__init__(text)
        self.output = output


def say(text: str) -> None:
    """Print a line about the set-up. Standard output belongs to the command that comes after it."""
    print(text, file=sys.stderr, flush=True)


def run_step(title: str, argv: Sequence[str], *, env: Mapping[str, str]) -> None:
    """Run one program of the set-up, showing its latest line in a terminal and all its last ones if it fails.

    Args:
        title: What is being done, in the user's words.
        argv: The program and its arguments.
        env: Its whole environment.

    Raises:
        SetUpError: The program is not there or failed. Its last lines have been shown.
    """
    started = time.monotonic()
    live = sys.stderr.isatty()
    print(f"  {title} ...", end="" if live else "\n", file=sys.stderr, flush=True)
    tail: deque[str] = deque(maxlen=40)
    try:
        with subprocess.Popen(
            argv,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=os.name == "posix",
        ) as child:
            try:
                for line in child.stdout or ():
                    tail.append(line.rstrip())
                    if live:
                        _overwrite(f"  {title} ... {line.strip()}")
            except BaseException:
                _end(child)
                raise
    except OSError as error:
        raise SetUpError(f"{title} failed: {argv[0]} can't be started ({error.strerror}).") from error
    if live:
        _overwrite("")
    if child.returncode != 0:
        output = "\n".join(tail)
        say(f"  {title}: failed\n")
        say(output)
        raise SetUpError(f"{title} failed: {argv[0]} ended with status {child.returncode}.", output)
    say(f"  {title}: done in {time.monotonic() - started:.1f} s")


def _end(child: subprocess.Popen[str]) -> None:
    """End a program with all that it has started: `python -m venv` runs pip in a grandchild."""
    if os.name == "posix":
        os.killpg(child.pid, signal.SIGTERM)
    else:
        child.terminate()


def _overwrite(text: str) -> None:
    width = shutil.get_terminal_size().columns - 1
    print(f"\r\x1b[K{text[:width]}", end="", file=sys.stderr, flush=True)
