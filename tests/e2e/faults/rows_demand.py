"""cloudflared is not there, not usable, or not what was downloaded: told apart, and nothing half-done kept."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from tests.e2e.faults import hostile
from tests.e2e.faults.hostile import Hostile, answer
from tests.e2e.faults.row import Row, ended, expose, killed, nothing, problem, signalled, steps

if TYPE_CHECKING:
    from tests.e2e.faults.hostile import Behaviour
    from tests.e2e.faults.row import Hold, Step
    from tests.e2e.faults.world import World

FOREIGN = b"\x7fELF\x02\x02\x01" + bytes(9) + b"\x00\x02\x00\x16" + bytes(44)
"""The head of a program for IBM Z."""


def chosen(text: str, mode: int = 0o755) -> Step:
    """Name a shell script as cloudflared."""
    return lambda world: world.program(text).chmod(mode)


def chosen_bytes(content: bytes) -> Step:
    def choose(world: World) -> None:
        path = world.program("")
        path.write_bytes(content)

    return choose


def missing(world: World) -> None:
    world.program("").unlink()


def a_folder(world: World) -> None:
    path = world.program("")
    path.unlink()
    path.mkdir()


def nothing_created(world: World) -> None:
    assert world.listed(inactive=True) == [], world.told()


def unusable(code: str) -> Hold:
    return problem(code, 5, also=nothing_created)


def downloading(behave: Behaviour | bytes) -> Step:
    """Download cloudflared from a mirror that means no good."""

    def begin(world: World) -> None:
        world.hostile = Hostile(behave)
        world.stack.callback(world.hostile.close)
        world.environ["TUNNELDESK_CLOUDFLARED_MIRROR"] = world.hostile.url
        world.start("install-cloudflared")

    return begin


def stalled(world: World) -> None:
    """Half of it has come, and no more does."""

    async def half(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 40000000\r\n\r\n" + bytes(1_000_000))
        await writer.drain()
        await asyncio.sleep(600)

    downloading(half)(world)
    world.until("something half-done", lambda: [*world.home.rglob(".unfinished-*")], 15)


def said(*words: str) -> Step:
    """It must have told it in these words, and kept nothing that could be taken for cloudflared."""

    def check(world: World) -> None:
        assert all(each in " ".join(world.face.errors.split()) for each in words), world.told()
        kept = [path for path in world.home.rglob("*") if path.is_file() and path.suffix != ".lock"]
        assert kept == [], kept

    return check


def downloaded_again(world: World) -> None:
    """What a killed download left is gone with the next one."""
    assert [*world.home.rglob(".unfinished-*")]
    downloading(answer("", "404 Not Found"))(world)


VERSION = 'echo "cloudflared version {} (built 2021-01-01-00:00 UTC)"'

ROWS = [
    *(
        Row(what, steps(choose, expose), unusable(code), within, nothing)
        for what, choose, code, within in (
            ("it is missing", missing, "CONNECTOR_MISSING", 6),
            ("it is a folder", a_folder, "CONNECTOR_MISSING", 6),
            ("it is not executable", chosen(VERSION.format("2026.8.2"), 0o644), "CONNECTOR_NOT_EXECUTABLE", 6),
            ("it is for another machine", chosen_bytes(FOREIGN), "CONNECTOR_WRONG_ARCHITECTURE", 6),
            ("it is too old", chosen(VERSION.format("2021.1.0")), "CONNECTOR_TOO_OLD", 6),
            ("it is something else", chosen("echo hello"), "CONNECTOR_NOT_EXECUTABLE", 6),
            ("it is a text", chosen_bytes(b"not a program\n"), "CONNECTOR_NOT_EXECUTABLE", 6),
            ("it is empty", chosen_bytes(b""), "CONNECTOR_NOT_EXECUTABLE", 6),
            ("it never says its version", chosen("sleep 600"), "CONNECTOR_NOT_EXECUTABLE", 12),
            ("it says a version without end", chosen("yes cloudflared"), "CONNECTOR_NOT_EXECUTABLE", 12),
            ("it crashes when asked for its version", chosen("kill -SEGV $$"), "CONNECTOR_NOT_EXECUTABLE", 6),
        )
    ),
    *(
        Row(f"the download {what}", downloading(behave), ended(5, also=said(*words)), 20, nothing)
        for what, behave, words in (
            ("is something else", answer(FOREIGN * 1000), ("not what",)),
            ("is a web page", answer("<title>Sign in</title>", kind="text/html"), ("not what",)),
            ("is not there", answer("", "404 Not Found"), ("404",)),
            ("is cut off", answer(bytes(1_000_000))[:600_000], ()),
            ("never begins", hostile.silent, ()),
            ("never ends", hostile.endless_body, ()),
            ("leads in a circle", answer("", "302 Found", Location="/again"), ("without end",)),
            ("leads to a plain address elsewhere", answer("", "302 Found", Location="ftp://192.0.2.1/x"), ()),
        )
    ),
    Row(
        "the download stalls and is stopped",
        signalled(signal.SIGINT),
        ended(1, also=said("Nothing was installed")),
        5,
        stalled,
    ),
    Row("the download is killed", steps(killed, downloaded_again), ended(5, also=said("404")), 15, stalled),
]
