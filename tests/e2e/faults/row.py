"""What a row of the fault table says, and the words that rows are written in."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.faults.world import World

    Step = Callable[[World], object]
    Hold = Callable[[World, float], None]


@dataclass(frozen=True)
class Row:
    """One fault.

    Attributes:
        broken: What is broken, for people.
        how: Breaks it.
        holds: What must hold, given the seconds it has for that from then on.
        within: Those seconds.
        given: What is there before.
        server: Which of the worker's servers is used, see `place.SERVERS`.
    """

    broken: str
    how: Step
    holds: Hold
    within: float
    given: Step
    server: str = "short"


def steps(*each: Step) -> Step:
    """Do one after the other."""

    def all_of_them(world: World) -> None:
        for step in each:
            step(world)

    return all_of_them


# Given


def nothing(world: World) -> None:
    """There is nothing yet."""


def online(world: World) -> None:
    """A tunnel is live in the terminal."""
    world.expose()
    world.come_live()


def cabled(world: World) -> None:
    """The same, through a cable."""
    world.lay_cable()
    online(world)


def tray(world: World) -> None:
    """A tunnel is live in the tray app, on a desktop with a keyring."""
    world.environ |= world.place.desktop()
    world.tray_expose()
    world.come_live()


# How


def expose(world: World) -> None:
    """Expose in the terminal."""
    world.expose()


def signalled(*numbers: signal.Signals) -> Step:
    """Send signals to the face, the second when the first has shown an effect."""

    def send(world: World) -> None:
        for count, number in enumerate(numbers):
            if count:
                world.until("stopping", lambda: world.face.phase == "stopping", 5)
            world.face.send(number)

    return send


def fault(route: str, times: int = 1, **what: object) -> Step:
    """Order answers of the server."""
    return lambda world: world.fault(route, times, **what)


def killed(world: World) -> None:
    """End the face as nobody should."""
    world.processes.living()
    world.face.kill()


def frozen(seconds: float, meanwhile: Step | None = None) -> Step:
    """Stop all processes of the row for a while, as a sleeping machine does."""

    def freeze(world: World) -> None:
        sleepers = world.processes.living()
        for process in sleepers:
            process.send(signal.SIGSTOP)
        if meanwhile is not None:
            meanwhile(world)
        time.sleep(seconds)
        for process in sleepers:
            process.send(signal.SIGCONT)

    return freeze


def lease_expired(world: World) -> None:
    """Let the tunnel's lease have run out."""
    world.control("expire-lease", tunnel=world.tunnel_id)


def wait(seconds: float) -> Step:
    """Let the fault last; this is no wait for something to happen."""
    return lambda _: time.sleep(seconds)


# Holds


def live(*, same: bool | None = None, after: str | None = None, also: Step | None = None) -> Hold:
    """The tunnel is live again under its name.

    Args:
        same: Whether it must be the same tunnel, or another.
        after: A phase that the face must have told of since the fault.
        also: What else must hold then.
    """

    def hold(world: World, within: float) -> None:
        ends = time.monotonic() + within
        if after is not None:
            told = lambda: after in world.face.phases(world.broken_at)  # noqa: E731
            world.until(f"the phase {after}", told, within)
        world.until("the tunnel to be live again", lambda: _live(world, same), ends - time.monotonic())
        mine = world.mine()
        assert mine is not None
        if world.hostname:
            assert mine["hostname"] == world.hostname, world.told()
        world.nothing_too_many()
        if also is not None:
            also(world)

    return hold


def _live(world: World, same: bool | None) -> bool:
    if not world.live():
        return False
    mine = world.mine()
    if mine is None or same is None:
        return mine is not None
    if same:
        assert mine["id"] == world.tunnel_id, world.told()
        return True
    return bool(mine["id"] != world.tunnel_id)


def undisturbed(seconds: float, *, beats: int = 0) -> Hold:
    """The tunnel goes on as if nothing had been, for so long; then so many beats have got through."""

    def hold(world: World, within: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            assert world.face.phase in {"online", None}, world.told()
            assert world.answers(), world.told()
            time.sleep(0.1)
        enough = lambda: len(world.face.events("heartbeat", world.broken_at, ok=True)) >= beats  # noqa: E731
        world.until(f"{beats} beats", enough, within)
        live(same=True)(world, 1)
        assert "problem" not in {said.event["event"] for said in world.face.said}, world.told()

    return hold


def kept(*, also: Step | None = None) -> Hold:
    """The same tunnel stays online all along, and a beat gets through again."""

    def hold(world: World, within: float) -> None:
        def beats(*, ok: bool) -> bool:
            return bool(world.face.events("heartbeat", world.broken_at, ok=ok))

        def through() -> bool:
            return beats(ok=True) and bool(world.face.events("heartbeat")[-1]["ok"])

        world.until("a beat that is missed", lambda: beats(ok=False), within)
        world.until("a beat that gets through", through, within)
        live(same=True, also=also)(world, 1)
        assert world.face.phases(world.broken_at) == [], world.told()

    return hold


def problem(code: str, status: int | None = None, *, also: Step | None = None) -> Hold:
    """The right problem is told; with a ``status``, `expose` ends with it and nothing is left running."""

    def hold(world: World, within: float) -> None:
        began = time.monotonic()
        face = world.face

        def told() -> object:
            return face.events("problem", code=code) or (not face.running and "ended")

        world.until(f"the problem {code}", told, within)
        if status is not None:
            left = max(1.0, within - (time.monotonic() - began))
            world.until("the end", lambda: not face.running, left)
            assert face.wait() == status, world.told()
            assert world.processes.connectors() == [], world.told()
        problems = face.events("problem")
        assert code in {event["code"] for event in problems}, world.told()
        for event in problems:
            assert event["title"], world.told()
            assert event["text"], world.told()
            assert event["actions"] or event["code"] != code, world.told()
            shown = f"{event['title']} {event['text']}"
            assert all(char.isprintable() or char == "\n" for char in shown), repr(shown)
        if also is not None:
            also(world)

    return hold


def ended(status: int, *, also: Step | None = None) -> Hold:
    """The face has ended with this status, and nothing of it runs."""

    def hold(world: World, within: float) -> None:
        world.until("the end", lambda: not world.face.running, within)
        assert world.face.wait() == status, world.told()
        assert world.processes.living() == [], world.told()
        if also is not None:
            also(world)

    return hold


def nobody_left(*, also: Step | None = None) -> Hold:
    """No process is left."""

    def hold(world: World, within: float) -> None:
        world.until("the end of all processes", lambda: not world.processes.living(), within)
        if also is not None:
            also(world)

    return hold
