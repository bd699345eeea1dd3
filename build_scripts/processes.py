"""Starting other programs so that signals and exit statuses reach the right one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType


def become(argv: Sequence[str], env: Mapping[str, str] | None = None) -> int:
    """Replace this process by another program, so that signals and the exit status are simply its own.

    Windows can't do that: there the program runs as a child, and its exit status is returned.
    """
    environment = dict(os.environ if env is None else env)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(argv[0], list(argv), environment)  # noqa: S606 - a list, never through a shell
    return run_in_foreground(argv, environment)


def run_in_foreground(argv: Sequence[str], env: Mapping[str, str], *, seconds: float | None = None) -> int:
    """Run a child that gets every ending signal exactly once, and wait for it.

    On POSIX the child has a session of its own: Ctrl-C in the terminal reaches only this process, which hands it
    on. Were it delivered by both, the child would take it for the impatient second Ctrl-C.

    Args:
        argv: The child's program and arguments.
        env: The child's environment.
        seconds: Ask the child to end (SIGTERM) after this time.

    Returns:
        The child's exit status; 128 + the signal's number if a signal killed it.
    """
    posix = os.name == "posix"
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def hand_on(signum: int, _frame: FrameType | None) -> None:
        if child is None:
            early.append(signum)
        elif posix:
            child.send_signal(signum)

    # Windows delivers Ctrl-C to the child itself; ignoring it here leaves us waiting for the child's own ending.
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGWINCH") if posix else ("SIGINT",)
    before = {number: signal.signal(number, hand_on) for number in (getattr(signal, name) for name in names)}
    try:
        child = subprocess.Popen(argv, env=dict(env), start_new_session=posix)
        for signum in early:
            child.send_signal(signum)
        try:
            status = child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.terminate()
            status = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else 128 - status
