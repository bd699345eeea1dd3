"""The embedded server: the paired backend as a child of ours, on this computer only."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tunneldesk.connector.environment import own_command
from tunneldesk.connector.process import Child
from tunneldesk.domain.errors import ErrorCode, Failure, ServerUnreachableError
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.secret import Secret
from tunneldesk.storage.files import DamagedFileError, read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

_READY_WITHIN = 15.0
_STOP_WITHIN = 3.0
_DOMAIN = "tunnel.localhost"


@dataclass(frozen=True, slots=True)
class Answering:
    """What the server said once it answered."""

    api_url: str
    edge_url: str
    token: Secret

    @property
    def domain(self) -> str:
        """What its tunnels' host names end in: below localhost they carry the edge's port, unless it is 80."""
        port = urlsplit(self.edge_url).port
        return _DOMAIN if port in {None, 80} else f"{_DOMAIN}:{port}"


class EmbeddedServer:
    """Starts the paired server on a data folder, and ends it.

    The ports of one start are asked for again at the next, so that addresses live on; when somebody else has taken
    them meanwhile, others are used.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._ports_file = data_dir / "ports.json"
        self._child: Child | None = None
        self._last_words = ""

    async def start(self) -> Answering:
        """Start the server and wait until it answers.

        Raises:
            ServerUnreachableError: EMBEDDED_SERVER_FAILED, with the server's last words.
        """
        await self.stop()
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            for ports in dict.fromkeys([self._kept_ports(), (0, 0)]):
                answering = await self._try(*ports)
                if answering is not None:
                    self._keep_ports(answering)
                    return answering
        except OSError as error:
            facts = {"folder": str(self.data_dir), "system": error.strerror or str(error)}
            because = Because(Reason.EMBEDDED_NOT_STARTED, facts)
            raise ServerUnreachableError(Failure(ErrorCode.EMBEDDED_SERVER_FAILED, because=(because,))) from error
        raise ServerUnreachableError(Failure(ErrorCode.EMBEDDED_SERVER_FAILED, self._last_words))

    async def stop(self) -> None:
        """End the server and wait for it."""
        if self._child is not None:
            await self._child.stop(_STOP_WITHIN)
            self._child = None

    async def _try(self, api_port: int, edge_port: int) -> Answering | None:
        said: asyncio.Queue[str] = asyncio.Queue()
        program, environ = own_command("tunneldesk.backend", "backend")
        ports = ("--port", str(api_port), "--edge-port", str(edge_port))
        argv = (*program, *ports, "--base-domain", _DOMAIN, "--data-dir", str(self.data_dir))
        self._child = await Child.start(argv, env=environ, on_stderr=self._hear, on_stdout=said.put_nowait)
        first_line = asyncio.create_task(said.get())
        ended = asyncio.create_task(self._child.wait())
        try:
            await asyncio.wait({first_line, ended}, timeout=_READY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
            answering = _read(first_line.result()) if first_line.done() else None
        finally:
            first_line.cancel()
            ended.cancel()
        if answering is None:
            await self.stop()
        return answering

    def _hear(self, line: str) -> None:
        if line.strip():
            self._last_words = line

    def _kept_ports(self) -> tuple[int, int]:
        try:
            kept = read_json(self._ports_file)
            return int(kept["api"]), int(kept["edge"])
        except (OSError, DamagedFileError, KeyError, TypeError, ValueError):
            return 0, 0

    def _keep_ports(self, answering: Answering) -> None:
        ports = {"api": urlsplit(answering.api_url).port, "edge": urlsplit(answering.edge_url).port}
        write_json(self._ports_file, ports)


def _read(line: str) -> Answering | None:
    """Return what the server's first line says; None when it is not the line that was promised."""
    try:
        said: dict[str, Any] = json.loads(line)
        return Answering(str(said["apiUrl"]), str(said["edgeUrl"]), Secret(str(said["accessToken"])))
    except (ValueError, KeyError, TypeError):
        return None
