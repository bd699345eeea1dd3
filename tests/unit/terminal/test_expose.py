"""`expose` follows one tunnel from the wish to the end."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.health import Beat, BeatOutcome, Health, Lease, Vitals
from tunneldesk.domain.lifecycle import After, Phase
from tunneldesk.domain.model import Moment, MomentKind, Wish
from tunneldesk.presentation.advice import Invocation
from tunneldesk.terminal import faces
from tunneldesk.terminal.expose import Expose
from tunneldesk.terminal.faces import JsonFace, LiveFace, PlainFace
from tunneldesk.terminal.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable

WISH = Wish(3000, "my-app")
INVOCATION = Invocation("expose", ("3000",), "my-app")
HOST = "my-app.example.com"


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "width", lambda: 80)


def make(core: Any, clock: Any, face: Any) -> Expose:
    return Expose(core.store, core, clock, face, INVOCATION)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0)


async def play(*steps: Callable[[], None]) -> None:
    for step in steps:
        step()
        for _ in range(5):
            await asyncio.sleep(0)


def steps_up_and_down(core: Any) -> list[Callable[[], None]]:
    vitals = Vitals(service=Health.OK, connector=Health.OK, lease=Health.OK)
    return [
        lambda: core.go(Phase.CREATING),
        lambda: core.go(Phase.CONNECTING, tunnel_id="t-1", hostname=HOST, lease=Lease(60, 100.0)),
        lambda: core.go(Phase.ONLINE, vitals=vitals),
        lambda: core.go(Phase.STOPPING, After.STOPPED),
        lambda: core.go(Phase.STOPPED, tunnel_id=None, lease=None),
    ]


async def test_programs_see_the_phases_in_order(core: Any, clock: Any, paper: Any) -> None:
    out = paper()
    running = asyncio.create_task(make(core, clock, JsonFace(out)).run(WISH))
    await until(lambda: core.asked == ["expose"])
    await play(*steps_up_and_down(core))
    assert await running == 0
    events = [json.loads(line) for line in out.text.splitlines()]
    assert [event["phase"] for event in events if event["event"] == "phase"] == [
        "creating",
        "connecting",
        "online",
        "stopping",
        "stopped",
    ]
    assert events[2] | {"at": ""} == {
        "event": "phase",
        "at": "",
        "phase": "online",
        "port": 3000,
        "tunnelId": "t-1",
        "hostname": HOST,
        "address": f"https://{HOST}",
    }


async def test_people_without_a_terminal_get_one_line_a_change_and_the_address_alone(
    core: Any, clock: Any, paper: Any
) -> None:
    out, errors = paper(), paper()
    running = asyncio.create_task(make(core, clock, PlainFace(out, errors, Style())).run(WISH))
    await until(lambda: core.asked == ["expose"])
    await play(*steps_up_and_down(core))
    assert await running == 0
    lines = out.text.splitlines()
    assert f"https://{HOST}" in lines
    assert [line[10:] for line in lines if not line.startswith("https")] == [
        "Creating my-app for localhost:3000",
        "Connecting my-app",
        "Live: visitors of the address reach localhost:3000",
        "Stopping my-app",
        "Stopped; port 3000 is no longer exposed",
    ]
    assert "\x1b" not in out.text
    assert errors.text == ""


async def test_a_change_and_what_follows_at_once_are_shown_as_one(core: Any, clock: Any, paper: Any) -> None:
    out = paper()
    running = asyncio.create_task(make(core, clock, JsonFace(out)).run(WISH))
    await until(lambda: core.asked == ["expose"])
    core.go(Phase.CREATING)
    core.go(Phase.CONNECTING)
    core.go(Phase.CONNECTING, tunnel_id="t-1", hostname=HOST)
    core.go(Phase.STOPPING)
    core.go(Phase.STOPPED)
    assert await running == 0
    phases = [json.loads(line) for line in out.text.splitlines()]
    assert [(event["phase"], event["tunnelId"]) for event in phases][:2] == [
        ("creating", None),
        ("connecting", "t-1"),
    ]


async def test_a_refusal_ends_with_its_own_status_title_and_ways_on(core: Any, clock: Any, paper: Any) -> None:
    failure = Failure(ErrorCode.TUNNEL_SLUG_CONFLICT, "taken", status=409)
    core.on_expose = lambda core: (core.go(Phase.CREATING), core.go(Phase.FAILED, failure=failure))
    out, errors = paper(), paper()
    assert await make(core, clock, PlainFace(out, errors, Style())).run(WISH) == 4
    assert errors.text.startswith('"my-app" is taken\n')
    assert "tunneldesk expose 3000 --name my-app-2" in errors.text

    again = paper()
    core.store.update(lambda state: replace(state, tunnels=()))
    assert await make(core, clock, JsonFace(again)).run(WISH) == 4
    events = [json.loads(line) for line in again.text.splitlines()]
    assert [event["event"] for event in events] == ["phase", "problem", "phase"]
    assert events[1]["code"] == "TUNNEL_SLUG_CONFLICT"


async def test_a_connector_that_gives_up_shows_its_last_lines(core: Any, clock: Any, paper: Any) -> None:
    failure = Failure(ErrorCode.CONNECTOR_CRASHING, "exit status 1")
    core.on_expose = lambda core: (core.go(Phase.CONNECTING), core.go(Phase.FAILED, failure=failure))
    errors = paper()
    assert await make(core, clock, PlainFace(paper(), errors, Style())).run(WISH) == 5
    assert "Connected to the server, but not to Cloudflare" in errors.text
    assert "the log of k" in errors.text


async def test_stop_is_handed_on_once_for_each_call(core: Any, clock: Any, paper: Any) -> None:
    core.on_expose = lambda core: core.go(Phase.CREATING)
    expose = make(core, clock, JsonFace(paper()))
    running = asyncio.create_task(expose.run(WISH))
    await until(lambda: core.asked == ["expose"])
    expose.stop()
    expose.stop()
    core.go(Phase.STOPPING, After.STOPPED)
    core.go(Phase.STOPPED, failure=Failure(ErrorCode.INTERNAL_ERROR, status=500))
    assert await running == 0
    assert core.asked == ["expose", "stop k", "stop k"]


async def test_a_stop_that_came_too_early_is_not_lost(core: Any, clock: Any, paper: Any) -> None:
    core.on_stop = lambda core: (core.go(Phase.CREATING), core.go(Phase.STOPPING), core.go(Phase.STOPPED))
    expose = make(core, clock, JsonFace(paper()))
    expose.stop()
    assert await expose.run(WISH) == 0
    assert core.asked == ["expose", "stop k"]


async def test_being_stopped_by_somebody_else_is_told_and_no_success(core: Any, clock: Any, paper: Any) -> None:
    failure = Failure(ErrorCode.STOPPED_ELSEWHERE, status=404)
    core.on_expose = lambda core: (
        core.go(Phase.ONLINE, hostname=HOST),
        core.go(Phase.STOPPING, failure=failure),
        core.go(Phase.STOPPED, failure=failure),
    )
    errors = paper()
    assert await make(core, clock, PlainFace(paper(), errors, Style())).run(WISH) == 4
    assert '"my-app" was stopped elsewhere' in errors.text


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (ErrorCode.KEYRING_LOCKED, "Can't store your sign-in safely"),
        (ErrorCode.KEYRING_MISSING, "You are not signed in"),
    ],
)
async def test_a_keyring_that_would_not_answer_is_the_cause_of_having_no_token(
    core: Any, clock: Any, paper: Any, code: ErrorCode, title: str
) -> None:
    core.store.update(lambda state: replace(state, failure=Failure(code)))
    core.on_expose = lambda core: core.go(Phase.FAILED, failure=Failure(ErrorCode.SIGNED_OUT))
    errors = paper()
    assert await make(core, clock, PlainFace(paper(), errors, Style())).run(WISH) == 3
    assert errors.text.startswith(title)


async def test_a_part_that_breaks_does_not_leave_expose_waiting_for_ever(core: Any, clock: Any, paper: Any) -> None:
    core.on_expose = lambda core: core.go(Phase.CREATING)
    errors = paper()
    running = asyncio.create_task(make(core, clock, PlainFace(paper(), errors, Style())).run(WISH))
    await play(lambda: None)
    core.store.update(lambda state: replace(state, failure=Failure(ErrorCode.UNEXPECTED, "KeyError")))
    assert await running == 1
    assert "Something unexpected happened" in errors.text


async def test_the_live_lines_tick_and_leave_only_what_is_worth_keeping(
    core: Any, clock: Any, paper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tunneldesk.terminal.expose._TICK", 0.005)
    out = paper()
    running = asyncio.create_task(make(core, clock, LiveFace(out, out, Style(live=True))).run(WISH))
    await until(lambda: core.asked == ["expose"])
    await play(*steps_up_and_down(core)[:3])
    assert "lease 1 min left" in out.text
    clock.at += 5
    await until(lambda: "lease 55 s left" in out.text)
    out.behind = True
    clock.at += 5
    await asyncio.sleep(0.02)
    assert "lease 50 s left" not in out.text
    been_up = (Moment(clock.now(), MomentKind.CONNECTED),)
    await play(lambda: core.go(Phase.ONLINE, timeline=been_up))
    await play(lambda: core.go(Phase.RECONNECTING))
    await play(*steps_up_and_down(core)[3:])
    assert await running == 0
    screen = _screen(out.text)
    assert [line[10:] if line[2:3] == ":" else line for line in screen] == [
        "",
        f"https://{HOST}",
        "",
        "The connector lost its connection and makes a new one; address still",
        "          reserved (50 s)",
        "Stopped; port 3000 is no longer exposed",
    ]


async def test_the_live_lines_make_way_for_a_problem(core: Any, clock: Any, paper: Any) -> None:
    failure = Failure(ErrorCode.INTERNAL_ERROR, status=500)
    core.on_expose = lambda core: (core.go(Phase.CREATING), core.go(Phase.FAILED, failure=failure))
    out = paper()
    assert await make(core, clock, LiveFace(out, out, Style(live=True))).run(WISH) == 4
    assert _screen(out.text)[0] == "The server has a problem"


async def test_heartbeats_are_drawn_as_a_strip(core: Any, clock: Any, paper: Any) -> None:
    out = paper()
    now = clock.now()
    beats = (
        Beat(now, BeatOutcome.OK, 0.003),
        Beat(now, BeatOutcome.OK, 0.3),
        Beat(now, BeatOutcome.LATE, 0.1),
        Beat(now, BeatOutcome.MISSED),
    )
    core.on_expose = lambda core: (
        core.go(Phase.ONLINE, hostname=HOST, beats=beats, lease=Lease(60, 100.0)),
        core.go(Phase.STOPPING),
        core.go(Phase.STOPPED),
    )
    assert await make(core, clock, LiveFace(out, out, Style(live=True))).run(WISH) == 0
    assert "Heartbeats \u2581\u2584!\N{MULTIPLICATION SIGN}   100 ms   lease 1 min left" in out.text


def _screen(written: str) -> list[str]:
    """Return what a terminal shows after all that was written."""
    rows: list[str] = []
    for piece in written.replace("\x1b[J", "").split("\x1b["):
        digits, up, rest = piece.partition("F")
        if up and digits.isdigit():
            del rows[len(rows) - int(digits) :]
            piece = rest
        rows += piece.splitlines()
    return rows
