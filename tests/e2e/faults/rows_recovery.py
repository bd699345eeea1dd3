"""The lease is lost: the tunnel comes back under its name, or the reason why not is told."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.e2e.faults.row import (
    Row,
    ended,
    fault,
    frozen,
    lease_expired,
    live,
    online,
    problem,
    signalled,
    steps,
    wait,
)

if TYPE_CHECKING:
    from tests.e2e.faults.row import Step
    from tests.e2e.faults.world import World

SHORT: dict[str, object] = {"heartbeat_interval": 1, "lease_timeout": 4, "reaper_interval": 1}
PAGE = "<!doctype html><title>Bad gateway</title>"


def online_under_any_name(world: World) -> None:
    """A tunnel is live whose name the server has chosen."""
    world.expose(name=None)
    world.come_live()


def online_on_own_server(world: World) -> None:
    world.other_server(**SHORT)
    online(world)


def lost_and_create_gets(times: int = 1, **what: object) -> Step:
    return steps(fault("create", times, **what), lease_expired)


def taken_by_somebody(world: World) -> None:
    lease_expired(world)
    world.take_name()


def limit_used_up(world: World) -> None:
    lease_expired(world)
    for _ in range(5):
        answer = world.server.call("POST", "/v1/tunnels", {"port": 1}, token=world.token)
        assert answer.status_code == 200


def stopped_elsewhere(world: World) -> None:
    stop = world.start("stop", world.slug)
    assert stop.wait(15) == 0, world.told()
    world.forget(stop)


def one_stays_stopped(world: World) -> None:
    world.server.control("faults", method="DELETE")
    assert world.listed() == [], world.told()
    (only,) = world.listed(inactive=True)
    assert only["id"] == world.tunnel_id, world.told()


def server_away(seconds: float) -> Step:
    def leave(world: World) -> None:
        world.server.kill()
        wait(seconds)(world)
        world.revive_server(**SHORT)

    return leave


def recreated_within_the_same_run(world: World) -> None:
    assert "failed" not in world.face.phases(world.broken_at), world.told()


def two_online(world: World) -> None:
    """Two tunnels are live, each in its own terminal."""
    world.expose(name=f"{world.slug}-2")
    world.until("the other online", lambda: world.face.phase == "online", 20)
    online(world)


def only_one_came_back(world: World, within: float) -> None:
    other, mine = world.faces
    world.until("it back", lambda: mine.phases(world.broken_at)[-1:] == ["online"] and world.answers(), within)
    world.nothing_too_many(connectors=2, tunnels=2)
    assert other.phases(world.broken_at) == [], world.told()


def deleted_at_the_next_start(world: World) -> None:
    """What the server would not delete is deleted when the app is started again."""
    assert [item["id"] for item in world.listed()] == [world.tunnel_id]
    world.expose(name=f"{world.slug}-2")
    world.until("online", lambda: world.face.phase == "online", 15)
    world.until("it gone", lambda: [item["slug"] for item in world.listed()] == [f"{world.slug}-2"], 5)


def stopped_while_creating(world: World) -> None:
    world.fault("create", delaySec=2)
    world.expose()
    world.until("creating", lambda: world.face.phase == "creating", 15)
    world.face.send(signal.SIGINT)


def nothing_on_the_server(world: World) -> None:
    assert world.listed() == [], world.told()


def nothing(world: World) -> None:
    """There is nothing yet."""


again = live(same=False, also=recreated_within_the_same_run)

ROWS = [
    Row("the lease ran out", lease_expired, again, 8, online),
    Row("the lease of a tunnel with a random name ran out", lease_expired, again, 8, online_under_any_name),
    Row("the server's clock jumps ahead", lambda world: world.control("clock", jumpSec=3600), again, 8, online),
    Row(
        "the server forgets the tunnel for one beat", fault("heartbeat", code="TUNNEL_NOT_FOUND"), again, 12, online
    ),
    Row("the server can't create at first", lost_and_create_gets(2, code="INTERNAL_ERROR"), again, 15, online),
    Row("a proxy stands in the way at first", lost_and_create_gets(2, status=502, body=PAGE), again, 15, online),
    Row(
        "the server wants a pause first",
        lost_and_create_gets(code="RATE_LIMITED", headers={"Retry-After": "3"}),
        again,
        12,
        online,
    ),
    Row(
        "the server wants a pause first and calls it an error",
        lost_and_create_gets(code="INTERNAL_ERROR", headers={"Retry-After": "3", "X-RateLimit-Remaining": "0"}),
        again,
        12,
        online,
    ),
    Row("its name is held for a moment", lost_and_create_gets(2, code="TUNNEL_SLUG_CONFLICT"), again, 12, online),
    Row(
        "the server creates and says it did not",
        lost_and_create_gets(code="INTERNAL_ERROR", apply=True),
        again,
        20,
        online,
    ),
    Row(
        "the server creates and its answer is lost",
        lost_and_create_gets(code="INTERNAL_ERROR", apply=True, cut=True),
        again,
        20,
        online,
    ),
    Row(
        "somebody else has taken its name",
        frozen(0.5, taken_by_somebody),
        problem("TUNNEL_SLUG_CONFLICT", 4),
        45,
        online,
    ),
    Row(
        "the limit has been used up",
        frozen(0.5, limit_used_up),
        problem("TUNNEL_LIMIT_EXCEEDED", 4),
        12,
        online,
    ),
    Row(
        "it was stopped elsewhere",
        stopped_elsewhere,
        problem("STOPPED_ELSEWHERE", 4, also=one_stays_stopped),
        12,
        online,
    ),
    Row(
        "it was stopped elsewhere and the list can't be had at first",
        steps(
            fault("list", 2, code="INTERNAL_ERROR"),
            lambda world: world.server.call("DELETE", f"/v1/tunnels/{world.tunnel_id}", token=world.token),
        ),
        problem("STOPPED_ELSEWHERE", 4, also=one_stays_stopped),
        12,
        online,
    ),
    Row(
        "the lease is lost again and again",
        fault("heartbeat", 100, code="TUNNEL_NOT_FOUND"),
        problem("LEASE_LOST_REPEATEDLY", 4),
        40,
        online,
    ),
    Row("the server is away for longer than the lease", server_away(5), again, 15, online_on_own_server),
    Row("the lease of one of two ran out", lease_expired, only_one_came_back, 10, two_online),
    Row(
        "the reaper was faster than the beat that would revive it",
        frozen(0.2, steps(lease_expired, lambda world: world.control("clock", jumpSec=700))),
        again,
        8,
        online,
        "newer",
    ),
    Row(
        "the server will not delete at the end",
        steps(fault("delete", 1, code="INTERNAL_ERROR", apply=False), signalled(signal.SIGTERM)),
        ended(0, also=deleted_at_the_next_start),
        8,
        online,
        "calm",
    ),
    Row(
        "the user stops while the server creates",
        stopped_while_creating,
        ended(0, also=nothing_on_the_server),
        8,
        nothing,
        "calm",
    ),
]
