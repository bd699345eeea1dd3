"""Files are damaged, the disk is full, folders can't be made."""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING

import psutil
from filelock import FileLock

from tests.e2e.faults.row import Row, live, nothing, online, problem, steps, tray, wait

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.faults.row import Hold, Step
    from tests.e2e.faults.world import World

HALF = b'{\n  "wanted": [\n    {\n      "server": "http'


def journal_of(world: World) -> Path:
    return world.home / "state" / "journal.json"


def settings_of(world: World) -> Path:
    return world.home / "config" / "settings.json"


def damaged(content: bytes, *files: object) -> Step:
    """Damage files, then start the tray app and expose."""

    def damage(world: World) -> None:
        for file in files:
            path: Path = file(world)  # type: ignore[operator]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        world.tray_expose()

    return damage


def set_aside(content: bytes, *files: object) -> Hold:
    """The tunnel is live, and what made no sense is kept under another name."""

    def hold(world: World, within: float) -> None:
        live()(world, within)
        for file in files:
            path: Path = file(world)  # type: ignore[operator]
            kept = [each.read_bytes() for each in path.parent.glob(f"{path.stem}.damaged-*")]
            assert kept == [content], world.told()
            json.loads(path.read_text())

    return hold


def row_of_damage(what: str, content: bytes, *files: object) -> Row:
    return Row(what, damaged(content, *files), set_aside(content, *files), 15, nothing)


def journal_is_a_folder(world: World) -> None:
    journal_of(world).mkdir(parents=True)
    world.tray_expose()


def logs_can_not_be_kept(world: World) -> None:
    world.home.mkdir()
    (world.home / "logs").write_text("in the way")
    world.tray_expose()


def unmeasured(world: World) -> None:
    """Coverage could not write its own data on a full disk either, and would say so with a traceback."""
    world.measured = False


def full(world: World) -> None:
    """From now on nothing more can be written by the app: no file may grow."""
    psutil.Process(world.face.process.pid).rlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def stopped_elsewhere_while_full(world: World) -> None:
    """There is something to be written down, and no room for it."""
    world.journal = journal_of(world).read_bytes()
    full(world)
    world.server.call("DELETE", f"/v1/tunnels/{world.tunnel_id}", token=world.token)
    world.until("the connector's end", lambda: not world.processes.connectors(), 10)


def full_from_the_start(world: World) -> None:
    limited = (0, resource.RLIM_INFINITY)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, limited)  # inherited by what is started meanwhile
    try:
        world.expose()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def connector_dies(world: World) -> None:
    import signal

    world.connector.send(signal.SIGKILL)


def nothing_lost(world: World, within: float) -> None:
    """What was written down is still there, and once there is room again the rest follows."""
    assert journal_of(world).read_bytes() == world.journal
    assert world.face.running
    freed(world)
    assert world.face.end(within) == 0, world.told()
    json.loads(journal_of(world).read_text())


def freed(world: World) -> None:
    psutil.Process(world.face.process.pid).rlimit(
        resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    )


def journal_held(world: World) -> None:
    """Another process holds the journal's lock for good."""
    lock = journal_of(world).with_suffix(".lock")
    lock.parent.mkdir(parents=True)
    held = FileLock(lock)
    held.acquire()
    world.stack.callback(held.release)
    world.tray_expose()


def live_for(seconds: float) -> Hold:
    """The tunnel comes live, and is the same for so long."""

    def hold(world: World, within: float) -> None:
        world.come_live(within)
        wait(seconds)(world)
        live(same=True)(world, 3)

    return hold


def home_that_can_not_be(world: World) -> None:
    world.environ["TUNNELDESK_HOME"] = "/proc/tunneldesk"
    world.expose()


def demo_data_damaged(world: World) -> None:
    data = world.home / "state" / "demo-server"
    data.mkdir(parents=True)
    (data / "ports.json").write_bytes(HALF)
    world.environ |= {"TUNNELDESK_SERVER": "", "TUNNELDESK_ACCESS_TOKEN": ""}
    world.tray("--demo", "--expose", str(world.port), "--name", world.slug)


def demo_live(world: World, within: float) -> None:
    def serving() -> bool:
        ports = world.home / "state" / "demo-server" / "ports.json"
        try:
            edge = json.loads(ports.read_text())["edge"]
        except (ValueError, KeyError, OSError):
            return False
        return world.answers(f"{world.slug}.tunnel.localhost:{edge}")

    world.until("the demo's tunnel", serving, within)


ROWS = [
    row_of_damage("the journal is cut in half", HALF, journal_of),
    row_of_damage("the journal is empty", b"", journal_of),
    row_of_damage("the journal is full of zeros", bytes(4096), journal_of),
    row_of_damage("the journal is a list", b"[1, 2, 3]", journal_of),
    row_of_damage("the settings are cut in half", HALF, settings_of),
    row_of_damage("journal and settings are binary", b"\xff\xfe\x00" * 50, journal_of, settings_of),
    Row("the journal is a folder", journal_is_a_folder, live(), 15, nothing),
    Row("the log folder can't be made", logs_can_not_be_kept, live(), 15, nothing),
    Row("another process holds the journal", journal_held, live_for(6), 15, nothing),
    Row(
        "the disk is full when something is to be written down",
        stopped_elsewhere_while_full,
        nothing_lost,
        12,
        tray,
    ),
    Row(
        "the disk is full when the connector dies",
        steps(full, connector_dies),
        problem("FILE_NOT_WRITTEN", 1),
        10,
        steps(unmeasured, online),
    ),
    Row("the disk is full at the start", full_from_the_start, problem("FILE_NOT_WRITTEN", 1), 10, unmeasured),
    Row("the home can't be made", home_that_can_not_be, problem("FILE_NOT_WRITTEN", 1), 8, nothing),
    Row("the demo server's notes are damaged", demo_data_damaged, demo_live, 15, nothing),
]
