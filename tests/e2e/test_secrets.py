"""No token is ever where somebody could find it: planted ones are searched for after runs that go all wrong."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.faults.hostile import Hostile, answer, grant
from tests.e2e.faults.place import SERVERS, Place
from tests.e2e.faults.world import World
from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient
from tunneldesk.core import CoreOptions, open_core
from tunneldesk.domain.errors import ApiError
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import Grant, Wish
from tunneldesk.domain.secret import Secret
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.diagnostics import Circumstances, diagnostics
from tunneldesk.presentation.problem import Subject
from tunneldesk.versions import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tunneldesk.domain.model import Tunnel

NEEDED = ("dbus-daemon", "gnome-keyring-daemon")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.linux("looks into /proc"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

TALKATIVE = """
if [ "$1" != --version ]; then
    echo "2026-11-23T18:38:01Z ERR my token is $TUNNEL_TOKEN error=\\"token=$TUNNEL_TOKEN\\"" >&2
    echo "$TUNNEL_TOKEN"
    echo "$TUNNEL_TOKEN" >&2
    exec {python} -m tunneldesk.backend.connector "$@"
fi
echo "cloudflared version 2026.8.2 (built 2026-08-14-11:22 UTC)"
"""
"""A cloudflared that says its token, on both streams and in every form of line."""

BREAKING = """
import tunneldesk.service.heartbeat as heartbeat
async def broken(self, due):
    everything = [vars(self), self._grant, getattr(self._send, "__self__", None)]
    raise RuntimeError(f"{everything!r} {vars(everything[2])!r} {vars(everything[2]._bearer)!r}")
heartbeat.Heartbeat._beat = broken
"""
"""Makes a part of the service fail with all that it knows in the message."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("secrets"))
    yield place
    place.close()


@pytest.fixture
def make(place: Place, tmp_path: Path) -> Iterator[Callable[[str], World]]:
    made: list[World] = []

    def make(kind: str) -> World:
        terms = SERVERS[kind]
        lease, reaper = terms["lease_timeout"], terms["reaper_interval"]
        world = World(place, place.server(kind), tmp_path, lease=lease, reaper=reaper)
        world.lay_cable()  # which takes note of the tokens that pass
        world.program(TALKATIVE.format(python=sys.executable))
        made.append(world)
        return world

    yield make
    for world in made:
        world.close()
        world.server.control("faults", method="DELETE")


def everything_goes_wrong(world: World, *, lease_too: bool) -> None:
    """Let the server say every token back, the connector crash, and the lease be lost if it is to be."""
    tokens = {world.token, *world.network.secrets}
    said = " ".join(f"{token} Bearer {token} token={token}" for token in sorted(tokens))
    echo: dict[str, Any] = {"message": said, "details": {"said": said, said: [said]}}
    world.fault("heartbeat", code="INTERNAL_ERROR", **echo)
    world.fault("heartbeat", code="FORBIDDEN", **echo)
    if lease_too:
        world.control("expire-lease", tunnel=world.tunnel_id)
        for code in ("INTERNAL_ERROR", "CLOUDFLARE_ERROR"):
            world.fault("create", code=code, **echo)
    before = world.connector
    before.send(signal.SIGKILL)

    def another() -> bool:
        return any(each.pid != before.pid for each in world.processes.connectors()) and world.live()

    world.until("another connector", another, 40)
    world.server.control("faults", method="DELETE")
    for route in ("create", "list", "delete"):  # to other processes, which know nothing but the access token
        world.fault(route, code="FORBIDDEN", message=f"{world.token} Bearer {world.token}")


def ends_and_commands(world: World) -> None:
    """End the face, run every command that prints what it knows, and have another `expose` refused."""
    for face in world.faces:
        if face.running:
            face.end()
    commands = (["list", "--all", "--json"], ["list"], ["doctor", "--json"], ["doctor"], ["--version", "--verbose"])
    for words in (["expose", str(world.port)], *commands):
        world.start(*words).wait(40)


def search(world: World) -> list[str]:
    """Return the places in which a secret was found."""
    found = []
    for where, text in world.places_to_search().items():
        found += [where for secret in world.secrets() if secret in text]
        found += [where for _ in re.findall(r"td[ar]_[A-Za-z0-9_-]{20,}", text)]
    return found


def environments(world: World) -> dict[str, dict[str, str]]:
    """Return the environments of the face's children, by what they run."""
    own = world.face.process.pid
    return {process.line: process.environ for process in world.processes.living() if process.pid != own}


def holders(world: World) -> dict[str, set[str]]:
    """Return in which variables of which children there are secrets."""
    held = {}
    for line, environ in environments(world).items():
        names = {name for name, value in environ.items() if any(secret in value for secret in world.secrets())}
        if names:
            held[line] = names
    return held


def test_the_search_finds_a_token_wherever_one_is_put(make: Callable[[str], World]) -> None:
    world = make("calm")
    assert search(world) == []
    deep = world.home / "state" / "run" / "deep"
    deep.mkdir(parents=True)
    (deep / ".hidden").write_bytes(b"\x00\xff" + world.token.encode() + b"\xfe")
    assert search(world) == [str(deep / ".hidden")] * 2
    (deep / ".hidden").unlink()
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)", world.token], env=world.surroundings()
    )
    try:
        world.until("it to be seen", world.processes.living, 5)
        assert set(search(world)) == {"the command lines"}
    finally:
        child.kill()
        child.wait()
    world.processes.command_lines.clear()
    world.start(world.token, program="calendar").wait()  # complains about a year like that
    assert any("the output of" in where for where in search(world))


def test_a_run_with_tokens_from_the_environment_leaves_none_behind(make: Callable[[str], World]) -> None:
    world = make("newer")
    world.expose()
    world.come_live()
    assert len(world.secrets()) >= 4, "access token, run token, connector token and what is in it"
    everything_goes_wrong(world, lease_too=False)
    ((_, variables),) = holders(world).items()
    assert variables == {"TUNNEL_TOKEN"}
    ends_and_commands(world)
    assert search(world) == []


def test_what_people_read_in_the_terminal_holds_none(make: Callable[[str], World]) -> None:
    world = make("newer")
    world.program("echo my token is $TUNNEL_TOKEN >&2; [ $1 = --version ] && echo cloudflared version 2026.8.2")
    world.fault("create", code="FORBIDDEN", message=f"{world.token} and Bearer {world.token}")
    refused = world.start("expose", str(world.port))
    assert refused.wait(20) == 3
    world.fault("list", code="FORBIDDEN", message=f"{world.token}")
    world.start("list").wait(20)
    crashing = world.start("expose", str(world.port))
    world.until("a connector token", lambda: world.processes.connectors() or world.network.secrets, 15)
    assert crashing.wait(40) == 5
    assert "my token is" in crashing.errors
    assert search(world) == []


def test_a_run_with_tokens_from_the_keyring_leaves_none_behind(make: Callable[[str], World]) -> None:
    world = make("short")
    world.environ |= {**world.place.desktop(), "TUNNELDESK_ACCESS_TOKEN": ""}
    sign_in = subprocess.run(
        [sys.executable, "-m", "tunneldesk", "sign-in", "--token-stdin"],
        env=world.surroundings(),
        input=world.token,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert sign_in.returncode == 0, sign_in.stderr
    assert world.token not in sign_in.stdout + sign_in.stderr
    world.tray_expose()
    world.come_live()
    everything_goes_wrong(world, lease_too=True)
    ((_, variables),) = holders(world).items()
    assert variables == {"TUNNEL_TOKEN"}
    assert not [process for process in world.processes.living() if world.token in str(process.environ)]
    ends_and_commands(world)
    assert search(world) == []


@pytest.mark.parametrize("end", [signal.SIGABRT, signal.SIGKILL], ids=["aborted", "killed"])
def test_a_tray_app_that_crashes_leaves_none_behind(make: Callable[[str], World], end: signal.Signals) -> None:
    world = make("newer")
    world.environ |= world.place.desktop()
    world.tray_expose()
    world.come_live()
    world.face.send(end)
    world.face.wait()
    world.until("the end of all processes", lambda: not world.processes.living(), 6)
    if end is signal.SIGABRT:
        assert "Fatal Python error" in (world.home / "logs" / "crash.log").read_text()
    assert search(world) == []


@pytest.mark.parametrize("face", ["expose", "tray"])
def test_the_traceback_of_a_part_that_breaks_shows_none(make: Callable[[str], World], face: str) -> None:
    world = make("newer")
    extra = world.folder / "extra"
    extra.mkdir()
    (extra / "sitecustomize.py").write_text(BREAKING)
    world.environ["PYTHONPATH"] = f"{extra}:{world.surroundings()['PYTHONPATH']}"
    running = world.expose() if face == "expose" else world.tray_expose()
    log = world.home / "logs" / "desktop.log"

    def told() -> str:
        return running.errors + (log.read_text() if log.exists() else "")

    world.until("the traceback", lambda: "RuntimeError: [{" in told(), 20)
    running.end()
    assert "Grant(" in told(), "all it knew is in there"
    assert search(world) == []


def test_the_embedded_server_is_given_none(make: Callable[[str], World]) -> None:
    world = make("calm")
    world.environ |= {"TUNNELDESK_SERVER": ""}
    world.start("expose", str(world.port), "--json", "--demo")
    world.until("online", lambda: world.face.phase == "online", 25)
    children = environments(world)
    servers = [environ for line, environ in children.items() if line.partition("--")[0].endswith("backend ")]
    assert len(servers) == 1
    for environ in servers:
        assert not [name for name in environ if name.startswith("TUNNEL")]
        assert world.token not in str(environ)
    ends_and_commands(world)
    assert search(world) == []


async def test_the_diagnostics_that_are_given_to_helpers_hold_none(
    make: Callable[[str], World], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world = make("newer")

    async with open_core(CoreOptions(environ=world.surroundings())) as core:
        key = core.commands.expose(Wish(world.port, world.slug))

        def tunnel() -> Tunnel:
            found = core.store.state.tunnel(key)
            assert found is not None
            return found

        await asyncio.to_thread(world.until, "live", lambda: tunnel().phase is Phase.ONLINE, 20)
        said = " ".join(f"{token} Bearer {token}" for token in world.secrets())
        echo: dict[str, Any] = {"message": said, "details": {"said": said}}
        await asyncio.to_thread(world.fault, "heartbeat", 20, code="INTERNAL_ERROR", **echo)
        await asyncio.to_thread(world.until, "the failure", lambda: tunnel().failure, 20)
        core.commands.examine()
        await asyncio.to_thread(
            world.until, "the check-up", lambda: (it := core.store.state.checkup) and it.over, 40
        )
        logs = {"connector": tuple(core.commands.connector_log(key)), "own": tuple(caplog.text.splitlines())}
        around = Circumstances(tunnel().timeline[0].at, versions(), str(world.folder), logs)
        text = diagnostics(core.store.state, around)
    assert "ERR my token <hidden>" in text
    assert "The server accepts the access token" in text
    assert "INTERNAL_ERROR" in text
    assert len(world.secrets()) >= 3
    for secret in world.secrets():
        assert secret not in text
    assert str(world.folder) not in text


async def test_a_server_can_not_say_back_in_one_answer_what_it_gave_in_another() -> None:
    access, connector, run = (f"{kind}-token-0451-{kind}" for kind in ("access", "connector", "run"))
    refusal = {"code": "FORBIDDEN", "message": f"{access} {connector} {run}", "details": {"said": connector}}
    answers = [grant(cloudflaredToken=connector, tunnelRunToken=run), *[answer(json.dumps(refusal), "403 No")] * 3]

    async def next_answer(writer: asyncio.StreamWriter) -> None:
        writer.write(answers.pop(0))
        await writer.drain()

    server = Hostile(next_answer)
    client = ApiClient(server.url, FixedToken(Secret(access)))
    try:
        await client.create(3000, None)
        for call in (client.list_tunnels, lambda: client.create(3000, None), lambda: client.delete("a1b2")):
            with pytest.raises(ApiError) as caught:
                await call()
            _holds_none(caught.value, [Secret(access), Secret(connector), Secret(run)])
    finally:
        await client.aclose()
        server.close()


async def test_the_details_of_a_problem_can_be_copied_without_one() -> None:
    tokens = [Secret(f"{kind}-token-0451-{kind}") for kind in ("access", "connector", "run")]
    access, connector, run = tokens
    said = " ".join(f"{token.reveal()} Bearer {token.reveal()}" for token in tokens)
    body = json.dumps({"code": said, "message": said, "details": {"said": said, said: [said, {said: said}]}})
    server = Hostile(answer(body, "500 No", X_Request_Id=said, Location=said))
    granted = Grant("a1b2", "my-app.example.com", connector, 20, 60, run)
    client = ApiClient(server.url, FixedToken(access))
    try:
        for call in (client.list_tunnels, lambda: client.create(3000, None), lambda: client.delete("a1b2")):
            with pytest.raises(ApiError) as caught:
                await call()
            _holds_none(caught.value, [access])
        with pytest.raises(ApiError) as caught:
            await client.heartbeat(granted)
        _holds_none(caught.value, tokens)
    finally:
        await client.aclose()
        server.close()


def _holds_none(error: ApiError, tokens: list[Secret]) -> None:
    shown = problem(error.failure, Subject(port=3000, slug="my-app", server="http://127.0.0.1"))
    copied = "\n".join([shown.title, shown.text, *(f"{name}: {value}" for name, value in shown.details)])
    for text in (copied, str(error), repr(error), repr(error.failure), repr(error.__cause__)):
        for token in tokens:
            assert token.reveal() not in text
