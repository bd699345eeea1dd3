"""The tray app with somebody at the controls: `inside.py exposing | loaded`, what was seen as JSON in the end.

It is the app as `tunneldesk` starts it; only its desktop is handed to a scenario, which presses buttons, watches
what is painted, and quits. Times are milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from tunneldesk import launch
from tunneldesk.desktop_options import DesktopOptions
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.domain.model import SessionStatus, Wish
from tunneldesk.ui import desktop
from tunneldesk.ui.tunnel_card import TunnelCard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tunneldesk.domain.health import Beat
    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.window import CardView

EXPOSED = 20
TUNNELS = 5
SETTLE = 1.0
IDLE = 4.0
LOADED = 15.0
_TICK = 0.005
_LIMIT = 30.0


class Paints(QObject):
    """Sees what is painted in the window's cards.

    Only what may say the words that are waited for is watched, and only until they are painted: a filter in Python
    on every event of the application would cost milliseconds of what is measured.
    """

    def __init__(self) -> None:
        super().__init__()
        self._wanted = ""
        self._seen: asyncio.Future[float] | None = None
        render = TunnelCard.render_card

        def render_and_watch(card: TunnelCard, view: CardView) -> None:
            render(card, view)
            self._watch(card)

        TunnelCard.render_card = render_and_watch  # type: ignore[assignment, method-assign]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note when that is painted."""
        if event.type() is QEvent.Type.Paint and self._seen is not None and not self._seen.done():
            self._seen.set_result(time.monotonic())
            watched.removeEventFilter(self)
        return False

    def wait_for(self, words: str) -> asyncio.Future[float]:
        """Be told when something with these words is painted."""
        self._wanted = words
        self._seen = asyncio.get_running_loop().create_future()
        return self._seen

    def _watch(self, card: TunnelCard) -> None:
        if self._seen is None or self._seen.done():
            return
        for part in card.findChildren(QWidget):
            if self._wanted in f"{part.property('text') or ''}|{part.accessibleName()}":
                part.installEventFilter(self)


async def exposing(face: desktop.Desktop) -> dict[str, Any]:
    """Expose ports by the dialog, one after the other, each in turn with a bare call to the API."""
    server, token = os.environ["TUNNELDESK_SERVER"], os.environ["TUNNELDESK_ACCESS_TOKEN"]
    port = int(os.environ["BENCH_PORT"])
    stamps = Path(os.environ["BENCH_STAMPS"])
    face.intents.show_window()
    paints = Paints()
    seen: dict[str, list[float]] = {"address": [], "call": [], "live": []}
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=server, headers=headers, trust_env=False) as client:
        for number in range(EXPOSED + 1):
            name = f"bench-{number}"
            await _call(client, port, seen["call"])
            face.intents.expose(port, name)
            dialog = face.exposing.dialog
            await asyncio.sleep(0.3)  # a person needs longer between opening it and pressing
            address, stamps_before = paints.wait_for(f"//{name}."), _stamps(stamps)
            pressed = time.monotonic()
            _button(dialog).click()
            seen["address"].append((await asyncio.wait_for(address, _LIMIT) - pressed) * 1000)
            live = await asyncio.wait_for(paints.wait_for("Live"), _LIMIT)
            seen["live"].append((live - _stamps(stamps)[len(stamps_before)]) * 1000)
            face.intents.stop_all()
            await _until(lambda: not any(tunnel.active for tunnel in face.state.tunnels))
            for tunnel in face.state.tunnels:
                face.intents.end(tunnel.key)
    return {kind: values[1:] for kind, values in seen.items()}  # the first one warms up


async def _call(client: httpx.AsyncClient, port: int, taken: list[float]) -> None:
    began = time.monotonic()
    answer = await client.post("/v1/tunnels", json={"port": port})
    taken.append((time.monotonic() - began) * 1000)
    await client.delete(f"/v1/tunnels/{answer.json()['tunnelId']}")


def _button(dialog: QDialog) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.isDefault())


def _stamps(path: Path) -> list[float]:
    return [float(line) for line in path.read_text().splitlines()] if path.exists() else []


async def loaded(face: desktop.Desktop) -> dict[str, Any]:
    """Watch how late the loop is, idle and then with five talkative connectors, window and log open."""
    face.intents.show_window()
    await asyncio.sleep(SETTLE)
    idle = await _lateness(IDLE)
    beats: dict[str, dict[float, float]] = {}
    commands = face._commands
    for number in range(TUNNELS):
        commands.expose(Wish(int(os.environ["BENCH_PORT"]), f"loaded-{number}"))
    await _until(lambda: sum(tunnel.phase is Phase.ONLINE for tunnel in face.state.tunnels) == TUNNELS)
    # Those of the time before are of five connectors that were started at once, which is another load.
    began = time.time()
    face._bridge.changed.connect(lambda: _note_beats(face.state, beats, since=began))
    key = face.state.tunnels[0].key
    face.help.show_logs(key)
    late = await _lateness(LOADED)
    return {
        "idle": idle,
        "loaded": late,
        "beats": [sorted(each.values()) for each in beats.values()],
    }


def _note_beats(state: AppState, beats: dict[str, dict[float, float]], *, since: float) -> None:
    for tunnel in state.tunnels:
        each: Beat
        for each in tunnel.beats:
            at = each.at.timestamp()
            if at >= since:
                beats.setdefault(tunnel.key, {})[at] = at


async def _lateness(seconds: float) -> list[float]:
    """Return how much later than asked for the loop came back, again and again."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    late = []
    while (now := loop.time()) < ends:
        await asyncio.sleep(_TICK)
        late.append(max(0.0, loop.time() - now - _TICK) * 1000)
    return late


async def _until(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(_LIMIT):
        while not look():  # noqa: ASYNC110 - looks at what the user sees
            await asyncio.sleep(0.02)


class Driven(desktop.Desktop):
    """The desktop, with a scenario that runs as soon as somebody is signed in."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._driving = asyncio.get_running_loop().create_task(self._drive())

    async def _drive(self) -> None:
        scenario: Callable[[desktop.Desktop], Awaitable[dict[str, Any]]] = SCENARIOS[sys.argv[1]]
        try:
            await _until(lambda: self.state.session.status is SessionStatus.SIGNED_IN)
            print(json.dumps(await scenario(self)), flush=True)
        finally:
            self.intents.quit()


SCENARIOS = {"exposing": exposing, "loaded": loaded}

if __name__ == "__main__":
    desktop.Desktop = Driven  # type: ignore[misc] # the app imports it late, from there
    sys.exit(launch.main(DesktopOptions()))
