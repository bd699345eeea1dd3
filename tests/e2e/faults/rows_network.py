"""The machine sleeps, clocks jump, the network goes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.faults.network import Weather
from tests.e2e.faults.row import (
    Row,
    cabled,
    expose,
    frozen,
    live,
    nothing,
    online,
    problem,
    steps,
    undisturbed,
    wait,
)

if TYPE_CHECKING:
    from tests.e2e.faults.row import Step
    from tests.e2e.faults.world import World


def network_is(weather: Weather, seconds: float) -> Step:
    return steps(
        lambda world: world.network.turn(weather),
        wait(seconds),
        lambda world: world.network.turn(Weather.FAIR),
    )


def clock_jumps(seconds: float) -> Step:
    return lambda world: world.control("clock", jumpSec=seconds)


def nobody_listens(world: World) -> None:
    world.lay_cable().turn(Weather.REFUSING)
    world.expose()


def only_the_app_sleeps(world: World) -> None:
    """The app is starved of time while its connector is not."""
    import signal

    world.face.send(signal.SIGSTOP)
    wait(5)(world)
    world.face.send(signal.SIGCONT)


def connectors_network_only(world: World) -> None:
    world.network.edge.turn(Weather.SWALLOWING)
    wait(3)(world)
    world.network.edge.turn(Weather.FAIR)


def on_a_desktop(world: World) -> None:
    """A tunnel is live where there is a system bus, which is a bus of the tests' own."""
    world.environ["DBUS_SYSTEM_BUS_ADDRESS"] = world.place.desktop()["DBUS_SESSION_BUS_ADDRESS"]
    online(world)


def logind_cries_wolf(world: World) -> None:
    """It says again and again that the machine has woken, which it has not."""
    from jeepney import DBusAddress, message_bus, new_signal
    from jeepney.io.blocking import open_dbus_connection

    manager = DBusAddress("/org/freedesktop/login1", interface="org.freedesktop.login1.Manager")
    with open_dbus_connection(bus=world.environ["DBUS_SYSTEM_BUS_ADDRESS"]) as bus:
        bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.login1"))
        for _ in range(50):
            for asleep in (True, False):
                bus.send(new_signal(manager, "PrepareForSleep", "b", (asleep,)))


ROWS = [
    Row("it slept for longer than the lease", frozen(5), live(same=False), 10, online),
    Row("it slept for less than the lease", frozen(1.5), live(same=True), 8, online),
    Row("only the app was held up for longer than the lease", only_the_app_sleeps, live(same=False), 10, online),
    Row(
        "the network is away for longer than the lease",
        network_is(Weather.REFUSING, 6),
        live(same=False),
        20,
        cabled,
    ),
    Row(
        "the network swallows everything for longer than the lease",
        network_is(Weather.SWALLOWING, 6),
        live(),
        25,
        cabled,
    ),
    Row(
        "another network answers for longer than the lease",
        network_is(Weather.GARBLED, 6),
        live(same=False),
        25,
        cabled,
    ),
    Row("the network is away for a moment", network_is(Weather.REFUSING, 2), live(same=True), 15, cabled, "roomy"),
    Row(
        "every connection breaks",
        lambda world: world.network.cut(),
        live(same=True, after="reconnecting"),
        10,
        cabled,
        "roomy",
    ),
    Row("nothing reaches the edge for a moment", connectors_network_only, live(same=True), 12, cabled, "roomy"),
    Row("the server's clock is set back", clock_jumps(-7200), undisturbed(3, beats=2), 8, online),
    Row("the server's clock is ahead", steps(clock_jumps(7200), expose), live(), 12, nothing),
    Row("nobody listens at the start", nobody_listens, problem("SERVER_REFUSED_CONNECTION", 6), 8, nothing),
    Row("logind tells of sleeps that there were not", logind_cries_wolf, undisturbed(2, beats=2), 8, on_a_desktop),
]
