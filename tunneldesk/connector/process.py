"""A child process that is always listened to, always awaited, and never outlives us."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tunneldesk.connector.environment import child_environment, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

_log = logging.getLogger(__name__)

GRACE = 5.0
"""Seconds a child has to end by itself before it is killed."""

_LONGEST_LINE = 64 * 1024
_LAST_WORDS = 0.5  # seconds after the exit in which its output may still arrive
_KILL_WAIT = 5.0


class Child:
    """One child process, started with `start`.

    Leaving its context (``async with child:``) stops it. Its output is read line by line as it comes, whoever
    listens: cloudflared hangs when nobody reads its stderr. It has a process group of its own, so that a Ctrl-C in
    our terminal reaches us alone, and everything the child has started in its group goes with it.
    """

    def __init__(self, transport: asyncio.SubprocessTransport, protocol: _Protocol) -> None:
        self._transport = transport
        self.pid = transport.get_pid()
        self.ended: asyncio.Future[int] = protocol.ended
        """Done, with the exit status, when the child has ended and all it wrote has been passed on."""

    @classmethod
    async def start(
        cls,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        on_stderr: Callable[[str], None],
        on_stdout: Callable[[str], None] | None = None,
        guarded: bool = True,
    ) -> Child:
        """Start a program. To be called on the main thread: on Linux the child lives as long as that thread.

        Args:
            argv: Program (a full path) and arguments. Visible to every user of the machine: no secrets.
            env: What its environment holds beyond ours, cleaned of what is not for children.
            on_stderr: Gets each line it writes to stderr, without the line end, cut when very long.
            on_stdout: The same for stdout, which is thrown away when this is None.
            guarded: Whether it must end when we do, however we end. False makes a failing exec an OSError here;
                with the guard in between it is an exit with words on stderr.

        Raises:
            OSError: It can't be started.
        """
        loop = asyncio.get_running_loop()
        options: dict[str, Any] = {}
        if sys.platform == "win32":
            options["creationflags"] = subprocess.CREATE_NO_WINDOW
        else:
            options["process_group"] = 0
            if guarded:
                argv = (*_guard(), str(os.getpid()), *argv)
        transport, protocol = await loop.subprocess_exec(
            lambda: _Protocol(loop, on_stderr, on_stdout),
            *argv,
            env=child_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if on_stdout is None else subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )
        child = cls(transport, protocol)
        if sys.platform == "win32" and guarded:
            child._join_job()
        return child

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def terminate(self) -> None:
        """Ask it to end (SIGTERM; Windows has no gentle way, so this is the end there)."""
        self._signal("SIGTERM")

    def kill(self) -> None:
        """End it at once."""
        self._signal("SIGKILL")

    async def wait(self) -> int:
        """Wait until it has ended, and return its exit status (negative: the signal that killed it)."""
        return await asyncio.shield(self.ended)

    async def stop(self, grace: float = GRACE) -> None:
        """Ask it to end, kill it after ``grace`` seconds, and wait until it is gone.

        A cancellation meanwhile is taken for haste: the child is killed at once, still awaited, and then the
        cancellation goes on.
        """
        loop = asyncio.get_running_loop()
        cancelled = killed = False
        self.terminate()
        deadline = loop.time() + grace
        while not self.ended.done():
            try:
                await asyncio.wait({self.ended}, timeout=max(0.0, deadline - loop.time()))
                in_time = self.ended.done()
            except asyncio.CancelledError:
                cancelled, in_time = True, False
            if not in_time:
                if killed and loop.time() >= deadline:
                    _log.error("Process %d does not even end when killed", self.pid)
                    break
                if not killed:
                    killed, deadline = True, loop.time() + _KILL_WAIT
                    self.kill()
        if cancelled:
            raise asyncio.CancelledError

    def _signal(self, name: str) -> None:
        if self._transport.get_returncode() is not None:
            return
        with suppress(ProcessLookupError, PermissionError):  # it has just ended (macOS: EPERM for a zombie)
            if sys.platform == "win32":
                self._transport.kill()
            else:
                os.killpg(self.pid, signal.Signals[name])

    def _join_job(self) -> None:
        from tunneldesk.connector import windows_job

        try:
            windows_job.adopt(int(self._transport.get_extra_info("subprocess")._handle))
        except OSError:
            _log.warning("Process %d may outlive us", self.pid, exc_info=True)


class _Protocol(asyncio.SubprocessProtocol):
    """Splits what the child writes into lines, and notices its end."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        on_stderr: Callable[[str], None],
        on_stdout: Callable[[str], None] | None,
    ) -> None:
        self.ended: asyncio.Future[int] = loop.create_future()
        self._loop = loop
        self._lines = {2: _Lines(on_stderr)}
        if on_stdout is not None:
            self._lines[1] = _Lines(on_stdout)
        self._transport: asyncio.SubprocessTransport | None = None
        self._close: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)  # noqa: S101 - for the type checker
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._lines[fd].feed(data)

    def process_exited(self) -> None:
        assert self._transport is not None  # noqa: S101 - for the type checker
        if sys.platform != "win32":
            # Whatever it left behind in its group. The number was free for an instant only, and the system hands
            # out numbers in turn: it is nobody else's yet.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._transport.get_pid(), signal.SIGKILL)
        # Somebody who left the group may still hold the pipes open.
        self._close = self._loop.call_later(_LAST_WORDS, self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the base class's signature
        assert self._transport is not None  # noqa: S101 - for the type checker
        if self._close is not None:
            self._close.cancel()
        for lines in self._lines.values():
            lines.end()
        status = self._transport.get_returncode()
        self._transport.close()
        if not self.ended.done():
            self.ended.set_result(-signal.SIGTERM if status is None else status)


class _Lines:
    """Cuts a stream of bytes into lines of text."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._rest = b""

    def feed(self, data: bytes) -> None:
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[:_LONGEST_LINE]
        for line in lines:
            self._pass_on(line)

    def end(self) -> None:
        if self._rest:
            self._pass_on(self._rest)
        self._rest = b""

    def _pass_on(self, line: bytes) -> None:
        self._tell(line[:_LONGEST_LINE].decode("utf-8", "replace").rstrip("\r"))


def _guard() -> tuple[str, ...]:
    """Return the command before which an owner's process id and a program go, see `guard`."""
    if frozen():
        return (sys.executable, "guard")
    # Isolated and without site: 15 ms instead of 40, and nothing of the user's environment in it.
    return (sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py")))
