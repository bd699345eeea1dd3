"""The connector breaks: it dies, hangs, lies, is refused, or will not stop."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

from tests.e2e.faults.network import Weather
from tests.e2e.faults.row import (
    Row,
    cabled,
    ended,
    expose,
    live,
    nothing,
    online,
    problem,
    signalled,
    steps,
    undisturbed,
    wait,
)

if TYPE_CHECKING:
    from tests.e2e.faults.processes import Process
    from tests.e2e.faults.row import Step
    from tests.e2e.faults.world import World

AT = "2026-11-23T18:38:01Z"
METRICS = f"{AT} INF Starting metrics server on {{metrics}}/metrics"
REGISTERED = f"{AT} INF Registered tunnel connection connIndex=0 ip=127.0.0.1 location=ams01 protocol=quic"
LOST = f'{AT} ERR Connection terminated error="timeout: no recent network activity" connIndex=0'
RETRYING = f"{AT} INF Retrying connection in up to 2s connIndex=0"
NO_DNS = "Could not lookup srv records on _v2-origintunneld._tcp.argotunnel.com: lookup: no such host"
SILENT_REFUSAL = (
    f"{AT} ERR failed to serve tunnel connection "
    'error="control stream encountered a failure while serving" connIndex=0 event=0 ip=127.0.0.1'
)
UNAUTHORIZED = (
    f"{AT} ERR Register tunnel error from server side "
    'error="Unauthorized: Invalid tunnel secret" connIndex=0 event=0 ip=127.0.0.1'
)
CRASH: dict[str, object] = {"say": [[0, "panic: runtime error: \x1b[31minvalid memory address\x1b[0m"]], "exit": 2}
HELP: dict[str, object] = {"help": "Incorrect Usage: flag provided but not defined: -no-autoupdate\n", "exit": 0}


def sent(number: signal.Signals) -> Step:
    return lambda world: world.connector.send(number)


def exposed_with(*runs: object) -> Step:
    """Expose with a cloudflared that misbehaves as planned."""

    def begin(world: World) -> None:
        world.cloudflared(*runs)
        world.expose()

    return begin


def online_with(*runs: object) -> Step:
    """The same, and wait for the first to be online as far as it can tell."""

    def begin(world: World) -> None:
        exposed_with(*runs)(world)
        world.until("online", lambda: world.face.phase == "online", 20)

    return begin


def killed_thrice(world: World) -> None:
    seen: set[int] = set()

    def another() -> list[Process]:
        return [each for each in world.processes.connectors() if each.pid not in seen]

    for _ in range(3):
        (connector,) = world.until("another connector", another, 12)
        seen.add(connector.pid)
        connector.send(signal.SIGKILL)
    world.until("another connector", another, 12)


def frozen_briefly(world: World) -> None:
    connector = world.connector
    connector.send(signal.SIGSTOP)
    time.sleep(1.5)
    connector.send(signal.SIGCONT)


def one_connector_ever(world: World) -> None:
    assert len(world.processes.connectors_seen) == 1, world.told()


def started(times: int, *protocols: str | None) -> Step:
    def check(world: World) -> None:
        assert len(world.starts) == times, world.starts
        if protocols:
            assert [start["protocol"] for start in world.starts] == [*protocols], world.starts

    return check


def edge_refuses(reason: str | None) -> Step:
    return lambda world: world.control("edge/refuse", reason=reason)


def edge_is(weather: Weather) -> Step:
    return lambda world: world.network.edge.turn(weather)


def edge_drops(world: World) -> None:
    assert world.control("edge/drop", tunnel=world.tunnel_id)["dropped"]


def edge_drops_thrice(world: World) -> None:
    for _ in range(3):
        edge_drops(world)
        world.until("the address", world.answers, 10)


def gone_and_back(world: World) -> None:
    """The program is replaced while it runs, as an update does, and ends."""
    program = world.folder / "cloudflared" / "cloudflared"
    text = program.read_text()
    program.unlink()
    world.connector.send(signal.SIGKILL)
    time.sleep(1.2)
    program.write_text(text)
    program.chmod(0o755)


def run_folder_swept_away(world: World) -> None:
    """Somebody tidies up below the home, and the connector dies."""
    import shutil

    shutil.rmtree(world.home / "state" / "run")
    world.connector.send(signal.SIGKILL)


def home_taken_by_a_file(world: World) -> None:
    (world.home / "state").mkdir(parents=True)
    (world.home / "state" / "run").write_text("in the way")
    world.expose()


def never_printed(*words: str) -> Step:
    def check(world: World) -> None:
        assert not [word for word in words if word in world.face.output], world.told()

    return check


def registered_silently_lost() -> dict[str, object]:
    """A connector whose log tells of the loss, while its /ready goes on lying; then it ends."""
    return {"say": [[0, METRICS], [0, REGISTERED], [1, LOST], [2, "giving up"]], "ready": [[0, 200, 1]], "exit": 1}


ROWS = [
    Row("it is killed", sent(signal.SIGKILL), live(same=True, after="reconnecting"), 8, online),
    Row("it is killed three times in a row", killed_thrice, live(same=True), 12, online),
    Row("somebody ends it gently", sent(signal.SIGTERM), live(same=True, after="reconnecting"), 8, online),
    Row("it hangs for good", sent(signal.SIGSTOP), live(same=True, after="reconnecting"), 40, online),
    Row("it hangs for a moment", frozen_briefly, live(same=True, also=one_connector_ever), 8, online),
    Row("the edge drops it", edge_drops, live(same=True, after="reconnecting"), 8, online),
    Row("the edge drops it again and again", edge_drops_thrice, live(same=True), 10, online),
    Row(
        "the edge does not know the tunnel yet",
        steps(expose, wait(1.5), edge_refuses(None)),
        live(),
        30,
        edge_refuses("Unauthorized: Tunnel not found"),
    ),
    Row(
        "the edge refuses its token for good",
        expose,
        problem("CONNECTOR_TOKEN_REFUSED", 5),
        30,
        edge_refuses("Unauthorized: Invalid tunnel secret"),
    ),
    Row(
        "the way to the edge is cut for three seconds",
        steps(edge_is(Weather.REFUSING), wait(3), edge_is(Weather.FAIR)),
        live(same=True, after="reconnecting"),
        12,
        cabled,
    ),
    Row("it crashes twice at the start", exposed_with(CRASH, CRASH, "genuine"), live(also=started(3)), 12, nothing),
    Row(
        "it crashes whenever it is started, or shows its help and ends well",
        exposed_with(HELP, CRASH),
        problem("CONNECTOR_CRASHING", 5, also=steps(started(5), never_printed("\x1b", "\\u001b"))),
        35,
        nothing,
    ),
    Row(
        "it can't read its token",
        exposed_with({"say": [[0, "Provided Tunnel token is not valid."]], "exit": 255}),
        problem("CONNECTOR_TOKEN_REFUSED", 5, also=started(1)),
        8,
        nothing,
    ),
    Row(
        "it is refused in silence on QUIC",
        exposed_with(
            {"say": [[0, METRICS], *([[0.1, SILENT_REFUSAL]] * 3)]},
            {"say": [[0, METRICS], *([[0.1, UNAUTHORIZED]] * 3)]},
        ),
        problem("CONNECTOR_TOKEN_REFUSED", 5, also=started(2, None, "http2")),
        12,
        nothing,
    ),
    Row(
        "QUIC is blocked",
        exposed_with({"say": [[0, METRICS], [0.1, RETRYING]]}, "genuine"),
        live(also=started(2, None, "http2")),
        35,
        nothing,
    ),
    Row(
        "there is no name service at the start",
        exposed_with({"say": [[0, NO_DNS]], "exit": 1}, {"say": [[0, NO_DNS]], "exit": 1}, "genuine"),
        live(also=started(3)),
        15,
        nothing,
    ),
    Row(
        "its /ready lies after a loss",
        wait(0),
        live(after="reconnecting", also=started(2)),
        12,
        online_with(registered_silently_lost(), "genuine"),
    ),
    Row(
        "it floods its log",
        exposed_with({"say": [[0, METRICS], *([[0, "blah " * 400]] * 20_000)], "exit": 1}, "genuine"),
        live(also=started(2)),
        20,
        nothing,
    ),
    Row(
        "it writes a line of 4 MB and letters that are none",
        exposed_with({"say": [[0, METRICS], [0, "\x00\x1b]0;owned\x07\u202e" * 300_000]], "exit": 1}, "genuine"),
        live(also=steps(started(2), never_printed("owned"))),
        15,
        nothing,
    ),
    Row(
        "it will not stop",
        signalled(signal.SIGTERM),
        ended(0),
        9,
        online_with({"say": [[0, METRICS], [0, REGISTERED]], "stubborn": True}),
    ),
    Row(
        "it will not stop, and the user stops twice",
        signalled(signal.SIGINT, signal.SIGINT),
        ended(0),
        3,
        online_with({"say": [[0, METRICS], [0, REGISTERED]], "stubborn": True}),
    ),
    Row(
        "its program is being replaced when it dies",
        gone_and_back,
        live(same=True, after="reconnecting"),
        15,
        steps(lambda world: world.cloudflared("genuine"), online),
    ),
    Row(
        "its folder is swept away and it dies",
        run_folder_swept_away,
        live(same=True, after="reconnecting"),
        10,
        online,
    ),
    Row("its folder can't be made", home_taken_by_a_file, problem("FILE_NOT_WRITTEN", 1), 8, nothing),
    Row(
        "one of its four connections is lost",
        lambda world: world.network.edge.cut(only_oldest=True),
        undisturbed(2),
        8,
        cabled,
    ),
]
