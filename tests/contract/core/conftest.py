"""The core without a face, against the real paired server and its stand-in connector."""

from __future__ import annotations

import asyncio
import threading
from contextlib import AsyncExitStack, asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import keyring
import keyring.backend
import keyring.errors
import pytest

from tunneldesk.core import Core, CoreOptions, open_core
from tunneldesk.domain.model import AppState, Tunnel, Wish

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from pathlib import Path

    from tests.backend_process import Backend
    from tunneldesk.domain.lifecycle import Phase

WITHIN = 15.0


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"hello from the origin"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def origin() -> Iterator[int]:
    """Serve something on a port of this machine; the fixture is the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hello)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


class Desk:
    """A running core, as a face would use it."""

    def __init__(self, core: Core) -> None:
        self.commands = core.commands
        self.store = core.store
        self.history: list[Tunnel] = []
        core.store.subscribe(self._remember)

    def _remember(self, state: AppState) -> None:
        for tunnel in state.tunnels:
            if not self.history or self.history[-1] != tunnel:
                self.history.append(tunnel)

    @property
    def phases(self) -> list[Phase]:
        """The phases the tunnels went through, each once in a row."""
        phases: list[Phase] = []
        for tunnel in self.history:
            if not phases or phases[-1] is not tunnel.phase:
                phases.append(tunnel.phase)
        return phases

    async def until(self, seen: Callable[[AppState], object], within: float = WITHIN) -> AppState:
        """Wait until the state is as asked for."""
        changed = asyncio.Event()
        unsubscribe = self.store.subscribe(lambda _: changed.set())
        try:
            async with asyncio.timeout(within):
                while not seen(self.store.state):
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            pytest.fail(f"not seen within {within} s: {self.store.state}")
        finally:
            unsubscribe()
        return self.store.state

    async def until_phase(self, key: str, phase: Phase, within: float = WITHIN) -> Tunnel:
        """Wait until a tunnel is in this phase."""

        def seen(state: AppState) -> bool:
            tunnel = state.tunnel(key)
            return tunnel is not None and tunnel.phase is phase

        tunnel = (await self.until(seen, within)).tunnel(key)
        assert tunnel is not None
        return tunnel

    async def online(self, port: int, slug: str | None = "my-app", **wish: Any) -> Tunnel:
        """Expose a port and wait until it is online."""
        from tunneldesk.domain.lifecycle import Phase

        key = self.commands.expose(Wish(port, slug, **wish))
        return await self.until_phase(key, Phase.ONLINE)


class StartDesk:
    """Opens cores that are closed at the end of the test, the last one first."""

    def __init__(self, home: Path, stack: AsyncExitStack) -> None:
        self._home = home
        self._stack = stack

    async def __call__(
        self,
        backend: Backend | None = None,
        *,
        token: str | None = None,
        environ: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Desk:
        """Open a core on this server as its first user."""
        return Desk(await self._stack.enter_async_context(self.opened(backend, token, environ, options)))

    @asynccontextmanager
    async def opened(
        self,
        backend: Backend | None,
        token: str | None,
        environ: Mapping[str, str] | None,
        options: dict[str, Any],
    ) -> AsyncIterator[Core]:
        """Open a core for the length of the block."""
        own = {"TUNNELDESK_HOME": str(self._home), **(environ or {})}
        if backend is not None:
            own |= {"TUNNELDESK_SERVER": backend.api_url, "TUNNELDESK_ACCESS_TOKEN": token or backend.token}
        async with open_core(CoreOptions(environ=own, **options)) as core:
            yield core


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring of the test's own, which can refuse, and be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.refusing = False
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.refusing:
            raise keyring.errors.PasswordSetError("not today")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
async def start_desk(tmp_path: Path) -> AsyncIterator[StartDesk]:
    async with AsyncExitStack() as stack:
        yield StartDesk(tmp_path / "home", stack)
