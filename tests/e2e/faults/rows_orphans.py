"""The app ends as nobody should, or in a hurry: nothing of it may stay behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.e2e.faults.processes import alive
from tests.e2e.faults.row import (
    Row,
    ended,
    fault,
    killed,
    live,
    nobody_left,
    nothing,
    online,
    signalled,
    steps,
    tray,
)

if TYPE_CHECKING:
    from tests.e2e.faults.world import World

NEVER_READY = {"say": [[0, "2026-11-23T18:38:01Z INF Starting metrics server on {metrics}/metrics"]]}


def heard_online(world: World) -> None:
    """A tunnel is live, and its connector would not die of a log that nobody reads."""
    world.cloudflared("heard")
    online(world)


def heard_tray(world: World) -> None:
    """The same, of the tray app."""
    world.cloudflared("heard")
    tray(world)


def killed_at_birth_of_connector(world: World) -> None:
    world.cloudflared(NEVER_READY)
    world.expose()
    world.until("a connector", lambda: world.starts and world.processes.connectors(), 15)
    killed(world)


def killed_while_creating(world: World) -> None:
    world.fault("create", delaySec=1.5)
    world.expose()
    world.until("creating", lambda: world.face.phase == "creating", 15)
    killed(world)


def killed_while_stopping(world: World) -> None:
    world.fault("delete", delaySec=3)
    world.face.send(signal.SIGTERM)
    world.until("stopping", lambda: world.face.phase == "stopping", 5)
    killed(world)


def crashed(world: World) -> None:
    world.face.killed = True
    world.face.send(signal.SIGABRT)
    world.face.wait()


def connector_frozen_and_killed(world: World) -> None:
    world.connector.send(signal.SIGSTOP)
    killed(world)


def everybody_told_to_end(world: World) -> None:
    """As a system that shuts down does it: every process at once."""
    for process in world.processes.living():
        process.send(signal.SIGTERM)


def nothing_on_the_server(world: World) -> None:
    """The server was told; its lease need not run out first."""
    assert world.listed() == [], world.told()


def demo(world: World) -> None:
    """A tunnel is live on the embedded server."""
    world.environ |= {"TUNNELDESK_SERVER": "", "TUNNELDESK_ACCESS_TOKEN": ""}
    world.start("expose", str(world.port), "--json", "--demo")
    online = world.until("online", lambda: world.face.events("phase", phase="online"), 20)
    assert world.answers(online[0]["hostname"])
    assert len(world.processes.living()) == 3


def orphaned(world: World) -> None:
    """A connector that slipped its leash outlives its killed owner."""
    world.cloudflared("loose", "genuine")
    online(world)
    world.first = world.connector.pid
    killed(world)
    assert alive(world.first)


def orphaned_by_tray(world: World) -> None:
    """The same, of the tray app."""
    world.cloudflared("loose", "genuine")
    tray(world)
    world.first = world.connector.pid
    killed(world)
    assert alive(world.first)


def orphan_swept(world: World, within: float) -> None:
    world.until("the end of the orphan", lambda: not alive(world.first), within)
    world.until("the new one online", lambda: world.face.phase == "online", within)
    world.nothing_too_many(tunnels=len(world.listed()))


def orphan_swept_by_tray(world: World, within: float) -> None:
    """Until then it is the orphan that serves."""
    world.until("the end of the orphan", lambda: not alive(world.first), within)
    live()(world, within)


def another_in_the_same_home_later(world: World) -> None:
    world.expose(name=None)


def another_in_the_same_home(world: World) -> None:
    world.first = world.connector.pid
    world.expose(name=f"{world.slug}-2")


def both_live(world: World, within: float) -> None:
    first, second = world.faces
    world.until("the second online", lambda: second.phase == "online", within)
    world.nothing_too_many(connectors=2, tunnels=2)
    assert first.phases(world.broken_at) == [], world.told()
    assert world.answers(), world.told()
    assert alive(world.first)
    assert second.end() == 0
    world.until("the second's end", lambda: len(world.processes.connectors()) == 1, 5)
    assert alive(world.first)
    assert world.answers(), world.told()


def stranger_that_looks_like_one(world: World) -> None:
    """A program of somebody else has the process number of a dead owner's connector, and even its command line."""
    folder = world.home / "state" / "run" / "face-dead" / "connector-dead"
    folder.mkdir(parents=True)
    (folder.parent.parent / "face-dead.lock").touch()
    stranger = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)", "tunnel", "--config", f"{folder}/config.yml", "run"],
        env={"PATH": os.defpath},
    )
    world.first = stranger.pid
    (folder / "process.json").write_text(json.dumps({"pid": stranger.pid, "started": 1.0}))

    def end() -> None:
        stranger.kill()
        stranger.wait()

    world.stack.callback(end)


def stranger_spared(world: World) -> None:
    assert alive(world.first)


ROWS = [
    Row("the app is killed", killed, nobody_left(), 5, heard_online),
    Row("the app is killed as the connector is born", killed_at_birth_of_connector, nobody_left(), 5, nothing),
    Row("the app is killed while the server creates", killed_while_creating, nobody_left(), 5, nothing),
    Row("the app is killed while it stops", killed_while_stopping, nobody_left(), 5, heard_online),
    Row("the app crashes", crashed, nobody_left(), 5, heard_online),
    Row("the app is killed and the connector hangs", connector_frozen_and_killed, nobody_left(), 5, heard_online),
    Row("the terminal is closed", signalled(signal.SIGHUP), nobody_left(), 5, heard_online),
    Row(
        "the app is told to end",
        signalled(signal.SIGTERM),
        ended(0, also=nothing_on_the_server),
        5,
        online,
        server="calm",
    ),
    Row(
        "the system shuts down",
        everybody_told_to_end,
        ended(0, also=nothing_on_the_server),
        5,
        online,
        server="calm",
    ),
    Row("the app is killed in the demo", killed, nobody_left(), 5, demo),
    Row("the tray app is killed", killed, nobody_left(), 5, heard_tray),
    Row(
        "the tray app is told to end",
        signalled(signal.SIGTERM),
        ended(0, also=nothing_on_the_server),
        6,
        tray,
        server="calm",
    ),
    Row("a connector slipped its leash", another_in_the_same_home_later, orphan_swept, 10, orphaned),
    Row(
        "a connector of the tray app slipped its leash",
        lambda world: world.tray(),
        orphan_swept_by_tray,
        12,
        orphaned_by_tray,
        "calm",
    ),
    Row("another starts in the same home", another_in_the_same_home, both_live, 15, online),
    Row(
        "a stranger's process has the number of a dead owner's connector",
        online,
        live(also=stranger_spared),
        15,
        stranger_that_looks_like_one,
    ),
    Row(
        "the server is told to delete and hangs, and the user stops twice",
        steps(fault("delete", delaySec=20), signalled(signal.SIGINT, signal.SIGINT)),
        ended(0),
        5,
        online,
    ),
]
