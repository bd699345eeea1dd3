"""The running connector: four registered connections, kept up until it is told to stop.

The edge here is one TCP port, whatever protocol is named; ``quic`` and ``auto`` (which begins with quic) differ
from ``http2`` in what the log says, as they do in cloudflared. Not imitated: the hidden waits of a reconnecting
cloudflared, its stale ``/ready``, and the fall-back from a blocked QUIC.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from tunneldesk.backend import link
from tunneldesk.backend.connector_control import Control, RefusedError
from tunneldesk.backend.connector_metrics import Metrics, MetricsServer
from tunneldesk.backend.connector_options import StartError, format_duration
from tunneldesk.backend.connector_stream import Stream
from tunneldesk.backend.receiving import receive_buffer

if TYPE_CHECKING:
    from tunneldesk.backend.connector_log import Log
    from tunneldesk.backend.connector_options import Options
    from tunneldesk.backend.connector_token import Token

_CONNECTIONS: Final = 4
_REGISTRATION_INTERVAL: Final = 1.0
_DIAL_SECONDS: Final = 15.0
_MOST_DOUBLINGS: Final = 6
_FIRST_WAIT: Final = 1
"""A first failed dial waits up to 2**1 s; a lost connection up to 2**0 s."""

_SIGNALS: Final = {signal.SIGTERM: "terminated", signal.SIGINT: "interrupt"}


class Connector:
    """One run of the stand-in.

    Attributes:
        log: Its log.
        metrics: Its counters.
        origin_port: Local port requests go to, as last configured.
        streams: Its open carriers.
        buffer: What all connections receive into.
    """

    def __init__(self, token: Token, options: Options, log: Log) -> None:
        self.log = log
        self.metrics = Metrics(str(uuid.uuid4()), token.tunnel_id, token.edge)
        self.origin_port = 0
        self.streams: set[Stream] = set()
        self.buffer = receive_buffer()
        self._token = token
        self._options = options
        self._protocol = "http2" if options.protocol == "http2" else "quic"
        self._controls: dict[int, Control] = {}
        self._dials: set[asyncio.Task[None]] = set()
        self._first_up = asyncio.Event()
        self._stop = asyncio.Event()
        self._quiet = asyncio.Event()
        self._stop_signal = ""

    async def run(self) -> None:
        """Serve until a signal comes.

        Raises:
            StartError: The metrics address is busy, or the edge refuses us for good.
        """
        self._catch_signals()
        self.log.info(f"Generated Connector ID: {self.metrics.connector_id}")
        self.log.info(f"Initial protocol {self._protocol}")
        server = MetricsServer(self.metrics)
        try:
            await server.start(self._options.metrics)
        except StartError as error:
            reason = str(error).partition(": ")[2]
            self.log.error("Error opening metrics server listener", error=reason)  # noqa: TRY400 - not `logging`
            raise
        self.log.info(f"Starting metrics server on {server.address}/metrics")
        serving = asyncio.create_task(self._serve())
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
            await _cancelled(serving)  # no connection is made up again from here on
            await self._shut_down()
        finally:
            await _cancelled(serving, stopping, *self._dials)
            await server.close()
        self.log.info("Metrics server stopped")

    # What the connections ask of it

    def hello(self, index: int, role: bytes) -> bytes:
        """Return what a connection to the edge opens with."""
        token = self._token
        return link.hello(token.edge, token.tunnel_id, token.secret, self.metrics.connector_id, index, role)

    def configure(self, note: dict[str, Any]) -> None:
        """Take the configuration the edge pushes."""
        version, config = note["version"], note["config"]
        if version <= self.metrics.config_version:
            return
        self.origin_port = int(config["ingress"][0]["service"].rpartition(":")[2])
        self.metrics.config = config
        self.metrics.config_version = version

    def dial(self, control: Control, index: int, count: int) -> None:
        """Dial ``count`` carriers."""
        for _ in range(count):
            task = asyncio.create_task(self._dial_carrier(control, index))
            self._dials.add(task)
            task.add_done_callback(self._dials.discard)

    def stream_lost(self, stream: Stream) -> None:
        """Forget a carrier."""
        self.streams.discard(stream)
        if not self.streams:
            self._quiet.set()

    async def _dial_carrier(self, control: Control, index: int) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_DIAL_SECONDS):
                _, stream = await loop.create_connection(
                    lambda: Stream(self, index), self._token.host, self._token.port
                )
                welcomed = await stream.welcomed
        except OSError:  # TimeoutError is one, too
            welcomed = False
        if not welcomed and not control.lost.done():
            control.undialled()

    # Registered connections

    async def _serve(self) -> None:
        """Keep the four connections up: the first alone, then the others a second apart."""
        first = asyncio.create_task(self._keep(0))
        others: list[asyncio.Task[None]] = []
        up = asyncio.create_task(self._first_up.wait())
        try:
            await asyncio.wait({first, up}, return_when=asyncio.FIRST_COMPLETED)
            if not first.done():
                for index in range(1, _CONNECTIONS):
                    if index > 1:
                        await asyncio.sleep(_REGISTRATION_INTERVAL)
                    others.append(asyncio.create_task(self._keep(index)))
            await asyncio.gather(first, *others)
        finally:
            await _cancelled(first, up, *others)

    async def _keep(self, index: int) -> None:
        """Register connection ``index`` again and again, whenever it is lost."""
        doublings = _FIRST_WAIT
        while True:
            try:
                control = await self._register(index)
            except RefusedError as error:
                self._log_refusal(index, str(error))
                if self._gives_up(str(error)):
                    await self._back_off(index, doublings)
                    self._give_up(str(error))
            except OSError as error:
                self._log_unreachable(index, error)
            else:
                doublings = 0
                await control.lost
                self._unregistered(index)
                self._log_lost(index)
            await self._back_off(index, doublings)
            doublings = min(doublings + 1, _MOST_DOUBLINGS)

    async def _register(self, index: int) -> Control:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(_DIAL_SECONDS):
            _, control = await loop.create_connection(
                lambda: Control(self, index), self._token.host, self._token.port
            )
            try:
                note = await control.registered
            except BaseException:
                control.abort()
                raise
        self._controls[index] = control
        self.metrics.connections[index] = note["location"]
        self.log.info(
            "Registered tunnel connection",
            **self._place(index),
            connection=note["connection"],
            location=note["location"],
            protocol=self._protocol,
        )
        if not self._first_up.is_set():
            self._first_up.set()
            self.log.info("Updated to new configuration", config=_compact(note["config"]), version=note["version"])
            self._write_pidfile()
        return control

    def _write_pidfile(self) -> None:
        if self._options.pidfile:
            with contextlib.suppress(OSError):
                Path(self._options.pidfile).write_text(str(os.getpid()), encoding="ascii")

    def _unregistered(self, index: int) -> None:
        self._controls.pop(index, None)
        self.metrics.connections.pop(index, None)

    async def _back_off(self, index: int, doublings: int) -> None:
        limit = 2**doublings
        self.log.info(f"Retrying connection in up to {format_duration(limit)}", **self._place(index))
        await asyncio.sleep(random.uniform(0, limit))  # noqa: S311 - spreads load, protects nothing

    def _gives_up(self, reason: str) -> bool:
        """Tell whether this refusal ends the run.

        It does on http2, for the first connection, and for another reason than the tunnel's being unknown.
        """
        return self._protocol == "http2" and not self._first_up.is_set() and not reason.startswith("Unauthorized")

    def _give_up(self, reason: str) -> NoReturn:
        self.log.error("initial tunnel connection failed", error=reason)
        raise StartError(reason)

    # What the log says

    def _place(self, index: int) -> dict[str, object]:
        return {"connIndex": index, "event": 0, "ip": self._token.host}

    def _log_refusal(self, index: int, reason: str) -> None:
        self.metrics.refusals[reason] += 1
        if self._protocol == "http2":
            self.log.error("Register tunnel error from server side", error=reason, **self._place(index))
        else:
            # On QUIC cloudflared never says why.
            self.log.error(
                "failed to serve tunnel connection",
                error="control stream encountered a failure while serving",
                **self._place(index),
            )

    def _log_unreachable(self, index: int, error: OSError) -> None:
        if self._protocol == "http2":
            text = f"DialContext error: dial tcp {self._token.edge}: {_dial_reason(error)}"
            self.log.error("Unable to establish connection with Cloudflare edge", error=text, **self._place(index))
            self.log.error("Serve tunnel error", error=text, **self._place(index))
        else:
            text = "failed to dial to edge with quic: timeout: no recent network activity"
            self.log.error("Failed to dial a quic connection", error=text, **self._place(index))
        self._log_terminated(index, text)

    def _log_lost(self, index: int) -> None:
        if self._protocol == "http2":
            text = "connection with edge closed"
            self.log.info("Lost connection with the edge", connIndex=index)
            self.log.error("Serve tunnel error", error=text, **self._place(index))
        else:
            text = "failed to accept QUIC stream: timeout: no recent network activity"
            self.log.error("failed to accept incoming stream requests", error=text, **self._place(index))
        self._log_terminated(index, text)

    def _log_terminated(self, index: int, text: str) -> None:
        log = self.log.warn if self.metrics.connections else self.log.error
        log("Connection terminated", error=text, connIndex=index)

    # The end

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()

        def caught(number: int, frame: object) -> None:  # noqa: ARG001 - the signature of a handler
            for known in _SIGNALS:
                signal.signal(known, signal.SIG_DFL)  # a second one ends us at once
            self._stop_signal = _SIGNALS[signal.Signals(number)]
            loop.call_soon_threadsafe(self._stop.set)

        for number in _SIGNALS:
            signal.signal(number, caught)

    async def _shut_down(self) -> None:
        """Take no new requests and let those in flight finish, within the grace period."""
        self.log.info(f"Initiating graceful shutdown due to signal {self._stop_signal} ...")
        controls = dict(self._controls)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._options.grace_period):
                for control in controls.values():
                    control.unregister()
                for index, control in sorted(controls.items()):
                    await control.unregistered
                    self.metrics.connections.pop(index, None)
                    self.log.info("Unregistered tunnel connection", **self._place(index))
                if controls and self.streams:
                    await self._quiet.wait()
        self.metrics.connections.clear()
        self.log.error("no more connections active and exiting")
        self.log.info("Tunnel server stopped")
        for stream in list(self.streams):
            stream.close()
        for control in controls.values():
            control.abort()


async def _cancelled(*tasks: asyncio.Task[Any]) -> None:
    """End tasks whose results nobody needs any more."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _dial_reason(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connect: connection refused"
    return "i/o timeout" if isinstance(error, TimeoutError) else str(error)


def _compact(config: dict[str, Any]) -> str:
    return json.dumps(config, separators=(",", ":"))
