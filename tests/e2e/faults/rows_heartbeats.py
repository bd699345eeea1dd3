"""Beats fail, each in its own way: within the lease none of it may show as more than a tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.faults.hostile import Hostile
from tests.e2e.faults.network import Weather
from tests.e2e.faults.row import (
    Row,
    cabled,
    fault,
    frozen,
    kept,
    lease_expired,
    live,
    online,
    problem,
    steps,
    tray,
    undisturbed,
    wait,
)

if TYPE_CHECKING:
    from tests.e2e.faults.row import Hold, Step
    from tests.e2e.faults.world import World

PAGE = "<!doctype html><title>Welcome to the hotel</title>"


def beat_gets(times: int = 1, **what: object) -> Step:
    return fault("heartbeat", times, **what)


def api_is(weather: Weather, seconds: float) -> Step:
    return steps(
        lambda world: world.network.api.turn(weather),
        wait(seconds),
        lambda world: world.network.api.turn(Weather.FAIR),
    )


def sent_elsewhere(world: World) -> None:
    world.elsewhere = Hostile(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok": true}')
    world.stack.callback(world.elsewhere.close)
    world.fault("heartbeat", status=307, headers={"Location": f"{world.elsewhere.url}/v1/steal"}, body="")


def nothing_heard_elsewhere(world: World) -> None:
    assert world.elsewhere is not None
    assert world.elsewhere.heard == b""


def token_revoked(world: World) -> None:
    assert world.control("revoke-token", accessToken=world.token)["revoked"]


def idle_connections_closed(world: World) -> None:
    beats = len(world.face.events("heartbeat"))
    world.until("a beat", lambda: len(world.face.events("heartbeat")) > beats, 6)
    world.network.api.cut()


def no_beat_missed(world: World) -> None:
    assert world.face.events("heartbeat", ok=False) == [], world.told()


def server_restarted(world: World) -> None:
    world.server.kill()
    world.revive_server(**ROOMY)


ROOMY: dict[str, object] = {"heartbeat_interval": 1, "lease_timeout": 30, "reaper_interval": 1}


def online_on_own_server(world: World) -> None:
    world.other_server(**ROOMY)
    online(world)


def same_tunnel_for(seconds: float) -> Hold:
    """The tunnel is the same all the time; for faces that print no events."""

    def hold(world: World, within: float) -> None:
        wait(seconds)(world)
        world.server.control("faults", method="DELETE")
        live(same=True)(world, within)

    return hold


ROWS = [
    Row("one is answered with an error", beat_gets(code="INTERNAL_ERROR"), kept(), 8, online, "roomy"),
    Row("two in a row are", beat_gets(2, code="CLOUDFLARE_ERROR"), kept(), 10, online, "roomy"),
    Row("one is answered with a web page", beat_gets(status=200, body=PAGE), kept(), 8, online, "roomy"),
    Row("one is answered by a proxy", beat_gets(status=502, body=PAGE), kept(), 8, online, "roomy"),
    Row("one is answered with a no", beat_gets(status=200, body='{"ok": false}'), kept(), 8, online, "roomy"),
    Row("one is answered with nothing", beat_gets(status=200, body=""), kept(), 8, online, "roomy"),
    Row("one is answered in half", beat_gets(code="INTERNAL_ERROR", cut=True, times=2), kept(), 8, online, "roomy"),
    Row("one is answered with 80 MB", beat_gets(bodyBytes=80_000_000), kept(), 10, online, "roomy"),
    Row(
        "one comes too soon for the server",
        beat_gets(code="RATE_LIMITED", headers={"Retry-After": "1"}),
        kept(),
        8,
        online,
        "roomy",
    ),
    Row("one is not answered for eight seconds", beat_gets(delaySec=8), kept(), 14, online, "roomy"),
    Row("one is told that its token is no good", beat_gets(code="INVALID_TOKEN"), kept(), 8, online, "roomy"),
    Row("one is sent on to another server", sent_elsewhere, kept(also=nothing_heard_elsewhere), 8, online, "roomy"),
    Row("nobody listens for three seconds", api_is(Weather.REFUSING, 3), kept(), 10, cabled, "roomy"),
    Row("nothing comes through for seven seconds", api_is(Weather.SWALLOWING, 7), kept(), 12, cabled, "roomy"),
    Row("every connection is reset for three seconds", api_is(Weather.RESETTING, 3), kept(), 10, cabled, "roomy"),
    Row("something else answers for three seconds", api_is(Weather.GARBLED, 3), kept(), 10, cabled, "roomy"),
    Row("the line is slow", api_is(Weather.SLOW, 5), undisturbed(0.5, beats=2), 8, cabled, "roomy"),
    Row(
        "idle connections are closed",
        idle_connections_closed,
        undisturbed(3, beats=1),
        8,
        cabled,
        "roomy",
    ),
    Row("the server is killed and starts again", server_restarted, live(same=True), 12, online_on_own_server),
    Row("the access token is revoked", token_revoked, problem("INVALID_TOKEN"), 8, online),
    Row(
        "the access token is revoked where there is a run token",
        token_revoked,
        undisturbed(5, beats=4),
        8,
        online,
        "newer",
    ),
    Row("the run token is refused once", beat_gets(code="FORBIDDEN"), kept(), 6, online, "newer"),
    Row(
        "the run token is refused past the lease",
        beat_gets(4, code="FORBIDDEN"),
        live(same=False),
        20,
        online,
        "newer",
    ),
    Row("a lease ran out that the server revives", lease_expired, live(same=True), 6, online, "newer"),
    Row(
        "the machine slept through a lease that the server revives",
        frozen(5),
        live(same=True),
        8,
        online,
        "newer",
    ),
    Row("the list of tunnels hangs", fault("list", 50, delaySec=8), same_tunnel_for(5), 12, tray),
]
