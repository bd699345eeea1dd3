"""Runs a program that must not outlive the process that started it (POSIX).

It is started in the program's place, as ``python -I -S guard.py OWNER PROGRAM [ARGUMENT ...]``, arranges for the
end of the owner to be the program's end too, and becomes the program: process id, output and exit status are the
program's own. A process of its own does this because what must be arranged can only be arranged by the child, and
running Python code between fork and exec (``preexec_fn``) is not safe beside threads.

Standard library only, and little of it: it runs before every connector.
"""

from __future__ import annotations

import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_CANNOT_RUN = 126


def main(argv: list[str]) -> int:
    """Become the program ``argv[1:]``, owned by the process ``argv[0]``; returns only when that fails."""
    owner, command = int(argv[0]), argv[1:]
    if sys.platform == "linux":
        _die_with_parent()
    else:
        _start_watcher(owner)
    if os.getppid() != owner:
        return _CANNOT_RUN  # the owner died before the arrangement was made
    # Python ignores these for itself, and what is ignored stays so across exec.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        os.execv(command[0], command)  # noqa: S606 - no shell is what is wanted
    except OSError as error:
        os.write(2, f"{command[0]} can't be run: {error.strerror}\n".encode(errors="replace"))
        return _CANNOT_RUN


def _die_with_parent() -> None:
    """Have the kernel kill us when the *thread* that started us ends, see prctl(2); it is the owner's main thread.

    SIGKILL, since a gentle end is the owner's business while it lives, and a connector that cannot write its log
    any more ignores SIGTERM.
    """
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _start_watcher(owner: int) -> None:
    """Fork a process that kills the program when the owner has ended (macOS and the BSDs have no PDEATHSIG)."""
    program = os.getpid()
    if os.fork():
        return
    try:
        _detach()
        if _first_to_exit(owner, program) == owner:
            os.kill(program, signal.SIGKILL)
    finally:
        os._exit(0)


def _detach() -> None:
    """Outlast the signals meant for the program, and keep none of its pipes open."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _first_to_exit(*processes: int) -> int:
    """Wait until one of ``processes`` has exited, and return which (kqueue(2), EVFILT_PROC)."""
    import select

    queue = select.kqueue()  # type: ignore[attr-defined,unused-ignore] # not on Linux, where this is not called
    for process in processes:
        exit_of = select.kevent(  # type: ignore[attr-defined,unused-ignore]
            process,
            filter=select.KQ_FILTER_PROC,  # type: ignore[attr-defined,unused-ignore]
            flags=select.KQ_EV_ADD,  # type: ignore[attr-defined,unused-ignore]
            fflags=select.KQ_NOTE_EXIT,  # type: ignore[attr-defined,unused-ignore]
        )
        try:
            queue.control([exit_of], 0)
        except ProcessLookupError:
            return process
    first: int = queue.control(None, 1)[0].ident
    return first


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
