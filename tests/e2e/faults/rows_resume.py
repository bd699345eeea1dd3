"""The app starts again: what was wanted is there again, and nothing more."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

from tests.e2e.faults.network import Weather
from tests.e2e.faults.place import session
from tests.e2e.faults.row import Row, frozen, killed, live, steps, tray, wait

if TYPE_CHECKING:
    from tests.e2e.faults.row import Hold, Step
    from tests.e2e.faults.world import World


def started_again(world: World) -> None:
    world.tray()


def tray_without_keyring(world: World) -> None:
    """A tunnel is live in the tray app, where there is no keyring."""
    world.tray_expose()
    world.come_live()


def tray_cabled(world: World) -> None:
    """A tunnel is live in the tray app, through a cable."""
    world.lay_cable()
    tray_without_keyring(world)


def tray_with_locked_keyring(world: World) -> None:
    """The same, with a keyring that nobody unlocks."""
    world.environ |= session(world.stack, world.folder / "session", unlocked=False)
    world.tray_expose()
    world.come_live(40)


def tray_with_keyring_of_its_own(world: World) -> None:
    """The same, with a keyring that can be taken away."""
    world.environ |= session(world.stack, world.folder / "session", unlocked=True)
    world.tray_expose()
    world.come_live()


def keyring_gone(world: World) -> None:
    """From now on there is a bus, and no keyring on it."""
    world.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


def lease_over(world: World) -> None:
    world.until("the end of the lease", lambda: not world.listed(), world.lease + 3)


def quit_as_asked(world: World) -> None:
    assert world.face.end() == 0


def stopped_elsewhere(world: World) -> None:
    world.server.call("DELETE", f"/v1/tunnels/{world.tunnel_id}", token=world.token)
    journal = world.home / "state" / "journal.json"
    world.until("it to be written down", lambda: not json.loads(journal.read_text())["wanted"], 15)


def nothing_for(seconds: float) -> Hold:
    """Nothing is exposed, and nothing will be."""

    def hold(world: World, within: float) -> None:
        world.until("the app's log folder", (world.home / "logs").exists, within)
        wait(seconds)(world)
        assert world.face.running
        world.nothing_too_many(connectors=0, tunnels=0)

    return hold


def second_start(world: World) -> None:
    first = world.face
    second = world.tray()
    assert second.wait(15) == 0
    world.forget(second)
    assert world.face is first


def journal_edited(change: object) -> Step:
    """Let the app quit, change what it wrote down, and start it again."""

    def edit(world: World) -> None:
        quit_as_asked(world)
        journal = world.home / "state" / "journal.json"
        content: dict[str, Any] = json.loads(journal.read_text())
        change(content)  # type: ignore[operator]
        journal.write_text(json.dumps(content))
        started_again(world)

    return edit


def nonsense_added(content: dict[str, Any]) -> None:
    for entries in content.values():
        if isinstance(entries, list):
            entries[:0] = [{"server": 5}, None, "x", {"port": 99999, "server": "http://127.0.0.1:1"}]


def from_the_future(content: dict[str, Any]) -> None:
    content["colour"] = {"of": ["the", "tray"]}
    for entries in content.values():
        for entry in entries if isinstance(entries, list) else []:
            entry["later"] = True


def offline_at_start(world: World) -> None:
    """The network is away when the app starts, and comes after six seconds."""
    quit_as_asked(world)
    world.network.turn(Weather.RESETTING)
    before = world.network.api.taken
    started_again(world)
    wait(6)(world)
    attempts = world.network.api.taken - before
    assert 1 <= attempts <= 6, attempts
    world.network.turn(Weather.FAIR)


def quit_while_deleting_fails(world: World) -> None:
    world.fault("delete", 1, code="INTERNAL_ERROR", apply=False)
    quit_as_asked(world)
    started_again(world)


def told_to_end_at_once(world: World) -> None:
    """Ended by the session's manager while it still comes up, then started again."""
    quit_as_asked(world)
    early = world.tray()
    world.until("it to run", lambda: world.processes.living(), 5)
    wait(0.4)(world)
    early.killed = True
    early.send(signal.SIGKILL)
    early.wait()
    started_again(world)


ROWS = [
    Row(
        "killed, and started again within the lease",
        steps(killed, started_again),
        live(same=True),
        15,
        tray,
        "calm",
    ),
    Row(
        "killed, and started again after the lease",
        steps(killed, lease_over, started_again),
        live(same=False),
        15,
        tray,
    ),
    Row(
        "killed twice within the lease",
        steps(killed, started_again, wait(0.7), killed, started_again),
        live(),
        20,
        tray,
        "calm",
    ),
    Row("killed where there is no keyring", steps(killed, started_again), live(), 20, tray_without_keyring),
    Row("killed where the keyring is locked", steps(killed, started_again), live(), 40, tray_with_locked_keyring),
    Row(
        "killed, and the keyring is gone",
        steps(killed, keyring_gone, started_again),
        live(),
        20,
        tray_with_keyring_of_its_own,
    ),
    Row("quit, and started again", steps(quit_as_asked, started_again), live(same=False), 15, tray, "calm"),
    Row(
        "the server would not delete when it quit",
        quit_while_deleting_fails,
        live(),
        25,
        tray,
        "calm",
    ),
    Row("killed while it started", told_to_end_at_once, live(), 20, tray, "calm"),
    Row(
        "stopped elsewhere, quit, and started again",
        steps(stopped_elsewhere, quit_as_asked, started_again),
        nothing_for(3),
        10,
        tray,
        "calm",
    ),
    Row("started while it runs", second_start, live(same=True), 5, tray),
    Row("entries of its journal make no sense", journal_edited(nonsense_added), live(), 15, tray, "calm"),
    Row("its journal is of a later version", journal_edited(from_the_future), live(), 15, tray, "calm"),
    Row("there is no network when it starts", offline_at_start, live(), 25, tray_cabled, "calm"),
    Row("it slept for longer than the lease", frozen(5), live(same=False), 10, tray),
]
