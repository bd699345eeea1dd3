"""One tunnel's connector, kept up: started, watched, restarted, and given up with the true reason."""

from __future__ import annotations

import asyncio
import errno
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tunneldesk.connector import leftovers
from tunneldesk.connector.folder import own_folder
from tunneldesk.connector.life import Life
from tunneldesk.connector.logs import redact
from tunneldesk.connector.metrics import traffic
from tunneldesk.connector.pause import pause
from tunneldesk.connector.process import GRACE, Child
from tunneldesk.domain.errors import ConnectorGaveUpError, ErrorCode, Failure, LocalFileError
from tunneldesk.domain.preferences import EdgeProtocol
from tunneldesk.domain.reasons import Because, Reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tunneldesk.connector.locate import Program
    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.health import Traffic
    from tunneldesk.domain.lines import Lines
    from tunneldesk.domain.secret import Secret

_GRACE_OF_REQUESTS = "4s"
"""What requests in flight get at the end; then the connector has a second left to end by itself."""

_LONGEST_LINE_KEPT = 2_000
_LAST_WORDS = 3

_HTTP2_AFTER = 20.0
"""Seconds without a connection after which QUIC is given up: cloudflared itself takes 140 s to fall back."""

_START_ANEW_AFTER = 60.0
"""Seconds after a loss at which a new process is tried: cloudflared has hidden waits of up to 320 s then."""

_DISTURBED_FOR = 30.0
"""Seconds after a wake or a change of network in which a connection that is found lost is not waited for."""

_REACH_EDGE_WITHIN = 60.0
_CRASHES = 5
_REFUSALS = 3
"""Refusals in a row that are believed; a tunnel made a moment ago may not be known everywhere yet."""

_FIRST_PAUSE, _LONGEST_PAUSE, _JITTER = 1.0, 30.0, 0.25
_GOOD_LIFE = 60.0
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)}
_TOKEN_INVALID = 255
"""Exit status of cloudflared for a token it can't read."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The connector reaches the edge."""

    location: str | None
    protocol: str | None


@dataclass(frozen=True, slots=True)
class Lost:
    """The connector no longer reaches the edge; it, or its successor, goes on trying.

    Attributes:
        said: What it said about that; may be empty.
        because: How it ended, where it did.
    """

    said: str = ""
    because: Because | None = None


ConnectorEvent = Ready | Lost


class Supervisor:
    """Runs a tunnel's connector until cancelled.

    Real cloudflared and the stand-in are run alike: the token in the environment only, a configuration of our own
    so that the user's is not read, and readiness from ``/ready``, cross-checked with the log.
    """

    def __init__(
        self,
        program: Program,
        token: Secret,
        *,
        run_dir: Path,
        clock: Clock,
        on_event: Callable[[ConnectorEvent], None],
        confirm: Callable[[], Awaitable[None]],
        log: Lines,
        protocol: EdgeProtocol = EdgeProtocol.AUTO,
    ) -> None:
        """Prepare a connector.

        Args:
            program: What to run.
            token: The tunnel's token.
            run_dir: Where the connector's own folder is made for as long as it runs.
            clock: Time.
            on_event: Told of every change.
            confirm: Asked when the edge refuses the tunnel; returns if the server still knows it. What it raises
                ends the supervisor.
            log: Where its lines go, without secrets.
            protocol: How it speaks to the edge.
        """
        self._program = program
        self._token = token
        self._run_dir = run_dir
        self._clock = clock
        self._on_event = on_event
        self._confirm = confirm
        self._child: Child | None = None
        self._forced = False
        self._chosen = self._protocol = protocol
        self._began = clock.monotonic()
        self._ever_ready = False
        self._up = False
        self._life = Life(clock)
        self._disturbed_until = float("-inf")
        self._stirred = asyncio.Event()
        self._log = log

    def force(self) -> None:
        """End the connector at once; what it was in the middle of is lost."""
        self._forced = True
        if self._child is not None:
            self._child.kill()

    async def traffic(self) -> Traffic | None:
        """Return what the connector has carried since it was started; None when it does not say."""
        address = self._life.metrics_address
        return await traffic(address) if address is not None else None

    def disturbed(self) -> None:
        """The machine has slept, or is in another network: the connection is doubtful, and ``/ready`` too.

        cloudflared finds that out by itself only after up to 20 s, and then waits up to 320 s in silence. Looked at
        now and often for a while, and started anew as soon as it is found not ready.
        """
        self._began = self._clock.monotonic()  # what it slept through was no time to reach an edge in
        self._disturbed_until = self._began + _DISTURBED_FOR
        self._stirred.set()
        self._life.stir()

    async def run(self) -> None:
        """Keep the connector up; when cancelled, end it first.

        Raises:
            ConnectorGaveUpError: CONNECTOR_TOKEN_REFUSED, CONNECTOR_CRASHING or CONNECTOR_EDGE_UNREACHABLE.
            LocalFileError: FILE_NOT_WRITTEN: there is no room for the connector's own folder.
        """
        crashes, wait = 0, _FIRST_PAUSE
        while True:
            self._life = Life(self._clock)
            status = await self._live()
            good = self._life.ready_for >= _GOOD_LIFE
            self._tell_lost(self._ending(status))
            if status is None:
                continue
            if status == _TOKEN_INVALID:
                await self._refuse(self._last_words())
            if self._life.was_ready:
                crashes = 0
            elif not self._life.offline:
                crashes += 1
            if crashes >= _CRASHES:
                raise ConnectorGaveUpError(Failure(ErrorCode.CONNECTOR_CRASHING, self._last_words()))
            self._give_up_on_edge()
            if good:
                wait = _FIRST_PAUSE
            self._stirred.clear()
            spread = 1 + random.uniform(0, _JITTER)  # noqa: S311 - so that restarts do not come together
            await pause(self._clock, wait * spread, unless=self._stirred)
            wait = min(wait * 2, _LONGEST_PAUSE)

    async def _live(self) -> int | None:
        """Run the connector once; return its exit status, or None when it was ended to be started anew."""
        try:
            with own_folder(self._run_dir) as folder:
                return await self._live_in(folder)
        except OSError as error:
            # No space, no rights, no more processes: nothing that another connector would do better.
            if error.errno in _NO_ROOM or (error.filename and Path(error.filename).is_relative_to(self._run_dir)):
                facts = {"path": str(error.filename or self._run_dir), "system": error.strerror or str(error)}
                because = Because(Reason.FILE_UNWRITABLE, facts)
                raise LocalFileError(Failure(ErrorCode.FILE_NOT_WRITTEN, because=(because,))) from error
            because = Because(Reason.CONNECTOR_NOT_STARTED, {"system": error.strerror or str(error)})
            raise ConnectorGaveUpError(Failure(ErrorCode.CONNECTOR_CRASHING, because=(because,))) from error

    async def _live_in(self, folder: Path) -> int | None:
        self._child = child = await self._start(folder)
        watch = asyncio.create_task(self._watch())
        try:
            leftovers.record(folder, child.pid)
            ends: set[asyncio.Future[Any]] = {child.ended, watch}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if child.ended.done():
                return child.ended.result()
            watch.result()
            return None
        finally:
            watch.cancel()
            try:
                await child.stop(0.0 if self._forced else GRACE)
            finally:
                self._child = None
                await asyncio.gather(watch, return_exceptions=True)

    async def _start(self, folder: Path) -> Child:
        config = folder / "config.yml"
        config.write_text("no-autoupdate: true\n", encoding="utf-8")
        argv = [
            *self._program.argv,
            *("tunnel", "--no-autoupdate", "--metrics", "127.0.0.1:0", "--loglevel", "info"),
            *("--grace-period", _GRACE_OF_REQUESTS, "--config", str(config), "run"),
        ]
        environ = {
            **self._program.environ,
            # By environment where old versions would not know the flag: they show their help and exit with 0.
            "TUNNEL_TOKEN": self._token.reveal(),
            "TUNNEL_NO_PRECHECKS": "true",
        }
        if self._protocol is not EdgeProtocol.AUTO:
            environ["TUNNEL_TRANSPORT_PROTOCOL"] = self._protocol
        # Its stdout stays empty, but for the help that goes with an exit status of 0.
        return await Child.start(argv, env=environ, on_stderr=self._read, on_stdout=self._read)

    def _read(self, line: str) -> None:
        said = redact(line, self._token)[:_LONGEST_LINE_KEPT]
        self._log.append(said)
        self._life.read(said)

    async def _watch(self) -> None:
        """Report readiness, and return when the connector had better be started anew."""
        life = self._life
        while True:
            if await life.look():
                self._tell_ready(life)
            else:
                self._tell_lost(Lost(life.reason or ""))
                if life.refusals >= _REFUSALS:
                    await self._refuse(life.reason or "")
                self._give_up_on_edge()
                if await self._better_anew(life):
                    return
            await life.next_look()

    async def _better_anew(self, life: Life) -> bool:
        """Whether a new process has better prospects than the one that is not ready."""
        if self._protocol is not EdgeProtocol.HTTP2 and life.silent_refusals >= _REFUSALS:
            # QUIC does not say why it is refused. The server may know; if not, HTTP/2 will tell, where it may.
            if self._protocol is EdgeProtocol.QUIC:
                await self._refuse(life.reason or "")
            await self._confirm()
            self._protocol = EdgeProtocol.HTTP2
            return True
        if self._protocol is EdgeProtocol.AUTO and not life.was_ready and life.age > _HTTP2_AFTER:
            self._protocol = EdgeProtocol.HTTP2
            return True
        disturbed = life.was_ready and self._clock.monotonic() < self._disturbed_until
        if disturbed or life.hung or life.not_ready_for > _START_ANEW_AFTER:
            self._protocol = self._chosen  # another network perhaps, where QUIC gets through
            return True
        return False

    def _tell_ready(self, life: Life) -> None:
        if not self._up:
            self._up = self._ever_ready = True
            self._on_event(Ready(life.location, life.protocol))

    def _tell_lost(self, lost: Lost) -> None:
        if self._up:
            self._up = False
            self._on_event(lost)

    def _ending(self, status: int | None) -> Lost:
        """Return how the connector ended, and why if it has said so."""
        if status is None:
            return Lost(self._life.reason or "")
        ended = (
            Because(Reason.CONNECTOR_KILLED, {"signal": str(-status)})
            if status < 0
            else Because(Reason.CONNECTOR_ENDED, {"status": str(status)})
        )
        return Lost(self._life.last_words or self._life.reason or "", ended)

    async def _refuse(self, reason: str) -> NoReturn:
        """The edge refuses the tunnel: its token is at fault, unless the server no longer has the tunnel."""
        await self._confirm()
        raise ConnectorGaveUpError(Failure(ErrorCode.CONNECTOR_TOKEN_REFUSED, reason))

    def _give_up_on_edge(self) -> None:
        if not self._ever_ready and self._clock.monotonic() - self._began > _REACH_EDGE_WITHIN:
            raise ConnectorGaveUpError(Failure(ErrorCode.CONNECTOR_EDGE_UNREACHABLE, self._last_words()))

    def _last_words(self) -> str:
        return "\n".join([line for line in self._log if line.strip()][-_LAST_WORDS:])
