"""What one row has to itself: a user on a real server, a home, an origin, faces, and eyes for what must not be."""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
import threading
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from tests.backend_process import Backend, running_backend
from tests.e2e.faults.faces import Face
from tests.e2e.faults.network import Network
from tests.e2e.faults.processes import MARK, Process, Processes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.e2e.faults.hostile import Hostile
    from tests.e2e.faults.place import Place

T = TypeVar("T")

ROOT = Path(__file__).parents[3]
UNRULY = Path(__file__).with_name("unruly_cloudflared.py")
START_WITHIN = 20.0

_TOKEN_OF_OURS = re.compile(r"td[ar]_[A-Za-z0-9_-]{20,}")
"""How the paired server's access tokens and run tokens look."""


class World:
    """The world of one row.

    Attributes:
        folder: A folder of the row's own.
        home: The app's home in it.
        server: The server.
        lease: Seconds its leases last.
        reaper: Seconds between two passes of its reaper.
        token: The access token of a user of the row's own.
        slug: The name that is asked for.
        environ: What faces get in their environment beyond the usual.
        processes: The row's processes.
        faces: The faces started so far, the latest last.
        hostname: The tunnel's, once it was live.
        tunnel_id: The same.
        first: The number of a process that must not be touched.
        journal: What was written down before the fault.
        measured: Whether coverage measures the faces started from now on.
        hostile: What answers in the server's place.
        elsewhere: A server that must never hear anything.
        broken_at: When the fault struck (monotonic seconds).
    """

    def __init__(self, place: Place, server: Backend, folder: Path, *, lease: float, reaper: float) -> None:
        mark = uuid.uuid4().hex
        self.place = place
        self.folder = folder
        self.home = folder / "home"
        self.server = server
        self.lease = lease
        self.reaper = reaper
        self.token, self._eyes = self._user()
        self.slug = f"row-{mark[:8]}"
        self.environ: dict[str, str] = {}
        self.processes = Processes(mark)
        self.faces: list[Face] = []
        self.stack = ExitStack()
        self.hostname = ""
        self.tunnel_id = ""
        self.broken_at = 0.0
        self.first = 0
        self.journal = b""
        self.measured = True
        self.hostile: Hostile | None = None
        self.elsewhere: Hostile | None = None
        self.api = server.api_url
        self._mark = mark
        self._network: Network | None = None
        self.page = f"the origin's own bytes for {mark}".encode()
        place.origin.page = self.page

    # Starting what is to be broken

    @property
    def port(self) -> int:
        """The port of what the user has running."""
        return self.place.origin.port

    @property
    def face(self) -> Face:
        """The face started last."""
        return self.faces[-1]

    def lay_cable(self) -> Network:
        """Lay a cable between app and server; faces are started at its end from now on."""
        ports = (int(url.rpartition(":")[2]) for url in (self.server.api_url, self.server.edge_url))
        self._network = Network(*ports)
        self.stack.callback(self._network.close)
        self.api = f"http://127.0.0.1:{self._network.api.port}"
        return self._network

    @property
    def network(self) -> Network:
        """The cable."""
        assert self._network is not None
        return self._network

    def surroundings(self) -> dict[str, str]:
        """Return the environment that faces are started with."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        if self.measured:
            kept |= {name: value for name, value in os.environ.items() if name.startswith(("COVERAGE", "COV_"))}
        return kept | {
            MARK: self._mark,
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "TUNNELDESK_HOME": str(self.home),
            "TUNNELDESK_SERVER": self.api,
            "TUNNELDESK_ACCESS_TOKEN": self.token,
            **self.environ,
        }

    def start(self, *words: str, program: str = "tunneldesk") -> Face:
        """Start a face and forget about it until the end."""
        self.faces.append(Face.start([sys.executable, "-m", program, *words], self.surroundings()))
        return self.face

    def expose(self, *words: str, name: str | None = "") -> Face:
        """Start `expose --json` under the row's name; ``name=None`` lets the server choose."""
        named = [] if name is None else ["--name", name or self.slug]
        return self.start("expose", str(self.port), "--json", *named, *words)

    def tray(self, *words: str) -> Face:
        """Start the tray app on a screen that nobody sees."""
        self.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        return self.start(*words)

    def tray_expose(self) -> Face:
        """Start the tray app, exposing the row's port under the row's name."""
        return self.tray("--expose", str(self.port), "--name", self.slug)

    def forget(self, face: Face) -> None:
        """Look no more at a face that has ended, and whose output holds nothing."""
        assert self.token not in face.output
        face.close()
        self.faces.remove(face)

    def cloudflared(self, *runs: object) -> Path:
        """Have faces use a cloudflared that misbehaves as planned, see `unruly_cloudflared`."""
        folder = self.folder / "cloudflared"
        folder.mkdir(exist_ok=True)
        plan = folder / "plan.json"
        plan.write_text(json.dumps(runs))
        return self.program(f'exec {sys.executable} {UNRULY} {plan} "$@"', folder / "cloudflared")

    def program(self, text: str, path: Path | None = None) -> Path:
        """Have faces use a shell script as cloudflared."""
        path = path or self.folder / "cloudflared.sh"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        self.environ["TUNNELDESK_CLOUDFLARED"] = str(path)
        return path

    @property
    def starts(self) -> list[dict[str, Any]]:
        """What the unruly cloudflared noted of its starts."""
        notes = self.folder / "cloudflared" / "starts.jsonl"
        return [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []

    def other_server(self, **switches: Any) -> Backend:
        """Use a server of the row's own, which may be killed."""
        self.server = self.stack.enter_context(running_backend(self.folder / "server", **switches))
        (self.token, self._eyes), self.api = self._user(), self.server.api_url
        return self.server

    def revive_server(self, **switches: Any) -> Backend:
        """Start the row's own server again, on its ports and its data."""
        ports = [int(url.rpartition(":")[2]) for url in (self.server.api_url, self.server.edge_url)]
        self.server = self.stack.enter_context(
            running_backend(self.folder / "server", port=ports[0], edge_port=ports[1], **switches)
        )
        return self.server

    def _user(self) -> tuple[str, str]:
        """Return two access tokens of one new user: one to be used, and one to look with whatever becomes of it."""
        email = {"email": f"{uuid.uuid4().hex}@example.com"}
        used, looking = (str(self.server.control("users", email)["accessToken"]) for _ in range(2))
        return used, looking

    # Looking

    def until(self, what: str, look: Callable[[], T | None], within: float) -> T:
        """Look until there is something, with a limit."""
        ends = time.monotonic() + within
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > ends:
                raise AssertionError(f"waited {within:g} s for {what}\n{self.told()}")
            time.sleep(0.03)

    def told(self) -> str:
        """Return what happened, for whoever reads a failure."""
        faces = [f"{face.command}: {face.process.poll()}\n{face.output[-6000:]}" for face in self.faces]
        lines = [process.line for process in self.processes.living()]
        return "\n".join([*faces, "living:", *lines, f"on the server: {self._listed_or_why()}", self._log()])

    def _log(self) -> str:
        log = self.home / "logs" / "desktop.log"
        return log.read_text()[-3000:] if log.exists() else ""

    def _listed_or_why(self) -> object:
        try:
            return self.listed(inactive=True)
        except (httpx.HTTPError, AssertionError) as error:
            return error

    def listed(self, *, inactive: bool = False) -> list[dict[str, Any]]:
        """Return the user's tunnels on the server, asked past any cable."""
        answer = self.server.call("GET", f"/v1/tunnels?includeInactive={str(inactive).lower()}", token=self._eyes)
        assert answer.status_code == 200, answer.text
        tunnels: list[dict[str, Any]] = answer.json()
        return tunnels

    def mine(self) -> dict[str, Any] | None:
        """Return the active tunnel of the row's name."""
        active = [item for item in self.listed() if item["status"] == "active"]
        named = self.hostname or self.slug
        return next((item for item in active if item["hostname"] == named or item["slug"] == named), None)

    def answers(self, hostname: str = "") -> bool:
        """Whether the public address answers with the origin's bytes."""
        name = hostname or self.hostname
        connection = http.client.HTTPConnection("127.0.0.1", int(name.rpartition(":")[2]), timeout=3)
        try:
            connection.request("GET", "/", headers={"Host": name})
            with connection.getresponse() as answer:  # which holds the socket, too, until it is read or closed
                return (answer.status, answer.read()) == (200, self.page)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def live(self) -> bool:
        """Whether the tunnel is live as the face says, the server lists and a visitor sees."""
        face = self.face
        assert face.running, f"the face has ended\n{self.told()}"
        if face.said and face.phase != "online":
            return False
        mine = self.mine()
        return mine is not None and self.answers(mine["hostname"])

    def come_live(self, within: float = START_WITHIN) -> None:
        """Wait until the tunnel is live for the first time, and remember it."""
        if not self.hostname and "--name" not in self.face.command:
            online = self.until("a name", lambda: self.face.events("phase", phase="online"), within)
            self.hostname = online[0]["hostname"]
        self.until("the tunnel to come live", self.live, within)
        mine = self.mine()
        assert mine is not None
        self.hostname, self.tunnel_id = mine["hostname"], mine["id"]
        self.processes.living()

    @property
    def connector(self) -> Process:
        """The one connector."""
        (connector,) = self.until("a connector", self.processes.connectors, 5)
        return connector

    # Breaking

    def fault(self, route: str, times: int = 1, **what: object) -> None:
        """Order answers from the server, see `tunneldesk.backend.control`."""
        self.server.control("faults", {"route": route, "times": times, **what})

    def control(self, path: str, **body: object) -> dict[str, Any]:
        """Throw another switch of the server."""
        return self.server.control(path, body)

    def take_name(self) -> None:
        """Let another user have the row's name, and keep it."""
        body = {"port": 1, "requestedSlug": self.slug}
        other = self.server.user()
        answer = self.server.call("POST", "/v1/tunnels", body, token=other)
        assert answer.status_code == 200, answer.text
        beat = f"/v1/tunnels/{answer.json()['tunnelId']}/heartbeat"
        ended = threading.Event()

        def keep() -> None:
            while not ended.wait(1):
                self.server.call("POST", beat, token=other)

        keeper = threading.Thread(target=keep)
        keeper.start()
        self.stack.callback(keeper.join)
        self.stack.callback(ended.set)

    # What must not be

    def nothing_too_many(self, connectors: int = 1, tunnels: int = 1) -> None:
        """Check that there are this many connectors and tunnels, and no more."""
        running = [process.line for process in self.processes.connectors()]
        assert len(running) == connectors, f"connectors: {running}\n{self.told()}"
        active = self.listed()
        assert len(active) == tunnels, f"tunnels: {active}\n{self.told()}"

    def end(self) -> None:
        """End all faces as a user would; nothing of them may be left, on the machine or on the server."""
        for face in self.faces:
            if face.running:
                assert face.end() == 0, self.told()
        self.until("the end of all processes", lambda: not self.processes.living(), 5)
        assert not any(face.spoilt for face in self.faces if "--json" in face.command), self.told()
        assert "Traceback" not in "".join(face.errors for face in self.faces), self.told()
        if self.reaper > self.lease:
            self.control("clock", jumpSec=self.reaper)
        if not all(face.killed for face in self.faces):  # of those, the lease takes care
            self.until("the end of all tunnels", lambda: not self.listed(), self.lease + 4)

    def keep_secrets(self) -> None:
        """Check that no token is in any file of the home, any command line or any output."""
        assert not self.processes.intruders, self.processes.intruders
        secrets = self.secrets()
        for where, text in self.places_to_search().items():
            found = [secret[:12] for secret in secrets if secret in text]
            assert not found, f"a secret in {where}"
            assert not _TOKEN_OF_OURS.search(text), f"a token in {where}"

    def secrets(self) -> set[str]:
        """Return every secret of the row that is known."""
        carried = self._network.secrets if self._network else set()
        return {self.token} | self.processes.connector_tokens | carried

    def places_to_search(self) -> Mapping[str, str]:
        """Return every text of the row in which there could be a secret, by where it is."""
        files = [path for path in self.home.rglob("*") if path.is_file()]
        return {
            **{str(path): path.read_bytes().decode("latin-1") for path in files},
            **{f"the output of {face.command}": face.output for face in self.faces},
            "the command lines": "\n".join(self.processes.command_lines),
            "the server's log": self.server.log.read_text(errors="replace"),
        }

    def close(self) -> None:
        """Leave nothing behind, whatever happened."""
        self.processes.end()
        for face in self.faces:
            face.close()
        self.stack.close()
